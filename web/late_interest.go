package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/encours/encours/reports"
)

// lateInterestPage lists who owes late interest and recovery fees.
type lateInterestPage struct {
	Layout
	Late    *reports.LateInterest
	Rows    []lateCustomerRow
	Exports []exportGroup
}

// lateCustomerRow is a counterparty with the link to its statement and the widths
// of its bar, in per cent of the largest claim.
type lateCustomerRow struct {
	reports.LateCustomer
	URL                   string
	InterestWidth, FeeEnd int64
}

// lateStatementPage is the claim on one counterparty, made to be printed.
type lateStatementPage struct {
	Layout
	Statement       *reports.LateStatement
	CounterpartyURL string
	Exports         []exportGroup
}

func (s *server) lateInterest(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "late-interest", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		figures, err := view.LateInterest(ctx)
		if err != nil {
			return nil, err
		}
		page := lateInterestPage{
			Layout: layout, Late: figures,
			Exports: exportGroups(layout, "late-interest-counterparties", "late-interest", "late-interest-lines"),
		}
		for _, row := range figures.Rows {
			made := lateCustomerRow{LateCustomer: row, URL: layout.lateStatementURL(row.Entity, layout.Side(), row.ID)}
			if figures.LargestClaim > 0 {
				made.InterestWidth = int64(row.Interest * 100 / figures.LargestClaim)
				made.FeeEnd = int64(row.Fee * 100 / figures.LargestClaim)
			}
			page.Rows = append(page.Rows, made)
		}
		return page, nil
	})
}

func (l Layout) lateStatementURL(entity, side, id string) string {
	return l.Link("/late-interest/" + url.PathEscape(entity) + "/" + side + "/" + url.PathEscape(id))
}

func (s *server) lateStatement(w http.ResponseWriter, r *http.Request) error {
	q, key, err := counterpartyRequest(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "late-statement", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		figures, err := view.LateStatement(ctx, key.Entity, key.Side, key.ID)
		if err != nil {
			return nil, err
		}
		layout.PinsEntity, layout.Title = true, l.T("nav.late-interest")+" – "+figures.Customer.Name
		return lateStatementPage{
			Layout: layout, Statement: figures, CounterpartyURL: layout.Counterparty(key.Entity, key.Side, key.ID),
			Exports: exportGroups(layout, "late-interest-lines"),
		}, nil
	})
}
