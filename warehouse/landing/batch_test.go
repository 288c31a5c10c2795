package landing

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// ledger is a live batch of one fiscal year.
func ledger(id, source, entity, start, last, loaded, extract string) Batch {
	at, err := time.Parse(time.DateTime, loaded)
	if err != nil {
		panic(err)
	}
	b := Batch{
		ID: id, Dataset: LedgerDataset, Source: source, Mode: Full, EntityID: entity, SourceFile: id + ".txt",
		FiscalYearStart: date(start), FirstDate: date(start), LastDate: date(last), LoadedAt: NewInstant(at), SHA256: digest(id),
	}
	b.Scope = Scope(source, entity, b.FiscalYearStart)
	if extract != "" {
		b.ExtractDate = date(extract)
	}
	return b
}

func ids(batches []Batch) string {
	var names []string
	for _, b := range batches {
		names = append(names, b.ID)
	}
	return strings.Join(names, " ")
}

func TestKnown(t *testing.T) {
	batches := []Batch{
		ledger("a", "s", "E", "2024-01-01", "2024-03-31", "2025-06-01 10:00:00", "2024-04-10"),
		ledger("b", "s", "E", "2024-01-01", "2024-06-30", "2024-07-05 23:59:59", ""),
		ledger("c", "s", "E", "2024-01-01", "2024-12-31", "2025-02-01 08:00:00", "2025-01-15"),
	}
	for name, c := range map[string]struct {
		at   string
		want string
	}{
		"no date":               {"", "a b c"},
		"before the first":      {"2024-04-09", ""},
		"the extract's own day": {"2024-04-10", "a"},
		"the day of loading":    {"2024-07-05", "a b"},
		"loaded after, declared": {
			"2025-01-15", "a b c"},
	} {
		t.Run(name, func(t *testing.T) {
			var at *time.Time
			if c.at != "" {
				at = &date(c.at).Time
			}
			if got := ids(Known(batches, at)); got != c.want {
				t.Errorf("known %q, want %q", got, c.want)
			}
		})
	}
}

func TestLive(t *testing.T) {
	march := ledger("march", "s", "E", "2024-01-01", "2024-03-31", "2024-04-01 10:00:00", "")
	june := ledger("june", "s", "E", "2024-01-01", "2024-06-30", "2024-07-01 10:00:00", "")
	other := ledger("other", "s", "F", "2024-01-01", "2024-06-30", "2024-07-01 10:00:00", "")
	next := ledger("next", "s", "E", "2025-01-01", "2025-06-30", "2025-07-01 10:00:00", "")
	delta := func(b Batch, id string) Batch { b.ID, b.Mode = id, Delta; return b }
	dataset := june
	dataset.ID, dataset.Dataset = "invoices", "invoices"
	for name, c := range map[string]struct {
		batches []Batch
		want    string
	}{
		"none":                      {nil, ""},
		"later cut":                 {[]Batch{march, june}, "june"},
		"other entity, other year":  {[]Batch{march, other, june, next}, "other june next"},
		"other dataset":             {[]Batch{march, dataset, june}, "invoices june"},
		"deltas on a full":          {[]Batch{march, delta(march, "d1"), delta(march, "d2")}, "march d1 d2"},
		"a full ends deltas":        {[]Batch{march, delta(march, "d1"), june, delta(march, "d2")}, "june d2"},
		"order known, not loaded":   {[]Batch{june, march}, "march"},
		"deltas without a full":     {[]Batch{delta(march, "d1"), delta(march, "d2")}, "d1 d2"},
		"delta of a different year": {[]Batch{delta(next, "d1"), march, june}, "d1 june"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ids(Live(c.batches)); got != c.want {
				t.Errorf("live %q, want %q", got, c.want)
			}
		})
	}
}

func TestFindSame(t *testing.T) {
	batches := []Batch{ledger("a", "s", "E", "2024-01-01", "2024-03-31", "2024-04-01 10:00:00", "")}
	for name, c := range map[string]struct {
		dataset, source, entity, sha string
		want                         bool
	}{
		"same":          {LedgerDataset, "s", "E", digest("a"), true},
		"other bytes":   {LedgerDataset, "s", "E", digest("b"), false},
		"other source":  {LedgerDataset, "t", "E", digest("a"), false},
		"other entity":  {LedgerDataset, "s", "F", digest("a"), false},
		"other dataset": {"invoices", "s", "E", digest("a"), false},
	} {
		t.Run(name, func(t *testing.T) {
			if _, ok := FindSame(batches, c.dataset, c.source, c.entity, c.sha); ok != c.want {
				t.Errorf("found %v", ok)
			}
		})
	}
}

func TestCheckLedgerPeriod(t *testing.T) {
	batches := []Batch{
		ledger("old", "s", "E", "2024-01-01", "2024-09-30", "2024-07-01 10:00:00", ""),
		ledger("live", "s", "E", "2024-01-01", "2024-06-30", "2024-10-01 10:00:00", ""),
		ledger("before", "s", "E", "2023-01-01", "2023-12-31", "2024-11-01 10:00:00", ""),
	}
	for name, c := range map[string]struct {
		entity, start, first, last, source string
		warning, err                       []string
	}{
		"next year":                  {"E", "2025-01-01", "2025-01-01", "2025-12-31", "s", nil, nil},
		"later cut":                  {"E", "2024-01-01", "2024-01-01", "2024-12-31", "s", nil, nil},
		"same end":                   {"E", "2024-01-01", "2024-01-01", "2024-06-30", "s", nil, nil},
		"earlier cut":                {"E", "2024-01-01", "2024-01-01", "2024-03-31", "s", []string{"2024-03-31", "live.txt", "2024-06-30"}, nil},
		"overlap from inside":        {"E", "2024-04-01", "2024-04-01", "2025-03-31", "s", nil, []string{"2024-04-01", "2025-03-31", "2024-01-01", "live.txt"}},
		"overlap from before":        {"E", "2023-07-01", "2023-07-01", "2024-01-01", "s", nil, []string{"2023-07-01", "live.txt"}},
		"overlap around":             {"E", "2022-07-01", "2022-07-01", "2025-01-01", "s", nil, []string{"fiscal year"}},
		"one day of the next year":   {"E", "2022-01-01", "2022-01-01", "2023-01-01", "s", nil, []string{"2023-01-01", "before.txt"}},
		"overlap, other source":      {"E", "2024-04-01", "2024-04-01", "2025-03-31", "t", nil, []string{"live.txt"}},
		"overlap, other entity":      {"F", "2024-04-01", "2024-04-01", "2025-03-31", "s", nil, nil},
		"same year, other source":    {"E", "2024-01-01", "2024-01-01", "2024-12-31", "t", nil, []string{`"s"`, "live.txt", "twice"}},
		"superseded does not count":  {"E", "2024-07-01", "2024-07-01", "2024-12-31", "s", nil, nil},
		"entries before the start":   {"E", "2025-01-01", "2024-12-31", "2025-12-31", "s", nil, []string{"2024-12-31", "2025-01-01"}},
		"next year, first is later":  {"E", "2025-01-01", "2025-02-03", "2025-12-31", "s", nil, nil},
		"year before ends in time":   {"E", "2022-01-01", "2022-01-01", "2022-12-31", "s", nil, nil},
		"same year of other entity":  {"F", "2024-01-01", "2024-01-01", "2024-12-31", "t", nil, nil},
		"first entry after the year": {"E", "2023-01-01", "2023-05-01", "2024-02-01", "s", nil, []string{"live.txt"}},
	} {
		t.Run(name, func(t *testing.T) {
			warning, err := CheckLedgerPeriod(batches, c.entity, date(c.start).Time, date(c.first).Time, date(c.last).Time, c.source)
			if (err != nil) != (c.err != nil) || (warning != "") != (c.warning != nil) {
				t.Fatalf("warning %q, error %v", warning, err)
			}
			for _, part := range append(c.warning, c.err...) {
				if !strings.Contains(warning+fmt.Sprint(err), part) {
					t.Errorf("warning %q, error %v: no %q", warning, err, part)
				}
			}
		})
	}
}
