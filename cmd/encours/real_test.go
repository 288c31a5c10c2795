package main

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const reconcile = `select entity_id || ' ' || side || ' ' || account_family, ledger_amount, items_amount,
	buckets_amount, difference_amount from mart_reconciliation order by 1`

// TestRealTabLedger: a tab-separated FEC whose name lies about the year, with CR CR
// LF line ends and an opening journal of its own name.
func TestRealTabLedger(t *testing.T) {
	path := sharedData(t, "fec/123456789FEC20500930.txt")
	dir := newProject(t, "")
	if r := run(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", path); r.code != 0 ||
		!strings.Contains(r.err, "10756 lines loaded, 0 rejected") ||
		!strings.Contains(r.err, "fiscal year from 2022-04-01, entries 2022-04-01 to 2023-04-30") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	must(t, "build", "--project", dir)
	rows := query(t, dir, "", reconcile)
	found := false
	for _, row := range rows {
		if row[0] == "ACME customer 411" {
			found = row[1] == "128200.50" && row[2] == "128200.50" && row[3] == "128200.50"
		}
	}
	if !found {
		t.Errorf("the balance of 411 is not 128200.50: %v", rows)
	}
	proveMonthEnds(t, dir, "2022-04-30", "2023-04-30")
	opening := query(t, dir, "", "select count(*) from fct_items where item_type = 'opening'")
	if opening[0][0] == "0" {
		t.Error("the opening journal ANO was not recognised: no item of type opening")
	}
}

// TestRealPipeLedger: a padded pipe-separated FEC in CP850, with the opening
// journal in the middle of the file.
func TestRealPipeLedger(t *testing.T) {
	path := sharedData(t, "fec/111111111FEC20221231.TXT")
	dir := newProject(t, "")
	if r := run(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", path); r.code != 0 ||
		!strings.Contains(r.err, "934 lines loaded, 0 rejected") || !strings.Contains(r.err, "cp850") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	must(t, "build", "--project", dir)
	proveMonthEnds(t, dir, "2023-01-31", "2023-07-31")
}

// proveMonthEnds checks that every family reconciles at every month end of a span
// through --as-of, at its last day and one day later.
func proveMonthEnds(t *testing.T, dir, from, to string) {
	t.Helper()
	first, last := date(t, from), date(t, to)
	var days []string
	for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
		if d.AddDate(0, 0, 1).Day() == 1 || d.Equal(last) {
			days = append(days, d.Format(time.DateOnly))
		}
	}
	for _, day := range append(days, last.AddDate(0, 0, 1).Format(time.DateOnly)) {
		for _, row := range query(t, dir, day, reconcile) {
			if row[4] != "0.00" || row[1] != row[2] || row[2] != row[3] {
				t.Errorf("at %s: %v", day, row)
			}
		}
	}
}

func date(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestGeneratedLedgers: the sample, with its transfers, bounced payments, deposits
// and chained years, reconciles at random dates for every entity, side and family.
func TestGeneratedLedgers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sample")
	must(t, "generate", "--ledgers-only", "--invoices", "1500", "--seed", "11", dir)
	must(t, "run", "--project", dir)
	rng := rand.New(rand.NewPCG(3, 4))
	days := []string{"2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01", "2025-12-31", "2026-03-15"}
	for range 14 {
		days = append(days, date(t, "2023-01-01").AddDate(0, 0, rng.IntN(3*365)).Format(time.DateOnly))
	}
	for _, day := range days {
		rows := query(t, dir, day, reconcile)
		if len(rows) < 20 {
			t.Errorf("at %s: only %d lines", day, len(rows))
		}
		for _, row := range rows {
			if row[4] != "0.00" || row[1] != row[2] || row[2] != row[3] {
				t.Errorf("at %s: %v", day, row)
			}
		}
	}
	must(t, "check", "--project", dir, "--as-of", "2024-07-14")
}
