package web_test

import (
	"strings"
	"testing"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// TestKeyFiguresPage: each measure with its change, in words too, its target, the
// waterfall as a table, and the figures without sold receivables.
func TestKeyFiguresPage(t *testing.T) {
	s := newSite(t, nil)
	for lang, wants := range map[string][]string{
		"en": {"63.5 d", "+3.5 d worse", "55.0 d", "✗ missed (+8.5 d)", "✓ met (+18.0 points)", "98.0%", "−2.0 d", "+5.5 d", "Mix:", "Dupont & Fils", "ALPHA · C1", "12.5%", "+1.2 d", "−0.2 d", "€100,000 of the receivable is sold"},
		"fr": {"63,5 j", "+3,5 j moins bien", "✗ manqué (+8,5 j)", "✓ atteint (+18,0 points)", "Échu", "Délai propre", "sont cédés"},
	} {
		all := text(document(t, s.get(t, "/key-figures?lang="+lang)))
		for _, want := range wants {
			if !strings.Contains(all, want) {
				t.Errorf("%s: the page lacks %q", lang, want)
			}
		}
	}
	all := text(document(t, s.get(t, "/key-figures?lang=en&side=supplier")))
	if !strings.Contains(all, "DPO, count-back") || !strings.Contains(all, "Targets are set for customers only") || strings.Contains(all, "Why DSO moved") {
		t.Error("the page of suppliers is not that of payables")
	}
}

func TestKeyFiguresPageWithoutFigures(t *testing.T) {
	s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	for side, want := range map[string]string{"customer": "Load the ledger of the entity", "supplier": "Load a ledger with accounts 40"} {
		if body := bodyOf(t, s.get(t, "/key-figures?lang=en&side="+side)); !strings.Contains(body, want) {
			t.Errorf("%s: the page does not say what to load", side)
		}
	}
}

// TestKeyFigureCharts: the waterfall begins at zero, each effect where the one
// before it ends.
func TestKeyFigureCharts(t *testing.T) {
	s := newSite(t, nil)
	body := bodyOf(t, s.get(t, "/charts/key-figures.json?lang=en"))
	for _, want := range []string{`"keydays"`, `"keyratios"`, `"bridge"`, `"value":58.00`, `"value":5.50`, "transparent"} {
		if !strings.Contains(body, want) {
			t.Errorf("the charts lack %s:\n%s", want, body)
		}
	}
}

// TestLetteringStandsBesideTheAgeing on the overview and the ageing page.
func TestLetteringStandsBesideTheAgeing(t *testing.T) {
	s := newSite(t, nil)
	for _, page := range []string{"/", "/ageing"} {
		if all := text(document(t, s.get(t, page+"?lang=en"))); !strings.Contains(all, "Lettering coverage: 96.4%") {
			t.Errorf("%s does not say how much is matched", page)
		}
	}
}
