package webtest

import (
	"context"
	"database/sql"
	"time"

	"github.com/encours/encours/reports"
)

// External implements web.View: C0100 of ALPHA is rated, insured and has accounts, of
// nobody else anything is told.
func (v *view) External(_ context.Context, entity, _, id string) (*reports.External, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if v.fake.Empty || entity != "ALPHA" || id != "C0100" {
		return &reports.External{}, nil
	}
	day := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	amount := func(cents int64) sql.Null[reports.Amount] {
		return sql.Null[reports.Amount]{V: reports.Amount(cents), Valid: true}
	}
	return &reports.External{
		Ratings: []reports.ExternalRating{
			{Provider: "dnb", Date: day(2025, time.March, 3), Score: reports.Days{Hundredths: 7100, Valid: true}, Class: "B", AgencyClass: "2",
				Limit: amount(12_500_000), Currency: "EUR", Status: "<b>active</b>", URL: "https://reports.example.org/1", IsCounted: true},
			{Provider: "creditsafe", Date: day(2025, time.January, 15), AgencyClass: "E", URL: "javascript:alert(1)"},
		},
		Covers: []reports.Cover{
			{Policy: "P-77", Status: "reduced", Amount: 1_200_000, Requested: amount(2_000_000), Currency: "EUR", Quota: reports.Ratio{BasisPoints: 9000, Valid: true},
				Days: sql.Null[int64]{V: 120, Valid: true}, From: day(2025, time.March, 1), IsInForce: true, IsCounted: true, Reason: "late payments"},
			{Policy: "P-78", Status: "granted", Amount: 700_000, Currency: "USD", Quota: reports.Ratio{BasisPoints: 8000, Valid: true},
				From: day(2024, time.January, 1), To: day(2024, time.December, 31)},
		},
		Years: []reports.CompanyAccounts{{Closing: day(2024, time.December, 31), Known: day(2025, time.May, 20), Type: "C", Currency: "EUR", Months: 12,
			Sales: amount(150_000_000), Equity: amount(-4_000_000), Debt: amount(0)}},
		Scores: []reports.BankruptcyScore{
			{Model: "altman_z_second", Zone: "distress", Class: "D", Closing: day(2024, time.December, 31), Value: reports.Days{Hundredths: -14, Valid: true}},
			{Model: "conan_holder", Closing: day(2024, time.December, 31), Missing: "ebitda, value_added"},
		},
		Share: reports.Ratio{BasisPoints: 2000, Valid: true},
	}, nil
}
