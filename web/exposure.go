package web

import (
	"context"
	"net/http"

	"github.com/encours/encours/reports"
)

// exposurePage lists the largest exposures to customers.
type exposurePage struct {
	Layout
	Figures *reports.Exposures
	Rows    []exposureRow
	Exports []exportGroup
}

// exposureRow is a customer with the link to its page; a customer of whom only an
// order is known has none.
type exposureRow struct {
	reports.ExposureRow
	URL string
}

func (s *server) exposure(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "exposure", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		figures, err := view.Exposures(ctx)
		if err != nil {
			return nil, err
		}
		page := exposurePage{Layout: layout, Figures: figures, Exports: exportGroups(layout, "exposure")}
		for _, row := range figures.Rows {
			made := exposureRow{ExposureRow: row}
			if row.HasAccount {
				made.URL = layout.Counterparty(row.Entity, reports.Customer, row.ID)
			}
			page.Rows = append(page.Rows, made)
		}
		return page, nil
	})
}
