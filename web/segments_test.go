package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// TestSegmentsPage: the matrix leads to who is in a cell, the list to each customer and
// to its exports, in the language of the page.
func TestSegmentsPage(t *testing.T) {
	s := newSite(t, nil)
	empty := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	for path, c := range map[string]struct{ wants, links []string }{
		"/segments?lang=en": {
			[]string{"Risk segments", "band A", "Reduce · 1,970.00", "1 customers, exposure", "granted", "131.3%", "strategic", "Weekly call",
				"31 Dec 2025", "From class to class since the month before", "100.0% of those with a class at both dates are in a worse one."},
			[]string{"/segments?band=A&class=D", "/counterparties/ALPHA/customer/C0100", "/export/risk-segments.xlsx", "/export/credit-limits.csv", "/export/risk-transitions.parquet"},
		},
		"/segments?lang=fr&class=D&band=A": {
			[]string{"Segments de risque", "tranche A", "À réduire", "Appel hebdomadaire", "accordée", "31/12/2025", "Tout afficher", "parti"},
			[]string{"/export/risk-segments.csv?band=A&class=D"},
		},
		"/segments?class=E":               {[]string{"Nobody to show"}, []string{"/segments"}},
		"/segments?side=supplier&lang=en": {[]string{"Segments of suppliers", "Purchases, 12 months"}, []string{"/export/risk-segments.csv"}},
	} {
		t.Run(path, func(t *testing.T) {
			root := document(t, s.get(t, path))
			all := plain(text(root))
			for _, want := range c.wants {
				if !strings.Contains(all, plain(want)) {
					t.Errorf("the page lacks %q in\n%s", want, all)
				}
			}
			if strings.Contains(all, "[segments") {
				t.Error("the page lacks a text")
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
	if body := plain(text(document(t, empty.get(t, "/segments?lang=en")))); !strings.Contains(body, "nothing is loaded at this date") {
		t.Errorf("the empty page does not say so:\n%s", body)
	}
	for _, path := range []string{"/segments?class=F", "/segments?band=Z", "/segments?band=%0a", "/risk?band=A"} {
		if response := s.get(t, path); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", path, response.StatusCode)
		}
	}
}
