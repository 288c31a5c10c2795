package web_test

import (
	"strings"
	"testing"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// TestLateInterestAndLossPages: each page says its figures, its warnings and where
// the whole list is, in both languages.
func TestLateInterestAndLossPages(t *testing.T) {
	s := newSite(t, nil)
	for name, c := range map[string]struct {
		path  string
		wants []string
		link  string
	}{
		"late interest, English": {
			"/late-interest?lang=en", []string{"€719.20", "629.05", "procedure opened 1 May 2025", "No rate of late interest", "not claimed", "Left out as intercompany"},
			"/late-interest/ALPHA/customer/C%2F2",
		},
		"late interest, French": {
			"/late-interest?lang=fr", []string{"719,20 €", "629,05", "procédure ouverte le 01/05/2025", "Aucun taux", "hors total", "Intragroupe"},
			"/export/late-interest-lines.xlsx",
		},
		"statement, English": {
			"/late-interest/ALPHA/customer/C001?lang=en", []string{"10,000.00 × 13.15% × 121 / 365 = 435.93", "10,000.00 × 12.15% × 46 / 365 = 153.12", "no rate is known", "€629.05"},
			"/export/late-interest-lines.csv",
		},
		"statement, French": {
			"/late-interest/ALPHA/customer/C001?lang=fr", []string{"10 000,00 × 13,15 % × 121 / 365 = 435,93", "aucun taux connu", "629,05 €"},
			"/items/ALPHA/1",
		},
		"credit loss, English": {
			"/credit-loss?lang=en", []string{"€105,300.00 expected to be lost of €11,000,720.00", "no rate", "roll rates", "balance of 491", "50.0%", "60.00 missing", "no ledger is loaded"},
			"/export/expected-credit-loss.parquet",
		},
		"credit loss, French": {
			"/credit-loss?lang=fr", []string{"105 300,00 €", "pas de taux", "taux de passage", "solde du 491", "50,0 %", "manque 60,00"},
			"/export/provisions.json",
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := document(t, s.get(t, c.path))
			all := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text(root))
			for _, want := range c.wants {
				if !strings.Contains(all, want) {
					t.Errorf("the page lacks %q", want)
				}
			}
			found := false
			for _, link := range elements(root, "a", "href") {
				found = found || strings.HasPrefix(attr(link, "href"), c.link)
			}
			if !found {
				t.Errorf("no link to %s", c.link)
			}
		})
	}
}

func TestLateInterestAndLossPagesWhenEmpty(t *testing.T) {
	s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	for path, want := range map[string]string{
		"/late-interest?lang=en":                     "Nothing was paid late",
		"/late-interest/ALPHA/customer/C001?lang=en": "No document of this counterparty was late",
		"/credit-loss?lang=en":                       "there is nothing to lose",
	} {
		if body := bodyOf(t, s.get(t, path)); !strings.Contains(body, want) {
			t.Errorf("%s does not say %q", path, want)
		}
	}
	if code := s.get(t, "/late-interest/ALPHA/customer/NONE").StatusCode; code != 404 {
		t.Errorf("an unknown counterparty answers %d", code)
	}
}
