package generation

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/encours/encours/warehouse/audit"
	"github.com/encours/encours/warehouse/landing"
)

// TestPasses: whole fiscal years share a pass up to a bound; everything else makes
// one more.
func TestPasses(t *testing.T) {
	batch := func(id, dataset string, mode landing.Mode, rows int64) landing.Batch {
		return landing.Batch{ID: id, Dataset: dataset, Mode: mode, Rows: rows}
	}
	ledger := func(id string, rows int64) landing.Batch {
		return batch(id, landing.LedgerDataset, landing.Full, rows)
	}
	for _, c := range []struct {
		name    string
		batches []landing.Batch
		want    string
	}{
		{"none", nil, ""},
		{"small years", []landing.Batch{ledger("a", 10), ledger("b", 20)}, "a b"},
		{"a bound", []landing.Batch{ledger("a", 10), ledger("b", auditRows), ledger("c", 10)}, "a; b; c"},
		{"too large by itself", []landing.Batch{ledger("a", auditRows+1), ledger("b", 10)}, "a; b"},
		{"deltas and tables", []landing.Batch{batch("d", landing.LedgerDataset, landing.Delta, 9), ledger("a", 10), batch("i", "invoices", landing.Full, 9)}, "a; d i"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, pass := range passes(c.batches) {
				var ids []string
				for _, b := range pass {
					ids = append(ids, b.ID)
				}
				got = append(got, strings.Join(ids, " "))
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("%q, want %q", strings.Join(got, "; "), c.want)
			}
		})
	}
}

// TestKeptFindings: a file holds for the rules that it names; a damaged one is as
// good as none.
func TestKeptFindings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.json")
	found := []audit.Found{{Check: "C01", Severity: audit.Error, Lines: 2, Stake: "20.00", FirstLine: 7}}
	if err := writeFindings(path, findings{Rules: "r1", Found: found}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path, rules string
		ok                bool
	}{{"kept", path, "r1", true}, {"other rules", path, "r2", false}, {"no file", path + "x", "r1", false}} {
		got, ok, err := readFindings(c.path, c.rules)
		if err != nil || ok != c.ok || ok && fmt.Sprint(got) != fmt.Sprint(found) {
			t.Errorf("%s: %v %v %v", c.name, got, ok, err)
		}
	}
	if err := os.WriteFile(path, []byte(`{"rules_sha256":"r1","fou`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := readFindings(path, "r1"); ok || err != nil {
		t.Errorf("a damaged file: %v %v", ok, err)
	}
}
