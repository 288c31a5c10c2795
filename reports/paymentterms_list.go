package reports

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// TermsInvoiceLimit is how many rows the lists on payment terms hold at most; a
// report has all of them.
const TermsInvoiceLimit = 200

// TermsInvoice is an invoice of a cell of the payment-terms table.
type TermsInvoice struct {
	Entity, Side, CounterpartyID, Name string
	ItemID                             int64
	DocumentRef, Type                  string
	IssueDate, DueDate, SettledDate    time.Time // SettledDate zero: open
	LateDays                           int64
	Line, Bucket                       string
	Amount                             Amount // in the tax of the filter
	IsTaxEstimated                     bool
}

// TermsInvoices are the invoices of a cell, the largest first.
type TermsInvoices struct {
	Rows  []TermsInvoice // at most TermsInvoiceLimit
	Count int64          // of the cell
	Total Amount
	Tax   string
}

// PaymentTermsInvoices returns the invoices of the cells that the filter names. It
// returns ErrBadSelection for a filter that is not valid.
func (v *View) PaymentTermsInvoices(ctx context.Context, filter TermsFilter) (*TermsInvoices, error) {
	filter, err := v.complete(filter)
	if err != nil {
		return nil, err
	}
	return figure(ctx, v, "payment-terms-invoices", fmt.Sprint(filter), func() (*TermsInvoices, error) {
		made := &TermsInvoices{Tax: filter.Tax}
		q, err := v.termsInvoicesReport(AgeingFilter{Terms: filter})
		if err != nil {
			return nil, err
		}
		err = v.session.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&made.Count, &made.Total) },
			"select count(*), coalesce(sum(invoice_amount), 0) from ("+q.selects+") as listed", q.args...)
		if err != nil {
			return nil, err
		}
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			var r TermsInvoice
			err := rows.Scan(&r.Entity, &r.Side, &r.CounterpartyID, &r.Name, &r.ItemID, text(&r.DocumentRef), &r.Type,
				date(&r.IssueDate), date(&r.DueDate), date(&r.SettledDate), &r.LateDays, &r.Line, &r.Bucket, &r.Amount, &r.IsTaxEstimated)
			made.Rows = append(made.Rows, r)
			return err
		}, `
select
    entity_id, side, counterparty_id, counterparty_name, item_id, document_ref, item_type,
    issue_date, due_date, settled_date, late_days, line_code, bucket, invoice_amount,
    is_tax_estimated,
from (`+q.selects+`) as listed
order by abs(invoice_amount) desc, entity_id, table_no, item_id
limit `+fmt.Sprint(TermsInvoiceLimit), q.args...)
		return made, err
	})
}

// TermsBreach is a row of mart_payment_terms_breaches.
type TermsBreach struct {
	Entity, Side, CounterpartyID, Name string
	ItemID                             int64
	DocumentRef                        string
	IssueDate, DueDate, CapDate        time.Time
	DueDateSource, Category, Article   string
	TermDays, BeyondDays               int64
	Amount, Open                       Amount
	Currency                           string
}

// TermsBreaches are the agreed terms of one side that the law does not allow, the
// furthest beyond first.
type TermsBreaches struct {
	Side           string
	Rows           []TermsBreach // at most TermsInvoiceLimit
	Count          int64
	Counterparties int64
}

// PaymentTermsBreaches returns the breaches of suppliers, then those of customers,
// of the entity of the selection or of all of them.
func (v *View) PaymentTermsBreaches(ctx context.Context) ([]TermsBreaches, error) {
	return figure(ctx, v, "payment-terms-breaches", "", func() ([]TermsBreaches, error) {
		made := []TermsBreaches{{Side: Supplier}, {Side: Customer}}
		for i := range made {
			if err := v.readBreaches(ctx, &made[i]); err != nil {
				return nil, err
			}
		}
		return made, nil
	})
}

func (v *View) readBreaches(ctx context.Context, made *TermsBreaches) error {
	currencies := map[string]string{}
	for _, entity := range v.facts.entities {
		currencies[entity.ID] = entity.Currency
	}
	q, err := v.termsBreachesReport(AgeingFilter{Terms: TermsFilter{Side: made.Side}})
	if err != nil {
		return err
	}
	err = v.session.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&made.Count, &made.Counterparties) },
		"select count(*), count(distinct (entity_id, counterparty_id)) from ("+q.selects+") as listed", q.args...)
	if err != nil {
		return err
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var b TermsBreach
		err := rows.Scan(&b.Entity, &b.Side, &b.CounterpartyID, &b.Name, &b.ItemID, text(&b.DocumentRef),
			date(&b.IssueDate), date(&b.DueDate), date(&b.CapDate), &b.DueDateSource, &b.Category, &b.Article,
			&b.TermDays, &b.BeyondDays, &b.Amount, &b.Open)
		b.Currency = currencies[b.Entity]
		made.Rows = append(made.Rows, b)
		return err
	}, `
select
    entity_id, side, counterparty_id, counterparty_name, item_id, document_ref, issue_date,
    due_date, cap_date, due_date_source, category, article, term_days, beyond_days,
    invoice_amount, open_amount,
from (`+q.selects+`) as listed
order by `+q.order+`
limit `+fmt.Sprint(TermsInvoiceLimit), q.args...)
}
