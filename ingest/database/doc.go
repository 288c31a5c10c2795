// Package database reads the result of one query of a database as an extract: its
// columns are the fields of a dataset, its rows become records of the canonical
// stream.
//
// Invariant: a query runs as it stands in its file, in a transaction that cannot
// write and that is always rolled back; the only value that reaches it is the mark
// bound to the placeholder :since. A read that breaks off is an error, never a
// shorter result. Nothing of a connection string stands in an error.
//
// PostgreSQL, MySQL with MariaDB, and SQLite are tested against real servers. SQL
// Server and Oracle run through the same code and are tested up to the contract of
// their drivers: connection strings, placeholders and statements.
package database

import (
	"errors"

	"github.com/encours/encours/ingest"
)

// The drivers.
const (
	Postgres  = "postgres"
	MySQL     = "mysql" // and MariaDB
	SQLite    = "sqlite"
	SQLServer = "sqlserver"
	Oracle    = "oracle"
)

// Query is one query with what is expected of its result.
type Query struct {
	Name      string         // of its file, for messages
	Text      string         // as it stands in the file
	Fields    []ingest.Field // of the dataset, in the order of the stream
	Keep      []string       // columns beyond the dataset, in the order of the stream
	Watermark string         // column that grows with every change; empty for none
	Since     Mark           // bound to :since
}

// Stats are what a read has found.
type Stats struct {
	Rows, Rejects int64
	Rounded       []Rounded
	// Watermark is the greatest mark of the rows; the zero Mark where the query has
	// no watermark or no row has one. It does not pass the limit that Read was given.
	Watermark Mark
	Unmarked  int64  // rows whose watermark is null
	Ahead     int64  // rows whose mark lies beyond the limit
	Digest    string // of the rows and rejects whatever their order, in hexadecimal
}

// Rounded says what became of digits beyond the scale of a field.
type Rounded struct {
	Field string
	Count int64
	Sum   string // Σ (landed − given), exact
}

// ErrQuery says that a query cannot be sent, or that its result is not what the
// dataset needs. Trying again does not help.
var ErrQuery = errors.New("the query is refused")
