package reports

import (
	"context"
	"database/sql"
	"time"
)

// CreditLoss is the provision matrix of a selection and the French view of its
// doubtful customers. It is about customers, whatever the side of the selection.
type CreditLoss struct {
	Rows             []LossRow
	Exposure, Loss   Amount // sums of the rows; Loss without those whose rate is not known
	IsIncomplete     bool   // a rate is not known
	IntercompanyLoss Amount // left out of the group
	Provisions       []ProvisionRow
	Doubtful         []DoubtfulRow // at most 200, the largest first
	DoubtfulCount    int64
}

// LossRow is a cell of the provision matrix.
type LossRow struct {
	Segment, Bucket, Source string // Source is empty for the group: each entity has its own
	Open, Exposure, Credits Amount
	Items                   int64
	Rate, Factor            Rate // Rate is the applied one; Factor is 100 % where nothing is adjusted
	Loss                    Amount
	HasLoss                 bool // false: no rate is known
}

// ProvisionRow is a row of mart_provisions.
type ProvisionRow struct {
	Entity                           string
	YearStart                        time.Time
	Doubtful, ExclTax                Amount
	HasLedger                        bool // false: the provision accounts are not known
	Allowance, Uncovered             Amount
	Coverage                         Ratio
	Opening, Charge, Reversal, Other Amount
	WriteOff, WriteOffVAT            Amount
	HasRequired                      bool
	Required, Shortfall              Amount
}

// DoubtfulRow is a customer on account 416.
type DoubtfulRow struct {
	Entity, ID, Name  string
	Doubtful, ExclTax Amount
	HasAllowance      bool
	Allowance         Amount
	Coverage          Ratio
}

// CreditLoss returns the expected loss on what customers owe and how doubtful
// customers are covered.
func (v *View) CreditLoss(ctx context.Context) (*CreditLoss, error) {
	return figure(ctx, v, "credit-loss", "", func() (*CreditLoss, error) {
		made := &CreditLoss{}
		if err := v.lossRows(ctx, made); err != nil {
			return nil, err
		}
		if err := v.provisionRows(ctx, made); err != nil {
			return nil, err
		}
		return made, v.doubtfulRows(ctx, made)
	})
}

func (v *View) lossRows(ctx context.Context, made *CreditLoss) error {
	columns := `rate_source, cast(coalesce(forward_looking_factor, 1) * 100 as decimal(9, 4)), cast(0 as decimal(18, 2))`
	if v.selection.Entity == "" {
		columns = `null, cast(100 as decimal(9, 4)), intercompany_loss_amount`
	}
	mart, condition, args := v.from("mart_expected_credit_loss", "mart_group_expected_credit_loss", false)
	return v.session.Query(ctx, func(r *sql.Rows) error {
		var row LossRow
		var intercompany Amount
		err := r.Scan(&row.Segment, &row.Bucket, &row.Open, &row.Exposure, &row.Credits, &row.Items, &row.Rate,
			&row.HasLoss, &row.Loss, text(&row.Source), &row.Factor, &intercompany)
		made.Rows = append(made.Rows, row)
		made.Exposure += row.Exposure
		made.Loss += row.Loss
		made.IntercompanyLoss += intercompany
		made.IsIncomplete = made.IsIncomplete || !row.HasLoss && row.Exposure != 0
		return err
	}, `
select
    segment, bucket, open_amount, exposure_amount, credit_amount, item_count,
    cast(applied_ratio * 100 as decimal(9, 4)),
    expected_loss_amount is not null, coalesce(expected_loss_amount, 0), `+columns+`
from `+mart+`
where `+condition+`
order by segment = 'doubtful', segment, bucket_order`, args...)
}

// customerScope is the scope of the selection on marts that know customers only.
func (v *View) customerScope() (string, []any) {
	if v.selection.Entity != "" {
		return "entity_id = $entity", []any{sql.Named("entity", v.selection.Entity)}
	}
	return "entity_id in (\n        " + groupEntities + "\n    )", nil
}

func (v *View) provisionRows(ctx context.Context, made *CreditLoss) error {
	condition, args := v.customerScope()
	return v.session.Query(ctx, func(r *sql.Rows) error {
		var p ProvisionRow
		err := r.Scan(&p.Entity, date(&p.YearStart), &p.Doubtful, &p.ExclTax, &p.HasLedger, &p.Allowance, &p.Uncovered,
			&p.Coverage, &p.Opening, &p.Charge, &p.Reversal, &p.Other, &p.WriteOff, &p.WriteOffVAT, &p.HasRequired,
			&p.Required, &p.Shortfall)
		made.Provisions = append(made.Provisions, p)
		return err
	}, `
select
    entity_id, fiscal_year_start_date, doubtful_amount, doubtful_excl_tax_amount,
    allowance_amount is not null, coalesce(allowance_amount, 0), coalesce(uncovered_amount, 0),
    coverage_ratio, coalesce(opening_allowance_amount, 0), coalesce(charge_amount, 0),
    coalesce(reversal_amount, 0), coalesce(other_allowance_amount, 0), coalesce(write_off_amount, 0),
    coalesce(write_off_vat_amount, 0), required_amount is not null, coalesce(required_amount, 0),
    coalesce(shortfall_amount, 0),
from mart_provisions
where `+condition+`
order by entity_id`, args...)
}

func (v *View) doubtfulRows(ctx context.Context, made *CreditLoss) error {
	condition, args := v.customerScope()
	if v.selection.Entity == "" {
		condition += " and not is_intercompany"
	}
	return v.session.Query(ctx, func(r *sql.Rows) error {
		var d DoubtfulRow
		err := r.Scan(&made.DoubtfulCount, &d.Entity, &d.ID, &d.Name, &d.Doubtful, &d.ExclTax, &d.HasAllowance, &d.Allowance, &d.Coverage)
		made.Doubtful = append(made.Doubtful, d)
		return err
	}, `
with
customers as (
    select * from mart_doubtful_customers
    where `+condition+`
)
select
    count(*) over (), customers.entity_id, customers.counterparty_id,
    coalesce(names.counterparty_name, customers.counterparty_id),
    customers.doubtful_amount, customers.doubtful_excl_tax_amount,
    customers.allowance_amount is not null, coalesce(customers.allowance_amount, 0),
    customers.coverage_ratio,
from customers
left join dim_counterparties as names
    on names.entity_id = customers.entity_id
    and names.side = 'customer'
    and names.counterparty_id = customers.counterparty_id
order by customers.doubtful_amount desc, customers.entity_id, customers.counterparty_id
limit 200`, args...)
}
