package webtest

import (
	"context"
	"database/sql"

	"github.com/encours/encours/reports"
)

func pointer[T any](value T) *T { return &value }

// InventedAnswer is an answer about a customer of the invented books.
func InventedAnswer(entity, customer, amount string) reports.DecisionAnswer {
	return reports.DecisionAnswer{
		Entity: entity, Customer: customer, CustomerName: "Atelier Test", AsOf: "2025-12-31", Amount: amount, Currency: "EUR",
		Decision: "hold", RuleNo: 3, Rule: "long_overdue", RuleEN: "more than 1000 is overdue by more than 60 days",
		RuleFR: "plus de 1000 sont échus depuis plus de 60 jours", Terms: "short", TermDays: pointer(int64(15)),
		TermsEN: "15 days, or against a guarantee", TermsFR: "15 jours, ou contre une garantie", ValidDays: 30,
		Inputs: reports.DecisionInputs{
			Score: pointer("41.25"), RiskClass: "D", PolicyClass: "D", LegalSeverity: pointer(int64(5)), Exposure: pointer("1970.00"),
			Limit: pointer("1500.00"), LimitSource: pointer("granted"), Headroom: pointer("-470.00"),
			Overdue: "1200.00", OldestOverdueDays: 90, LongOverdueDays: pointer(int64(60)), LongOverdue: "1100.50",
		},
		Versions: reports.DecisionVersions{Generation: "000001-3f9c21d07ab4", Fingerprint: "3f9c21d07ab4", Policy: "0a1b2c3d4e5f6071", Terms: "aa", Models: "bb"},
	}
}

// StandingDecision implements web.View.
func (v *view) StandingDecision(_ context.Context, entity, customer string) (*reports.DecisionAnswer, error) {
	if v.fake.ViewErr != nil || v.fake.Empty {
		return nil, v.fake.ViewErr
	}
	answer := InventedAnswer(entity, customer, "0.00")
	return &answer, nil
}

// StandingCounts implements web.View.
func (v *view) StandingCounts(context.Context) (counts []reports.DecisionCount, err error) {
	for i, code := range reports.DecisionCodes() {
		count := reports.DecisionCount{Decision: code, Count: int64(1000 + i)}
		if v.fake.Empty {
			count.Count = 0
		}
		counts = append(counts, count)
	}
	return counts, v.fake.ViewErr
}

// StandingCustomers implements web.View.
func (v *view) StandingCustomers(_ context.Context, decision string) ([]reports.StandingRow, error) {
	if v.fake.Empty || v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	return []reports.StandingRow{{
		Entity: "ALPHA", ID: "C00001", Name: "Client " + decision, Class: "D", RuleEN: "long overdue", RuleFR: "échu ancien",
		Exposure: sql.Null[reports.Amount]{V: 123456, Valid: true}, Overdue: 65432,
	}}, nil
}
