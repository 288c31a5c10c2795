package table_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
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
	if err := of.Records(func(r io.Reader) error { _, err := out.ReadFrom(r); return err }); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestHold: rows that are held as records or also as columns are the same rows, with
// the same hash, number and sums, and nothing is left of them after Release.
func TestHold(t *testing.T) {
	want := table.NewRowHash()
	for _, row := range rows {
		want.Add(row)
	}
	var records string
	for _, columnar := range []bool{false, true} {
		of := tabletest.Awkward(t)
		if err := of.Hold(t.Context(), columnar); err != nil {
			t.Fatal(err)
		}
		if of.Digest != want.Sum() || of.Rows != 7 || of.Columns[3].Total != "9999999999998765.42" || of.Columns[4].Total != "" {
			t.Errorf("columnar %v: %d rows, totals %q %q, hash %s, want %s",
				columnar, of.Rows, of.Columns[3].Total, of.Columns[4].Total, of.Digest, want.Sum())
		}
		got := read(t, of)
		if records == "" {
			records = got
		}
		if got != records || got == "" {
			t.Errorf("columnar %v: records\n%s\nwant\n%s", columnar, got, records)
		}
		file, err := of.File()
		if columnar != (err == nil) || !columnar && !errors.Is(err, table.ErrNotHeld) {
			t.Errorf("columnar %v: a file of columns: %v", columnar, err)
		}
		if err == nil {
			if err := file.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := of.Release(); err != nil {
			t.Fatal(err)
		}
		if left, err := os.ReadDir(of.TempDir); err != nil || len(left) > 0 {
			t.Errorf("columnar %v: left behind: %v, %v", columnar, left, err)
		}
	}
}

// TestHeldRowsHaveTheirOrder: also where there are many of them, and texts in them.
func TestHeldRowsHaveTheirOrder(t *testing.T) {
	for _, columnar := range []bool{false, true} {
		t.Run(fmt.Sprint(columnar), func(t *testing.T) {
			of := tabletest.Awkward(t)
			of.Args, of.Columns = nil, of.Columns[:2]
			of.Query = "select cast(300000 - i as bigint) as no, 'a' || i % 7 as customer_name from range(300000) as r(i)"
			if err := of.Hold(t.Context(), columnar); err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Fields(read(t, of)) {
				if want := fmt.Sprintf("%d,a%d", i+1, (299_999-i)%7); line != want {
					t.Fatalf("row %d is %s, want %s", i+1, line, want)
				}
			}
		})
	}
}

// TestAFailingQueryFails: nothing is held of a query that fails.
func TestAFailingQueryFails(t *testing.T) {
	for _, columnar := range []bool{false, true} {
		of := tabletest.Awkward(t)
		of.Query = strings.Replace(of.Query, "'a=b'", "error('no')", 1)
		if err := of.Hold(t.Context(), columnar); err == nil || of.Digest != "" {
			t.Errorf("columnar %v: hash %q, error %v", columnar, of.Digest, err)
		}
		if err := of.Release(); err != nil {
			t.Fatal(err)
		}
		if left, err := os.ReadDir(of.TempDir); err != nil || len(left) > 0 {
			t.Errorf("columnar %v: left behind: %v, %v", columnar, left, err)
		}
	}
}
