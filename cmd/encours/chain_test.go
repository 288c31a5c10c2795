package main

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestChainOfYears: three fiscal years that follow one another reconcile at every
// month end of the three years, with and without the first one loaded, and the
// balance of the customers is that which the files themselves give.
func TestChainOfYears(t *testing.T) {
	t.Parallel()
	full := filepath.Join(t.TempDir(), "full")
	must(t, "generate", "--ledgers-only", "--invoices", "240", "--seed", "5", full)
	short := filepath.Join(t.TempDir(), "short")
	must(t, "generate", "--ledgers-only", "--invoices", "240", "--seed", "5", short)
	files, err := filepath.Glob(filepath.Join(full, "extracts", "alpha", "*.txt"))
	if err != nil || len(files) != 3 {
		t.Fatalf("files %v, %v", files, err)
	}
	firstYears, err := filepath.Glob(filepath.Join(short, "extracts", "*", "*20231231.txt"))
	if err != nil || len(firstYears) != 3 {
		t.Fatalf("files %v, %v", firstYears, err)
	}
	for _, path := range firstYears {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	balances := customerBalances(t, files)
	const openings = "select count(*) from fct_items where item_type = 'opening' and entry_date = '2024-01-01'"
	for _, c := range []struct {
		name, dir, from string
		openings        bool
	}{{"with the first year", full, "2023-01-01", false}, {"without", short, "2024-01-01", true}} {
		t.Run(c.name, func(t *testing.T) {
			must(t, "run", "--project", c.dir)
			proveMonthEnds(t, c.dir, c.from, "2025-12-31")
			for day := date(t, c.from).AddDate(0, 1, -1); day.Year() < 2026; day = day.AddDate(0, 0, 1).AddDate(0, 1, -1) {
				key := day.Format(time.DateOnly)
				got := query(t, c.dir, key, "select sum(ledger_amount) from mart_reconciliation where entity_id = 'ALPHA' and account_family = '411'")
				if want := balances(key); got[0][0] != want {
					t.Errorf("at %s the customers owe %s, the files say %s", key, got[0][0], want)
				}
			}
			if n := query(t, c.dir, "2024-01-31", openings)[0][0]; (n != "0") != c.openings {
				t.Errorf("%s items of type opening at the start of 2024", n)
			}
		})
	}
}

// customerBalances reads the balance of accounts 411, retention (4117) apart, out of files of one fiscal
// year each, in their order: that of a day is the sum of the lines, up to the day,
// of the year that holds it.
func customerBalances(t *testing.T, files []string) func(day string) string {
	t.Helper()
	sums := map[string]*big.Rat{} // by day
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			f := strings.Split(strings.TrimRight(line, "\r"), "\t")
			if i == 0 || !strings.HasPrefix(f[4], "411") || strings.HasPrefix(f[4], "4117") {
				continue
			}
			debit, ok := new(big.Rat).SetString(strings.Replace(f[11], ",", ".", 1))
			credit, ok2 := new(big.Rat).SetString(strings.Replace(f[12], ",", ".", 1))
			if !ok || !ok2 {
				t.Fatalf("%s:%d: %q", path, i+1, line)
			}
			if sums[f[3]] == nil {
				sums[f[3]] = new(big.Rat)
			}
			sums[f[3]].Add(sums[f[3]], debit.Sub(debit, credit))
		}
	}
	return func(day string) string {
		total := new(big.Rat)
		for d, sum := range sums {
			if d[:4] == day[:4] && d <= strings.ReplaceAll(day, "-", "") {
				total.Add(total, sum)
			}
		}
		return fmt.Sprint(total.FloatString(2))
	}
}
