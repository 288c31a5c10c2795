package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/encours/encours/reports"
)

// paymentTermsPage shows a table of article D. 441-6 as the law lays it out; for
// several entities a line for each, as the table is that of one company.
type paymentTermsPage struct {
	Layout
	Entities []termsEntity
	Table    *termsTable // nil where there is not one entity
	Exports  []exportGroup
	Breaches string // the page of the terms beyond the cap
}

// termsEntity is an entity to choose, with its totals of 1 day and more.
type termsEntity struct {
	reports.PaymentTerms
	Received, Issued             reports.TermsCell
	ReceivedShare, IssuedShare   string
	URL                          string
	ReceivedExcluded, IssuedExcl reports.TermsSum
}

// termsTable is table I or II with the links of its cells.
type termsTable struct {
	No                   int
	Entity, Name         string
	Currency, Tax        string
	Start                reports.PaymentTerms
	Halves               []termsHalf
	OtherTable, OtherTax string // links
	IsEmpty              bool
}

// termsHalf is one half of the table with the bar of its late amounts.
type termsHalf struct {
	reports.TermsHalf
	Key   string // received or issued
	Cells []termsCell
	Bar   ageBar

	Excluded, Disputed, Unbooked, Contractual, Legal, TaxEstimated, LeftOut, Undated reports.TermsSum
	DisputedURL, LeftOutURL                                                          string
}

// termsCell is a column of line A. HasCount is false where the model is grey.
type termsCell struct {
	reports.TermsCell
	HasCount bool
	Share    string
	URL      string // of its invoices; empty where there are none
}

// readTerms reads the parameters of the pages on payment terms.
func (q *query) readTerms() (terms reports.TermsFilter, err error) {
	for _, c := range []struct {
		name    string
		allowed []string
		to      *string
	}{
		{"tax", []string{reports.TaxIncluded, reports.TaxExcluded}, &terms.Tax},
		{"terms_side", []string{reports.Customer, reports.Supplier}, &terms.Side},
		{"line", reports.TermsLines(), &terms.Line},
		{"column", reports.TermsBuckets(), &terms.Bucket},
	} {
		if *c.to, err = q.oneOf(c.name, c.allowed); err != nil {
			return terms, err
		}
	}
	terms.Table, err = q.number("table", 1, 2)
	return terms, err
}

func (s *server) paymentTerms(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, "tax", "table")
	if err != nil {
		return err
	}
	return s.show(w, r, "payment-terms", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		all, err := view.PaymentTerms(ctx, q.Filter.Terms.Tax)
		if err != nil {
			return nil, err
		}
		layout.Extra = []string{"tax", "table"}
		page := paymentTermsPage{
			Layout: layout, Exports: exportGroups(layout, "payment-terms-report"), Breaches: layout.Link("/payment-terms/breaches"),
		}
		no := max(q.Filter.Terms.Table, 1)
		for _, of := range all {
			table := of.Tables[no-1]
			received, issued := table.Received.Total(), table.Issued.Total()
			page.Entities = append(page.Entities, termsEntity{
				PaymentTerms: of, Received: received, Issued: issued,
				ReceivedShare: l.Percent(received.Ratio), IssuedShare: l.Percent(issued.Ratio),
				ReceivedExcluded: table.Received.Line("excluded"), IssuedExcl: table.Issued.Line("excluded"),
				URL: layout.Filtered("/payment-terms", "entity", of.Entity),
			})
		}
		if len(all) == 1 {
			page.Table = newTermsTable(layout, l, all[0], no)
		}
		return page, nil
	})
}

func newTermsTable(layout Layout, l *locale, of reports.PaymentTerms, no int) *termsTable {
	made := &termsTable{
		No: no, Entity: of.Entity, Name: of.Name, Currency: of.Currency, Tax: of.Tax, Start: of, IsEmpty: true,
		OtherTable: layout.Filtered("/payment-terms", "table", strconv.Itoa(3-no)),
	}
	other := reports.TaxExcluded
	if of.Tax == other {
		other = reports.TaxIncluded
	}
	made.OtherTax = layout.Filtered("/payment-terms", "tax", other)
	for i, half := range of.Tables[no-1].Halves() {
		list := func(line, bucket string, count int64) string {
			if count == 0 {
				return ""
			}
			return layout.Link("/payment-terms/invoices", "entity", of.Entity, "tax", of.Tax, "table", strconv.Itoa(no),
				"terms_side", half.Side, "line", line, "column", bucket)
		}
		h := termsHalf{
			TermsHalf: half, Key: []string{"received", "issued"}[i],
			Excluded: half.Line("excluded"), Disputed: half.Line("disputed"), Unbooked: half.Line("unbooked"),
			Contractual: half.Line("contractual"), Legal: half.Line("legal"), TaxEstimated: half.Line("tax_estimated"),
			LeftOut: half.Line("left_out"), Undated: half.Line("undated"),
		}
		h.DisputedURL, h.LeftOutURL = list("disputed", "", h.Disputed.Count), list("left_out", "", h.LeftOut.Count)
		var buckets []reports.Bucket
		for column, cell := range half.Cells {
			isEdge := column == 0 || column == len(half.Cells)-1
			h.Cells = append(h.Cells, termsCell{
				TermsCell: cell, HasCount: isEdge, Share: l.Percent(cell.Ratio), URL: list("late", cell.Bucket, cell.Count),
			})
			if !isEdge {
				buckets = append(buckets, reports.Bucket{Name: cell.Bucket, IsOverdue: true, Debit: cell.Amount, Items: cell.Count})
			}
			made.IsEmpty = made.IsEmpty && cell.Count == 0
		}
		made.IsEmpty = made.IsEmpty && half.Base == 0
		h.Bar = newAgeBar(layout, buckets)
		h.Bar.Currency, h.Bar.Credits = of.Currency, 0
		for i, part := range h.Bar.Segments {
			h.Bar.Segments[i].URL = list("late", part.Name, max(part.Items, 1))
		}
		made.Halves = append(made.Halves, h)
	}
	return made
}

// Percent writes a share in per cent with two decimals, as the law's table has it; a
// dash where not known.
func (l *locale) Percent(r reports.Ratio) string {
	if !r.Valid {
		return noValue
	}
	return l.T("unit.percent", l.Fixed(r.BasisPoints, 2, 2))
}

// termsInvoicesPage lists the invoices of a cell.
type termsInvoicesPage struct {
	Layout
	Terms   reports.TermsFilter
	List    *reports.TermsInvoices
	Rows    []termsInvoiceRow
	Limit   int64 // rows that the page shows at most
	Back    string
	Exports []exportGroup
}

type termsInvoiceRow struct {
	reports.TermsInvoice
	Currency, URL, ItemURL string
}

func (s *server) paymentTermsInvoices(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, termsParams...)
	if err != nil {
		return err
	}
	return s.show(w, r, "payment-terms-invoices", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		list, err := view.PaymentTermsInvoices(ctx, q.Filter.Terms)
		if err != nil {
			return nil, err
		}
		layout.Extra = termsParams
		page := termsInvoicesPage{
			Layout: layout, Terms: q.Filter.Terms, List: list, Limit: reports.TermsInvoiceLimit,
			Back:    layout.Filtered("/payment-terms", "terms_side", "", "line", "", "column", ""),
			Exports: exportGroups(layout, "payment-terms-invoices"),
		}
		currencies := layout.currencies()
		for _, row := range list.Rows {
			page.Rows = append(page.Rows, termsInvoiceRow{
				row, currencies[row.Entity], layout.Counterparty(row.Entity, row.Side, row.CounterpartyID), layout.Item(row.Entity, row.ItemID),
			})
		}
		return page, nil
	})
}

// currencies are those of the entities.
func (l Layout) currencies() map[string]string {
	made := map[string]string{}
	for _, entity := range l.Meta.Entities {
		made[entity.ID] = entity.Currency
	}
	return made
}

// termsBreachesPage lists the agreed terms that the law does not allow.
type termsBreachesPage struct {
	Layout
	Sides   []termsBreaches
	Limit   int64
	Back    string
	Exports []exportGroup
}

type termsBreaches struct {
	reports.TermsBreaches
	Rows []termsBreachRow
}

type termsBreachRow struct {
	reports.TermsBreach
	URL, ItemURL string
}

func (s *server) paymentTermsBreaches(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "payment-terms-breaches", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		sides, err := view.PaymentTermsBreaches(ctx)
		if err != nil {
			return nil, err
		}
		page := termsBreachesPage{
			Layout: layout, Limit: reports.TermsInvoiceLimit, Back: layout.Link("/payment-terms"),
			Exports: exportGroups(layout, "payment-terms-breaches"),
		}
		for _, side := range sides {
			made := termsBreaches{TermsBreaches: side}
			for _, row := range side.Rows {
				made.Rows = append(made.Rows, termsBreachRow{
					row, layout.Counterparty(row.Entity, row.Side, row.CounterpartyID), layout.Item(row.Entity, row.ItemID),
				})
			}
			page.Sides = append(page.Sides, made)
		}
		return page, nil
	})
}
