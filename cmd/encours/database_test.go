package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest/database/databasetest"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"

	sqlfiles "github.com/encours/encours/sql"
)

const (
	invoicesQuery = `select 'customer' as side, number as document_id, 1 as instalment, customer as counterparty_id, 'invoice' as document_type,
       issued as issue_date, amount, region, changed
from invoices where changed >= :since
`
	deltaQuery = "      - { dataset: invoices, file: sql/invoices.sql, mode: delta, watermark: changed, overlap: 2h, keep: [region] }\n"
)

// erpProject makes a project with one database source.
func erpProject(t *testing.T, driver, place, queries string) string {
	t.Helper()
	dir := newProject(t, "sources:\n  - name: erp\n    kind: sql\n    entity: ACME\n    driver: "+driver+"\n    "+place+"\n    queries:\n"+queries)
	if err := os.Mkdir(filepath.Join(dir, "sql"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, "sql/invoices.sql", invoicesQuery)
	return dir
}

// sqliteERP makes a project over an SQLite file with two invoices.
func sqliteERP(t *testing.T, queries string) (dir string, erp *sql.DB) {
	t.Helper()
	dir = erpProject(t, "sqlite", "path: erp.db", queries)
	erp, err := sql.Open("sqlite", filepath.Join(dir, "erp.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = erp.Close() })
	execute(t, erp,
		"create table invoices (number text primary key, customer text, issued date, amount decimal(12, 2), region text, changed datetime)",
		"insert into invoices values ('F1', '007', '2024-01-31', 100.10, 'Nord', '2024-02-01 10:00:00'), ('F2', '008', '2024-02-10', 20, null, '2024-02-10 10:00:00')")
	return dir, erp
}

func execute(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// erp runs a command with an environment and without pauses.
func erp(t testing.TB, env map[string]string, args ...string) result {
	t.Helper()
	var out, err bytes.Buffer
	m := Main{Out: &out, Err: &err, Getenv: func(name string) string { return env[name] }, Clock: time.Now,
		Sleep: func(context.Context, time.Duration) error { return nil }}
	code := m.Run(context.Background(), args)
	return result{out.String(), err.String(), code}
}

// folded are the rows of a dataset that count: of each key the one of the latest
// batch.
func folded(t testing.TB, dir, dataset, columns string) [][]string {
	t.Helper()
	batches, err := landing.Open(filepath.Join(dir, "data")).Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, b := range landing.Live(batches) {
		if b.Dataset == dataset {
			files = append(files, duck.Text(landing.Open(filepath.Join(dir, "data")).Path(b)))
		}
	}
	table, err := sqlfiles.Schema(dataset)
	if err != nil {
		t.Fatal(err)
	}
	db, err := duck.Open(t.Context(), "", duck.Limits{MemoryBytes: 1e9, Threads: 2, TempDir: t.TempDir(), TempBytes: 1e9}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), fmt.Sprintf("select %s::varchar from (select * from read_parquet([%s]) "+
		"qualify row_number() over (partition by %s order by batch_id desc, source_line desc) = 1) order by all",
		strings.ReplaceAll(columns, ", ", "::varchar, "), strings.Join(files, ", "), strings.Join(table.Key, ", ")))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all [][]string
	for rows.Next() {
		values := make([]sql.NullString, strings.Count(columns, ", ")+1)
		into := make([]any, len(values))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var row []string
		for _, v := range values {
			row = append(row, v.String)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDatabaseDelta: a first run takes everything, later ones what changed since; a
// changed row counts once, a run without changes lands nothing, and a query that was
// changed is read from the start.
func TestDatabaseDelta(t *testing.T) {
	dir, db := sqliteERP(t, deltaQuery)
	step := func(name, want string, batches int, invoices string) {
		t.Helper()
		r := erp(t, nil, "ingest", "--project", dir)
		if r.code != exitDone || !strings.Contains(r.err, want) {
			t.Fatalf("%s: exit %d, want %q in\n%s", name, r.code, want, r.err)
		}
		if lines := strings.Count(must(t, "batches", "--project", dir), "\n") - 1; lines != batches {
			t.Errorf("%s: %d batches, want %d", name, lines, batches)
		}
		if got := fmt.Sprint(folded(t, dir, "invoices", "document_id, counterparty_id, amount, extra['region']")); got != invoices {
			t.Errorf("%s: %s\nwant %s", name, got, invoices)
		}
	}
	step("first", "invoices.sql: 2 lines loaded", 1, "[[F1 007 100.10 Nord] [F2 008 20.00 ]]")
	step("again, by the overlap", "1 lines loaded", 2, "[[F1 007 100.10 Nord] [F2 008 20.00 ]]")
	step("again", "nothing to do", 2, "[[F1 007 100.10 Nord] [F2 008 20.00 ]]")
	execute(t, db, "update invoices set amount = 90, changed = '2024-03-01 09:00:00.5' where number = 'F1'",
		"insert into invoices values ('F3', '007', '2024-03-01', 5, 'Sud', '2024-03-01 09:30:00')")
	step("a change and a new row, and one by the overlap", "3 lines loaded", 3, "[[F1 007 90.00 Nord] [F2 008 20.00 ] [F3 007 5.00 Sud]]")
	execute(t, db, "insert into invoices values ('F4', '007', '2024-02-01', 1, 'Sud', '2024-03-01 08:00:00')")
	step("a row seen late, within the overlap", "3 lines loaded", 4, "[[F1 007 90.00 Nord] [F2 008 20.00 ] [F3 007 5.00 Sud] [F4 007 1.00 Sud]]")
	execute(t, db, "delete from invoices where number = 'F2'")
	writeFile(t, dir, "sql/invoices.sql", invoicesQuery+"-- asked anew\n")
	step("the query was changed", "3 lines loaded", 5, "[[F1 007 90.00 Nord] [F3 007 5.00 Sud] [F4 007 1.00 Sud]]")
	execute(t, db, "delete from invoices")
	step("nothing since", "nothing new since the last run", 5, "[[F1 007 90.00 Nord] [F3 007 5.00 Sud] [F4 007 1.00 Sud]]")
}

// TestDatabaseProblems: what is wrong is said in a message that helps, and nothing
// is loaded.
func TestDatabaseProblems(t *testing.T) {
	full := "      - { dataset: invoices, file: sql/invoices.sql, keep: [region, changed] }\n"
	for _, c := range []struct{ name, queries, query, more, want string }{
		{"unknown column", strings.ReplaceAll(full, ", keep: [region, changed]", ""), "", "", "the dataset has no field region, changed: rename the column by `as`"},
		{"missing field", full, "select 'customer' as side, region, changed from invoices", "", "its result lacks the fields document_id, instalment, counterparty_id"},
		{"missing keep", full, strings.ReplaceAll(invoicesQuery, "region, ", ""), "", `keep names the column "region"`},
		{"missing watermark", deltaQuery, strings.ReplaceAll(invoicesQuery, ", changed\n", "\n"), "", `its result lacks the watermark "changed": select it`},
		{"column twice", full, strings.ReplaceAll(invoicesQuery, "region", "region, region"), "", `the column "region" stands twice`},
		{"not a watermark", strings.ReplaceAll(deltaQuery, "watermark: changed", "watermark: region"), strings.ReplaceAll(invoicesQuery, ", changed", ""), "", `column "region": "Nord": a watermark is a date`},
		{"overlap of another kind", strings.ReplaceAll(deltaQuery, "2h", "5"), "", "again", "the overlap 5 does not fit the watermark"},
		{"no rows", full, invoicesQuery + " and 1 = 2", "", "the query gives no rows; where that is right, say allow_empty: true"},
		{"every row bad", full, strings.ReplaceAll(invoicesQuery, "issued as", "'soon' as"), "", "none of its 2 rows can be read; the first: row 1: issue_date: this is not a date"},
		{"writes", full, "delete from invoices", "", "line 1: a query begins with select or with"},
		{"two statements", full, invoicesQuery + ";\ndelete from invoices", "", "line 5: text follows the semicolon"},
		{"placeholder", full, strings.ReplaceAll(invoicesQuery, ":since", ":from"), "", `":from" is not known: the only placeholder is :since`},
		{"wrong SQL", full, strings.ReplaceAll(invoicesQuery, "from invoices", "from invoice"), "", "invoices.sql: the database says: SQL logic error: no such table: invoice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, _ := sqliteERP(t, c.queries)
			if c.query != "" {
				writeFile(t, dir, "sql/invoices.sql", c.query)
			}
			batches := 1
			if c.more == "again" {
				must(t, "ingest", "--project", dir)
				batches++
			}
			refuse(t, exitFailed, c.want, "ingest", "--project", dir)
			if lines := strings.Count(must(t, "batches", "--project", dir), "\n"); lines != batches {
				t.Errorf("%d batches", lines-1)
			}
			if left, err := filepath.Glob(filepath.Join(dir, "data", "*", "*", ".tmp-*")); err != nil || len(left) > 0 {
				t.Errorf("left: %v %v", left, err)
			}
		})
	}
}

// TestDatabaseRejects: a bad row is kept with its number, column and value, and the
// others are loaded; an empty dataset replaces the one before where it may.
func TestDatabaseRejects(t *testing.T) {
	dir, db := sqliteERP(t, "      - { dataset: invoices, file: sql/invoices.sql, keep: [region, changed], allow_empty: true }\n")
	execute(t, db, "insert into invoices values ('F3', '009', '31/12/2024', 5, null, '2024-03-01')")
	r := erp(t, nil, "ingest", "--project", dir)
	if r.code != exitRejects || !strings.Contains(r.err, "2 lines loaded, 1 rejected") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	if out := must(t, "rejects", "--project", dir, "--format", "csv"); !strings.Contains(out, "31/12/2024") || !strings.Contains(out, "issue_date") {
		t.Errorf("rejects:\n%s", out)
	}
	side := strings.Replace(invoicesQuery, "'customer' as side", "case number when 'F2' then 'Client' else 'customer' end as side", 1)
	writeFile(t, dir, "sql/invoices.sql", side)
	if r := erp(t, nil, "ingest", "--project", dir); r.code != exitRejects || !strings.Contains(r.err, "1 lines loaded, 2 rejected") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	if out := must(t, "rejects", "--project", dir, "--format", "csv"); !strings.Contains(out, "side,Client,value.unknown") || !strings.Contains(out, "customer, supplier") {
		t.Errorf("rejects:\n%s", out)
	}
	execute(t, db, "delete from invoices")
	if r := erp(t, nil, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "0 lines loaded") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
}

// TestDatabaseSecrets: a password reaches no message, log, manifest or other file of
// the project, whatever goes wrong.
func TestDatabaseSecrets(t *testing.T) {
	server := databasetest.Postgres(t)
	execute(t, server.Admin, "create table invoices (number text, customer text, issued date, amount numeric, region text, changed timestamptz)",
		"insert into invoices values ('F1', 'C1', '2024-01-31', 1, 'x', '2024-02-01')")
	dir := erpProject(t, "postgres", "connection_env: ERP_DSN", deltaQuery)
	all := ""
	for name, c := range map[string]struct {
		dsn  string
		code int
		want string
	}{
		"right":          {server.DSN, exitDone, "1 lines"},
		"address":        {server.URL(), exitDone, "lo"},
		"wrong user":     {strings.Replace(server.DSN, "user=reader", "user=nobody", 1), exitFailed, "password authentication failed"},
		"no server":      {strings.Replace(server.DSN, "port=5432", "port=5433", 1), exitFailed, "lost or refused"},
		"not a DSN":      {"postgres://reader:" + databasetest.Password + "@[", exitFailed, "the environment variable ERP_DSN is not a connection string of the driver postgres"},
		"another's form": {"reader:" + databasetest.Password + "@tcp(host)/db", exitFailed, "is not a connection string"},
		"nothing":        {"", exitFailed, "the environment variable ERP_DSN is empty"},
	} {
		r := erp(t, map[string]string{"ERP_DSN": c.dsn}, "ingest", "--project", dir)
		if r.code != c.code || !strings.Contains(r.err, c.want) {
			t.Errorf("%s: exit %d, want %d with %q\n%s", name, r.code, c.code, c.want, r.err)
		}
		all += r.out + r.err
	}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all += string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{databasetest.Password, "s3cr", "ss%41", "ss%2541"} {
		if strings.Contains(all, secret) {
			t.Errorf("%q is written somewhere", secret)
		}
	}
}

// TestDatabaseMariaDB: a connection string in a file, a watermark that is a number,
// and rates, which belong to no entity.
func TestDatabaseMariaDB(t *testing.T) {
	server := databasetest.MariaDB(t)
	execute(t, server.Admin,
		"create table payments (id int primary key, customer varchar(20), paid date, amount decimal(12, 2), version bigint)",
		"insert into payments values (1, '007', '2024-01-31', 10.10, 1), (2, '008', '0000-00-00', 20, 2), (3, '008', '2024-02-01', -5, 3)",
		"create table rates (currency char(3), day date, rate decimal(18, 8))", "insert into rates values ('USD', '2024-01-31', 1.0837)")
	dir := erpProject(t, "mysql", "connection_file: secrets/erp.dsn",
		"      - { dataset: payments, file: sql/payments.sql, mode: delta, watermark: version, from: 0, overlap: 1 }\n      - { dataset: exchange_rates, file: sql/rates.sql }\n")
	writeFile(t, dir, "sql/payments.sql", "select 'customer' as side, id as payment_id, customer as counterparty_id, paid as payment_date, amount, version from payments where version >= :since")
	writeFile(t, dir, "sql/rates.sql", "select currency, 'EUR' as base_currency, day as rate_date, rate from rates")
	if err := os.Mkdir(filepath.Join(dir, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	secret := writeFile(t, dir, "secrets/erp.dsn", server.DSN+"\n")
	refuse(t, exitFailed, "others can read it (mode 0644): run chmod 600", "ingest", "--project", dir)
	if err := os.Chmod(secret, 0o600); err != nil {
		t.Fatal(err)
	}
	refuse(t, exitRejects, "payments.sql: 2 lines loaded, 1 rejected", "ingest", "--project", dir) // a zero date is no date
	if out := must(t, "rejects", "--project", dir, "--format", "csv"); !strings.Contains(out, "value.missing") || !strings.Contains(out, "payment_id=2") {
		t.Errorf("rejects:\n%s", out)
	}
	execute(t, server.Admin, "update payments set amount = 11, version = 4 where id = 1")
	if r := erp(t, nil, "ingest", "--project", dir); r.code != exitRejects || !strings.Contains(r.err, "payments.sql: 2 lines loaded, 1 rejected") || !strings.Contains(r.err, "rates.sql: nothing to do") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
	if got := fmt.Sprint(folded(t, dir, "payments", "payment_id, entity_id, payment_date, amount")); got !=
		"[[1 ACME 2024-01-31 11.00] [3 ACME 2024-02-01 -5.00]]" {
		t.Errorf("payments %s", got)
	}
	if got := fmt.Sprint(folded(t, dir, "exchange_rates", "currency, base_currency, rate_date, rate")); got != "[[USD EUR 2024-01-31 1.08370000]]" {
		t.Errorf("rates %s", got)
	}
}
