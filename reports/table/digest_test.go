package table_test

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/reports/table/tabletest"
)

// rows are those of the awkward table, as RowHash takes them.
var rows = [][]string{
	{"1", "'=cmd|' /C calc'!A0", "2024-02-29", "-1234.50", "0.250000", "true"},
	{"2", "", "", "", "", ""},
	{"3", "", "1999-12-31", "0.00", "0.000000", "false"},
	{"4", "Société \"É\", N° 1;\nbis", "2024-01-01", "0.10", "1.000000", "true"},
	{"5", "'＋33 1", "2024-01-01", "9999999999999999.99", "-0.000001", "true"},
	{"6", "'-5", "2024-01-01", "-0.01", "0.000000", "true"},
	{"7", "a=b", "2024-01-01", "-0.16", "0.000000", "true"},
}

func read(t *testing.T, of table.Table) string {
	t.Helper()
	var out bytes.Buffer
	if err := of.Records(t.Context(), func(r io.Reader) error { _, err := out.ReadFrom(r); return err }); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestHold: rows that are held are the same rows, with the same hash and records,
// and nothing is left of them after Release.
func TestHold(t *testing.T) {
	want := table.NewRowHash()
	for _, row := range rows {
		want.Add(row)
	}
	of := tabletest.Awkward(t)
	records := read(t, of)
	for _, step := range []string{"from the query", "held", "held and hashed before"} {
		if step != "from the query" {
			if err := of.Hold(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := of.Digest(t.Context()); err != nil || got != want.Sum() {
			t.Errorf("%s: hash %s, %v, want %s", step, got, err, want.Sum())
		}
		if got := read(t, of); got != records {
			t.Errorf("%s: records\n%s\nwant\n%s", step, got, records)
		}
	}
	if err := of.Release(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(of.TempDir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestHeldRowsHaveTheirOrder: also where there are many of them.
func TestHeldRowsHaveTheirOrder(t *testing.T) {
	of := tabletest.Awkward(t)
	of.Rows, of.Args, of.Columns = 300_000, nil, of.Columns[:1]
	of.Query = "select cast(300000 - i as bigint) as no from range(300000) as r(i)"
	if err := of.Hold(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := of.Digest(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Fields(read(t, of)) {
		if line != strconv.Itoa(i+1) {
			t.Fatalf("row %d is %s", i+1, line)
		}
	}
}

// TestFewerRowsAreNoticed: a table that announces other rows than it has gets no hash.
func TestFewerRowsAreNoticed(t *testing.T) {
	of := tabletest.Awkward(t)
	of.Rows = 6
	if sum, err := of.Digest(t.Context()); err == nil || !strings.Contains(err.Error(), "7 written") {
		t.Errorf("%q, error %v", sum, err)
	}
}
