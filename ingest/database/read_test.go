package database_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/database"
	"github.com/encours/encours/ingest/database/databasetest"
)

// invoiceFields are a dataset with every kind of field.
var invoiceFields = []ingest.Field{
	{Name: "side", Type: "varchar", Required: true}, {Name: "document_id", Type: "varchar", Required: true},
	{Name: "instalment", Type: "integer", Required: true}, {Name: "issue_date", Type: "date", Required: true},
	{Name: "due_date", Type: "date"}, {Name: "amount", Type: "decimal(18, 2)", Required: true}, {Name: "is_disputed", Type: "boolean"},
}

// target is one database with a table of invoices of its own.
type target struct {
	connection database.Connection
	admin      *sql.DB
	create     string // of the table invoices
	kill       string // ends the connections of the reader; empty where there are none
	insert     string // a query that would write
}

func targets(t *testing.T) map[string]func(t *testing.T) target {
	return map[string]func(t *testing.T) target{
		"postgres": func(t *testing.T) target {
			s := databasetest.Postgres(t)
			return target{
				connection: database.Connection{Driver: database.Postgres, DSN: s.DSN, Timeout: time.Minute}, admin: s.Admin,
				create: "create table invoices (number varchar(20) primary key, part smallint, issued date, due timestamp, amount numeric, disputed boolean, note text, changed timestamptz)",
				kill:   "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'",
				insert: "with x as (insert into invoices (number) values ('W') returning number) select number as document_id from x",
			}
		},
		"mariadb": func(t *testing.T) target {
			s := databasetest.MariaDB(t)
			return target{
				connection: database.Connection{Driver: database.MySQL, DSN: s.DSN, Timeout: time.Minute}, admin: s.Admin,
				create: "create table invoices (number varchar(20) primary key, part smallint, issued date, due datetime, amount decimal(24,6), disputed boolean, note text, changed datetime(6))",
				insert: "select next_number() as document_id",
			}
		},
		"sqlite": func(t *testing.T) target {
			path := filepath.Join(t.TempDir(), "erp 100%?#.db")
			db, err := sql.Open("sqlite", "file:"+strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			return target{
				connection: database.Connection{Driver: database.SQLite, DSN: path, Timeout: time.Minute}, admin: db,
				create: "create table invoices (number varchar(20) primary key, part smallint, issued date, due datetime, amount decimal(24,6), disputed boolean, note text, changed text)",
			}
		},
	}
}

const selectInvoices = `-- all that changed since :since
select 'customer' as side, number as document_id, part as instalment, issued as issue_date, due as due_date, amount,
       disputed as is_disputed, note as "Note", changed
from invoices where changed >= :since and number <> ':since' order by number;
`

// read runs a query and returns its records.
func read(ctx context.Context, db *database.Database, q database.Query, limit time.Time) (string, []ingest.Reject, database.Stats, error) {
	var out bytes.Buffer
	var rejects []ingest.Reject
	stats, err := db.Read(ctx, q, limit, &out, func(r ingest.Reject) error {
		rejects = append(rejects, r)
		return nil
	}, nil)
	return strings.ReplaceAll(out.String(), "\x1f", "|"), rejects, stats, err
}

func open(t *testing.T, c database.Connection) *database.Database {
	t.Helper()
	db, err := database.Open(c)
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

func execute(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// quotedNote names the column Note as each server does.
func quotedNote(driver, text string) string {
	if driver == database.MySQL {
		return strings.ReplaceAll(text, `"Note"`, "`Note`")
	}
	return text
}

// TestRead reads the same rows from every server that runs here: to the last digit,
// with nulls, bad values and what changed since a mark.
func TestRead(t *testing.T) {
	for name, start := range targets(t) {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			execute(t, s.admin, s.create,
				"insert into invoices values ('F-1', 1, '2024-01-31', '2024-03-01 00:00:00', 1234567890123.45, true, 'l''été', '2024-05-01 10:00:00')",
				"insert into invoices values ('F-2', 2, '2024-02-29', null, -0.125, null, null, '2024-05-02 10:00:00.123456')",
				"insert into invoices values ('F-3', 1, null, null, 5, false, 'x', '2024-05-03 08:00:00')",
				"insert into invoices values (':since', 1, '2024-01-01', null, 5, false, 'x', '2024-05-03 08:00:00')")
			db := open(t, s.connection)
			query := database.Query{
				Name: "invoices.sql", Text: quotedNote(s.connection.Driver, selectInvoices), Fields: invoiceFields, Keep: []string{"note"},
				Watermark: "changed", Since: database.Earliest(),
			}
			out, rejects, stats, err := read(t.Context(), db, query, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			want := "1|customer|F-1|1|2024-01-31|2024-03-01|1234567890123.45|true|l'été\n2|customer|F-2|2|2024-02-29||-0.13||\n"
			if out != want {
				t.Errorf("rows\n%swant\n%s", out, want)
			}
			if len(rejects) != 1 || rejects[0].Line != 3 || rejects[0].Column != "issue_date" || rejects[0].Reason != "value.missing" ||
				!strings.Contains(rejects[0].Raw, "document_id=F-3") {
				t.Errorf("rejects %+v", rejects)
			}
			if len(stats.Rounded) != 1 || stats.Rounded[0].Field != "amount" || stats.Rounded[0].Sum != "-0.0050000000" || stats.Rows != 2 || stats.Rejects != 1 {
				t.Errorf("stats %+v", stats)
			}
			if at := stats.Watermark.String(); !strings.HasPrefix(strings.Replace(at, "T", " ", 1), "2024-05-03 08:00:00") {
				t.Errorf("watermark %s", at)
			}
			back, err := database.ParseOverlap("22h")
			if err != nil {
				t.Fatal(err)
			}
			if query.Since, err = stats.Watermark.Back(back); err != nil {
				t.Fatal(err)
			}
			if out, _, _, err := read(t.Context(), db, query, time.Time{}); err != nil || strings.Count(out, "\n") != 1 || !strings.Contains(out, "F-2") {
				t.Errorf("since %s: %v\n%s", query.Since, err, out)
			}
			limit := time.Date(2024, 5, 2, 12, 0, 0, 0, time.UTC)
			if _, _, stats, err := read(t.Context(), db, query, limit); err != nil || stats.Ahead != 1 || !strings.Contains(stats.Watermark.String(), "10:00:00.123456") {
				t.Errorf("with a limit: %v, %+v", err, stats)
			}
			t.Run("backslash", func(t *testing.T) { readBackslash(t, s) })
			t.Run("writing", func(t *testing.T) { refuseWriting(t, s, db) })
			t.Run("connection lost", func(t *testing.T) { loseConnection(t, s, db) })
		})
	}
}

// readBackslash turns the meaning of a backslash around for every new connection: the
// statement still means what Prepare took it for.
func readBackslash(t *testing.T, s target) {
	text, want := `select '\' as document_id, 'x' as side where '0' < :since`, "1|x|\\\n"
	switch s.connection.Driver {
	case database.Postgres:
		execute(t, s.admin, "alter role reader set standard_conforming_strings = off")
	case database.MySQL:
		execute(t, s.admin, "set global sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES,ANSI_QUOTES'")
		text, want = `select '\\' as document_id, 'x' as "side" where '0' < :since`, "1|x|\\\n"
	}
	out, _, _, err := read(t.Context(), open(t, s.connection), database.Query{Name: "q.sql", Text: text, Fields: invoiceFields[:2], Since: database.Earliest()}, time.Time{})
	if err != nil || out != want {
		t.Errorf("%q, error %v, want %q", out, err, want)
	}
}

// refuseWriting sends what would write: the server refuses it, and nothing changes.
func refuseWriting(t *testing.T, s target, db *database.Database) {
	switch s.connection.Driver {
	case database.SQLite:
		t.Skip("SQLite has no select that writes; TestSQLiteIsReadOnly opens the file")
	case database.MySQL:
		execute(t, s.admin, "create function next_number() returns int modifies sql data begin insert into invoices (number) values ('W'); return 1; end")
	}
	_, _, _, err := read(t.Context(), db, database.Query{Name: "bad.sql", Text: s.insert, Fields: invoiceFields[1:2]}, time.Time{})
	if err == nil || !strings.Contains(err.Error(), "a query only reads") && !strings.Contains(err.Error(), "into") {
		t.Errorf("error %v", err)
	}
	var count int
	if err := s.admin.QueryRow("select count(*) from invoices where number = 'W'").Scan(&count); err != nil || count != 0 {
		t.Errorf("%d rows were written, error %v", count, err)
	}
}

// loseConnection ends the connection of the reader in mid-read: that is an error
// that may be tried again, and trying again gives every row.
func loseConnection(t *testing.T, s target, db *database.Database) {
	const rows = 200_000
	kill := s.kill
	switch s.connection.Driver {
	case database.SQLite:
		t.Skip("a file has no connection")
	case database.MySQL:
		execute(t, s.admin, "create table many as select seq from seq_1_to_200000")
	case database.Postgres:
		execute(t, s.admin, "create table many as select generate_series(1, 200000) as seq")
	}
	query := database.Query{Name: "many.sql", Text: "select concat('N', seq) as document_id from many", Fields: invoiceFields[1:2]}
	cut := &cutter{at: 300_000, cut: func() error {
		if s.connection.Driver == database.MySQL {
			return killReader(s.admin)
		}
		_, err := s.admin.Exec(kill)
		return err
	}}
	attempts, pauses := 0, 0
	var stats database.Stats
	err := database.Retry(t.Context(), []time.Duration{time.Second, time.Second}, func(context.Context, time.Duration) error {
		pauses++
		return nil
	}, func(err error, _ time.Duration) {
		if strings.Contains(err.Error(), databasetest.Password) {
			t.Errorf("the message holds the password: %v", err)
		}
	}, func() (err error) {
		attempts++
		var out io.Writer = io.Discard
		if attempts == 1 {
			out = cut
		}
		stats, err = db.Read(t.Context(), query, time.Time{}, out, func(ingest.Reject) error { return errors.New("a reject") }, nil)
		return err
	})
	if err != nil || attempts != 2 || pauses != 1 || stats.Rows != rows {
		t.Errorf("%d attempts, %d pauses, %d rows, error %v", attempts, pauses, stats.Rows, err)
	}
	if cut.err != nil {
		t.Error(cut.err)
	}
}

// cutter runs cut once so many bytes came through.
type cutter struct {
	at, seen int
	cut      func() error
	err      error
}

func (c *cutter) Write(p []byte) (int, error) {
	if c.seen < c.at && c.seen+len(p) >= c.at {
		c.err = c.cut()
	}
	c.seen += len(p)
	return len(p), nil
}

// killReader ends every connection of the reader to MariaDB.
func killReader(admin *sql.DB) error {
	rows, err := admin.Query("select id from information_schema.processlist where user = 'reader'")
	if err != nil {
		return err
	}
	defer rows.Close()
	var ids []int
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return err
		}
		ids = append(ids, id)
	}
	for _, id := range ids {
		if _, err := admin.Exec(fmt.Sprintf("kill %d", id)); err != nil {
			return err
		}
	}
	return rows.Err()
}
