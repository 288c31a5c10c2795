package reports

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// largestShares is how many counterparties Concentration lists.
const largestShares = 100

// RollRate is a row of mart_roll_rates: a step of 30 days overdue.
type RollRate struct {
	From, To string // To is "" for the last step
	Order    int
	Months   int64 // of the average
	Roll     Ratio // not valid without experience
	Loss     Ratio // not valid where it cannot be known
}

// RollMonth is a row of mart_roll_rates_monthly.
type RollMonth struct {
	Date                 time.Time // end of the month
	From                 string
	Order                int
	FromAmount, ToAmount Amount
	Roll                 Ratio // may exceed 1; not valid where FromAmount is zero
}

// RollRates are the roll rates of a selection with the months that they come from.
// Both are empty where no month is over yet.
type RollRates struct {
	Rates  []RollRate
	Months []RollMonth // by month, then by step
}

// CohortCell is a row of the billing cohorts: a month's invoices some days after.
type CohortCell struct {
	Date            time.Time // end of the month
	AfterDays       int
	Invoiced, Sales Amount
	Unpaid          Amount
	Share           Ratio // of Unpaid in Invoiced
}

// ConcentrationRow is a counterparty with a positive balance.
type ConcentrationRow struct {
	Rank             int64
	Entity, ID, Name string
	Open             Amount
	Share, Cumulated Ratio
}

// Concentration lists the largest counterparties of a selection.
type Concentration struct {
	Rows       []ConcentrationRow // the largest 100
	Count      int64              // counterparties with a positive balance
	Positive   Amount             // sum of their balances
	Herfindahl Days               // hundredths of the index, 0 to 10,000
	Effective  Days               // hundredths of the number of counterparties of equal size
}

// RollRates returns how much of what is late gets later. For the group,
// intercompany counterparties are left out.
func (v *View) RollRates(ctx context.Context) (*RollRates, error) {
	return figure(ctx, v, "roll-rates", "", func() (*RollRates, error) {
		made := &RollRates{Rates: []RollRate{}, Months: []RollMonth{}}
		mart, condition, args := v.from("mart_roll_rates", "mart_group_roll_rates", true)
		err := v.session.Query(ctx, func(rows *sql.Rows) error {
			var r RollRate
			err := rows.Scan(&r.From, &r.To, &r.Order, &r.Months, &r.Roll, &r.Loss)
			made.Rates = append(made.Rates, r)
			return err
		}, fmt.Sprintf(`
select from_bucket, coalesce(to_bucket, ''), from_order, month_count, roll_ratio, loss_ratio
from %s
where %s
order by from_order`, mart, condition), args...)
		if err != nil {
			return nil, err
		}
		mart, condition, args = v.from("mart_roll_rates_monthly", "mart_group_roll_rates_monthly", true)
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			var m RollMonth
			err := rows.Scan(date(&m.Date), &m.From, &m.Order, &m.FromAmount, &m.ToAmount, &m.Roll)
			made.Months = append(made.Months, m)
			return err
		}, fmt.Sprintf(`
select month_end_date, from_bucket, from_order, from_amount, to_amount, least(roll_ratio, 1000000)
from %s
where %s
order by month_end_date, from_order`, mart, condition), args...)
		return made, err
	})
}

// BillingCohorts returns the complete cells of the months of the history, by month,
// then by days. For the group, intercompany counterparties are left out.
func (v *View) BillingCohorts(ctx context.Context) ([]CohortCell, error) {
	return figure(ctx, v, "billing-cohorts", "", func() (cells []CohortCell, err error) {
		cells = []CohortCell{}
		mart, condition, args := v.from("mart_billing_cohorts", "mart_group_billing_cohorts", true)
		args = append(args, sql.Named("since", v.historyStart()))
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			var c CohortCell
			err := rows.Scan(date(&c.Date), &c.AfterDays, &c.Invoiced, &c.Sales, &c.Unpaid, &c.Share)
			cells = append(cells, c)
			return err
		}, fmt.Sprintf(`
select month_end_date, after_days, invoiced_amount, sales_amount, unpaid_amount, unpaid_ratio
from %s
where %s and month_end_date >= cast($since as date)
order by month_end_date, after_days`, mart, condition), args...)
		return cells, err
	})
}

// Concentration returns the counterparties on which most depends, the largest first.
// For the group, intercompany counterparties are left out.
func (v *View) Concentration(ctx context.Context) (*Concentration, error) {
	return figure(ctx, v, "concentration", "", func() (*Concentration, error) {
		made := &Concentration{Rows: []ConcentrationRow{}}
		mart, condition, args := v.concentrationMart()
		err := v.session.Query(ctx, func(rows *sql.Rows) error {
			var r ConcentrationRow
			err := rows.Scan(&r.Rank, &r.Entity, &r.ID, &r.Name, &r.Open, &r.Share, &r.Cumulated,
				&made.Count, &made.Positive, &made.Herfindahl, &made.Effective)
			made.Rows = append(made.Rows, r)
			return err
		}, fmt.Sprintf(concentrationSQL, mart, condition, largestShares), args...)
		return made, err
	})
}

// concentrationMart is the mart of the selection, its member entity under one name.
func (v *View) concentrationMart() (relation, condition string, args []any) {
	relation, condition, args = v.from("mart_concentration", "mart_group_concentration", true)
	member := "entity_id"
	if v.selection.Entity == "" {
		member = "counterparty_entity_id"
	}
	return "(select *, " + member + " as member_id from " + relation + ")", condition, args
}

const concentrationSQL = `
with
listed as (
    select * from %s
    where %s
),
totals as (
    select
        count(*) as counterparty_count,
        cast(coalesce(sum(open_amount), 0) as decimal(18, 2)) as positive_amount,
        cast(coalesce(sum(square_index), 0) as decimal(18, 6)) as square_index,
    from listed
)
select
    listed.rank_no,
    listed.member_id,
    listed.counterparty_id,
    listed.counterparty_name,
    listed.open_amount,
    listed.share_ratio,
    listed.cumulated_ratio,
    totals.counterparty_count,
    totals.positive_amount,
    cast(totals.square_index as decimal(9, 2)),
    cast(10000 / nullif(totals.square_index, 0) as decimal(12, 2)),
from listed
cross join totals
where listed.rank_no <= %d
order by listed.rank_no`

// ageingViewDefinitions are the reports on how the ageing moves and on whom it
// depends.
func ageingViewDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "roll-rates", TitleEN: "Roll rates", TitleFR: "Taux de migration",
				Question: "How much of what is late gets later every month, and what is lost in the end?",
			},
			query: martReport("mart_roll_rates", "mart_group_roll_rates", "listed.entity_id, listed.from_order"),
		},
		{
			Definition: Definition{
				Name: "roll-rates-monthly", TitleEN: "Roll rates by month", TitleFR: "Taux de migration par mois",
				Question: "How much of each step of 30 days got later, month after month?",
			},
			query: martReport("mart_roll_rates_monthly", "mart_group_roll_rates_monthly",
				"listed.entity_id, listed.month_end_date, listed.from_order"),
		},
		{
			Definition: Definition{
				Name: "billing-cohorts", TitleEN: "Billing cohorts", TitleFR: "Cohortes de facturation",
				Question: "What part of a month's invoices is still unpaid after 30, 60, 90 days?",
			},
			query: martReport("mart_billing_cohorts", "mart_group_billing_cohorts",
				"listed.entity_id, listed.month_end_date, listed.after_days"),
		},
		{
			Definition: Definition{
				Name: "concentration", TitleEN: "Concentration", TitleFR: "Concentration",
				Question: "On how few customers does what is owed depend?",
			},
			query:     martReport("mart_concentration", "mart_group_concentration", "listed.entity_id, listed.rank_no", "open_amount"),
			isListing: true,
		},
	}
}

// martReport is a report that gives a mart of the entities, or its counterpart for
// the group, as it is.
func martReport(entityMart, groupMart, order string, totals ...string) func(*View, AgeingFilter) (query, error) {
	return func(v *View, _ AgeingFilter) (query, error) {
		mart, condition, args := v.from(entityMart, groupMart, true)
		return query{
			selects: fmt.Sprintf("select *\nfrom %s\nwhere %s", mart, condition),
			order:   order, args: args, totals: totals,
		}, nil
	}
}
