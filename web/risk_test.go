package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// TestRiskPages: who is in which class and why, in the language of the page; each
// score leads to its points, each filter to its exports.
func TestRiskPages(t *testing.T) {
	s := newSite(t, nil)
	empty := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	for path, c := range map[string]struct {
		wants, links []string
		lacks        string
	}{
		"/risk?lang=en": {
			[]string{"Risk of customers", "41.25", "On 30 Nov 2025", "C (53.75) worse", "paid 22.4 days late", "Worsened this month (1)", "N, too little history", "2 of 2 shown"},
			[]string{"/counterparties/ALPHA/customer/C0100", "/export/risk-scores.xlsx", "/export/score-points.csv", "/export/payment-behaviour.parquet", "/risk?change=improved"}, "[risk",
		},
		"/risk?lang=fr&change=worsened": {
			[]string{"Risque clients", "41,25", "Au 30/11/2025", "dégradé", "1 sur 1 affichés", "35,2 % de l'encours est échu"},
			[]string{"/export/risk-scores.csv?change=worsened"}, "historique insuffisant pour une note",
		},
		"/risk?class=N":               {[]string{"C0200"}, nil, "22.4"},
		"/risk?side=supplier&lang=en": {[]string{"How suppliers are paid"}, nil, "[risk"},
		customerPage + "?lang=en": {
			[]string{"Why is this customer D? · 41.25 points of 100", "above 15.0 d, up to 30.0 d", "25.0%", "18.75", "not known", "On 30 Nov 2025 the class was C (53.75)."},
			[]string{"#h-items"}, "[risk",
		},
		customerPage + "?lang=fr": {[]string{"Pourquoi ce client est-il D ?", "Jours de retard, 12 mois", "22,4 j", "31,25"}, nil, "[risk"},
	} {
		t.Run(path, func(t *testing.T) {
			root := document(t, s.get(t, path))
			all := plain(text(root))
			for _, want := range c.wants {
				if !strings.Contains(all, plain(want)) {
					t.Errorf("the page lacks %q in\n%s", want, all)
				}
			}
			if strings.Contains(all, c.lacks) {
				t.Errorf("the page has %q", c.lacks)
			}
			for _, want := range c.links {
				found := false
				for _, link := range elements(root, "a", "href") {
					found = found || strings.HasPrefix(attr(link, "href"), want)
				}
				if !found {
					t.Errorf("no link to %s", want)
				}
			}
		})
	}
	if body := plain(text(document(t, empty.get(t, "/risk?lang=en")))); !strings.Contains(body, "Nobody to show") {
		t.Errorf("the empty page does not say so:\n%s", body)
	}
	for _, path := range []string{"/risk?class=F", "/risk?change=sideways", "/ageing?class=D"} {
		if response := s.get(t, path); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", path, response.StatusCode)
		}
	}
}
