package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// What an overview shows.
const (
	historyMonths     = 24
	topOverdue        = 10
	topConcentration  = 15
	concentrationBase = 10 // counterparties of Top10Ratio
)

// Overview returns what a CFO sees first. Now is nil where the selection has no
// ledger at the as-of date. For suppliers the days are days of payables. For the
// group, intercompany counterparties are left out; Intercompany says how much that is.
func (v *View) Overview(ctx context.Context) (*Overview, error) {
	return figure(ctx, v, "overview", "", func() (*Overview, error) {
		o := &Overview{Months: []MonthPoint{}, History: []BucketMonth{}}
		steps := []func(context.Context, *Overview) error{
			v.readBuckets, v.readHistory, v.readMonths, v.readLargest,
		}
		for _, step := range steps {
			if err := step(ctx, o); err != nil {
				return nil, err
			}
		}
		return o, nil
	})
}

// from returns the relation that holds a figure: a mart of the entities or its
// counterpart for the group, with the condition that keeps to the selection. A
// mart of customers only has no side.
func (v *View) from(entityMart, groupMart string, hasSide bool) (relation, condition string, args []any) {
	relation, condition = groupMart, "true"
	if v.selection.Entity != "" {
		relation, condition = entityMart, "entity_id = $entity"
		args = append(args, sql.Named("entity", v.selection.Entity))
	}
	if hasSide {
		condition += " and side = $side"
		args = append(args, sql.Named("side", v.selection.Side))
	}
	return relation, condition, args
}

// buckets are the ageing buckets of a selection.
type buckets struct {
	all          []Bucket
	intercompany Amount // open, left out of the figures of the group
}

func (v *View) readBuckets(ctx context.Context, o *Overview) error {
	b, err := v.buckets(ctx, ByDueDate)
	o.Buckets, o.Intercompany = b.all, b.intercompany
	return err
}

// buckets reads the ageing of the selection, by due date or by invoice date.
func (v *View) buckets(ctx context.Context, by string) (buckets, error) {
	return figure(ctx, v, "buckets", by, func() (buckets, error) {
		made := buckets{all: v.emptyBuckets(by)}
		mart, condition, args := v.from(ageingMart(by), ageingGroupMart(by), true)
		intercompany := "0" // nothing is left out of an entity's own figures
		if v.selection.Entity == "" {
			intercompany = "sum(intercompany_amount)"
		}
		err := v.session.Query(ctx, func(rows *sql.Rows) error {
			var b Bucket
			var leftOut Amount
			err := rows.Scan(&b.Order, &b.Open, &b.Debit, &b.Credit, &b.Items, &leftOut)
			made.intercompany += leftOut
			return errors.Join(err, fill(made.all, b))
		}, fmt.Sprintf(bucketsSQL, intercompany, mart, condition), args...)
		return made, err
	})
}

// fill puts the amounts of a bucket in its place.
func fill(all []Bucket, b Bucket) error {
	i := slices.IndexFunc(all, func(known Bucket) bool { return known.Order == b.Order })
	if i < 0 {
		return fmt.Errorf("bucket %d is not in the reference table", b.Order)
	}
	b.Name, b.IsOverdue, b.IsUnknown = all[i].Name, all[i].IsOverdue, all[i].IsUnknown
	all[i] = b
	return nil
}

const bucketsSQL = `
select
    bucket_order,
    sum(open_amount),
    sum(debit_amount),
    sum(credit_amount),
    cast(sum(item_count) as bigint),
    %s,
from %s
where %s
group by bucket_order
order by bucket_order`

func (v *View) readHistory(ctx context.Context, o *Overview) error {
	mart, condition, args := v.from("mart_ageing_history", "mart_group_ageing_history", true)
	args = append(args, sql.Named("since", v.historyStart()))
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var b BucketMonth
		err := rows.Scan(&b.Date, &b.Bucket, &b.Order, &b.Open)
		o.History = append(o.History, b)
		return err
	}, fmt.Sprintf(`
select month_end_date, ageing_bucket, bucket_order, open_amount
from %s
where %s and month_end_date >= cast($since as date)
order by month_end_date, bucket_order`, mart, condition), args...)
}

// historyStart is the first day of the first month that the overview shows.
func (v *View) historyStart() string {
	asOf := v.selection.AsOf
	return time.Date(asOf.Year(), asOf.Month()-historyMonths+1, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func (v *View) readMonths(ctx context.Context, o *Overview) error {
	query, args := v.monthsQuery()
	err := v.session.Query(ctx, func(rows *sql.Rows) error {
		var p MonthPoint
		var herfindahl Days // hundredths too
		var counterparties int64
		err := rows.Scan(&p.Date, &p.Sales, &p.SalesExclTax, &p.Receivable, &p.Overdue, &p.Unallocated, &p.Doubtful,
			&p.DSOSimple, &p.DSOCountback, &p.BestPossibleDSO, &p.AverageDaysDelinquent,
			&p.OverdueRatio, &p.Top10Ratio, &p.IsCountbackFloor, &herfindahl, number(&counterparties))
		o.Months = append(o.Months, p)
		o.Herfindahl, o.Counterparties = (herfindahl.Hundredths+50)/100, counterparties
		return err
	}, query, args...)
	if err != nil {
		return err
	}
	for i := range o.Months {
		if o.Months[i].Date.Equal(v.selection.AsOf) {
			now := o.Months[i]
			o.Now = &now
			if i > 0 {
				before := o.Months[i-1]
				o.MonthBefore = &before
			}
		}
	}
	return nil
}

// monthsQuery reads the monthly figures, of receivables or of payables.
func (v *View) monthsQuery() (string, []any) {
	since := sql.Named("since", v.historyStart())
	if v.selection.Side == Customer {
		mart, condition, args := v.from("mart_kpis_monthly", "mart_group_kpis_monthly", false)
		return fmt.Sprintf(customerMonthsSQL, mart, condition), append(args, since)
	}
	mart, condition, args := v.from("mart_payables_kpis_monthly", "mart_group_payables_kpis_monthly", false)
	return fmt.Sprintf(supplierMonthsSQL, mart, condition), append(args, since)
}

const customerMonthsSQL = `
select
    month_end_date, sales_amount, sales_excl_tax_amount, receivable_amount, overdue_amount,
    unallocated_credit_amount, doubtful_amount,
    dso_simple_days, dso_countback_days, best_possible_dso_days, average_days_delinquent,
    overdue_ratio, top10_ratio, coalesce(is_countback_floor, false),
    herfindahl_index, counterparty_count,
from %s
where %s and month_end_date >= cast($since as date)
order by month_end_date`

const supplierMonthsSQL = `
select
    month_end_date, purchases_amount, 0, payable_amount, overdue_amount,
    unallocated_credit_amount, 0,
    dpo_simple_days, dpo_countback_days, best_possible_dpo_days, average_days_delinquent,
    overdue_ratio, top10_ratio, coalesce(is_countback_floor, false),
    herfindahl_index, counterparty_count,
from %s
where %s and month_end_date >= cast($since as date)
order by month_end_date`

// readLargest reads the largest counterparties, and for suppliers the measures of
// concentration, which the mart gives for customers, by the formulas of the mart.
func (v *View) readLargest(ctx context.Context, o *Overview) error {
	list, err := v.listing(AgeingFilter{})
	if err != nil {
		return err
	}
	byOpen := make([]TopCounterparty, topConcentration)
	large := 0
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		row := TopCounterparty{Side: v.selection.Side}
		var overdueRank, openRank, counterparties int64
		var overdue, positive Amount
		var herfindahl Days
		var top10 Ratio
		err := rows.Scan(&row.Entity, &row.ID, &row.Name, &row.IsIntercompany, &row.Open, &row.Overdue, &row.Credits,
			&row.OldestDays, &overdueRank, &openRank, &counterparties, &overdue, &positive, &herfindahl, &top10)
		if err == nil && overdueRank <= topOverdue && row.Overdue > 0 {
			row.Share = share(row.Overdue, overdue)
			o.TopOverdue = append(o.TopOverdue, row)
		}
		if err == nil && openRank <= topConcentration && row.Open > 0 {
			row.Share = share(row.Open, positive)
			byOpen[openRank-1] = row
			large++
		}
		return err
	}, fmt.Sprintf(largestSQL, list.with, sortOrders["overdue"], sortOrders["open"],
		topOverdue, topConcentration, concentrationBase), list.args...)
	o.Concentration = byOpen[:large] // ranks go from 1 without a gap, and amounts fall with them
	return err
}

const largestSQL = `%[1]s,
ranked as (
    select
        *,
        row_number() over (order by %[2]s) as overdue_rank,
        row_number() over (order by %[3]s) as open_rank,
    from counterparties as listed
),
totals as (
    select
        count(*) as counterparty_count,
        cast(sum(overdue_amount) as decimal(18, 2)) as overdue_amount,
        cast(coalesce(sum(open_amount) filter (where open_amount > 0), 0) as decimal(18, 2))
            as positive_amount,
        -- wider than 18 digits, or the product is computed in 64 bits
        coalesce(sum(
            cast(open_amount as decimal(19, 2)) * cast(open_amount as decimal(19, 2))
        ) filter (where open_amount > 0), 0) as square_amount,
        coalesce(sum(open_amount) filter (where open_amount > 0 and open_rank <= %[6]d), 0)
            as top_amount,
    from ranked
)
select
    ranked.entity_id,
    ranked.counterparty_id,
    ranked.counterparty_name,
    ranked.is_intercompany,
    ranked.open_amount,
    ranked.overdue_amount,
    ranked.credit_amount,
    ranked.oldest_overdue_days,
    ranked.overdue_rank,
    ranked.open_rank,
    totals.counterparty_count,
    totals.overdue_amount,
    totals.positive_amount,
    cast(
        10000 * totals.square_amount
        / nullif(cast(totals.positive_amount as double) * cast(totals.positive_amount as double), 0)
        as decimal(9, 2)
    ) as herfindahl_index,
    cast(totals.top_amount / nullif(totals.positive_amount, 0) as decimal(9, 6)) as top10_ratio,
from ranked
cross join totals
where ranked.overdue_rank <= %[4]d or ranked.open_rank <= %[5]d
order by ranked.overdue_rank`
