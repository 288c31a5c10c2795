package reports

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Taxes of the payment-terms table.
const (
	TaxIncluded = "incl"
	TaxExcluded = "excl"
)

// TermsFilter narrows the reports on payment terms. Zero values mean the default of
// the project and no filter.
type TermsFilter struct {
	Tax    string // TaxIncluded or TaxExcluded; "" is that of the project
	Table  int    // 1 or 2
	Side   string // Customer or Supplier
	Line   string // late, disputed or left_out
	Bucket string // one of TermsBuckets; "total" is 1 day and more
}

// termsBuckets are the columns, the last of which adds up those from 1 day on.
var termsBuckets = []string{"0", "1-30", "31-60", "61-90", "91+", "total"}

var termsLines = []string{"late", "disputed", "left_out"}

// TermsBuckets lists the columns of the payment-terms table, which the law fixes.
func TermsBuckets() []string { return slices.Clone(termsBuckets) }

// TermsLines lists the lines of which invoices can be listed.
func TermsLines() []string { return slices.Clone(termsLines) }

// write adds what is asked to the query of a URL.
func (f TermsFilter) write(values url.Values) {
	for name, value := range map[string]string{"tax": f.Tax, "terms_side": f.Side, "line": f.Line, "column": f.Bucket} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if f.Table != 0 {
		values.Set("table", strconv.Itoa(f.Table))
	}
}

// complete fills in the tax and checks the rest.
func (v *View) complete(f TermsFilter) (TermsFilter, error) {
	if f.Tax == "" {
		f.Tax = TaxIncluded
		if p := v.service.options.Project; p != nil && p.PaymentTermsReport.Tax != "" {
			f.Tax = p.PaymentTermsReport.Tax
		}
	}
	for _, c := range []struct {
		value   string
		allowed []string
	}{
		{f.Tax, []string{TaxIncluded, TaxExcluded}},
		{f.Side, []string{"", Customer, Supplier}},
		{f.Line, append(TermsLines(), "")},
		{f.Bucket, append(TermsBuckets(), "")},
		{strconv.Itoa(f.Table), []string{"0", "1", "2"}},
	} {
		if !slices.Contains(c.allowed, c.value) {
			return f, fmt.Errorf("ask for payment terms %q: %w", c.value, ErrBadSelection)
		}
	}
	return f, nil
}

// TermsSum is a number of invoices and their amount.
type TermsSum struct {
	Count  int64
	Amount Amount
}

// TermsCell is a column of line A.
type TermsCell struct {
	Bucket string
	TermsSum
	Ratio Ratio // of the base; not valid where that is zero
}

// TermsHalf is the received or the issued half of a table.
type TermsHalf struct {
	Side  string      // Supplier: received; Customer: issued
	Cells []TermsCell // in the order of TermsBuckets
	Base  Amount      // purchases or turnover; in table II the invoices of the year
	Lines map[string]TermsSum
}

// Line returns another line of the half: excluded, disputed, unbooked, contractual,
// legal, tax_estimated, invoices, left_out, undated or not_due.
func (h TermsHalf) Line(code string) TermsSum { return h.Lines[code] }

// Total returns the last column: 1 day and more.
func (h TermsHalf) Total() TermsCell { return h.Cells[len(h.Cells)-1] }

// TermsTable is table I or II.
type TermsTable struct {
	No               int
	Received, Issued TermsHalf
}

// Halves returns both halves in the order of the law.
func (t TermsTable) Halves() []TermsHalf { return []TermsHalf{t.Received, t.Issued} }

// PaymentTerms are the tables of article D. 441-6 of the Code de commerce of one
// entity: it is a company that must publish them, not a group.
type PaymentTerms struct {
	Entity, Name, Currency string
	Tax                    string
	FiscalYearStart        time.Time
	Tables                 []TermsTable // I and II
}

// PaymentTerms returns the tables of the entity of the selection, or of each entity
// of the project. tax "" is that of the project.
func (v *View) PaymentTerms(ctx context.Context, tax string) ([]PaymentTerms, error) {
	filter, err := v.complete(TermsFilter{Tax: tax})
	if err != nil {
		return nil, err
	}
	return figure(ctx, v, "payment-terms", filter.Tax, func() (made []PaymentTerms, err error) {
		condition, args := v.qualityScope()
		args = append(args, sql.Named("tax", filter.Tax))
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			var entity, side, line string
			var start time.Time
			var table int
			var base Amount
			var cell TermsCell
			if err := rows.Scan(&entity, &start, &table, &side, &line, &cell.Bucket, &cell.Count, &cell.Amount, &base, &cell.Ratio); err != nil {
				return err
			}
			if len(made) == 0 || made[len(made)-1].Entity != entity {
				made = append(made, v.newPaymentTerms(entity, filter.Tax, start))
			}
			half := made[len(made)-1].half(table, side)
			if line != "late" {
				half.Lines[line] = cell.TermsSum
				return nil
			}
			half.Base, half.Cells = base, append(half.Cells, cell)
			return nil
		}, `
select
    entity_id, fiscal_year_start_date, table_no, side, line_code, bucket,
    invoice_count, invoice_amount, coalesce(base_amount, 0), invoice_ratio,
from mart_payment_terms_report
where tax = $tax and `+condition+`
order by entity_id, table_no, side, line_order, bucket_order`, args...)
		return made, err
	})
}

func (v *View) newPaymentTerms(entity, tax string, start time.Time) PaymentTerms {
	made := PaymentTerms{Entity: entity, Name: entity, Tax: tax, FiscalYearStart: start}
	for _, known := range v.facts.entities {
		if known.ID == entity {
			made.Name, made.Currency = known.Name, known.Currency
		}
	}
	for no := range 2 {
		made.Tables = append(made.Tables, TermsTable{
			No:       no + 1,
			Received: TermsHalf{Side: Supplier, Lines: map[string]TermsSum{}},
			Issued:   TermsHalf{Side: Customer, Lines: map[string]TermsSum{}},
		})
	}
	return made
}

func (p PaymentTerms) half(table int, side string) *TermsHalf {
	if side == Supplier {
		return &p.Tables[table-1].Received
	}
	return &p.Tables[table-1].Issued
}
