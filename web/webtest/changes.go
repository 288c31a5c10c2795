package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

// KnownDays implements web.View.
func (v *view) KnownDays(context.Context) ([]reports.KnownDay, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	batch := func(id string) reports.BatchRow {
		return reports.BatchRow{ID: id, Dataset: "ledger_entries", File: id + ".txt"}
	}
	days := []reports.KnownDay{
		{Day: LastDate.AddDate(0, 0, 15), Batches: []reports.BatchRow{batch("b2"), batch("b3")}},
		{Day: LastDate.AddDate(0, 0, -20), Batches: []reports.BatchRow{batch("b1")}},
	}
	if v.fake.Empty {
		return days[:1], nil
	}
	return days, nil
}

// Changes implements web.View.
func (v *view) Changes(_ context.Context, span reports.KnownSpan) (*reports.Comparison, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if v.fake.Comparer != nil {
		return v.fake.Comparer(span)
	}
	return &reports.Comparison{Figures: InventedChanges()}, nil
}

// InventedChanges are an item of each kind: 1,000.00 became 1,290.00.
func InventedChanges() *reports.ChangeFigures {
	day := func(month time.Month, day int) time.Time { return time.Date(2025, month, day, 0, 0, 0, 0, time.UTC) }
	proof := reports.Proof{Status: "proved"}
	return &reports.ChangeFigures{
		From: reports.ChangeSide{KnownAt: day(time.December, 11), KnownOn: day(time.December, 11), Generation: "aaaaaaaaaaaa", Open: 100_000, Proof: proof},
		To:   reports.ChangeSide{KnownOn: LastDate.AddDate(0, 0, 15), Generation: "3f9c21d07ab4", Open: 129_000, Proof: proof},
		Kinds: []reports.ChangeKind{
			{Change: "appeared", Count: 1, Amount: 50_000}, {Change: "vanished", Count: 1, Amount: -20_000}, {Change: "changed", Count: 2, Amount: -1_000},
		},
		Count: 4, Change: 29_000,
		Counterparties: []reports.CounterpartyChange{
			{Entity: "ALPHA", ID: "C0100", Name: "Durand <b>& Fils</b>", Kinds: []reports.Amount{50_000, -20_000, 0}, Total: 30_000, Count: 2},
		},
		PartyCount: 2, OtherParties: -1_000,
		Rows: []reports.ChangeRow{
			{
				Entity: "ALPHA", CounterpartyID: "C0100", Name: "Durand <b>& Fils</b>", Change: "appeared", DocumentRef: "FA-900", Type: "invoice",
				EntryDate: day(time.November, 3), DueDate: day(time.December, 3), Open: 50_000, OpenChange: 50_000, File: "b2.txt", Line: 12, ItemID: 3,
			},
			{
				Entity: "ALPHA", CounterpartyID: "C0100", Name: "Durand <b>& Fils</b>", Change: "vanished", DocumentRef: "FA-901", Type: "invoice",
				EntryDate: day(time.November, 4), PreviousDueDate: day(time.December, 4), PreviousOpen: 20_000, OpenChange: -20_000, PreviousFile: "b1.txt", PreviousLine: 8,
			},
			{
				Entity: "BETA", CounterpartyID: "C0002", PreviousCounterpartyID: "C0001", Change: "changed", Fields: "open due_date counterparty", MatchedBy: "moved",
				DocumentRef: "FA-7", PreviousDocumentRef: "FA-7", Type: "invoice", EntryDate: day(time.November, 5), PreviousDueDate: day(time.December, 5),
				DueDate: day(time.December, 20), PreviousOpen: 3_000, Open: 2_000, OpenChange: -1_000, PreviousFile: "b1.txt", File: "b2.txt", PreviousLine: 9, Line: 9, ItemID: 4,
			},
			{
				Entity: "BETA", CounterpartyID: "C0003", Change: "changed", Fields: "dispute", MatchedBy: "line", DocumentRef: "FA-8", PreviousDocumentRef: "FA-8",
				Type: "invoice", PreviousOpen: 4_000, Open: 4_000, IsDisputed: true, PreviousFile: "b1.txt", File: "b1.txt", PreviousLine: 10, Line: 10, ItemID: 5,
			},
		},
		Landed:   []reports.BatchRow{{ID: "b2", Dataset: "ledger_entries", Entity: "ALPHA", File: "b2.txt", KnownOn: day(time.December, 31)}},
		Replaced: []reports.BatchRow{{ID: "b1", Dataset: "ledger_entries", Entity: "ALPHA", File: "b1.txt", KnownOn: day(time.December, 11)}},
	}
}
