package web_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// TestChangesPage: the days to choose from, the figures in both languages, the exports
// and the chart with the two days, and what is said where there is nothing.
func TestChangesPage(t *testing.T) {
	s := newSite(t, nil)
	for path, wants := range map[string][]string{
		"/changes?lang=en": {"What changed between two days", "15 Jan 2026 · 2 extracts", "11 Dec 2025 · 1 extract"},
		"/changes?lang=en&from=2025-12-11": {
			"€1,290.00 - €1,000.00 = €290.00", "Appeared", "FA-900", "-200.00", "was C0001", "5 Dec 2025 → 20 Dec 2025", "b2.txt:12", "was b1.txt:8",
			"Other counterparties", "dispute", "counts no more", "proved → proved", "4 items", "same line of the same extract",
		},
		"/changes?lang=fr&from=2025-12-11&to=2026-01-15": {"1 290,00 € - 1 000,00 € = 290,00 €", "Apparues", "litige", "avant : C0001", "ne compte plus"},
	} {
		all := plain(text(document(t, s.get(t, path))))
		for _, want := range wants {
			if !strings.Contains(all, plain(want)) {
				t.Errorf("%s lacks %q in\n%s", path, want, all)
			}
		}
	}
	root := document(t, s.get(t, "/changes?lang=en&from=2025-12-11&entity=ALPHA&as_of=2025-11-30"))
	exports := 0
	for _, link := range elements(root, "a", "href") {
		href := attr(link, "href")
		if strings.HasPrefix(href, "/export/changes.") {
			exports++
			for _, part := range []string{"from=2025-12-11", "entity=ALPHA", "as_of=2025-11-30"} {
				if !strings.Contains(href, part) {
					t.Errorf("%s loses %s", href, part)
				}
			}
		}
	}
	if exports != 5 {
		t.Errorf("%d exports", exports)
	}
	if chart := bodyOf(t, s.get(t, "/charts/changes.json?from=2025-12-11&lang=en")); !strings.Contains(chart, `"Vanished"`) {
		t.Errorf("chart %s", chart)
	}
	empty := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	if all := text(document(t, empty.get(t, "/changes?lang=en"))); !strings.Contains(all, "nothing to compare yet") {
		t.Errorf("one day: %s", all)
	}
	same := newSite(t, func(_ *web.Config, books *webtest.Reports) {
		books.Comparer = func(reports.KnownSpan) (*reports.Comparison, error) {
			return &reports.Comparison{Figures: &reports.ChangeFigures{}}, nil
		}
	})
	if all := text(document(t, same.get(t, "/changes?lang=en&from=2025-12-11"))); !strings.Contains(all, "Nothing changed") {
		t.Errorf("no change: %s", all)
	}
}

// TestChangesPageWaits: while both days are being compared the page says how far that
// is and loads itself again.
func TestChangesPageWaits(t *testing.T) {
	day := time.Date(2025, 12, 11, 0, 0, 0, 0, time.UTC)
	for want, state := range map[string]reports.Comparison{
		"Another comparison":                    {Stage: reports.StageQueued},
		"what was known on 11 Dec 2025":         {Stage: reports.StageBuilding, Day: day},
		"Step 3 of 90":                          {Stage: reports.StageBuilding, Day: day, Done: 3, Total: 90},
		"“encours ingest” is working":           {Stage: reports.StageWaiting, Day: day, Holder: "encours ingest"},
		"Another command is working":            {Stage: reports.StageWaiting, Day: day},
		"Comparing the items":                   {Stage: reports.StageComparing},
		"The page loads itself again until it ": {Stage: reports.StageComparing},
	} {
		t.Run(want, func(t *testing.T) {
			s := newSite(t, func(_ *web.Config, books *webtest.Reports) {
				books.Comparer = func(reports.KnownSpan) (*reports.Comparison, error) { return &state, nil }
			})
			response := s.get(t, "/changes?lang=en&from=2025-12-11")
			if response.StatusCode != http.StatusOK || response.Header.Get("Refresh") != "2" {
				t.Errorf("status %d, refresh %q", response.StatusCode, response.Header.Get("Refresh"))
			}
			if all := plain(text(document(t, response))); !strings.Contains(all, want) {
				t.Errorf("the page does not say %q:\n%s", want, all)
			}
		})
	}
}

// TestChangesPageFails: what ended the comparison is said on the page, which does not
// load itself again; no internal text is shown.
func TestChangesPageFails(t *testing.T) {
	for want, err := range map[string]error{
		"may not write there":         fmt.Errorf("%w: open /srv/secret/lock: %w", reports.ErrNotWritable, fs.ErrPermission),
		"Raise resources.memory":      reports.ErrLittleMemory,
		"compares no days":            reports.ErrCannotCompare,
		"does not pass the checks":    reports.ErrChecksFailed,
		"wait for their turn already": reports.ErrManyComparisons,
		"Reference ":                  fmt.Errorf("read /srv/secret: broken"),
	} {
		t.Run(want, func(t *testing.T) {
			s := newSite(t, func(_ *web.Config, books *webtest.Reports) {
				books.Comparer = func(reports.KnownSpan) (*reports.Comparison, error) { return nil, err }
			})
			response := s.get(t, "/changes?lang=en&from=2025-12-11")
			all := text(document(t, response))
			if !strings.Contains(all, want) || strings.Contains(all, "secret") || response.Header.Get("Refresh") != "" {
				t.Errorf("refresh %q, page:\n%s", response.Header.Get("Refresh"), all)
			}
		})
	}
	s := newSite(t, nil)
	for path, status := range map[string]int{
		"/changes?from=yesterday":                       http.StatusBadRequest,
		"/changes?from=2025-12-11&to=2025-12-11":        http.StatusBadRequest,
		"/changes?to=2025-12-11":                        http.StatusBadRequest,
		"/changes?from=2025-12-11&search=x":             http.StatusBadRequest,
		"/export/changes.csv":                           http.StatusBadRequest,
		"/export/ageing.csv?from=2025-12-11":            http.StatusBadRequest,
		"/export/changes.pdf?from=2025-12-11":           http.StatusNotFound,
		"/export/changes.csv?from=2025-12-11":           http.StatusOK,
		"/export/changes.json?from=2025-12-11&side=all": http.StatusBadRequest,
	} {
		if got := s.get(t, path).StatusCode; got != status {
			t.Errorf("%s: status %d, want %d", path, got, status)
		}
	}
	unknown := newSite(t, func(_ *web.Config, books *webtest.Reports) {
		books.Comparer = func(reports.KnownSpan) (*reports.Comparison, error) { return nil, reports.ErrUnknownDay }
	})
	if got := unknown.get(t, "/changes?from=2025-12-10").StatusCode; got != http.StatusBadRequest {
		t.Errorf("a day that is not known: status %d", got)
	}
}
