package web

import (
	"context"
	"net/http"

	"github.com/encours/encours/reports"
)

// proofPage compares the items with the ledger, family by family.
type proofPage struct {
	Layout
	Lines   []proofLine
	Count   int64
	Total   reports.ReconciliationLine
	Exports []exportGroup
}

// proofLine is a line of the comparison.
type proofLine struct {
	reports.ReconciliationLine
	IsProved bool
	URL      string // of the items of its entity and side
}

func (s *server) proof(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "proof", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		lines, err := view.Reconciliation(ctx)
		if err != nil {
			return nil, err
		}
		page := proofPage{Layout: layout, Count: int64(len(lines)), Exports: exportGroups(layout, "reconciliation")}
		for _, line := range lines {
			page.Lines = append(page.Lines, proofLine{
				line, line.HasLedger && line.Difference == 0,
				layout.Link("/ageing", "entity", line.Entity, "side", line.Side, "sort", "open"),
			})
			page.Total.Ledger += line.Ledger
			page.Total.Items += line.Items
			page.Total.Buckets += line.Buckets
			page.Total.Difference += max(line.Difference, -line.Difference)
		}
		return page, nil
	})
}
