package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

// Segments implements web.View.
func (v *view) Segments(_ context.Context, filter reports.RiskFilter) (*reports.Segments, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	made := &reports.Segments{Bands: []string{"A", "B", "C"}, Transitions: map[string][]reports.TransitionCell{}}
	segment := reports.Reason{EN: "Reduce", FR: "À réduire"}
	action := reports.Reason{EN: "Weekly call", FR: "Appel hebdomadaire"}
	for _, class := range reports.RiskClasses() {
		for _, band := range made.Bands {
			made.Cells = append(made.Cells, reports.SegmentCell{Class: class, Band: band, Segment: segment, Action: action})
		}
	}
	if v.fake.Empty {
		return made, nil
	}
	if filter.Band == "Z" {
		return nil, reports.ErrBadSelection
	}
	cell := &made.Cells[9] // class D, band A
	cell.Count, cell.Size, cell.Overdue = 1, 197_000, 90_000
	made.Whole = reports.SegmentCell{Count: 1, Size: 197_000, Overdue: 90_000}
	if (filter.Class == "" || filter.Class == "D") && (filter.Band == "" || filter.Band == "A") {
		made.Rows = []reports.SegmentRow{{
			Entity: "ALPHA", Side: reports.Customer, ID: "C0100", Name: "Atelier Test", Class: "D", PreviousClass: "C", Change: 1,
			Score: points(4125), Band: "A", Segment: segment, Action: action, IsStrategic: true,
			NextReview: time.Date(2025, time.December, 31, 0, 0, 0, 0, time.UTC), Size: 197_000, Overdue: 90_000,
			Limit: 150_000, HasLimit: true, LimitSource: "granted", Utilisation: reports.Ratio{BasisPoints: 13_133, Valid: true},
		}}
		made.Count = 1
	}
	whole := reports.Ratio{BasisPoints: 10_000, Valid: true}
	made.Transitions[reports.SpanMonth] = []reports.TransitionCell{{From: "C", To: "D", Count: 1, Open: 180_000, Share: whole, AmountShare: whole}}
	made.Transitions[reports.SpanYearByMonths] = []reports.TransitionCell{{From: "C", To: reports.TransitionGone, Share: whole, AmountShare: whole, IsOfTheMonths: true}}
	return made, nil
}
