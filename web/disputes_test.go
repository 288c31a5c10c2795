package web_test

import (
	"strings"
	"testing"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// TestDisputesAndExposurePages: the figures in the language of the page, with the
// exports; where nothing is loaded the page says what to load.
func TestDisputesAndExposurePages(t *testing.T) {
	s := newSite(t, nil)
	empty := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	for path, c := range map[string]struct {
		wants   []string
		without string
		export  string
	}{
		"/disputes?lang=en": {[]string{"€1,000.00", "3 open disputes", "41.7 d", "36.7 d", "75.0%", "3 of 4", "prix", "No reason", "Broken", "12 May 2025", "150.50"},
			"load an extract of disputes", "/export/disputes.xlsx"},
		"/disputes?lang=fr": {[]string{"1 000,00 €", "3 litiges ouverts", "Sans motif", "Non tenue", "12/05/2025"},
			"chargez un extrait des litiges", "/export/promises.csv"},
		"/exposure?lang=en": {[]string{"€2,030.00", "€640.00", "1,250.00", "-300.00", "131.3%", "C999"},
			"No exposure at this date", "/export/exposure.xlsx"},
		"/exposure?lang=fr": {[]string{"2 030,00 €", "À facturer", "131,3 %"}, "Aucun encours à cette date", "/export/exposure.csv"},
	} {
		t.Run(path, func(t *testing.T) {
			root := document(t, s.get(t, path))
			all := plain(text(root))
			for _, want := range c.wants {
				if !strings.Contains(all, plain(want)) {
					t.Errorf("the page lacks %q in\n%s", want, all)
				}
			}
			found := false
			for _, link := range elements(root, "a", "href") {
				found = found || strings.HasPrefix(attr(link, "href"), c.export)
			}
			if !found {
				t.Errorf("no link to %s", c.export)
			}
			if body := plain(text(document(t, empty.get(t, path)))); !strings.Contains(body, c.without) {
				t.Errorf("the empty page does not say %q", c.without)
			}
		})
	}
}

// plain makes all spaces and minus signs alike.
func plain(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2212", "-").Replace(s)
}
