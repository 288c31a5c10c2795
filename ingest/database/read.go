package database

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

// Read sends a query and writes its rows to w as the canonical stream; what cannot
// be a row goes to reject, with the number of the row in the result, from 1.
// progress, which may be nil, is told the rows read. Marks after limit do not count
// as the watermark; a zero limit is none.
//
// An error that trying again may heal is Retryable. After any error what was
// written is incomplete.
func (d *Database) Read(ctx context.Context, query Query, limit time.Time, w io.Writer, reject func(ingest.Reject) error, progress func(int64)) (Stats, error) {
	statement, err := Prepare(d.Driver, query.Text)
	if err != nil {
		return Stats{}, fmt.Errorf("%s: %w", query.Name, err)
	}
	within := ctx
	if d.Timeout > 0 {
		var stop context.CancelFunc
		within, stop = context.WithTimeout(ctx, d.Timeout)
		defer stop()
	}
	stats, err := d.read(within, query, statement, limit, w, reject, progress)
	switch {
	case err == nil:
		return stats, nil
	case ctx.Err() != nil:
		return stats, context.Cause(ctx)
	case within.Err() != nil:
		return stats, fmt.Errorf("%s: the query took longer than %s: make it faster, or raise timeout of the source", query.Name, d.Timeout)
	case errors.Is(err, ErrQuery):
		return stats, fmt.Errorf("%s: %w", query.Name, err)
	}
	return stats, d.failure(query.Name, err)
}

func (d *Database) read(ctx context.Context, query Query, statement Statement, limit time.Time, w io.Writer, reject func(ingest.Reject) error, progress func(int64)) (stats Stats, err error) {
	tx, end, err := d.begin(ctx)
	if err != nil {
		return stats, err
	}
	defer end()
	rows, err := tx.QueryContext(ctx, statement.Text, arguments(d.Driver, query.Since, statement.Binds)...)
	if err != nil {
		return stats, err
	}
	defer rows.Close() // Err is read below
	r, err := newReader(d.Driver, &query, rows, limit)
	if err != nil {
		return stats, err
	}
	out := bufio.NewWriterSize(w, 1<<17)
	if stats, err = r.copy(ctx, rows, out, reject, progress); err != nil {
		return stats, err
	}
	if err := out.Flush(); err != nil {
		return stats, &writeError{err}
	}
	return stats, nil
}

// writeError is an error of the receiving side: it holds nothing of the database.
type writeError struct{ error }

func (e *writeError) Unwrap() error { return e.error }

// copy reads to the end of the result.
func (r *reader) copy(ctx context.Context, rows *sql.Rows, out io.Writer, reject func(ingest.Reject) error, progress func(int64)) (Stats, error) {
	var stats Stats
	var sum digest
	values, into := make([]any, len(r.names)), make([]any, len(r.names))
	for i := range values {
		into[i] = &values[i]
	}
	var line []byte
	for number := int64(1); rows.Next(); number++ {
		if err := rows.Scan(into...); err != nil {
			return stats, err
		}
		if err := r.watch(values, &stats); err != nil {
			return stats, fmt.Errorf("%w: row %d: %w", ErrQuery, number, err)
		}
		bad := r.fill(values)
		if bad != nil {
			bad.Line, bad.Raw = number, r.raw(values)
			sum.add([]byte(bad.Raw))
			stats.Rejects++
			if err := reject(*bad); err != nil {
				return stats, &writeError{err}
			}
			continue
		}
		line = r.record.Append(line[:0], 0)
		sum.add(line)
		line = r.record.Append(line[:0], number)
		if _, err := out.Write(line); err != nil {
			return stats, &writeError{err}
		}
		stats.Rows++
		if progress != nil && number%4096 == 0 {
			progress(number)
		}
	}
	stats.Digest = sum.String()
	for i, rounding := range r.record.Roundings() {
		if rounding.Count > 0 {
			stats.Rounded = append(stats.Rounded, Rounded{r.columns[i].Name, rounding.Count, rounding.Sum.FloatString(10)})
		}
	}
	return stats, errors.Join(rows.Err(), ctx.Err())
}

// watch keeps the greatest watermark.
func (r *reader) watch(values []any, stats *Stats) error {
	if r.mark < 0 {
		return nil
	}
	mark, err := markOf(r.plain(values[r.mark]), r.zoned[r.mark])
	if err != nil {
		return fmt.Errorf("column %q: %w", r.names[r.mark], err)
	}
	switch {
	case mark.IsZero():
		stats.Unmarked++
		return nil
	case mark.after(r.limit):
		stats.Ahead++
		return nil
	case mark.isNumber() != r.query.Since.isNumber() && !r.query.Since.IsZero(): // some servers compare them all the same
		return fmt.Errorf("column %q: the watermark %s cannot be compared with %s, which %s stood for: "+
			"where the watermark is a number, write from: 0", r.names[r.mark], mark, r.query.Since, Placeholder)
	}
	order, err := mark.Compare(stats.Watermark)
	if err != nil {
		return fmt.Errorf("column %q: %w", r.names[r.mark], err)
	}
	if order > 0 {
		stats.Watermark = mark
	}
	return nil
}

// plain turns a value of the driver into one that a record takes. The zero dates
// of MySQL are no dates.
func (r *reader) plain(value any) any {
	if r.driver != MySQL {
		return value
	}
	if text, ok := value.([]byte); ok && strings.HasPrefix(string(text), "0000-00-00") {
		return nil
	}
	return value
}

// fill sets the record, or tells which value cannot be loaded.
func (r *reader) fill(values []any) *ingest.Reject {
	r.record.Reset()
	for i, value := range values {
		if r.extra[i] >= 0 {
			r.record.SetExtra(r.extra[i], valueText(value))
		}
		field := r.field[i]
		if field < 0 {
			continue
		}
		if r.columns[field].Kind == canonical.Date {
			value = r.plain(value)
		}
		if err := r.record.SetValue(field, value); err != nil {
			return &ingest.Reject{
				Column: r.names[i], Value: valueText(value), Reason: reason(err),
				Message: fmt.Sprintf("%s: correct it in the database, or convert it in the query", err),
			}
		}
	}
	if field := r.record.Missing(); field >= 0 {
		return &ingest.Reject{
			Column: r.columns[field].Name, Reason: "value.missing",
			Message: fmt.Sprintf("%s: fill it in the database, or leave the row out of the query", canonical.ErrRequired),
		}
	}
	return nil
}

// reason is the code of what is wrong with a value.
func reason(err error) string {
	var listed *canonical.ListedError
	if errors.As(err, &listed) {
		return "value.unknown"
	}
	for _, c := range []struct {
		err  error
		code string
	}{
		{canonical.ErrNumber, "number.invalid"}, {canonical.ErrTooLarge, "number.range"}, {canonical.ErrWhole, "number.whole"},
		{canonical.ErrDate, "date.invalid"}, {canonical.ErrBool, "boolean.invalid"},
	} {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return "value.type"
}

// maxRaw bounds the text of a rejected row.
const maxRaw = 64 << 10

// raw writes a row as name=value pairs.
func (r *reader) raw(values []any) string {
	var b strings.Builder
	for i, value := range values {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(r.names[i] + "=" + valueText(value))
		if b.Len() > maxRaw {
			return strings.ToValidUTF8(b.String()[:maxRaw], "") + " … (cut: the row is longer than 64 KiB)"
		}
	}
	return b.String()
}

// valueText writes a value as text, empty for null.
func valueText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case []byte:
		return string(v)
	case time.Time:
		if h, m, s := v.Clock(); h+m+s+v.Nanosecond() == 0 {
			return v.Format(time.DateOnly)
		}
		return v.Format(time.RFC3339Nano)
	}
	return fmt.Sprint(value)
}

// digest is the sum of the SHA-256 of texts, in four parts: the order of the texts
// does not matter, how often each stands does.
type digest [4]uint64

func (d *digest) add(text []byte) {
	sum := sha256.Sum256(text)
	for i := range d {
		d[i] += binary.BigEndian.Uint64(sum[8*i:])
	}
}

func (d *digest) String() string {
	var out []byte
	for _, part := range d {
		out = binary.BigEndian.AppendUint64(out, part)
	}
	return hex.EncodeToString(out)
}
