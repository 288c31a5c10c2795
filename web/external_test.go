package web_test

import (
	"strings"
	"testing"
)

// TestExternalCard: the page of a counterparty tells its ratings, covers, accounts and
// scores, in both languages; what is not known is no zero, and a link that is none of
// the web is text.
func TestExternalCard(t *testing.T) {
	s := newSite(t, nil)
	for lang, want := range map[string][]string{
		"en": {"Ratings and insurance", "D&B failure score · feeds the score", "71", "125,000.00 EUR", "<b>active</b>", "P-77", "reduced", "12,000.00 EUR", "90.0%",
			"over · not counted: another currency", "31 Dec 2024", "complete, EUR", "1,500,000.00", "-40,000.00", "distress", "EBITDA (EBE), value added", "20.0% of its yearly purchases"},
		"fr": {"Notations et assurance", "D&B, score de défaillance · alimente le score", "réduit", "non compté : autre devise", "complets, EUR", "détresse", "EBE, valeur ajoutée", "20,0 % de ses achats"},
	} {
		root := document(t, s.get(t, "/counterparties/ALPHA/customer/C0100?lang="+lang))
		var card string
		for _, section := range elements(root, "section", "id") {
			if attr(section, "id") == "external" {
				card = plain(text(section))
			}
		}
		for _, w := range want {
			if !strings.Contains(card, plain(w)) {
				t.Errorf("%s: %q is missing in %s", lang, w, card)
			}
		}
		found := false
		for _, link := range elements(root, "a", "href") {
			found = found || attr(link, "href") == "https://reports.example.org/1"
			if strings.HasPrefix(attr(link, "href"), "javascript") || strings.HasPrefix(attr(link, "href"), "#Z") {
				t.Errorf("%s: a link goes to %q", lang, attr(link, "href"))
			}
		}
		if !found {
			t.Errorf("%s: no link to the report", lang)
		}
	}
	unknown := document(t, s.get(t, "/counterparties/ALPHA/supplier/C0200"))
	for _, section := range elements(unknown, "section", "id") {
		if attr(section, "id") == "external" {
			t.Error("somebody unknown is rated")
		}
	}
}
