package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// TestAgeingLeadsFromGroupsToCounterparties follows a row of the ageing by country
// to the counterparties behind it.
func TestAgeingLeadsFromGroupsToCounterparties(t *testing.T) {
	s := newSite(t, nil)
	root := document(t, s.get(t, "/ageing?lang=en&group_by=country&bucket=0-30&as_of=2025-06-30"))
	row := elements(byClass(root, "ageing"), "tbody", "")[0]
	link := elements(row, "a", "href")[0]
	target, err := url.Parse(attr(link, "href"))
	if err != nil {
		t.Fatal(err)
	}
	got := target.Query()
	if target.Path != "/ageing" || got.Get("within") != "country" || got.Get("value") != "FR" || got.Has("group_by") || got.Get("as_of") != "2025-06-30" {
		t.Errorf("the row leads to %s", target)
	}
	if !strings.Contains(text(row), "customers") {
		t.Errorf("row %q does not count its customers", text(row))
	}
	behind := document(t, s.get(t, target.Path+"?lang=en&within=country&value=FR"))
	if said := text(byClass(behind, "narrowed")); !strings.Contains(said, "Country: FR") {
		t.Errorf("the list says %q", said)
	}
	none := document(t, s.get(t, "/ageing?lang=en&within=account_manager"))
	if said := text(byClass(none, "narrowed")); !strings.Contains(said, "No account manager") {
		t.Errorf("the list says %q", said)
	}
}

func TestAgeingRefusesAnOddGrouping(t *testing.T) {
	s := newSite(t, nil)
	for _, query := range []string{
		"by=payment", "group_by=colour", "within=colour", "value=FR", "within=country&value=%00", "within=country&group_by=group",
	} {
		if response := s.get(t, "/ageing?"+query); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", query, response.StatusCode)
		}
	}
}

func TestHeatMapsHoldFigures(t *testing.T) {
	root := document(t, newSite(t, nil).get(t, "/roll-rates?lang=en"))
	said := text(root)
	for _, want := range []string{"Not due → 1\u2060–\u206030 d", "50.0%", "Mean, at most 100%", "Lost in the end", "Dec 2025"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if byClass(root, "heat-4") == nil {
		t.Error("no cell of 50% is coloured")
	}
	cohorts := elements(root, "table", "")[1]
	latest := elements(elements(cohorts, "tbody", "")[0], "tr", "")[0]
	cells := elements(latest, "td", "")
	// December 2025 at 31 December: 0 days have come for the whole month, 30 have not
	if len(cells) != 8 || text(cells[1]) != "100.0%" || text(cells[2]) != "" {
		t.Errorf("latest month: %q", text(latest))
	}
}

func TestAgeingViewsOfNothingSayWhatToLoad(t *testing.T) {
	s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	if said := text(document(t, s.get(t, "/roll-rates?lang=en"))); strings.Count(said, "Load ") != 2 {
		t.Errorf("roll rates: %q", said)
	}
	if said := text(document(t, s.get(t, "/concentration?lang=en"))); !strings.Contains(said, "Nothing is owed") {
		t.Errorf("concentration: %q", said)
	}
}
