package reports

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// disputeReasons is how many reasons the page of disputes lists at most, and
// promiseLimit how many promises; the exports hold all.
const (
	disputeReasons = 50
	promiseLimit   = 50
)

// DisputeReason is what is open and what was settled for one reason.
type DisputeReason struct {
	Reason     string // as the extracts give it, in small letters; "" where they give none
	OpenCount  int64
	InDispute  Amount   // disputed of what is open
	Ages       []Amount // of InDispute, four: raised 0–30, 31–60, 61–90, 91 and more days ago
	Closed     int64    // settled in the 12 months up to the as-of date
	CycleMean  Days     // of these, from raising to settling
	CycleByAmt Days     // the same, weighted by amount
}

// PromiseRow is a promise to pay.
type PromiseRow struct {
	Entity, ID, CounterpartyID, DocumentRef string
	Promised, Deadline                      time.Time
	Amount, Due, Received                   Amount
	Status                                  string // kept, broken or open
}

// DeductionMonth is what was deducted by those who paid in a month.
type DeductionMonth struct {
	Date                                               time.Time // zero: several months together
	Invoiced, CreditNotes, Discounts, WriteOffs, Total Amount
	Count                                              int64
	Ratio                                              Ratio
}

// Disputes is the page of disputes, promises and deductions.
type Disputes struct {
	Reasons    []DisputeReason // the largest amounts in dispute first
	Whole      DisputeReason   // of all reasons
	Promises   []PromiseRow    // those of the last 12 months that are not kept first, at most promiseLimit
	DueCount   int64           // promises of the last 12 months whose deadline has passed
	KeptCount  int64           // of these, kept
	KeptRatio  Ratio
	Deductions []DeductionMonth // 12 months, oldest first
	Deducted   DeductionMonth   // of the 12 months together

	// between entities of the group, left out of its figures; 0 for an entity
	DisputesLeftOut, PromisesLeftOut, DeductionsLeftOut Amount
}

// Disputes returns what customers dispute, promise and deduct. Disputes and
// promises are those of customers, whatever the side of the selection.
func (v *View) Disputes(ctx context.Context) (*Disputes, error) {
	return figure(ctx, v, "disputes", "", func() (*Disputes, error) {
		d := &Disputes{}
		for _, step := range []func(context.Context, *Disputes) error{
			v.readDisputes, v.readPromises, v.readDeductions, v.readDisputesLeftOut,
		} {
			if err := step(ctx, d); err != nil {
				return nil, err
			}
		}
		return d, nil
	})
}

// entityScope is the condition of a selection on a relation with entity_id and no side.
func (v *View) entityScope() (string, []any) {
	if v.selection.Entity == "" {
		return "entity_id in (\n        " + groupEntities + "\n    )", nil
	}
	return "entity_id = $entity", []any{sql.Named("entity", v.selection.Entity)}
}

func (v *View) readDisputesLeftOut(ctx context.Context, d *Disputes) (err error) {
	if d.DisputesLeftOut, err = v.disputesLeftOut(ctx); err != nil {
		return err
	}
	if d.PromisesLeftOut, err = v.promisesLeftOut(ctx); err != nil {
		return err
	}
	d.DeductionsLeftOut, err = v.deductionsLeftOut(ctx)
	return err
}

func (v *View) readDisputes(ctx context.Context, d *Disputes) error {
	condition, args := v.entityScope()
	condition = v.withoutSisters("mart_disputes", Customer, condition)
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		r := DisputeReason{Ages: make([]Amount, 4)}
		var whole bool
		err := rows.Scan(&whole, &r.Reason, &r.OpenCount, &r.InDispute, &r.Ages[0], &r.Ages[1], &r.Ages[2], &r.Ages[3],
			&r.Closed, &r.CycleMean, &r.CycleByAmt)
		switch {
		case whole:
			d.Whole = r
		case len(d.Reasons) < disputeReasons:
			d.Reasons = append(d.Reasons, r)
		}
		return err
	}, fmt.Sprintf(`
with
disputes as (
    select
        coalesce(lower(trim(reason)), '') as reason,
        is_open,
        age_days,
        coalesce(in_dispute_amount, 0) as amount,
        cycle_days,
        weight_amount,
        closed_date > cast($as_of as date) - interval 1 year as is_recent,
    from mart_disputes
    where %s
)
select
    grouping(reason) = 1 as is_whole,
    coalesce(reason, '') as reason,
    count(*) filter (where is_open) as open_count,
    cast(coalesce(sum(amount), 0) as decimal(18, 2)) as in_dispute_amount,
    cast(coalesce(sum(amount) filter (where age_days <= 30), 0) as decimal(18, 2)) as age_1,
    cast(coalesce(sum(amount) filter (where age_days between 31 and 60), 0) as decimal(18, 2)) as age_2,
    cast(coalesce(sum(amount) filter (where age_days between 61 and 90), 0) as decimal(18, 2)) as age_3,
    cast(coalesce(sum(amount) filter (where age_days > 90), 0) as decimal(18, 2)) as age_4,
    count(*) filter (where is_recent) as closed_count,
    cast(sum(cycle_days) filter (where is_recent) / nullif(count(*) filter (where is_recent), 0)
        as decimal(12, 2)) as cycle_mean_days,
    cast(sum(cycle_days * weight_amount) filter (where is_recent)
        / nullif(sum(weight_amount) filter (where is_recent), 0) as decimal(12, 2)) as cycle_weighted_days,
from disputes
group by grouping sets ((), (reason))
order by is_whole desc, in_dispute_amount desc, closed_count desc, reason`, condition),
		append(args, sql.Named("as_of", day(v.selection.AsOf)))...)
}

func (v *View) readPromises(ctx context.Context, d *Disputes) error {
	condition, args := v.entityScope()
	condition = v.withoutSisters("mart_promises", Customer, condition)
	args = append(args, sql.Named("as_of", day(v.selection.AsOf)))
	recent := condition + " and promised_date > cast($as_of as date) - interval 1 year"
	err := v.session.Query(ctx, func(rows *sql.Rows) error {
		return rows.Scan(&d.DueCount, &d.KeptCount, &d.KeptRatio)
	}, fmt.Sprintf(`
select
    count(*) filter (where is_due) as due_count,
    count(*) filter (where is_due and status = 'kept') as kept_count,
    cast(count(*) filter (where is_due and status = 'kept')
        / nullif(count(*) filter (where is_due), 0) as decimal(9, 6)) as kept_ratio,
from mart_promises
where %s`, recent), args...)
	if err != nil {
		return err
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var p PromiseRow
		err := rows.Scan(&p.Entity, &p.ID, &p.CounterpartyID, text(&p.DocumentRef), date(&p.Promised), date(&p.Deadline),
			&p.Amount, &p.Due, &p.Received, &p.Status)
		d.Promises = append(d.Promises, p)
		return err
	}, fmt.Sprintf(`
select
    entity_id, promise_id, counterparty_id, document_ref, promised_date, deadline_date,
    promised_amount, due_amount, received_amount, status,
from mart_promises
where %s
order by
    case status when 'broken' then 1 when 'open' then 2 else 3 end,
    promised_date desc, entity_id, promise_id
limit %d`, recent, promiseLimit), args...)
}

func (v *View) readDeductions(ctx context.Context, d *Disputes) error {
	within := v.scope()
	outside := ""
	if v.selection.Entity == "" {
		outside = " and not is_intercompany"
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var m DeductionMonth
		err := rows.Scan(date(&m.Date), &m.Invoiced, &m.CreditNotes, &m.Discounts, &m.WriteOffs, &m.Total, &m.Count, &m.Ratio)
		if !m.Date.IsZero() {
			d.Deductions = append(d.Deductions, m)
		} else {
			d.Deducted = m
		}
		return err
	}, fmt.Sprintf(`
select
    month_end_date,
    cast(coalesce(sum(invoiced_amount), 0) as decimal(18, 2)) as invoiced_amount,
    cast(coalesce(sum(credit_note_amount), 0) as decimal(18, 2)) as credit_note_amount,
    cast(coalesce(sum(discount_amount), 0) as decimal(18, 2)) as discount_amount,
    cast(coalesce(sum(write_off_amount), 0) as decimal(18, 2)) as write_off_amount,
    cast(coalesce(sum(credit_note_amount + discount_amount + write_off_amount), 0) as decimal(18, 2))
        as deduction_amount,
    cast(coalesce(sum(deduction_count), 0) as bigint) as deduction_count,
    cast(sum(credit_note_amount + discount_amount + write_off_amount) / nullif(sum(invoiced_amount), 0)
        as decimal(12, 6)) as deduction_ratio,
from (
    select
        months.*,
        project_entities.entity_id,
    from int_deduction_months as months
    inner join project_entities on project_entities.entity_no = months.entity_no
) as months
where %s%s and month_end_date > cast($as_of as date) - interval 1 year
group by grouping sets ((), (month_end_date))
order by month_end_date nulls last`, within.condition, outside),
		append(within.args, sql.Named("as_of", day(v.selection.AsOf)))...)
}
