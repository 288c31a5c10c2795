package webtest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/encours/encours/reports"
)

const itemLimit = 200

// Counterparty implements web.View.
func (v *view) Counterparty(_ context.Context, entity, side, id string) (*reports.Counterparty, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	parties, items := v.byParty()
	index := slices.IndexFunc(parties, func(p party) bool { return p.entity == entity && p.side == side && p.id == id })
	if index < 0 {
		return nil, fmt.Errorf("find counterparty %q: %w", id, reports.ErrNotFound)
	}
	p, own := parties[index], items[parties[index]]
	made := &reports.Counterparty{
		Entity: p.entity, Side: p.side, ID: p.id, Name: p.name, Siren: p.siren, PaymentTerms: p.terms,
		IsIntercompany: p.intercompany, Buckets: buckets(own, v.sel.AsOf), ItemLimit: itemLimit,
	}
	made.Open, made.Overdue, made.Credits, _ = totals(own, v.sel.AsOf)
	for _, date := range monthEnds(v.sel.AsOf, 24) {
		for _, bucket := range buckets(own, date) {
			made.Months = append(made.Months, reports.BucketMonth{Date: date, Bucket: bucket.Name, Order: bucket.Order, Open: bucket.Open})
		}
	}
	for _, it := range own {
		if it.issued.After(v.sel.AsOf) {
			continue
		}
		row := v.row(it)
		made.ItemCount++
		if row.Open != 0 {
			made.OpenCount++
		}
		made.Items = append(made.Items, row)
	}
	slices.SortStableFunc(made.Items, func(a, b reports.ItemRow) int {
		if (a.Open == 0) != (b.Open == 0) {
			if a.Open != 0 {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.IssueDate.Unix(), a.IssueDate.Unix())
	})
	made.Items = made.Items[:min(itemLimit, len(made.Items))]
	return made, nil
}

func (v *view) row(it item) reports.ItemRow {
	row := reports.ItemRow{
		Entity: it.entity, ItemID: it.id, Type: it.kind, DocumentRef: it.ref, Account: "411000", IssueDate: it.issued, DueDate: it.due,
		DueDateSource: "entity_terms", Bucket: bucketNames[it.bucket(v.sel.AsOf)], Amount: it.amount, Open: it.open(v.sel.AsOf),
		OverdueDays: max(it.late(v.sel.AsOf), 0), IsEstimated: it.estimated,
		SourceFile: fmt.Sprintf("extracts/%s/552081317FEC%d1231.txt", it.entity, it.issued.Year()), SourceLine: it.line,
	}
	if it.due.IsZero() {
		row.DueDateSource = "none"
	}
	if row.Open == 0 {
		row.SettledDate = it.settled
	}
	return row
}

// Item implements web.View.
func (v *view) Item(_ context.Context, entity string, id int64) (*reports.Item, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	index := slices.IndexFunc(v.fake.items, func(it item) bool { return it.entity == entity && it.id == id })
	if index < 0 {
		return nil, fmt.Errorf("find item %d: %w", id, reports.ErrNotFound)
	}
	it := v.fake.items[index]
	made := &reports.Item{
		Buckets: buckets(nil, v.sel.AsOf),
		ItemRow: v.row(it), Side: it.side, CounterpartyID: it.party, Label: "Facture " + it.ref, JournalCode: "VE", JournalLabel: "Ventes",
		EntryNumber: fmt.Sprintf("VE%06d", it.line), EntryDate: it.issued, Debit: max(it.amount, 0), Credit: max(-it.amount, 0),
		BatchID: "20260115T061200-alpha-2025", LoadedAt: time.Date(2026, 1, 15, 6, 10, 0, 0, time.UTC), ExtractDate: LastDate.AddDate(0, 0, 15),
		Movements: []reports.Movement{{No: 1, Date: it.issued, Type: "origin", Amount: it.amount, Balance: it.amount}},
	}
	if index := slices.IndexFunc(v.fake.parties, func(p party) bool { return p.entity == it.entity && p.side == it.side && p.id == it.party }); index >= 0 {
		made.CounterpartyName = v.fake.parties[index].name
	}
	if it.settled.IsZero() {
		return made, nil
	}
	made.MatchingCode, made.MatchingDate = "AB", it.settled
	part := it.amount / 3
	made.Movements = append(made.Movements,
		reports.Movement{
			No: 2, Date: it.settled, Type: "allocation", SettlementKind: "cash", MatchMethod: "reference", Amount: -part,
			Balance: it.amount - part, CounterpartItemID: it.id + 1, CounterpartRef: "VIR 4471", CounterpartType: "payment",
		},
		reports.Movement{
			No: 3, Date: it.settled, Type: "allocation", SettlementKind: "cash", MatchMethod: "amount", Amount: part - it.amount,
			CounterpartItemID: it.id + 1, CounterpartRef: "VIR 4502", CounterpartType: "payment",
		})
	return made, nil
}

// Reconciliation implements web.View.
func (v *view) Reconciliation(context.Context) ([]reports.ReconciliationLine, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	meta := v.Meta()
	lines := []reports.ReconciliationLine{}
	for i, family := range []string{"411", "413", "416"} {
		amount := meta.Proof.Items / 10
		if i == 0 {
			amount = meta.Proof.Items - 2*(meta.Proof.Items/10)
		}
		line := reports.ReconciliationLine{Entity: "ALPHA", Side: v.sel.Side, AccountFamily: family, IsAged: true, HasLedger: true, Ledger: amount, Items: amount, Buckets: amount}
		if i == 0 {
			line.Ledger += v.fake.Difference
			line.Difference = v.fake.Difference
		}
		lines = append(lines, line)
	}
	return append(lines, reports.ReconciliationLine{Entity: "ALPHA", Side: v.sel.Side, AccountFamily: "419", HasLedger: true, Ledger: -54_321, Items: -54_321}), nil
}

// Batches implements web.View.
func (v *view) Batches(context.Context) ([]reports.BatchRow, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	var all []reports.BatchRow
	for year := 2023; year <= 2025; year++ {
		start := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		all = append(all, reports.BatchRow{
			ID: fmt.Sprintf("20260115T061200-alpha-%d", year), Dataset: "ledger_entries", Source: "compta-alpha", Entity: "ALPHA",
			File: fmt.Sprintf("extracts/alpha/552081317FEC%d1231.txt", year), FiscalYearStart: start, FirstDate: start,
			LastDate: start.AddDate(1, 0, -1), LoadedAt: time.Date(2026, 1, 15, 6, 10, 0, 0, time.UTC), KnownOn: LastDate.AddDate(0, 0, 15),
			Rows: 48_211, Rejects: int64(2025 - year), IsLive: true,
		})
	}
	old := all[2]
	old.ID, old.IsLive, old.Rows = "20251001T080000-alpha-2025", false, 31_870
	return append(all, old), nil
}

// Quality implements web.View.
func (v *view) Quality(context.Context) ([]reports.QualityRow, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if v.fake.Empty {
		return nil, nil
	}
	row := func(check, severity, english, french string, lines, first int64, stake reports.Amount) reports.QualityRow {
		return reports.QualityRow{
			Entity: "ALPHA", Source: "compta-alpha", File: "552081317FEC20251231.txt", Batch: "20260115T061200-alpha-2025",
			FiscalYearStart: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Check: check, Severity: severity, Lines: lines, Stake: stake,
			FirstLine: first, Sentence: english, SentenceFR: french, Advice: "Correct it and export again.", AdviceFR: "Corrigez et exportez de nouveau.",
		}
	}
	return []reports.QualityRow{
		row("C01", "error", "The debits of the entry are not equal to its credits.", "Les débits de l'écriture ne sont pas égaux à ses crédits.", 4, 812, 12_050),
		row("T01", "warn", "The file name does not follow the legal form.", "Le nom du fichier n'a pas la forme légale.", 1, 0, 0),
		row("C06", "info", "The lettered lines of an account do not add up to zero.", "Les lignes lettrées d'un compte ne s'annulent pas.", 220, 14, 3_864_950),
	}, nil
}

// Export implements web.View.
func (v *view) Export(ctx context.Context, name, format string, filter reports.AgeingFilter, w io.Writer) error {
	if v.fake.Exporter != nil {
		return v.fake.Exporter(ctx, name, format, filter, w)
	}
	_, err := fmt.Fprintf(w, "report,%s\nsearch,%s\n", name, filter.Search)
	return err
}
