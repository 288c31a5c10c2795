package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

func points(hundredths int64) reports.Days { return reports.Days{Hundredths: hundredths, Valid: true} }

// Risks implements web.View.
func (v *view) Risks(_ context.Context, filter reports.RiskFilter) (*reports.Risks, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	made := &reports.Risks{}
	for _, class := range reports.RiskClasses() {
		made.Classes = append(made.Classes, reports.RiskCount{Class: class})
	}
	if v.fake.Empty {
		return made, nil
	}
	late := reports.RiskRow{
		Entity: "ALPHA", Side: reports.Customer, ID: "C0100", Name: "Atelier Test", Class: "D", PreviousClass: "C", Before: "D",
		Score: points(4125), PreviousScore: points(5375), Change: 1, Open: 197_000, Overdue: 90_000,
		Reasons: []reports.Reason{
			{EN: "paid 22.4 days late on average over 12 months", FR: "payé avec 22,4 jours de retard en moyenne sur 12 mois"},
			{EN: "35.2 % of what is open is overdue", FR: "35,2 % de l'encours est échu"},
		},
	}
	fresh := reports.RiskRow{
		Entity: "ALPHA", Side: reports.Customer, ID: "C0200", Class: "N", Before: "N", Open: 10_000,
		Reasons: []reports.Reason{{EN: "no paid invoice: too little history for a score", FR: "aucune facture payée : historique insuffisant pour une note"}},
	}
	made.Previous = time.Date(2025, time.November, 30, 0, 0, 0, 0, time.UTC)
	made.Classes[3] = reports.RiskCount{Class: "D", Count: 1, Worsened: 1, Open: 197_000, Overdue: 90_000}
	made.Classes[5] = reports.RiskCount{Class: "N", Count: 1, Open: 10_000}
	made.Whole = reports.RiskCount{Count: 2, Worsened: 1, Open: 207_000, Overdue: 90_000}
	for _, row := range []reports.RiskRow{late, fresh} {
		if (filter.Class == "" || filter.Class == row.Class) && (filter.Change == "" || filter.Change == reports.RiskWorsened && row.Change > 0) {
			made.Rows = append(made.Rows, row)
		}
	}
	made.Count = int64(len(made.Rows))
	return made, nil
}

// Score implements web.View.
func (v *view) Score(ctx context.Context, entity, side, id string) (*reports.Score, error) {
	if v.fake.ViewErr != nil || v.fake.Empty {
		return nil, v.fake.ViewErr
	}
	all, err := v.Risks(ctx, reports.RiskFilter{Class: "D"})
	if err != nil {
		return nil, err
	}
	row := all.Rows[0]
	row.Entity, row.Side, row.ID = entity, side, id
	return &reports.Score{
		RiskRow: row, Previous: all.Previous, PaidCount: 12, PolicyClass: "D",
		Factors: []reports.ScoreFactor{
			{
				Factor: "late_12m_days", LabelEN: "Days late, 12 months", LabelFR: "Jours de retard, 12 mois", Unit: "days", Value: points(2240),
				From: points(1500), To: points(3000), Weight: 25, RangePoints: 25, Earned: points(625), Lost: points(1875), Reason: row.Reasons[0],
			},
			{
				Factor: "overdue_ratio", LabelEN: "Share overdue", LabelFR: "Part échue", Unit: "ratio", Value: points(3520),
				From: points(2500), To: points(5000), Weight: 15, RangePoints: 25, Earned: points(375), Lost: points(1125), Reason: row.Reasons[1],
			},
			{
				Factor: "external_class", LabelEN: "External score", LabelFR: "Note externe", Unit: "class", Weight: 60, RangePoints: 50,
				Earned: points(3125), Lost: points(2875), Reason: reports.Reason{EN: "no external score: counted as average", FR: "pas de note externe : comptée comme moyenne"},
			},
		},
	}, nil
}
