package web_test

import (
	"strings"
	"testing"
)

// TestLegalCard: the page of a counterparty tells its status, its notices with their
// links, and its changes, in both languages; a link that is none of the web is text.
func TestLegalCard(t *testing.T) {
	s := newSite(t, nil)
	for lang, want := range map[string][]string{
		"en": {"in an insolvency procedure", "severity 10 of 10", "liquidation, judgment of 3 Mar 2025", "published on 14 Mar 2025", "the latest 2 of 40", "head office", "75008 PARIS", "other notice"},
		"fr": {"en procédure collective", "gravité 10 sur 10", "jugement du 03/03/2025", "publié le 14/03/2025", "les 2 derniers sur 40", "siège", "autre annonce"},
	} {
		root := document(t, s.get(t, "/counterparties/ALPHA/customer/C0100?lang="+lang))
		all := plain(text(root))
		for _, w := range append(want, "<b>Jugement</b>") {
			if !strings.Contains(all, plain(w)) {
				t.Errorf("%s: %q is missing", lang, w)
			}
		}
		found := false
		for _, link := range elements(root, "a", "href") {
			found = found || attr(link, "href") == "https://www.bodacc.fr/a"
			if strings.HasPrefix(attr(link, "href"), "javascript") || strings.HasPrefix(attr(link, "href"), "#Z") {
				t.Errorf("%s: a link goes to %q", lang, attr(link, "href"))
			}
		}
		if !found {
			t.Errorf("%s: no link to the notice", lang)
		}
	}
	unknown := document(t, s.get(t, "/counterparties/ALPHA/supplier/C0200"))
	for _, section := range elements(unknown, "section", "id") {
		if attr(section, "id") == "legal" {
			t.Error("somebody unknown has a legal status")
		}
	}
}
