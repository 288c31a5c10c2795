package reports

import (
	"context"
	"database/sql"
	"fmt"
)

// exposureLimit is how many customers the page of exposures lists; the export
// holds all.
const exposureLimit = 100

// ExposureRow is what would be lost if a customer failed at the as-of date.
type ExposureRow struct {
	Entity, ID, Name                                            string
	Receivable, Bills, Unbilled, Orders, Deposits, Credits, Sum Amount
	Limit                                                       Amount
	HasLimit                                                    bool
	// Missing are the currencies of orders of which no rate is known at the date; with
	// one, Orders and Sum are not known
	Missing     string
	HasAccount  bool  // something is booked: it has a page
	IsOver      bool  // Sum is above the limit
	Utilisation Ratio // of the limit
}

// Exposures are the largest exposures of a selection and their totals.
type Exposures struct {
	Rows  []ExposureRow // at most exposureLimit
	Whole ExposureRow   // of all customers
	Count int64
	Over  int64 // customers above their limit

	Intercompany Amount // left out of the group
}

// exposureScope keeps mart_exposure to a selection: for the group without
// intercompany customers.
func (v *View) exposureScope() (string, []any) {
	condition, args := v.entityScope()
	if v.selection.Entity == "" {
		condition += " and not is_intercompany"
	}
	return condition, args
}

const exposureColumns = `
    entity_id, counterparty_id, counterparty_name, receivable_amount, bills_amount,
    unbilled_amount, coalesce(orders_amount, 0) as orders_amount, deposits_amount, credit_amount,
    coalesce(exposure_amount, 0) as exposure_amount,
    coalesce(credit_limit_amount, 0) as limit_amount, credit_limit_amount is not null as has_limit,
    coalesce(available_amount < 0, false) as is_over, utilisation_ratio,
    receivable_amount <> 0 or bills_amount <> 0 or unbilled_amount <> 0 or deposits_amount <> 0
    or credit_amount <> 0 as has_account, coalesce(missing_currencies, '') as missing_currencies`

func (r *ExposureRow) scan(rows *sql.Rows) error {
	return rows.Scan(&r.Entity, &r.ID, &r.Name, &r.Receivable, &r.Bills, &r.Unbilled, &r.Orders, &r.Deposits,
		&r.Credits, &r.Sum, &r.Limit, &r.HasLimit, &r.IsOver, &r.Utilisation, &r.HasAccount, &r.Missing)
}

// Exposures returns the largest exposures to customers first.
func (v *View) Exposures(ctx context.Context) (*Exposures, error) {
	return figure(ctx, v, "exposures", "", func() (*Exposures, error) {
		condition, args := v.exposureScope()
		e := &Exposures{}
		w := &e.Whole
		err := v.session.Query(ctx, func(rows *sql.Rows) error {
			return rows.Scan(&e.Count, &e.Over, &w.Receivable, &w.Bills, &w.Unbilled, &w.Orders, &w.Deposits, &w.Credits, &w.Sum, &w.Missing)
		}, fmt.Sprintf(`
select
    count(*) as customer_count,
    count(*) filter (where available_amount < 0) as over_count,
    cast(coalesce(sum(receivable_amount), 0) as decimal(18, 2)) as receivable_amount,
    cast(coalesce(sum(bills_amount), 0) as decimal(18, 2)) as bills_amount,
    cast(coalesce(sum(unbilled_amount), 0) as decimal(18, 2)) as unbilled_amount,
    cast(coalesce(sum(orders_amount), 0) as decimal(18, 2)) as orders_amount,
    cast(coalesce(sum(deposits_amount), 0) as decimal(18, 2)) as deposits_amount,
    cast(coalesce(sum(credit_amount), 0) as decimal(18, 2)) as credit_amount,
    cast(coalesce(sum(exposure_amount), 0) as decimal(18, 2)) as exposure_amount,
    coalesce(string_agg(distinct missing_currencies, ', ' order by missing_currencies), '') as missing_currencies,
from mart_exposure
where %s`, condition), args...)
		if err != nil {
			return nil, err
		}
		if e.Intercompany, err = v.exposureLeftOut(ctx); err != nil {
			return nil, err
		}
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			var r ExposureRow
			err := r.scan(rows)
			e.Rows = append(e.Rows, r)
			return err
		}, fmt.Sprintf(`
select %s
from mart_exposure
where %s
order by exposure_amount desc nulls first, entity_id, counterparty_id
limit %d`, exposureColumns, condition, exposureLimit), args...)
		return e, err
	})
}

// Exposure returns the exposure to one customer, nil where there is none: nothing
// is open, unbilled or ordered.
func (v *View) Exposure(ctx context.Context, entity, id string) (*ExposureRow, error) {
	return figure(ctx, v, "exposure", fmt.Sprintf("%q", []string{entity, id}), func() (row *ExposureRow, err error) {
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			row = &ExposureRow{}
			return row.scan(rows)
		}, `
select `+exposureColumns+`
from mart_exposure
where entity_id = $entity and counterparty_id = $id`, sql.Named("entity", entity), sql.Named("id", id))
		return row, err
	})
}
