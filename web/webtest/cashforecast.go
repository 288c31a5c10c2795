package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

// CashForecast implements web.View: what is open, a tenth of it each week.
func (v *view) CashForecast(ctx context.Context) (*reports.CashForecast, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if v.fake.Empty {
		return &reports.CashForecast{}, nil
	}
	made := &reports.CashForecast{}
	for no := 1; no <= 15; no++ {
		p := reports.CashPeriod{No: no, Kind: "week", Start: LastDate.AddDate(0, 0, 7*no-9), End: LastDate.AddDate(0, 0, 7*no-3), IsPartial: no == 1}
		switch no {
		case 14:
			p = reports.CashPeriod{No: no, Kind: "later"}
		case 15:
			p = reports.CashPeriod{No: no, Kind: "not_expected"}
		}
		p.Low, p.Mid, p.High, p.Items, p.Credits, p.Count = 90_000, 100_000, 110_000, 120_000, -20_000, 3
		made.Open += p.Mid
		p.Cumulated = made.Open
		made.Periods = append(made.Periods, p)
	}
	for _, weeks := range []int{4, 13} {
		for month := 6; month <= 12; month++ {
			date := time.Date(2025, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC)
			made.Records = append(made.Records, reports.CashRecord{
				Date: date, Until: date.AddDate(0, 0, 7*weeks), Weeks: weeks, Low: 80_000, Mid: 95_000, High: 120_000, Naive: 180_000,
				IsOver: month < 9, Actual: 100_000, Later: 30_000, Error: -5_000, NaiveErr: 80_000,
				Ratio: reports.Ratio{BasisPoints: -500, Valid: true}, NaiveRate: reports.Ratio{BasisPoints: 8000, Valid: true},
			})
		}
		made.Scores = append(made.Scores, reports.CashScore{
			Weeks: weeks, Dates: 3, Within: 3, Error: reports.Ratio{BasisPoints: 500, Valid: true},
			Bias: reports.Ratio{BasisPoints: -500, Valid: true}, NaiveErr: reports.Ratio{BasisPoints: 8000, Valid: true},
			NaiveB: reports.Ratio{BasisPoints: 8000, Valid: true},
		})
	}
	return made, nil
}

// CashItems implements web.View.
func (v *view) CashItems(ctx context.Context, period int) ([]reports.CashItem, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	var items []reports.CashItem
	for i, basis := range []string{
		"own_history", "pooled_history", "promise", "disputed", "doubtful", "no_history", "too_late", "no_due_date", "credit",
	} {
		items = append(items, reports.CashItem{
			Entity: "ALPHA", Counterparty: "C0100", Name: "Garage Lemoine & Fils", ItemID: int64(i + 1), Document: "F-2025-0101", Basis: basis,
			Due: LastDate, Early: LastDate.AddDate(0, 0, period), Expected: LastDate.AddDate(0, 0, period+4), Late: LastDate.AddDate(0, 0, period+9), Open: 40_000,
		})
	}
	return items, nil
}
