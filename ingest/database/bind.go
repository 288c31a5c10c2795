package database

import (
	"database/sql"

	"github.com/golang-sql/civil"
)

// sqliteForm ends at the last digit that is not zero: SQLite compares moments as
// text, and a shorter text is never greater than the moment it stands for.
const sqliteForm = "2006-01-02 15:04:05.999999999"

// arguments are the values that a statement binds for :since.
func arguments(driver string, since Mark, binds int) []any {
	var out []any
	for range binds {
		value := argument(driver, since)
		if driver == SQLServer {
			value = sql.Named("since", value)
		}
		out = append(out, value)
	}
	return out
}

// argument is a mark in the type that compares well with a column of the driver: as
// text where the server reads text as the type of the column, typed elsewhere.
func argument(driver string, m Mark) any {
	switch {
	case driver == Postgres:
		return m.String() // the server gives it the type of the column
	case m.kind == numberMark:
		return m.number
	case driver == Oracle:
		return m.at
	case driver == SQLServer && m.kind == zonedMark:
		return m.at // datetimeoffset
	case driver == SQLServer:
		return civil.DateTimeOf(m.at) // datetime2
	case driver == SQLite:
		h, min, s := m.at.Clock()
		if h+min+s+m.at.Nanosecond() == 0 {
			return m.at.Format("2006-01-02") // before every moment of the day
		}
		return m.at.Format(sqliteForm)
	}
	return m.at.Format(localForm)
}
