package web_test

import (
	"strings"
	"testing"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// TestQualityPage: findings in the language of the page, the worst first, with their
// place, their stake and a link to the whole list.
func TestQualityPage(t *testing.T) {
	s := newSite(t, nil)
	for lang, wants := range map[string][]string{
		"en": {"The debits of the entry are not equal to its credits.", "Correct it", "€120.50", "whole file", "3 findings", "812"},
		"fr": {"Les débits de l’écriture ne sont pas égaux à ses crédits.", "Corrigez", "120,50 €", "fichier entier", "3 constats"},
	} {
		root := document(t, s.get(t, "/quality?lang="+lang))
		all := text(byClass(root, "card")) + " " + text(root)
		for _, want := range wants {
			if !strings.Contains(all, want) {
				t.Errorf("%s: the page lacks %q", lang, want)
			}
		}
		if strings.Index(all, "C01") > strings.Index(all, "C06") {
			t.Errorf("%s: an observation stands before an error", lang)
		}
		found := false
		for _, link := range elements(root, "a", "href") {
			found = found || strings.HasPrefix(attr(link, "href"), "/export/data-quality.xlsx")
		}
		if !found {
			t.Errorf("%s: no link to the whole list", lang)
		}
	}
}

func TestQualityPageWithoutFindings(t *testing.T) {
	s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	if body := bodyOf(t, s.get(t, "/quality?lang=en")); !strings.Contains(body, "Nothing was found") {
		t.Error("the page does not say that nothing was found")
	}
}
