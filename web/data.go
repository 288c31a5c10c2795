package web

import (
	"context"
	"net/http"

	"github.com/encours/encours/reports"
)

// dataPage says what was loaded and what the checks found.
type dataPage struct {
	Layout
	Batches []reports.BatchRow
	Live    int64 // batches that count in this generation
	Rows    int64 // of the live batches
}

func (s *server) data(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "data", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		batches, err := view.Batches(ctx)
		if err != nil {
			return nil, err
		}
		page := dataPage{Layout: layout, Batches: batches}
		for _, batch := range batches {
			if batch.IsLive {
				page.Live++
				page.Rows += batch.Rows
			}
		}
		return page, nil
	})
}
