package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	mssql "github.com/microsoft/go-mssqldb"
	"github.com/sijms/go-ora/v2/network"
	"modernc.org/sqlite"
)

// failure is an error of a database without its secrets. Nothing of the error of
// the driver is kept but its text.
type failure struct {
	text string
	lost bool // the connection was lost, or the server was busy
}

func (f *failure) Error() string { return f.text }

// Retryable tells whether an error of Read may heal by itself.
func Retryable(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.lost
}

// failure makes an error of the driver safe to show. What the receiving side of a
// read says passes through.
func (d *Database) failure(name string, err error) error {
	var write *writeError
	if errors.As(err, &write) {
		return write.error
	}
	lost := isLost(err)
	text := fmt.Sprintf("%s: the database says: %s", name, d.scrub(err.Error()))
	switch {
	case lost:
		text = fmt.Sprintf("%s: the connection to the database was lost or refused: %s", name, d.scrub(err.Error()))
	case isReadOnly(err):
		text += ": a query only reads, and runs in a transaction that cannot write"
	}
	return &failure{text: text, lost: lost}
}

// isReadOnly recognises the refusal of a server to write.
func isReadOnly(err error) bool {
	var pg *pgconn.PgError
	var my *mysql.MySQLError
	switch {
	case errors.As(err, &pg):
		return pg.Code == "25006"
	case errors.As(err, &my):
		return my.Number == 1792
	}
	return false
}

// isLost tells whether a connection was lost, or a server was busy or going down.
func isLost(err error) bool {
	var pg *pgconn.PgError
	var my *mysql.MySQLError
	var ms mssql.Error
	var ora *network.OracleError
	var lite *sqlite.Error
	var netErr net.Error
	switch {
	case errors.As(err, &pg):
		switch pg.Code {
		case "57P01", "57P02", "57P03", "53300", "40001", "40P01":
			return true
		}
		return strings.HasPrefix(pg.Code, "08")
	case errors.As(err, &my):
		switch my.Number {
		case 1040, 1053, 1205, 1213, 1927, 2006, 2013: // too many, shutdown, lock, deadlock, killed, gone, lost
			return true
		}
		return false
	case errors.As(err, &ms):
		switch ms.Number {
		case 1205, 4060, 10928, 10929, 40197, 40501, 40613: // deadlock, and a server that is moving
			return true
		}
		return false
	case errors.As(err, &ora):
		return ora.Bad()
	case errors.As(err, &lite):
		code := lite.Code() & 0xFF
		return code == 5 || code == 6 // busy, locked
	case errors.As(err, &netErr):
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Waits are the pauses between attempts: a read is tried once more after each.
func Waits() []time.Duration {
	return []time.Duration{2 * time.Second, 10 * time.Second, 30 * time.Second}
}

// Retry runs attempt until it succeeds, fails for good, or no pause is left. said is
// told each error that is tried again, with the pause before that.
func Retry(ctx context.Context, waits []time.Duration, sleep func(context.Context, time.Duration) error, said func(error, time.Duration), attempt func() error) error {
	for i := 0; ; i++ {
		err := attempt()
		if err == nil || !Retryable(err) {
			return err
		}
		if i == len(waits) {
			return fmt.Errorf("%w (tried %d times)", err, i+1)
		}
		said(err, waits[i])
		if err := sleep(ctx, waits[i]); err != nil {
			return err
		}
	}
}
