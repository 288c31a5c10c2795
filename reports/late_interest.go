package reports

import (
	"context"
	"database/sql"
	"time"
)

// LateInterest is what may be claimed for late payment in a selection, the largest
// claims first. The sums are those of all counterparties, not of the rows shown.
type LateInterest struct {
	Rows                   []LateCustomer // at most 200
	Total                  LateCustomer   // of all, without names
	Count                  int64          // counterparties that were late
	UnratedFrom, UnratedTo time.Time      // days without a known rate; zero: none
	IntercompanyClaim      Amount         // left out of the group
	LargestClaim           Amount         // of the rows, the scale of their bars
}

// LateCustomer is a row of mart_late_interest_totals.
type LateCustomer struct {
	Entity, ID, Name, Regime      string
	ContractRate                  Rate
	Insolvency                    time.Time // zero: none is known
	Items                         int64     // documents that count
	Interest, Fee, Claim, Running Amount
	AssumedItems                  int64 // documents with the legal default only, not in the sums
	AssumedInterest, AssumedFee   Amount
	UnratedItems                  int64
	IsIntercompany                bool
}

// LateDocument is a row of mart_late_interest with the lines of its arithmetic.
type LateDocument struct {
	Entity                                  string
	ItemID                                  int64
	DocumentRef, Type, DueDateSource        string
	IssueDate, DueDate, FirstDate, LastDate time.Time
	IsAssumed                               bool
	Amount, Running, Interest, Fee          Amount
	Days, UnratedDays                       int64
	Lines                                   []LateLine
}

// LateLine is a run of days with one principal and one rate.
type LateLine struct {
	From, To    time.Time
	Principal   Amount // negative: what a credit note takes back
	IsReduction bool
	Days        int64
	Rate        Rate
	Basis       string // contract, statutory or statutory_first
	Interest    Amount // rounded for reading
	HasInterest bool
}

// LateStatement is the claim on one counterparty, by document.
type LateStatement struct {
	Customer  LateCustomer
	Side      string
	Documents []LateDocument // at most 1,000, the earliest first
	Count     int64
}

// lateScope keeps to the selection; for the group, without intercompany.
func (v *View) lateScope() scope {
	within := v.scope()
	if v.selection.Entity == "" {
		within.condition += " and not is_intercompany"
	}
	return within
}

const lateCustomerColumns = `
    totals.regime, totals.contract_rate, totals.insolvency_date, totals.item_count,
    totals.interest_amount, totals.fee_amount, totals.claim_amount, totals.running_amount,
    totals.assumed_item_count, totals.assumed_interest_amount, totals.assumed_fee_amount,
    totals.unrated_item_count, totals.is_intercompany`

func (c *LateCustomer) targets() []any {
	return []any{&c.Entity, &c.ID, &c.Name, &c.Regime, &c.ContractRate, date(&c.Insolvency), &c.Items,
		&c.Interest, &c.Fee, &c.Claim, &c.Running, &c.AssumedItems, &c.AssumedInterest, &c.AssumedFee,
		&c.UnratedItems, &c.IsIntercompany}
}

// LateInterest returns who owes late interest and recovery fees. Documents whose
// due date is only the legal default are told apart and not summed.
func (v *View) LateInterest(ctx context.Context) (*LateInterest, error) {
	return figure(ctx, v, "late-interest", "", func() (*LateInterest, error) {
		made, within := &LateInterest{}, v.lateScope()
		err := v.session.Query(ctx, func(r *sql.Rows) error {
			t := &made.Total
			return r.Scan(&made.Count, &t.Items, &t.Interest, &t.Fee, &t.Claim, &t.Running,
				&t.AssumedItems, &t.AssumedInterest, &t.AssumedFee, &t.UnratedItems)
		}, lateTotalSQL+within.condition, within.args...)
		if err == nil && v.selection.Entity == "" {
			err = v.session.Query(ctx, func(r *sql.Rows) error { return r.Scan(&made.IntercompanyClaim) },
				"select intercompany_claim_amount from mart_group_late_interest where side = ?", v.selection.Side)
		}
		if err == nil && made.Total.UnratedItems > 0 {
			err = v.session.Query(ctx, func(r *sql.Rows) error {
				return r.Scan(date(&made.UnratedFrom), date(&made.UnratedTo))
			}, "select min(from_date), max(to_date) from int_late_interest_lines where rate is null and unrated_days > 0 and "+v.scope().condition, within.args...)
		}
		if err != nil {
			return nil, err
		}
		err = v.session.Query(ctx, func(r *sql.Rows) error {
			var row LateCustomer
			err := r.Scan(row.targets()...)
			made.Rows = append(made.Rows, row)
			made.LargestClaim = max(made.LargestClaim, row.Claim)
			return err
		}, `
with
totals as (
    select * from mart_late_interest_totals
    where `+within.condition+`
    order by claim_amount desc, entity_id, counterparty_id
    limit 200
)
select
    totals.entity_id, totals.counterparty_id,
    coalesce(names.counterparty_name, totals.counterparty_id),`+lateCustomerColumns+`
from totals
left join dim_counterparties as names
    on names.entity_id = totals.entity_id
    and names.side = totals.side
    and names.counterparty_id = totals.counterparty_id
order by totals.claim_amount desc, totals.entity_id, totals.counterparty_id`, within.args...)
		return made, err
	})
}

const lateTotalSQL = `
select
    count(*),
    cast(coalesce(sum(item_count), 0) as bigint),
    cast(coalesce(sum(interest_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(fee_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(claim_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(running_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(assumed_item_count), 0) as bigint),
    cast(coalesce(sum(assumed_interest_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(assumed_fee_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(unrated_item_count), 0) as bigint),
from mart_late_interest_totals
where `

// LateStatement returns the claim on one counterparty of the selection's entity,
// document by document. It returns ErrNotFound for one that does not exist; a
// counterparty that was never late has no documents.
func (v *View) LateStatement(ctx context.Context, entity, side, id string) (*LateStatement, error) {
	return figure(ctx, v, "late-statement", entity+"\x00"+side+"\x00"+id, func() (*LateStatement, error) {
		made := &LateStatement{Side: side}
		key := []any{sql.Named("entity", entity), sql.Named("side", side), sql.Named("id", id)}
		if err := v.lateCustomer(ctx, made, key); err != nil {
			return nil, err
		}
		places := map[int64]int{}
		err := v.session.Query(ctx, func(r *sql.Rows) error {
			d := LateDocument{Entity: entity}
			err := r.Scan(&made.Count, &d.ItemID, text(&d.DocumentRef), &d.Type, &d.DueDateSource, date(&d.IssueDate), date(&d.DueDate),
				date(&d.FirstDate), date(&d.LastDate), &d.IsAssumed, &d.Amount, &d.Running, &d.Interest, &d.Fee, &d.Days, &d.UnratedDays)
			places[d.ItemID] = len(made.Documents)
			made.Documents = append(made.Documents, d)
			return err
		}, lateDocumentsSQL, key...)
		if err != nil {
			return nil, err
		}
		return made, v.session.Query(ctx, func(r *sql.Rows) error {
			var item int64
			var line LateLine
			err := r.Scan(&item, date(&line.From), date(&line.To), &line.Principal, &line.IsReduction, &line.Days,
				&line.Rate, &line.Basis, &line.HasInterest, &line.Interest)
			if place, shown := places[item]; shown {
				made.Documents[place].Lines = append(made.Documents[place].Lines, line)
			}
			return err
		}, lateLinesSQL, key...)
	})
}

// lateCustomer reads who the statement is about; nothing is zero, not missing.
func (v *View) lateCustomer(ctx context.Context, made *LateStatement, key []any) error {
	err := v.session.Query(ctx, func(r *sql.Rows) error {
		c := &made.Customer
		return r.Scan(&c.Entity, &c.ID, &c.Name, &c.IsIntercompany)
	}, `select entity_id, counterparty_id, counterparty_name, is_intercompany from dim_counterparties
where entity_id = $entity and side = $side and counterparty_id = $id`, key...)
	if err == nil && made.Customer.ID == "" {
		err = ErrNotFound
	}
	if err != nil {
		return err
	}
	name := made.Customer.Name
	err = v.session.Query(ctx, func(r *sql.Rows) error { return r.Scan(made.Customer.targets()...) },
		"select totals.entity_id, totals.counterparty_id, totals.counterparty_id,"+lateCustomerColumns+`
from mart_late_interest_totals as totals
where entity_id = $entity and side = $side and counterparty_id = $id`, key...)
	made.Customer.Name = name
	return err
}

const lateDocumentsSQL = `
select
    count(*) over (), item_id, document_ref, item_type, due_date_source, issue_date, due_date,
    first_late_date, last_late_date, is_due_date_assumed, amount, running_amount, interest_amount,
    fee_amount, late_days, unrated_days,
from mart_late_interest
where entity_id = $entity and side = $side and counterparty_id = $id
order by due_date, item_id
limit 1000`

const lateLinesSQL = `
select
    item_id, from_date, to_date, principal_amount, is_reduction, day_count, rate, rate_basis,
    interest_amount is not null, coalesce(interest_amount, 0),
from int_late_interest_lines
where entity_id = $entity and side = $side and counterparty_id = $id
order by item_id, from_date, known_from_date, is_reduction`
