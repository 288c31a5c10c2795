package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"
	oracle "github.com/sijms/go-ora/v2"
	_ "modernc.org/sqlite" // the driver sqlite
)

// Connection says where a database is.
type Connection struct {
	Driver string
	// DSN is the connection string of the driver, a secret; for SQLite the path of
	// the file.
	DSN string
	// Origin says in messages where the connection string comes from, such as "the
	// environment variable ERP_DSN".
	Origin string
	// Timeout bounds one query with the reading of its result.
	Timeout time.Duration
}

// Database is a database that queries read. It is safe for one reader at a time.
type Database struct {
	Connection
	db     *sql.DB
	hidden []string // texts that no message may hold
}

const (
	programName    = "encours"
	connectTimeout = 15 * time.Second
	fetchRows      = 2000 // rows of one round trip, where a driver asks for them in portions
)

// forms are examples of connection strings, for messages.
var forms = map[string]string{
	Postgres:  "postgres://reader:password@host:5432/database?sslmode=verify-full",
	MySQL:     "reader:password@tcp(host:3306)/database?tls=true",
	SQLServer: "sqlserver://reader:password@host:1433?database=erp",
	Oracle:    "oracle://reader:password@host:1521/service",
}

// Open reads the connection string and connects to nothing yet. Its errors hold no
// part of it. The caller closes the Database.
func Open(c Connection) (*Database, error) {
	d := &Database{Connection: c}
	d.hide(c.DSN)
	var err error
	switch c.Driver {
	case Postgres:
		err = d.openPostgres()
	case MySQL:
		err = d.openMySQL()
	case SQLite:
		return d, d.openSQLite()
	case SQLServer:
		err = d.openSQLServer()
	case Oracle:
		err = d.openOracle()
	default:
		return nil, fmt.Errorf("open database: there is no driver %q", c.Driver)
	}
	if err != nil { // its text may quote the connection string, whole or in part
		return nil, fmt.Errorf("%s is not a connection string of the driver %s: write it as %s", c.Origin, c.Driver, forms[c.Driver])
	}
	d.db.SetMaxOpenConns(1)
	return d, nil
}

// Close ends every connection.
func (d *Database) Close() error { return d.db.Close() }

func (d *Database) openPostgres() error {
	config, err := pgx.ParseConfig(d.DSN)
	if err != nil {
		return err
	}
	d.hide(config.Password)
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = programName
	}
	d.db = stdlib.OpenDB(*config)
	return nil
}

func (d *Database) openMySQL() error {
	config, err := mysql.ParseDSN(d.DSN)
	if err != nil {
		return err
	}
	d.hide(config.Passwd)
	config.ParseTime = false // moments stay as they are written
	config.MultiStatements, config.InterpolateParams, config.AllowAllFiles = false, false, false
	config.Logger = &mysql.NopLogger{} // errors come back to the caller
	if config.Timeout == 0 {
		config.Timeout = connectTimeout
	}
	if config.ReadTimeout == 0 {
		config.ReadTimeout = d.Timeout
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return err
	}
	d.db = sql.OpenDB(connector)
	return nil
}

// openSQLite opens a file for reading: it is never made and never written.
func (d *Database) openSQLite() error {
	info, err := os.Stat(d.DSN)
	if err != nil {
		return fmt.Errorf("open database %q: %w", d.DSN, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("open database %q: it is not a file", d.DSN)
	}
	d.hidden = nil // a path is no secret
	file := url.URL{Scheme: "file", Opaque: (&url.URL{Path: d.DSN}).EscapedPath(),
		RawQuery: "mode=ro&_pragma=query_only(1)&_pragma=busy_timeout(10000)"}
	if d.db, err = sql.Open("sqlite", file.String()); err != nil {
		return fmt.Errorf("open database %q: %w", d.DSN, err)
	}
	d.db.SetMaxOpenConns(1)
	return nil
}

func (d *Database) openSQLServer() error {
	config, err := msdsn.Parse(d.DSN)
	if err != nil {
		return err
	}
	d.hide(config.Password)
	config.AppName = programName
	config.ReadOnlyIntent = config.Database != "" // the driver wants the name for it
	config.LogFlags = 0
	d.db = sql.OpenDB(mssql.NewConnectorConfig(config))
	return nil
}

func (d *Database) openOracle() error {
	dsn, err := url.Parse(d.DSN)
	if err != nil {
		return err
	}
	if dsn.Scheme != Oracle || dsn.Host == "" {
		return errors.New("not an address of Oracle")
	}
	config, err := oracle.ParseConfig(d.DSN)
	if err != nil {
		return err
	}
	d.hide(config.Password)
	options := dsn.Query()
	if !options.Has("PREFETCH_ROWS") {
		options.Set("PREFETCH_ROWS", fmt.Sprint(fetchRows)) // the driver's 25 make a trip for each
	}
	dsn.RawQuery = options.Encode()
	d.hide(dsn.String())
	d.db = sql.OpenDB(oracle.NewConnector(dsn.String()))
	return nil
}

// begin starts the transaction that reads. end rolls it back and gives the
// connection back, and may be called once begin has succeeded.
func (d *Database) begin(ctx context.Context) (tx *sql.Tx, end func(), err error) {
	conn, err := d.db.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, statement := range sessionStatements(d.Driver) {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return nil, nil, errors.Join(err, conn.Close())
		}
	}
	tx, err = conn.BeginTx(ctx, txOptions(d.Driver))
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	end = func() {
		// nothing was written: an error of the end changes nothing that was read
		_ = tx.Rollback()
		_ = conn.Close()
	}
	for _, statement := range d.txStatements() {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			end()
			return nil, nil, err
		}
	}
	return tx, end, nil
}

// txOptions make a transaction read-only where the driver can. The snapshot of
// PostgreSQL and MySQL holds for the whole query.
func txOptions(driver string) *sql.TxOptions {
	switch driver {
	case Postgres, MySQL:
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	case SQLite:
		return &sql.TxOptions{ReadOnly: true}
	}
	return nil // SQL Server has none; Oracle takes a statement
}

// sessionStatements are the first of a connection. They keep what would follow on it
// from writing, and make backslashes mean what Prepare takes them for.
func sessionStatements(driver string) []string {
	if driver == MySQL {
		return []string{
			"set session transaction read only",
			"set session sql_mode = replace(@@session.sql_mode, 'NO_BACKSLASH_ESCAPES', '')",
		}
	}
	return nil
}

// txStatements are the first of a transaction.
func (d *Database) txStatements() []string {
	switch d.Driver {
	case Postgres:
		statements := []string{"set local standard_conforming_strings = on"}
		if d.Timeout > 0 { // the server stops too when this program is gone
			statements = append(statements, fmt.Sprintf("set local statement_timeout = %d", d.Timeout.Milliseconds()))
		}
		return statements
	case Oracle:
		return []string{"set transaction read only"}
	}
	return nil
}

// hide keeps a text, as it stands and as an address writes it, out of messages.
func (d *Database) hide(secret string) {
	if secret == "" {
		return
	}
	d.hidden = append(d.hidden, secret, url.QueryEscape(secret), url.PathEscape(secret), url.UserPassword("", secret).String()[1:])
	if quoted := fmt.Sprintf("%q", secret); len(quoted) > 2 {
		d.hidden = append(d.hidden, quoted[1:len(quoted)-1])
	}
}

// scrub takes every hidden text out of a message.
func (d *Database) scrub(text string) string {
	for _, secret := range d.hidden {
		text = strings.ReplaceAll(text, secret, "•••")
	}
	return text
}
