package reports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
)

// landCounterparties loads a file of counterparties: code, country, parent, manager.
func (b *books) landCounterparties(t *testing.T, entity, rows string) {
	t.Helper()
	ctx := context.Background()
	db, err := duck.Open(ctx, "", b.limits, false)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(entity + rows))
	staged, err := b.zone.Stage(ctx, db, landing.Table{
		Dataset: "counterparties", EntityID: entity, Source: "crm", SourcePath: entity + ".csv",
		SHA256: hex.EncodeToString(sum[:]), Size: int64(len(rows)), LoadedAt: b.loaded,
	}, func(w io.Writer, _ func(landing.Reject) error) error {
		for i, row := range strings.Fields(rows) {
			f := strings.Split(row, "|")
			values := []string{fmt.Sprint(i + 2), Customer, f[0], "", "", "", "", "", "", "", f[1], "", "", "", "", "", f[2], f[3], "", "", ""}
			if _, err := io.WriteString(w, strings.Join(values, "\x1f")+"\n"); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		_, err = staged.Commit(landing.Facts{Mode: landing.Full, ToolVersion: "test"})
	}
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// groupedBooks are the books with a file of counterparties for two entities: in
// ALPHA, C2 belongs to C1; C3 and the customer of BETA have no manager.
func groupedBooks(t *testing.T) *books {
	t.Helper()
	b := ownBooks(t)
	b.landCounterparties(t, "ALPHA", "C1|FR||Durand C2|DE|C1|Durand C3|FR|| ICB|FR||Petit")
	b.landCounterparties(t, "BETA", "C1|FR||")
	if err := b.build(); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAgeingByEveryAttribute(t *testing.T) {
	b := groupedBooks(t)
	for name, c := range map[string]struct {
		sel    Selection
		filter AgeingFilter
		want   string // entity, value, name, counterparties, open, overdue of each row
	}{
		"country":           {Selection{}, AgeingFilter{GroupBy: "country"}, "/FR/FR/2/1550.00/1000.00 /DE/DE/1/300.10/300.10"},
		"manager":           {Selection{}, AgeingFilter{GroupBy: "account_manager"}, "/Durand/Durand/2/1600.10/1300.10 ///1/250.00/0.00"},
		"group":             {Selection{}, AgeingFilter{GroupBy: "group"}, "ALPHA/C1/Client Un/2/1600.10/1300.10 BETA/C1/Client bêta/1/250.00/0.00"},
		"entity":            {Selection{Entity: "ALPHA"}, AgeingFilter{GroupBy: "country", Sort: "open"}, "/FR/FR/2/2000.00/1000.00 /DE/DE/1/300.10/300.10"},
		"by issue date":     {Selection{}, AgeingFilter{GroupBy: "country", By: ByIssueDate}, "/FR/FR/2/1550.00/1000.00 /DE/DE/1/300.10/300.10"},
		"risk class":        {Selection{Entity: "ALPHA"}, AgeingFilter{GroupBy: "risk_class"}, "/N/N/3/2300.10/1300.10"},
		"segment":           {Selection{Entity: "ALPHA"}, AgeingFilter{GroupBy: "segment", Sort: "open"}, "/watch/Watch/2/2000.00/1000.00 /new/New/1/300.10/300.10"},
		"segment in French": {Selection{Entity: "ALPHA"}, AgeingFilter{GroupBy: "segment", Language: "fr", Sort: "open"}, "/watch/À surveiller/2/2000.00/1000.00 /new/Nouveau/1/300.10/300.10"},
		"search":            {Selection{}, AgeingFilter{GroupBy: "account_manager", Search: "dur"}, "/Durand/Durand/2/1600.10/1300.10"},
		"bucket":            {Selection{}, AgeingFilter{GroupBy: "country", By: ByIssueDate, Bucket: "91-120"}, "/FR/FR/2/1550.00/1000.00"},
		"within":            {Selection{}, AgeingFilter{Within: "account_manager", Value: "Durand", Sort: "open"}, "ALPHA/C1/Client Un/1/1300.00/1000.00 ALPHA/C2/" + formula + "/1/300.10/300.10"},
		"within nothing":    {Selection{}, AgeingFilter{Within: "account_manager"}, "BETA/C1/Client bêta/1/250.00/0.00"},
		"within a group":    {Selection{Entity: "ALPHA"}, AgeingFilter{Within: "group", Value: "C1", Sort: "oldest"}, "ALPHA/C1/Client Un/1/1300.00/1000.00 ALPHA/C2/" + formula + "/1/300.10/300.10"},
		"suppliers, no one": {Selection{Entity: "BETA", Side: Supplier}, AgeingFilter{GroupBy: "country"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			figures, err := b.open(t, c.sel).Ageing(t.Context(), c.filter)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range figures.Rows {
				got = append(got, fmt.Sprintf("%s/%s/%s/%d/%s/%s", r.Entity, r.ID, r.Name, r.Counterparties, money.Plain(int64(r.Open)), money.Plain(int64(r.Overdue))))
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("got %s\nwant %s", text, c.want)
			}
		})
	}
}

// TestAgeingIsTheSameMoneyEveryWay: whatever the ageing counts from and is grouped
// by, its rows and its buckets add up to the same amounts, and so do the
// counterparties behind each row.
func TestAgeingIsTheSameMoneyEveryWay(t *testing.T) {
	b := groupedBooks(t)
	for _, sel := range []Selection{
		{}, {Entity: "ALPHA"}, {Entity: "CHUR"}, {Side: Supplier}, {AsOf: on("2024-12-19")}, {Entity: "ALPHA", AsOf: on("2024-12-12")},
	} {
		v := b.open(t, sel)
		plainly, err := v.Ageing(t.Context(), AgeingFilter{})
		if err != nil {
			t.Fatal(err)
		}
		want := plainly.Total
		for _, by := range []string{ByDueDate, ByIssueDate} {
			for _, attribute := range append([]string{ByCounterparty}, Groupings()...) {
				t.Run(fmt.Sprint(sel, by, attribute), func(t *testing.T) {
					filter := AgeingFilter{By: by, GroupBy: attribute}
					figures, err := v.Ageing(t.Context(), filter)
					if err != nil {
						t.Fatal(err)
					}
					checkTotals(t, figures, want)
					_, records := parts(t, export(t, v, "ageing", "csv", filter))
					if sum := sumOf(t, records, "open_amount"); sum != want.Open || len(records) != int(figures.Count)+1 {
						t.Errorf("the export has %d rows of %v, want %d of %v", len(records)-1, sum, figures.Count, want.Open)
					}
					if attribute == ByCounterparty {
						return
					}
					for _, row := range figures.Rows {
						checkRow(t, b, sel, row, AgeingFilter{By: by, Within: attribute, Value: row.ID})
					}
				})
			}
		}
	}
}

func checkTotals(t *testing.T, figures *Ageing, want AgeingRow) {
	t.Helper()
	var open, overdue, credits, cells, buckets Amount
	for _, row := range figures.Rows {
		open, overdue, credits = open+row.Open, overdue+row.Overdue, credits+row.Credits
		for _, cell := range row.Cells {
			cells += cell
		}
	}
	for _, bucket := range figures.Buckets {
		buckets += bucket.Open
	}
	total := figures.Total
	for name, got := range map[string][2]Amount{
		"rows": {open, want.Open}, "overdue": {overdue, want.Overdue}, "credits": {credits, want.Credits}, "cells": {cells, want.Open},
		"buckets": {buckets, want.Open}, "total": {total.Open, want.Open}, "total overdue": {total.Overdue, want.Overdue},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %v, want %v", name, got[0], got[1])
		}
	}
	if total.Counterparties != want.Counterparties || total.OldestDays != want.OldestDays {
		t.Errorf("total %+v, want %+v", total, want)
	}
}

// checkRow compares a row with the counterparties and the items behind it.
func checkRow(t *testing.T, b *books, sel Selection, row AgeingRow, within AgeingFilter) {
	t.Helper()
	if row.Entity != "" {
		sel.Entity = row.Entity
	}
	v := b.open(t, sel)
	behind, err := v.Ageing(t.Context(), within)
	if err != nil {
		t.Fatal(err)
	}
	total := behind.Total
	if sel.Entity == "" || row.Entity == "" {
		if total.Open != row.Open || total.Overdue != row.Overdue || total.Counterparties != row.Counterparties {
			t.Errorf("behind %+v stand %+v", row, total)
		}
	}
	_, records := parts(t, export(t, v, "open-items", "csv", within))
	if sum := sumOf(t, records, "open_amount"); sum != total.Open {
		t.Errorf("the items behind %+v are %v, want %v", row, sum, total.Open)
	}
}

func sumOf(t *testing.T, records [][]string, column string) (sum Amount) {
	t.Helper()
	at := slices.Index(records[0], column)
	for _, r := range records[1:] {
		var a Amount
		digits := strings.NewReplacer(".", "", "-", "").Replace(r[at])
		if _, err := fmt.Sscan(strings.TrimLeft(digits, "0")+"", &a); err != nil && strings.Trim(digits, "0") != "" {
			t.Fatal(err)
		}
		if strings.HasPrefix(r[at], "-") {
			a = -a
		}
		sum += a
	}
	return sum
}

func TestAgeingRefusesWhatItDoesNotKnow(t *testing.T) {
	v := open(t, Selection{})
	for name, filter := range map[string]AgeingFilter{
		"date":                       {By: "payment_date"},
		"grouping":                   {GroupBy: "colour"},
		"attribute":                  {Within: "colour"},
		"attribute inside a group":   {Within: "country", GroupBy: "group"},
		"bucket of the other ageing": {By: ByIssueDate, Bucket: "not_due"},
	} {
		for _, report := range []string{"ageing", "open-items"} {
			_, err := v.Ageing(t.Context(), filter)
			exported := v.Export(t.Context(), report, "csv", filter, io.Discard)
			isTaken := report == "ageing" || filter.GroupBy == "" // items have no grouping
			if !errors.Is(err, ErrBadSelection) || isTaken && !errors.Is(exported, ErrBadSelection) {
				t.Errorf("%s: %v, export of %s: %v", name, err, report, exported)
			}
		}
	}
}
