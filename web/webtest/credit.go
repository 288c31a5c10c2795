package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

func percent(hundredths int64) reports.Rate {
	return reports.Rate{TenThousandths: hundredths * 100, Valid: true}
}

// lateCustomers are invented: the first one is the worked example of the texts.
func lateCustomers() []reports.LateCustomer {
	return []reports.LateCustomer{
		{Entity: "ALPHA", ID: "C001", Name: "Dupont & Fils", Regime: "business", Items: 1, Interest: 58905, Fee: 4000, Claim: 62905},
		{
			Entity: "ALPHA", ID: "C/2", Name: "Ville de Lyon", Regime: "public_buyer", Items: 2, Interest: 1015, Fee: 8000, Claim: 9015,
			Running: 36500, AssumedItems: 1, AssumedInterest: 1197, AssumedFee: 4000, UnratedItems: 1, Insolvency: day(2025, 5, 1),
		},
	}
}

// LateInterest implements web.View.
func (v *view) LateInterest(context.Context) (*reports.LateInterest, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	made := &reports.LateInterest{}
	if v.fake.Empty {
		return made, nil
	}
	made.Rows = lateCustomers()
	for _, row := range made.Rows {
		made.Count++
		t := &made.Total
		t.Items += row.Items
		t.Interest += row.Interest
		t.Fee += row.Fee
		t.Claim += row.Claim
		t.Running += row.Running
		t.AssumedItems += row.AssumedItems
		t.AssumedInterest += row.AssumedInterest
		t.AssumedFee += row.AssumedFee
		t.UnratedItems += row.UnratedItems
		made.LargestClaim = max(made.LargestClaim, row.Claim)
	}
	made.UnratedFrom, made.UnratedTo = day(2026, 1, 1), day(2026, 3, 31)
	made.IntercompanyClaim = 12345
	return made, nil
}

// LateStatement implements web.View.
func (v *view) LateStatement(_ context.Context, entity, side, id string) (*reports.LateStatement, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	for _, customer := range lateCustomers() {
		if customer.Entity != entity || customer.ID != id {
			continue
		}
		made := &reports.LateStatement{Customer: customer, Side: side}
		if v.fake.Empty {
			return made, nil
		}
		made.Count = 1
		made.Documents = []reports.LateDocument{{
			Entity: entity, ItemID: 1, DocumentRef: "F1", Type: "invoice", DueDateSource: "erp_invoice", IssueDate: day(2025, 1, 30),
			DueDate: day(2025, 3, 1), FirstDate: day(2025, 3, 2), LastDate: day(2025, 8, 15), Amount: 1000000,
			Interest: customer.Interest, Fee: customer.Fee, Days: 167,
			Lines: []reports.LateLine{
				{From: day(2025, 3, 2), To: day(2025, 6, 30), Principal: 1000000, Days: 121, Rate: percent(1315), Basis: "statutory", Interest: 43593, HasInterest: true},
				{From: day(2025, 7, 1), To: day(2025, 8, 15), Principal: 1000000, Days: 46, Rate: percent(1215), Basis: "statutory", Interest: 15312, HasInterest: true},
				{From: day(2026, 1, 1), To: day(2026, 1, 31), Principal: 1000, Days: 31, Basis: "statutory"},
			},
		}}
		return made, nil
	}
	return nil, reports.ErrNotFound
}

// CreditLoss implements web.View.
func (v *view) CreditLoss(context.Context) (*reports.CreditLoss, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if v.fake.Empty {
		return &reports.CreditLoss{}, nil
	}
	return &reports.CreditLoss{
		Rows: []reports.LossRow{
			{Segment: "all", Bucket: "not_due", Source: "roll_rates", Open: 700000000, Exposure: 700000000, Items: 7, Rate: percent(150), Factor: percent(10000), Loss: 10500000, HasLoss: true},
			{Segment: "all", Bucket: "1-30", Source: "none", Open: 399900000, Exposure: 400000000, Credits: -100000, Items: 5},
			{Segment: "doubtful", Bucket: "doubtful", Source: "allowance", Open: 72000, Exposure: 72000, Items: 2, Loss: 30000, HasLoss: true},
		},
		Exposure: 1100072000, Loss: 10530000, IsIncomplete: true, IntercompanyLoss: 4200,
		Provisions: []reports.ProvisionRow{
			{
				Entity: "ALPHA", YearStart: day(2025, 1, 1), Doubtful: 72000, ExclTax: 60000, HasLedger: true, Allowance: 30000, Uncovered: 30000,
				Coverage: reports.Ratio{BasisPoints: 5000, Valid: true}, Opening: 25000, Charge: 15000, Reversal: 10000,
				WriteOff: 20000, WriteOffVAT: 4000, HasRequired: true, Required: 36000, Shortfall: 6000,
			},
			{Entity: "BETA", Doubtful: 1200, ExclTax: 1000},
		},
		Doubtful: []reports.DoubtfulRow{
			{Entity: "ALPHA", ID: "C001", Name: "Dupont & Fils", Doubtful: 36000, ExclTax: 30000, HasAllowance: true, Allowance: 15000, Coverage: reports.Ratio{BasisPoints: 5000, Valid: true}},
			{Entity: "ALPHA", ID: "C/2", Name: "Ville de Lyon", Doubtful: 36000, ExclTax: 30000},
		},
		DoubtfulCount: 2,
	}, nil
}
