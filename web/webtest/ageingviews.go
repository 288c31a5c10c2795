package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

// RollRates implements web.View: half of each step rolls on every month.
func (v *view) RollRates(context.Context) (*reports.RollRates, error) {
	if v.fake.ViewErr != nil || len(v.items) == 0 {
		return &reports.RollRates{}, v.fake.ViewErr
	}
	steps := []string{"not_due", "1-30", "31-60", "61-90", "91-120", "121-150", "151-180", "181+"}
	made := &reports.RollRates{}
	for i, from := range steps {
		rate := reports.RollRate{From: from, Order: i, Loss: reports.Ratio{BasisPoints: 10_000 >> (7 - i), Valid: true}}
		if i+1 < len(steps) {
			rate.To, rate.Months, rate.Roll = steps[i+1], 12, reports.Ratio{BasisPoints: 5_000, Valid: true}
		}
		made.Rates = append(made.Rates, rate)
	}
	for _, date := range monthEnds(v.sel.AsOf, 12) {
		for i, from := range steps[:7] {
			if i == 6 { // nothing was that late
				continue
			}
			amount := reports.Amount(6_400_000 >> i)
			made.Months = append(made.Months, reports.RollMonth{
				Date: date, From: from, Order: i, FromAmount: amount, ToAmount: amount / 2, Roll: reports.Ratio{BasisPoints: 5_000, Valid: true},
			})
		}
	}
	return made, nil
}

// BillingCohorts implements web.View, from the invented documents.
func (v *view) BillingCohorts(context.Context) ([]reports.CohortCell, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	var cells []reports.CohortCell
	for _, end := range monthEnds(v.sel.AsOf, 12) {
		for _, days := range []int{0, 30, 60, 90, 120, 180, 360} {
			cell := reports.CohortCell{Date: end, AfterDays: days}
			for _, it := range v.items {
				if it.amount > 0 && it.issued.Year() == end.Year() && it.issued.Month() == end.Month() {
					cell.Invoiced += it.amount
					cell.Unpaid += it.open(it.issued.AddDate(0, 0, days))
				}
			}
			cell.Sales, cell.Share = cell.Invoiced, ratio(cell.Unpaid, cell.Invoiced)
			if cell.Invoiced > 0 && !end.Add(time.Duration(days)*24*time.Hour).After(v.sel.AsOf) {
				cells = append(cells, cell)
			}
		}
	}
	return cells, nil
}

// Concentration implements web.View.
func (v *view) Concentration(context.Context) (*reports.Concentration, error) {
	made := &reports.Concentration{}
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	all := v.largest()
	for _, row := range all {
		made.Positive += max(row.Open, 0)
	}
	var sum reports.Amount
	for _, row := range all {
		if row.Open <= 0 {
			continue
		}
		sum += row.Open
		made.Count++
		made.Rows = append(made.Rows, reports.ConcentrationRow{
			Rank: made.Count, Entity: row.Entity, ID: row.ID, Name: row.Name, Open: row.Open,
			Share: ratio(row.Open, made.Positive), Cumulated: ratio(sum, made.Positive),
		})
	}
	made.Herfindahl, made.Effective = reports.Days{Hundredths: 41_236, Valid: made.Count > 0}, reports.Days{Hundredths: 2_425, Valid: made.Count > 0}
	return made, nil
}

// regrouped is the ageing by invoice date or by country, of which the invented books
// know one: everything stands in one row and in the first bucket.
func (v *view) regrouped(filter reports.AgeingFilter) *reports.Ageing {
	var row reports.AgeingRow
	row.Open, row.Overdue, row.Credits, row.OldestDays = totals(v.items, v.sel.AsOf)
	row.ID, row.Name, row.Counterparties = "FR", "FR", int64(len(v.largest()))
	if filter.GroupBy == "" || filter.GroupBy == reports.ByCounterparty {
		row.Entity = "ALPHA"
	}
	row.Cells = []reports.Amount{row.Open, 0, 0}
	row.Share = reports.Ratio{BasisPoints: 10_000, Valid: true}
	return &reports.Ageing{
		Buckets: []reports.Bucket{
			{Order: 1, Name: "0-30", Open: row.Open, Debit: row.Open - row.Credits, Credit: row.Credits, Items: 1},
			{Order: 2, Name: "181+"}, {Order: 3, Name: "unknown", IsUnknown: true},
		},
		Rows: []reports.AgeingRow{row}, Total: row, Count: 1, Page: 1, Pages: 1,
	}
}
