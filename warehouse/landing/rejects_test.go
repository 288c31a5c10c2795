package landing

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/encours/encours/warehouse/duck"
)

var oneReject = Reject{
	Line: 3, Column: "Débit", Value: "1,005", Reason: "amount.precision", Message: "The amount has 3 decimals: écrire 1,00.",
	Raw: "VE\tVentes\t=cmd|' /C calc'!A0\t1,005",
}

func fillWithReject(w io.Writer, reject func(Reject) error) error {
	return errors.Join(writes(ledgerLine(2))(w, nil), reject(oneReject))
}

func countRejects(t *testing.T, zone *Zone, id string) (n int64) {
	t.Helper()
	for _, err := range zone.Rejects(id) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestRejectsRoundTrip(t *testing.T) {
	zone := Open(t.TempDir())
	batch := commitOne(t, zone)
	want := oneReject
	want.File = batch.SourceFile // where the reject names no part
	for got, err := range zone.Rejects(batch.ID) {
		if err != nil || got != want {
			t.Errorf("read %+v, error %v", got, err)
		}
	}
	if n := countRejects(t, zone, batch.ID); n != 1 || batch.Rejects != 1 {
		t.Errorf("%d rejects, the manifest says %d", n, batch.Rejects)
	}
	path := duck.Text(filepath.Join(zone.rejectsDir(), batch.ID+".parquet"))
	var columns, file string
	var whole bool
	if err := openDuck(t).QueryRowContext(t.Context(),
		"select (select string_agg(name, ' ') from parquet_schema("+path+") where type is not null), "+
			"source_file, value = '1,005' from read_parquet("+path+")").Scan(&columns, &file, &whole); err != nil {
		t.Fatal(err)
	}
	if columns != "source_file source_line source_column value reason message raw" || file != "alpha.txt" || !whole {
		t.Errorf("DuckDB sees %q, %q, %v", columns, file, whole)
	}
}

func TestManyRejects(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rejects")
	zone := Open(filepath.Dir(path))
	if err := os.MkdirAll(zone.rejectsDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	writer := newRejectWriter(filepath.Join(zone.rejectsDir(), "many.parquet"), "f")
	long := strings.Repeat("é", 32<<10)
	const count = 500
	for i := range count {
		if err := writer.Write(Reject{Line: int64(i), Reason: "r", Raw: fmt.Sprint(i, long)}); err != nil {
			t.Fatal(err)
		}
		if writer.pending > rejectGroup {
			t.Fatalf("%d bytes are held", writer.pending)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	var next int64
	for r, err := range zone.Rejects("many") {
		if err != nil || r.Line != next || r.Raw != fmt.Sprint(next, long) {
			t.Fatalf("reject %d: line %d, error %v", next, r.Line, err)
		}
		next++
	}
	if next != count {
		t.Errorf("read %d of %d", next, count)
	}
	for range zone.Rejects("many") {
		break // an iteration may stop early
	}
}

func TestDamagedRejects(t *testing.T) {
	zone := Open(t.TempDir())
	batch := commitOne(t, zone)
	path := filepath.Join(zone.rejectsDir(), batch.ID+".parquet")
	if err := os.Truncate(path, 20); err != nil {
		t.Fatal(err)
	}
	var errs int
	for _, err := range zone.Rejects(batch.ID) {
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v", err)
		}
		errs++
	}
	if errs != 1 {
		t.Errorf("%d errors", errs)
	}
}
