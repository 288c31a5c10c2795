package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

// KeyFigures invents three measures of three months, with a target that is missed
// and a bridge whose effects add up: 60 − 2 + 5.5 = 63.5 days.
func (v *view) KeyFigures(context.Context) (*reports.KeyFigures, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if v.fake.Empty {
		return &reports.KeyFigures{}, nil
	}
	at := v.sel.AsOf
	made := &reports.KeyFigures{}
	for i := range 3 {
		date := at
		if i > 0 {
			date = time.Date(at.Year(), at.Month()-time.Month(i)+1, 0, 0, 0, 0, 0, time.UTC)
		}
		made.Months = append(made.Months, date)
	}
	known := func(value int64) reports.Figure { return reports.Figure{TenThousandths: value, Valid: true} }
	measure := func(name, unit string, target reports.Figure, isMet bool, values ...int64) {
		var months []reports.KeyFigure
		for i, date := range made.Months {
			f := reports.KeyFigure{
				Date: date, Measure: name, Unit: unit, Value: known(values[i]),
				Target: target, HasVerdict: target.Valid, IsTargetMet: isMet,
			}
			if i+1 < len(values) {
				f.MonthBefore = known(values[i+1])
			}
			months = append(months, f)
		}
		made.Measures = append(made.Measures, months)
	}
	if v.sel.Side == reports.Supplier {
		measure("dpo_countback_days", reports.UnitDays, reports.Figure{}, false, 512_500, 500_000, 487_500)
		return made, nil
	}
	measure("receivable_amount", reports.UnitAmount, reports.Figure{}, false, 12_345_678_900, 12_000_000_000, 11_000_000_000)
	measure("factored_amount", reports.UnitAmount, reports.Figure{}, false, 1_000_000_000, 0, 0)
	measure("dso_countback_days", reports.UnitDays, known(550_000), false, 635_000, 600_000, 587_500)
	measure("cei_ratio", reports.UnitRatio, known(8_000), true, 9_800, 9_750, 9_900)
	step := func(effect string, change, level int64) reports.DSOStep {
		return reports.DSOStep{
			Effect: effect, Days: reports.Days{Hundredths: change, Valid: true}, Level: reports.Days{Hundredths: level, Valid: true},
		}
	}
	made.Bridges = []reports.DSOBridge{{
		ComparedWith: "month_before", From: made.Months[1], FromDays: reports.Days{Hundredths: 6000, Valid: true},
		Movers: []reports.DSOMover{{
			Entity: "ALPHA", ID: "C1", Name: "Dupont & Fils", FromShare: reports.Ratio{BasisPoints: 1000, Valid: true},
			Share: reports.Ratio{BasisPoints: 1250, Valid: true}, Mix: reports.Days{Hundredths: 120, Valid: true},
			Own: reports.Days{Hundredths: -20, Valid: true}, Moved: reports.Days{Hundredths: 100, Valid: true},
		}},
		Steps: []reports.DSOStep{step("sales", -200, 5800), step("overdue", 550, 6350)},
	}}
	return made, nil
}
