package reports

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Cash forecast: weeks ahead, and the periods after them.
const (
	forecastWeeks       = 13
	forecastNotExpected = 15
	forecastItems       = 200 // items that a page shows of one period
)

// CashPeriod is a row of mart_cash_forecast: a week, what comes later or what is
// not expected.
type CashPeriod struct {
	No             int    // 1 to 13, 14 later, 15 not expected
	Kind           string // week, later or not_expected
	Start, End     time.Time
	IsPartial      bool   // the as-of date lies within the week
	Low, Mid, High Amount // open credits set off
	Items          Amount // open items, before open credits
	Credits        Amount // open credits set off against them, negative
	Count          int64
	Cumulated      Amount // of Mid up to this week
}

// CashRecord is a row of mart_cash_forecast_accuracy: what would have been forecast
// at a month end and what came.
type CashRecord struct {
	Date, Until      time.Time
	Weeks            int
	Low, Mid, High   Amount
	Naive            Amount
	IsOver           bool // the weeks are over: what follows is known
	Actual, Later    Amount
	Error, NaiveErr  Amount
	Ratio, NaiveRate Ratio // of the errors to Actual
}

// CashScore sums the track record of one horizon up.
type CashScore struct {
	Weeks            int
	Dates            int64 // month ends of which the weeks are over
	Within           int64 // of them: what came lies between low and high
	Error, Bias      Ratio
	NaiveErr, NaiveB Ratio
}

// CashItem is a row of mart_cash_forecast_items.
type CashItem struct {
	Entity, Counterparty, Name string
	ItemID                     int64
	Document, Basis            string
	Due, Early, Expected, Late time.Time // zero: not known, or not expected
	Open                       Amount
}

// CashForecast is the forecast of a selection with its track record.
type CashForecast struct {
	Periods []CashPeriod // empty: nothing is open
	Records []CashRecord // by weeks, then date
	Scores  []CashScore  // of 4 and 13 weeks
	Open    Amount       // sum of all periods
}

// CashForecast returns when the open items of the selection are expected to be
// paid, and how good such forecasts were at past month ends. For the group,
// intercompany counterparties are left out.
func (v *View) CashForecast(ctx context.Context) (*CashForecast, error) {
	return figure(ctx, v, "cash-forecast", "", func() (*CashForecast, error) {
		made := &CashForecast{}
		if err := v.readCashPeriods(ctx, made); err != nil {
			return nil, err
		}
		if err := v.readCashRecords(ctx, made); err != nil {
			return nil, err
		}
		for _, weeks := range []int{4, forecastWeeks} {
			made.Scores = append(made.Scores, cashScore(made.Records, weeks))
		}
		return made, nil
	})
}

func (v *View) readCashPeriods(ctx context.Context, made *CashForecast) error {
	mart, condition, args := v.from("mart_cash_forecast", "mart_group_cash_forecast", true)
	var running Amount
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var p CashPeriod
		err := rows.Scan(&p.No, &p.Kind, date(&p.Start), date(&p.End), &p.IsPartial,
			&p.Low, &p.Mid, &p.High, &p.Items, &p.Credits, &p.Count)
		running += p.Mid
		p.Cumulated = running
		made.Open = running
		made.Periods = append(made.Periods, p)
		return err
	}, `
select
    period_no, period, week_start_date, week_end_date, is_partial,
    low_amount, mid_amount, high_amount, item_amount, credit_amount, item_count,
from `+mart+`
where `+condition+`
order by period_no`, args...)
}

func (v *View) readCashRecords(ctx context.Context, made *CashForecast) error {
	mart, condition, args := v.from("mart_cash_forecast_accuracy", "mart_group_cash_forecast_accuracy", true)
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var r CashRecord
		err := rows.Scan(&r.Date, &r.Until, &r.Weeks, &r.Low, &r.Mid, &r.High, &r.Naive,
			&r.IsOver, &r.Actual, &r.Later, &r.Error, &r.NaiveErr, &r.Ratio, &r.NaiveRate)
		made.Records = append(made.Records, r)
		return err
	}, `
select
    forecast_date, horizon_date, horizon_weeks, low_amount, mid_amount, high_amount, naive_amount,
    actual_amount is not null, coalesce(actual_amount, 0), coalesce(later_amount, 0),
    coalesce(error_amount, 0), coalesce(naive_error_amount, 0), error_ratio, naive_error_ratio,
from `+mart+`
where `+condition+`
order by horizon_weeks, forecast_date`, args...)
}

// cashScore is Σ|error| ÷ Σ actual and Σ error ÷ Σ actual over the month ends whose
// weeks are over.
func cashScore(records []CashRecord, weeks int) CashScore {
	score := CashScore{Weeks: weeks}
	var actual, absolute, sum, naiveAbsolute, naiveSum Amount
	for _, r := range records {
		if r.Weeks != weeks || !r.IsOver {
			continue
		}
		score.Dates++
		if r.Low <= r.Actual && r.Actual <= r.High {
			score.Within++
		}
		actual += r.Actual
		absolute += max(r.Error, -r.Error)
		sum += r.Error
		naiveAbsolute += max(r.NaiveErr, -r.NaiveErr)
		naiveSum += r.NaiveErr
	}
	score.Error, score.Bias = share(absolute, actual), share(sum, actual)
	score.NaiveErr, score.NaiveB = share(naiveAbsolute, actual), share(naiveSum, actual)
	return score
}

// CashItems returns the largest items of one period of the forecast, 1 to 15, and
// how many there are. A number out of range is ErrBadSelection.
func (v *View) CashItems(ctx context.Context, period int) ([]CashItem, error) {
	if period < 1 || period > forecastNotExpected {
		return nil, fmt.Errorf("list period %d of the cash forecast: %w", period, ErrBadSelection)
	}
	return figure(ctx, v, "cash-items", fmt.Sprint(period), func() (items []CashItem, err error) {
		q, err := v.cashItemsQuery("mart_cash_forecast_items.period_no = $period")
		if err != nil {
			return nil, err
		}
		items = []CashItem{}
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			var i CashItem
			err := rows.Scan(&i.Entity, &i.Counterparty, &i.Name, &i.ItemID, text(&i.Document), &i.Basis,
				date(&i.Due), date(&i.Early), date(&i.Expected), date(&i.Late), &i.Open)
			items = append(items, i)
			return err
		}, `
select
    entity_id, counterparty_id, coalesce(counterparty_name, counterparty_id), item_id, document_ref,
    forecast_basis, due_date, early_date, expected_date, late_date, open_amount,
from (`+q.selects+`)
order by open_amount desc, entity_id, item_id, part_no
limit `+fmt.Sprint(forecastItems), append(q.args, sql.Named("period", period))...)
		return items, err
	})
}
