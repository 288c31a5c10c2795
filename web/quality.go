package web

import (
	"context"
	"net/http"

	"github.com/encours/encours/reports"
)

// qualityPage says what is wrong with the extracts that were loaded.
type qualityPage struct {
	Layout
	Counts  []qualityCount
	Rows    []qualityRow
	Count   int64
	Exports []exportGroup
}

// qualityCount is how many findings have a severity.
type qualityCount struct {
	Severity string
	Count    int64
}

// qualityRow is a finding in the language of the page.
type qualityRow struct {
	reports.QualityRow
	Text, Todo string
	Currency   string
}

func (s *server) quality(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "quality", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		found, err := view.Quality(ctx)
		if err != nil {
			return nil, err
		}
		page := qualityPage{
			Layout: layout, Count: int64(len(found)), Exports: exportGroups(layout, "data-quality"),
			Counts: []qualityCount{{Severity: "error"}, {Severity: "warn"}, {Severity: "info"}},
		}
		currencies := map[string]string{}
		for _, entity := range layout.Meta.Entities {
			currencies[entity.ID] = entity.Currency
		}
		for _, row := range found {
			made := qualityRow{row, row.Sentence, row.Advice, currencies[row.Entity]}
			if l.Code == "fr" {
				made.Text, made.Todo = typesetFrench(row.SentenceFR), typesetFrench(row.AdviceFR)
			}
			page.Rows = append(page.Rows, made)
			for i := range page.Counts {
				if page.Counts[i].Severity == row.Severity {
					page.Counts[i].Count++
				}
			}
		}
		return page, nil
	})
}
