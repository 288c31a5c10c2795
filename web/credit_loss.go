package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/encours/encours/reports"
)

// creditLossPage is the provision matrix, the cover of doubtful customers and the
// customers themselves.
type creditLossPage struct {
	Layout
	Losses   *reports.CreditLoss
	Rows     []lossRow
	Doubtful []doubtfulRow
	Names    map[string]string // of the entities
	Exports  []exportGroup
	Matrix   []exportGroup
}

// lossRow is a cell with the widths of its bars, in per cent of the largest amount.
type lossRow struct {
	reports.LossRow
	ExposureWidth, LossWidth int64
	IsDoubtful               bool
	URL                      string // of what is in it; empty where the ageing has no such bucket
}

// doubtfulRow is a customer with the link to its page.
type doubtfulRow struct {
	reports.DoubtfulRow
	URL string
}

// lossURL leads from a cell of the matrix to those who owe it.
func lossURL(layout Layout, row reports.LossRow, aged []string) string {
	switch {
	case row.Segment == "doubtful":
		return "#h-doubtful"
	case slices.Contains(aged, row.Bucket):
		return layout.Link("/ageing", "bucket", row.Bucket)
	}
	return ""
}

func (s *server) creditLoss(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "credit-loss", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		figures, err := view.CreditLoss(ctx)
		if err != nil {
			return nil, err
		}
		page := creditLossPage{
			Layout: layout, Losses: figures, Names: map[string]string{},
			Matrix:  exportGroups(layout, "expected-credit-loss"),
			Exports: exportGroups(layout, "provisions", "doubtful-customers", "doubtful-documents"),
		}
		for _, entity := range layout.Meta.Entities {
			page.Names[entity.ID] = entity.Name
		}
		ageing, err := view.Ageing(ctx, reports.AgeingFilter{Page: 1, PageSize: 1})
		if err != nil {
			return nil, err
		}
		aged := bucketNames(ageing.Buckets)
		largest := reports.Amount(1)
		for _, row := range figures.Rows {
			largest = max(largest, row.Exposure, row.Loss)
		}
		for _, row := range figures.Rows {
			page.Rows = append(page.Rows, lossRow{
				LossRow: row, ExposureWidth: int64(row.Exposure * 100 / largest),
				LossWidth: int64(row.Loss * 100 / largest), IsDoubtful: row.Segment == "doubtful",
				URL: lossURL(layout, row, aged),
			})
		}
		for _, row := range figures.Doubtful {
			page.Doubtful = append(page.Doubtful, doubtfulRow{row, layout.Counterparty(row.Entity, reports.Customer, row.ID)})
		}
		return page, nil
	})
}
