package landing

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	schema "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/duck"
)

func openDuck(t testing.TB) *sql.DB {
	t.Helper()
	db, err := duck.Open(context.Background(), "", duck.Limits{
		MemoryBytes: 1 << 30, Threads: 2, TempDir: filepath.Join(t.TempDir(), "tmp"), TempBytes: 1 << 30,
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func date(s string) *Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	d := NewDate(t)
	return &d
}

var noon = time.Date(2025, 1, 15, 12, 0, 0, 123456789, time.UTC)

func ledgerTable(content string) Table {
	return Table{
		Dataset: LedgerDataset, EntityID: "ALPHA", Source: "compta", SourcePath: "/x/alpha.txt",
		SHA256: digest(content), Size: int64(len(content)), LoadedAt: noon,
	}
}

var ledgerFacts = Facts{
	Mode: Full, FiscalYearStart: date("2024-01-01"), FirstDate: date("2024-01-01"), LastDate: date("2024-12-31"), ToolVersion: "test",
}

// ledgerLine is one record of the canonical stream, changed by name=value pairs.
func ledgerLine(line int, changes ...string) string {
	names := strings.Fields("source_line source_part journal_code journal_label entry_number entry_date account account_label " +
		"aux_account aux_label document_ref document_date label debit credit matching_code matching_date validation_date " +
		"currency_amount currency due_date")
	values := map[string]string{
		"source_line": fmt.Sprint(line), "source_part": "1", "entry_number": "1", "entry_date": "2024-02-03",
		"account": "411000", "debit": "10.00", "credit": "0.00",
	}
	for _, c := range changes {
		name, value, _ := strings.Cut(c, "=")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		values[name] = value
	}
	fields := make([]string, len(names))
	for i, name := range names {
		fields[i] = values[name]
	}
	return strings.Join(fields, "\x1f") + "\n"
}

func writes(lines ...string) func(io.Writer, func(Reject) error) error {
	return func(w io.Writer, _ func(Reject) error) error {
		_, err := io.WriteString(w, strings.Join(lines, ""))
		return err
	}
}

// tree lists the files below the data folder.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "lock" {
			rel, _ := filepath.Rel(dir, path)
			names = append(names, rel)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return names
}

func TestRoundTrip(t *testing.T) {
	for name, c := range map[string]struct {
		extra   []string
		changes []string
		query   string
		want    string
	}{
		"null":              {nil, nil, "select aux_account is null and matching_date is null and currency_amount is null and due_date is null", "true"},
		"negative":          {nil, []string{"debit=-12.30"}, "select debit", "-12.30"},
		"18 digits":         {nil, []string{"credit=9999999999999999.99"}, "select credit", "9999999999999999.99"},
		"-18 digits":        {nil, []string{"credit=-9999999999999999.99"}, "select credit", "-9999999999999999.99"},
		"accents":           {nil, []string{"label=Société N° é 日本"}, "select label", "Société N° é 日本"},
		"formula":           {nil, []string{"label==cmd|' /C calc'!A0"}, "select label", "=cmd|' /C calc'!A0"},
		"quotes":            {nil, []string{`label="a" 'b', ""c""`, `aux_label=";`}, "select label || aux_label", `"a" 'b', ""c""";`},
		"separators":        {nil, []string{"label=a;b|c,d\\n"}, "select label", "a;b|c,d\\n"},
		"looks like null":   {nil, []string{"label=NULL", "matching_code=aA"}, "select label || matching_code", "NULLaA"},
		"inner spaces":      {nil, []string{"label=a  b"}, "select label", "a  b"},
		"leading zeros":     {nil, []string{"entry_number=00012", "account=0411"}, "select entry_number || account", "000120411"},
		"dates":             {nil, []string{"matching_date=2024-02-29", "due_date=1999-12-31"}, "select matching_date || ' ' || due_date", "2024-02-29 1999-12-31"},
		"part":              {nil, []string{"source_part=3"}, "select source_part", "3"},
		"lineage":           {nil, nil, "select entity_id || ' ' || source_file || ' ' || batch_id || ' ' || source_line", "ALPHA alpha.txt 20250115T120000.123456Z-2d711642 2"},
		"no extra":          {nil, nil, "select extra is null", "true"},
		"extra":             {[]string{"Nat'Op", `x"; drop`}, []string{"e1=vente", "e2="}, `select extra['Nat''Op'] || (extra['x"; drop'] is null) || cardinality(extra)`, "ventetrue2"},
		"fiscal year aside": {nil, nil, "select not list_contains(list(name), 'fiscal_year_start')", "true"},
	} {
		t.Run(name, func(t *testing.T) {
			data, db := t.TempDir(), openDuck(t)
			zone := Open(data)
			table := ledgerTable("x")
			table.Extra = c.extra
			staged, err := zone.Stage(t.Context(), db, table, writes(ledgerLine(2, c.changes...)))
			if err != nil {
				t.Fatal(err)
			}
			batch, err := staged.Commit(ledgerFacts)
			if err != nil {
				t.Fatal(err)
			}
			from := "read_parquet(" + duck.Text(zone.Path(batch)) + ")"
			if strings.Contains(c.query, "list(name)") {
				from = "parquet_schema(" + duck.Text(zone.Path(batch)) + ")"
			}
			var got string
			if err := db.QueryRowContext(t.Context(), "select v::varchar from ("+c.query+" as v from "+from+")").Scan(&got); err != nil {
				t.Fatal(err)
			}
			if got != c.want || batch.Rows != 1 {
				t.Errorf("%d rows, got %s, want %s", batch.Rows, got, c.want)
			}
		})
	}
}

func TestTypesAreThoseOfTheSchema(t *testing.T) {
	data, db := t.TempDir(), openDuck(t)
	zone := Open(data)
	const rows = 300_000
	staged, err := zone.Stage(t.Context(), db, ledgerTable("x"), func(w io.Writer, _ func(Reject) error) error {
		for i := range rows {
			if _, err := io.WriteString(w, ledgerLine(i+2)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	batch, err := staged.Commit(ledgerFacts)
	if err != nil {
		t.Fatal(err)
	}
	path := duck.Text(zone.Path(batch))
	var distinct, misplaced int
	if err := db.QueryRowContext(t.Context(), "select count(distinct source_line) from read_parquet("+path+")").Scan(&distinct); err != nil {
		t.Fatal(err)
	}
	if distinct != rows || batch.Rows != rows {
		t.Errorf("%d rows of %d different lines landed, want %d", batch.Rows, distinct, rows)
	}
	if _, err := db.ExecContext(t.Context(), "create table landed as from read_parquet("+path+")"); err != nil {
		t.Fatal(err)
	}
	contract, err := schema.Schema(LedgerDataset)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), contract.Create); err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRowContext(t.Context(), `select count(*) from (
			select column_name, data_type from duckdb_columns() where table_name = 'landed'
		) l full join (
			select column_name, data_type from duckdb_columns() where table_name = 'ledger_entries' and column_name <> 'fiscal_year_start'
		) s using (column_name, data_type) where l.column_name is null or s.column_name is null`).Scan(&misplaced); err != nil {
		t.Fatal(err)
	}
	if misplaced != 0 {
		t.Errorf("%d columns differ from the schema", misplaced)
	}
}

func TestStageErrorsLeaveNothing(t *testing.T) {
	errFill := errors.New("the extract cannot be read")
	for name, c := range map[string]struct {
		table Table
		fill  func(io.Writer, func(Reject) error) error
		want  string
	}{
		"fill fails": {ledgerTable("x"), func(w io.Writer, reject func(Reject) error) error {
			return errors.Join(writes(ledgerLine(2))(w, nil), reject(Reject{Line: 3}), errFill)
		}, errFill.Error()},
		"bad amount":     {ledgerTable("x"), writes(ledgerLine(2), ledgerLine(3, "debit=abc"), ledgerLine(4, "debit=x")), `internal error: record 2 of the canonical stream was not accepted in column "debit"`},
		"missing field":  {ledgerTable("x"), writes("2\x1f1\n"), "internal error: record 1"},
		"extra field":    {ledgerTable("x"), writes(ledgerLine(2, "surplus=1")), "internal error: record 1"},
		"bad UTF-8":      {ledgerTable("x"), writes(ledgerLine(2, "label=\xe9t\xe9")), "internal error: record 1"},
		"null required":  {ledgerTable("x"), writes(ledgerLine(2), ledgerLine(3, "entry_number=")), "column entry_number has 1 empty values"},
		"bad digest":     {Table{Dataset: LedgerDataset, SHA256: "12"}, writes(), "not a SHA-256"},
		"unknown table":  {Table{Dataset: "nothing", SHA256: digest("x")}, writes(), "nothing"},
		"nowhere for it": {Table{Dataset: "params", SHA256: digest("x"), Extra: []string{"x"}}, writes(), "no place for extra columns"},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			staged, err := Open(data).Stage(t.Context(), openDuck(t), c.table, c.fill)
			if err == nil || !strings.Contains(err.Error(), c.want) || staged != nil {
				t.Errorf("error %v, want %q in it", err, c.want)
			}
			if left := tree(t, data); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestStageEndsWithItsContext(t *testing.T) {
	data := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Open(data).Stage(ctx, openDuck(t), ledgerTable("x"), func(w io.Writer, _ func(Reject) error) error {
		cancel()
		for {
			if err := writes(ledgerLine(2))(w, nil); err != nil {
				return err
			}
		}
	})
	if left := tree(t, data); !errors.Is(err, context.Canceled) || len(left) > 0 {
		t.Errorf("error %v, left %v", err, left)
	}
}

func TestIdentifiersNeverCollide(t *testing.T) {
	data, db := t.TempDir(), openDuck(t)
	seen := map[string]bool{}
	for range 2 { // a zone opened anew knows what is on disk
		zone := Open(data)
		for range 2 {
			staged, err := zone.Stage(t.Context(), db, ledgerTable("same"), writes(ledgerLine(2)))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := staged.Commit(ledgerFacts); err != nil {
				t.Fatal(err)
			}
			seen[staged.ID()] = true
		}
	}
	batches, err := Open(data).Batches(t.Context())
	if err != nil || len(seen) != 4 || len(batches) != 4 {
		t.Errorf("%d identifiers, %d batches, error %v", len(seen), len(batches), err)
	}
}
