package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// TestPaymentTermsPage: both halves side by side with the columns of the law, grey
// cells, the negative cell, the exclusions and links to the invoices of a cell.
func TestPaymentTermsPage(t *testing.T) {
	s := newSite(t, nil)
	for lang, wants := range map[string][]string{
		"fr": {
			"Factures reçues et émises non réglées à la date de clôture de l’exercice dont le terme est échu",
			"Article D. 441-6 I.-1° : factures reçues", "0 jour (indicatif)", "91 jours et plus", "Total (1 jour et plus)",
			"(A) Tranches de retard de paiement", "Montant total des factures concernées (TTC)", "−32 235,00", "2 215 854,00",
			"Pourcentage du chiffre d’affaires de l’exercice (TTC)", "11,13 %", "Nombre des factures exclues", "☒ Délais contractuels",
		},
		"en": {"0 days (for information)", "2,215,854.00", "11.13%", "payments and deposits that are no invoice"},
	} {
		root := document(t, s.get(t, "/payment-terms?entity=ALPHA&lang="+lang))
		all := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text(root))
		for _, want := range wants {
			if !strings.Contains(all, want) {
				t.Errorf("%s: the page lacks %q", lang, want)
			}
		}
		grey := 0
		for _, cell := range elements(root, "td", "class") {
			if attr(cell, "class") == "grey" {
				grey++
			}
		}
		if grey != 4*2+6*2 {
			t.Errorf("%s: %d grey cells, want those of the counts and of the other half's share", lang, grey)
		}
		links := map[string]bool{}
		for _, link := range elements(root, "a", "href") {
			links[attr(link, "href")] = true
		}
		for _, want := range []string{
			"/payment-terms/invoices?column=91%2B&entity=ALPHA&lang=" + lang + "&line=late&table=1&tax=incl&terms_side=supplier",
			"/payment-terms?entity=ALPHA&lang=" + lang + "&table=2", "/export/payment-terms-report.xlsx?entity=ALPHA&lang=" + lang,
		} {
			if !links[want] {
				t.Errorf("%s: no link %s", lang, want)
			}
		}
	}
	if all := text(document(t, s.get(t, "/payment-terms?entity=ALPHA&table=2&tax=excl&lang=fr"))); !strings.Contains(all, "Nombre cumulé") ||
		!strings.Contains(all, "reçues dans l’année (HT)") {
		t.Error("table II is not shown without tax")
	}
	if all := text(document(t, s.get(t, "/payment-terms?lang=en"))); !strings.Contains(all, "choose one") || !strings.Contains(all, "Beta Services") {
		t.Error("the group does not list its companies")
	}
}

func TestPaymentTermsLists(t *testing.T) {
	s := newSite(t, nil)
	all := text(document(t, s.get(t, "/payment-terms/invoices?entity=ALPHA&table=1&terms_side=customer&line=late&column=31-60&tax=excl&lang=en")))
	for _, want := range []string{"Table I · issued · late (A) · 31 to 60 days · amounts without tax", "431 documents", "F-3", "the 200 first"} {
		if !strings.Contains(all, want) {
			t.Errorf("the list of a cell lacks %q", want)
		}
	}
	all = text(document(t, s.get(t, "/payment-terms/breaches?lang=en")))
	for _, want := range []string{"Suppliers: terms taken", "T-1", "L. 441-11 II", "61", "31", "No agreed term is beyond the cap"} {
		if !strings.Contains(all, want) {
			t.Errorf("the list of breaches lacks %q", want)
		}
	}
	for _, bad := range []string{"/payment-terms?tax=ttc", "/payment-terms?table=3", "/payment-terms/invoices?column=1-31", "/payment-terms/breaches?tax=incl"} {
		if got := s.get(t, bad).StatusCode; got != http.StatusBadRequest {
			t.Errorf("%s: status %d", bad, got)
		}
	}
}

func TestPaymentTermsPagesSayWhatToLoad(t *testing.T) {
	s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	for path, want := range map[string]string{
		"/payment-terms?entity=ALPHA&lang=en": "load a ledger (FEC)",
		"/payment-terms/invoices?lang=en":     "No document stands in this cell",
		"/payment-terms/breaches?lang=en":     "no due date was loaded",
	} {
		if body := bodyOf(t, s.get(t, path)); !strings.Contains(body, want) {
			t.Errorf("%s does not say %q", path, want)
		}
	}
}
