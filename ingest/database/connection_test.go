package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	mssql "github.com/microsoft/go-mssqldb"
	"github.com/sijms/go-ora/v2/network"
)

const password = `s3cr:t/'p@ss%41`

// TestOpen: connection strings that each driver takes, and their passwords are
// known, so that no message can show them.
func TestOpen(t *testing.T) {
	const escaped = "s3cr%3At%2F%27p%40ss%2541"
	for name, c := range map[string]struct{ driver, dsn string }{
		"postgres address":  {Postgres, "postgres://reader:" + escaped + "@localhost:1/erp"},
		"postgres words":    {Postgres, `host=localhost port=1 user=reader dbname=erp password='s3cr:t/\'p@ss%41'`},
		"mysql":             {MySQL, "reader:" + password + "@tcp(localhost:1)/erp"},
		"sqlserver address": {SQLServer, "sqlserver://reader:" + escaped + "@localhost:1?database=erp"},
		"sqlserver words":   {SQLServer, "server=localhost;port=1;user id=reader;database=erp;password=" + password},
		"oracle":            {Oracle, "oracle://reader:" + escaped + "@localhost:1/erp"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := Open(Connection{Driver: c.driver, DSN: c.dsn, Origin: "the test", Timeout: 20 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			message := d.scrub(fmt.Sprintf("login %s, %q, %s, %s failed", c.dsn, password, password, escaped))
			if strings.Contains(message, "s3cr") || strings.Contains(message, "ss%") {
				t.Errorf("a message says %q", message)
			}
			_, err = d.Read(t.Context(), Query{Name: "q.sql", Text: "select 1"}, time.Time{}, io.Discard, nil, nil) // nobody listens there
			if !Retryable(err) || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "s3cr") {
				t.Errorf("error %v, retryable %v", err, Retryable(err))
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	for driverName, dsn := range map[string]string{
		Postgres: "postgres://reader:" + password + "@[", MySQL: "reader:" + password + "@tcp(", SQLServer: "sqlserver://reader:" + password + "@h:port",
		Oracle: "reader/" + password + "@host",
	} {
		_, err := Open(Connection{Driver: driverName, DSN: dsn, Origin: "the environment variable ERP_DSN"})
		if err == nil || strings.Contains(err.Error(), "s3cr") || !strings.Contains(err.Error(), "ERP_DSN is not a connection string of the driver "+driverName) {
			t.Errorf("%s: error %v", driverName, err)
		}
	}
	if _, err := Open(Connection{Driver: SQLite, DSN: filepath.Join(t.TempDir(), "no.db")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := Open(Connection{Driver: "access"}); err == nil {
		t.Error("an unknown driver is opened")
	}
}

// TestReadOnly: how the transaction of each driver is kept from writing.
func TestReadOnly(t *testing.T) {
	for name, c := range map[string]struct {
		readOnly           bool
		session, statement string
	}{
		Postgres: {true, "", "set local standard_conforming_strings = on;set local statement_timeout = 60000"},
		MySQL:    {true, "set session transaction read only;set session sql_mode = replace(@@session.sql_mode, 'NO_BACKSLASH_ESCAPES', '')", ""},
		SQLite:   {true, "", ""}, SQLServer: {false, "", ""}, Oracle: {false, "", "set transaction read only"},
	} {
		d := &Database{Connection: Connection{Driver: name, Timeout: time.Minute}}
		options := txOptions(name)
		if got := options != nil && options.ReadOnly; got != c.readOnly || strings.Join(sessionStatements(name), ";") != c.session || strings.Join(d.txStatements(), ";") != c.statement {
			t.Errorf("%s: read-only %v, %q, %q", name, got, sessionStatements(name), d.txStatements())
		}
	}
}

// TestSQLiteIsReadOnly opens the file behind the check of the query: SQLite itself
// refuses to write.
func TestSQLiteIsReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "erp.db")
	admin, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec("create table t (a)"); err != nil {
		t.Fatal(err)
	}
	d, err := Open(Connection{Driver: SQLite, DSN: path})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	tx, end, err := d.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	if _, err := tx.Exec("insert into t values (1)"); err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("writing gives %v", err)
	}
}

func TestRetryable(t *testing.T) {
	d := &Database{}
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"terminated":          {&pgconn.PgError{Code: "57P01"}, true},
		"connection class":    {fmt.Errorf("read: %w", &pgconn.PgError{Code: "08006"}), true},
		"wrong password":      {&pgconn.PgError{Code: "28P01"}, false},
		"syntax":              {&pgconn.PgError{Code: "42601"}, false},
		"mysql lost":          {mysql.ErrInvalidConn, true},
		"mysql killed":        {&mysql.MySQLError{Number: 1927}, true},
		"mysql syntax":        {&mysql.MySQLError{Number: 1064}, false},
		"sqlserver deadlock":  {mssql.Error{Number: 1205}, true},
		"sqlserver syntax":    {mssql.Error{Number: 102}, false},
		"oracle lost":         {&network.OracleError{ErrCode: 3113}, true},
		"oracle no table":     {&network.OracleError{ErrCode: 942}, false},
		"refused":             {&net.OpError{Op: "dial", Err: errors.New("refused")}, true},
		"bad connection":      {driver.ErrBadConn, true},
		"end":                 {io.ErrUnexpectedEOF, true},
		"the receiving side":  {&writeError{io.EOF}, false},
		"a query that is bad": {fmt.Errorf("%w: x", ErrQuery), false},
	} {
		if got := Retryable(d.failure("q.sql", c.err)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestRetry: bounded, with growing pauses, and ended by its context.
func TestRetry(t *testing.T) {
	waits := []time.Duration{1, 5}
	run := func(results ...error) (attempts int, pauses string, err error) {
		err = Retry(t.Context(), waits, func(_ context.Context, d time.Duration) error {
			pauses += fmt.Sprint(int64(d), " ")
			return nil
		}, func(error, time.Duration) {}, func() error {
			attempts++
			return results[min(attempts, len(results))-1]
		})
		return attempts, pauses, err
	}
	lost, final := &failure{text: "lost", lost: true}, errors.New("final")
	for name, c := range map[string]struct {
		results  []error
		attempts int
		pauses   string
		want     string
	}{
		"at once":     {[]error{nil}, 1, "", "<nil>"},
		"second time": {[]error{lost, nil}, 2, "1 ", "<nil>"},
		"for good":    {[]error{lost, final}, 2, "1 ", "final"},
		"never":       {[]error{lost}, 3, "1 5 ", "lost (tried 3 times)"},
	} {
		if attempts, pauses, err := run(c.results...); attempts != c.attempts || pauses != c.pauses || fmt.Sprint(err) != c.want {
			t.Errorf("%s: %d attempts, pauses %q, error %v", name, attempts, pauses, err)
		}
	}
	stopped := errors.New("stopped")
	err := Retry(t.Context(), waits, func(context.Context, time.Duration) error { return stopped }, func(error, time.Duration) {}, func() error { return lost })
	if !errors.Is(err, stopped) {
		t.Errorf("a pause that is broken off gives %v", err)
	}
	if len(Waits()) == 0 || Waits()[0] <= 0 {
		t.Errorf("pauses %v", Waits())
	}
}
