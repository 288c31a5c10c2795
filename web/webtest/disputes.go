package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

// Disputes implements web.View.
func (v *view) Disputes(context.Context) (*reports.Disputes, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if v.fake.Empty {
		return &reports.Disputes{}, nil
	}
	day := func(month time.Month, day int) time.Time { return time.Date(2025, month, day, 0, 0, 0, 0, time.UTC) }
	days := func(n int64) reports.Days { return reports.Days{Hundredths: n, Valid: true} }
	price := reports.DisputeReason{
		Reason: "prix", OpenCount: 2, InDispute: 90_000, Ages: []reports.Amount{50_000, 40_000, 0, 0},
		Closed: 3, CycleMean: days(3667), CycleByAmt: days(4167),
	}
	none := reports.DisputeReason{OpenCount: 1, InDispute: 10_000, Ages: []reports.Amount{0, 0, 0, 10_000}}
	whole := price
	whole.Reason, whole.OpenCount, whole.InDispute = "", 3, 100_000
	whole.Ages = []reports.Amount{50_000, 40_000, 0, 10_000}
	month := reports.DeductionMonth{
		Date: day(time.December, 31), Invoiced: 1_000_000, CreditNotes: 12_000, Discounts: 3_000, WriteOffs: 50, Total: 15_050,
		Count: 4, Ratio: reports.Ratio{BasisPoints: 151, Valid: true},
	}
	sum := month
	sum.Date = time.Time{}
	return &reports.Disputes{
		DisputesLeftOut: v.fake.LeftOut, DeductionsLeftOut: v.fake.LeftOut, PromisesLeftOut: v.fake.LeftOut,
		Reasons: []reports.DisputeReason{price, none}, Whole: whole,
		Promises: []reports.PromiseRow{{
			Entity: "ALPHA", ID: "PR-1", CounterpartyID: "C0100", DocumentRef: "FA-7", Promised: day(time.May, 7), Deadline: day(time.May, 12),
			Amount: 10_000, Due: 10_000, Received: 2_500, Status: "broken",
		}},
		DueCount: 4, KeptCount: 3, KeptRatio: reports.Ratio{BasisPoints: 7500, Valid: true},
		Deductions: []reports.DeductionMonth{month}, Deducted: sum,
	}, nil
}

// Exposures implements web.View.
func (v *view) Exposures(ctx context.Context) (*reports.Exposures, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if v.fake.Empty {
		return &reports.Exposures{}, nil
	}
	row, err := v.Exposure(ctx, "ALPHA", "C0100")
	if err != nil {
		return nil, err
	}
	ordered := reports.ExposureRow{Entity: "ALPHA", ID: "C999", Name: "C999", Orders: 6_000, Sum: 6_000}
	whole := *row
	whole.Orders, whole.Sum = row.Orders+6_000, row.Sum+6_000
	ordered.Missing, whole.Missing = v.fake.MissingRate, v.fake.MissingRate
	return &reports.Exposures{Rows: []reports.ExposureRow{*row, ordered}, Whole: whole, Count: 2, Over: 1, Intercompany: v.fake.LeftOut}, nil
}

// Exposure implements web.View.
func (v *view) Exposure(_ context.Context, entity, id string) (*reports.ExposureRow, error) {
	if v.fake.ViewErr != nil || v.fake.Empty {
		return nil, v.fake.ViewErr
	}
	return &reports.ExposureRow{
		Entity: entity, ID: id, Name: "Atelier Test", Receivable: 125_000, Bills: 40_000, Unbilled: 12_000, Orders: 58_000,
		Deposits: -30_000, Credits: -8_000, Sum: 197_000, Limit: 150_000, HasLimit: true, HasAccount: true, IsOver: true,
		Utilisation: reports.Ratio{BasisPoints: 13133, Valid: true},
	}, nil
}
