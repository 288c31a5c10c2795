package database

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/encours/encours/ingest/canonical"
)

// reader turns the rows of one result into records.
type reader struct {
	query   *Query
	driver  string
	columns []canonical.Column
	record  *canonical.Record
	names   []string // of the result
	field   []int    // of each column of the result: its field, or -1
	extra   []int    // … its place in Keep, or -1
	zoned   []bool   // … keeps a time zone
	mark    int      // column of the watermark, or -1
	limit   time.Time
}

// newReader finds the columns of the result by their names, whatever their case. A
// column that is neither a field nor kept, one that stands twice, and a field that
// must have a value and is not there are ErrQuery.
func newReader(driver string, query *Query, rows *sql.Rows, limit time.Time) (*reader, error) {
	columns, err := canonical.Columns(query.Fields)
	if err != nil {
		return nil, err
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	r := &reader{query: query, driver: driver, columns: columns, record: canonical.NewRecord(columns, len(query.Keep)), mark: -1, limit: limit}
	var unknown []string
	for i, t := range types {
		name := t.Name()
		if slices.ContainsFunc(r.names, func(o string) bool { return strings.EqualFold(o, name) }) {
			return nil, fmt.Errorf("%w: the column %q stands twice in its result: give each a name of its own by `as`", ErrQuery, name)
		}
		field := slices.IndexFunc(columns, func(c canonical.Column) bool { return strings.EqualFold(c.Name, name) })
		extra := slices.IndexFunc(query.Keep, func(o string) bool { return strings.EqualFold(o, name) })
		isMark := query.Watermark != "" && strings.EqualFold(name, query.Watermark)
		zoned := driver != SQLite && isZoned(t.DatabaseTypeName())
		if isMark {
			r.mark = i
		}
		if field >= 0 && columns[field].Kind == canonical.Date && zoned {
			return nil, fmt.Errorf("%w: the column %q is a moment with a time zone, and its day depends on the zone: say which in the query, such as "+
				"cast(%s at time zone 'Europe/Paris' as date) as %s", ErrQuery, name, name, columns[field].Name)
		}
		if field < 0 && extra < 0 && !isMark {
			unknown = append(unknown, name)
		}
		r.names, r.field, r.extra, r.zoned = append(r.names, name), append(r.field, field), append(r.extra, extra), append(r.zoned, zoned)
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("%w: the dataset has no field %s: rename the column by `as`, leave it out, or list it in keep; the fields are %s",
			ErrQuery, strings.Join(unknown, ", "), strings.Join(r.fieldNames(), ", "))
	}
	return r, r.complete()
}

// isZoned tells by the name of a type whether it keeps a time zone.
func isZoned(typeName string) bool {
	name := strings.ToUpper(typeName)
	return strings.Contains(name, "TZ") || name == "DATETIMEOFFSET" || strings.Contains(name, "TIME ZONE")
}

func (r *reader) fieldNames() []string {
	names := make([]string, len(r.columns))
	for i, c := range r.columns {
		names[i] = c.Name
	}
	return names
}

// complete checks that nothing that is needed is missing.
func (r *reader) complete() error {
	var missing []string
	for i, c := range r.columns {
		if c.Required && !slices.Contains(r.field, i) {
			missing = append(missing, c.Name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: its result lacks the fields %s: add them, a constant where it is one, such as 'customer' as side",
			ErrQuery, strings.Join(missing, ", "))
	}
	for i, name := range r.query.Keep {
		if !slices.Contains(r.extra, i) {
			return fmt.Errorf("%w: keep names the column %q, which its result does not have", ErrQuery, name)
		}
	}
	if r.query.Watermark != "" && r.mark < 0 {
		return fmt.Errorf("%w: its result lacks the watermark %q: select it", ErrQuery, r.query.Watermark)
	}
	return nil
}
