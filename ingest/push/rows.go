package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

// Stats is what became of a message.
type Stats struct {
	Rows     int64
	Rejects  int64
	Warnings []string // values that were rounded, by column
}

// Decode reads a message, writes its canonical rows to w and hands over what could
// not become a row. fields are those of the dataset. The line of a row is that of
// the text for NDJSON and CSV, else the number of the record, from 1. An error is a
// *Refusal, or one of w, of reject or of ctx; what was written before it is void.
func Decode(ctx context.Context, body []byte, format Format, fields []ingest.Field, limits Limits,
	w io.Writer, reject func(ingest.Reject) error,
) (Stats, error) {
	columns, err := canonical.Columns(fields)
	if err != nil {
		return Stats{}, err
	}
	s := &sink{
		ctx: ctx, columns: columns, record: canonical.NewRecord(columns, 0), limits: limits, w: w, reject: reject,
	}
	switch format {
	case NDJSON:
		err = s.readNDJSON(body)
	case JSON:
		err = s.readJSON(body)
	case CSV:
		err = s.readCSV(body)
	case Parquet:
		err = s.readParquet(body)
	case Arrow:
		err = s.readArrow(body)
	default:
		err = fmt.Errorf("read message: no format %q", format)
	}
	if err == nil {
		err = s.flush()
	}
	s.stats.Warnings = s.roundings()
	return s.stats, err
}

// sink turns records into rows and rejects.
type sink struct {
	ctx     context.Context
	columns []canonical.Column
	record  *canonical.Record
	limits  Limits
	w       io.Writer
	reject  func(ingest.Reject) error
	buffer  []byte
	stats   Stats
}

const flushBytes = 1 << 20

func (s *sink) flush() error {
	_, err := s.w.Write(s.buffer)
	s.buffer = s.buffer[:0]
	return err
}

func (s *sink) column(name string) int {
	return slices.IndexFunc(s.columns, func(c canonical.Column) bool { return c.Name == name })
}

// place finds the columns that the names of a header or a schema stand for.
func (s *sink) place(names []string) ([]int, error) {
	places := make([]int, len(names))
	var unknown []string
	for i, name := range names {
		places[i] = s.column(name)
		if places[i] < 0 {
			unknown = append(unknown, name)
		} else if slices.Contains(names[:i], name) {
			return nil, refuse("fields.duplicate", "the field %q is given twice: keep one", name)
		}
	}
	if len(unknown) > 0 {
		return nil, s.unknown(unknown, "")
	}
	for i, c := range s.columns {
		if c.Required && !slices.Contains(places, i) {
			return nil, refuse("fields.missing", "the field %q is missing, and every record needs it", c.Name)
		}
	}
	return places, nil
}

// unknown refuses names that the dataset does not have.
func (s *sink) unknown(names []string, where string) error {
	const most = 10
	quoted := make([]string, 0, most)
	for _, name := range names[:min(len(names), most)] {
		quoted = append(quoted, fmt.Sprintf("%q", cut(name, 80)))
	}
	if more := len(names) - most; more > 0 {
		quoted = append(quoted, fmt.Sprintf("and %d more", more))
	}
	known := make([]string, len(s.columns))
	for i, c := range s.columns {
		known[i] = c.Name
	}
	return refuse("fields.unknown", "the dataset has no field %s%s: its fields are %s",
		strings.Join(quoted, ", "), where, strings.Join(known, ", "))
}

// add makes a row, or a reject, of one record: values[i] goes to column places[i].
func (s *sink) add(line int64, places []int, values []any, raw func() string) error {
	if err := s.count(); err != nil {
		return err
	}
	s.record.Reset()
	for i, value := range values {
		if err := s.record.SetValue(places[i], value); err != nil {
			return s.set(line, s.columns[places[i]].Name, display(value), err, raw)
		}
	}
	if missing := s.record.Missing(); missing >= 0 {
		return s.set(line, s.columns[missing].Name, "", canonical.ErrRequired, raw)
	}
	s.stats.Rows++
	s.buffer = s.record.Append(s.buffer, line)
	if len(s.buffer) >= flushBytes {
		return s.flush()
	}
	return nil
}

// count refuses a message of too many records before it takes one more.
func (s *sink) count() error {
	if s.stats.Rows+s.stats.Rejects >= s.limits.MaxRows {
		return s.tooManyRows()
	}
	return s.ctx.Err()
}

func (s *sink) tooManyRows() error {
	return refuse(CodeTooLarge, "the message has more than %d records: send it in parts, or raise push.max_rows in encours.yaml", s.limits.MaxRows)
}

// set sets a record aside for what is wrong with one of its values.
func (s *sink) set(line int64, column, value string, cause error, raw func() string) error {
	reason, message := explain(cause)
	return s.setAside(ingest.Reject{
		Line: line, Column: column, Value: cut(value, maxValue), Reason: reason, Message: message, Raw: cut(raw(), maxRaw),
	})
}

func (s *sink) setAside(r ingest.Reject) error {
	s.stats.Rejects++
	return s.reject(r)
}

// explain gives the code and the sentence of what is wrong with a value.
func explain(cause error) (reason, message string) {
	var listed *canonical.ListedError
	if errors.As(cause, &listed) {
		return "value.unknown", "write one of: " + strings.Join(listed.Allowed, ", ")
	}
	for _, known := range []struct {
		err             error
		reason, message string
	}{
		{canonical.ErrRequired, "value.missing", "this field has no value, and every record needs one"},
		{canonical.ErrTooLarge, "number.too_large", "the number is too large for its field"},
		{canonical.ErrWhole, "number.not_whole", "a whole number is needed here"},
		{canonical.ErrNumber, "number.invalid", "this is not a number: write digits with a dot for the decimals, such as -1234.56"},
		{canonical.ErrDate, "date.invalid", "this is not a date: write YYYY-MM-DD, such as 2025-12-31"},
		{canonical.ErrBool, "boolean.invalid", "write true or false"},
		{errNested, "value.nested", "a list or an object stands where a single value is needed"},
		{errRepeated, "field.duplicate", "the field is given twice in this record: which one counts cannot be told"},
	} {
		if errors.Is(cause, known.err) {
			return known.reason, known.message
		}
	}
	return "value.invalid", "the value is of a kind that its field cannot take"
}

// What is wrong with a value of a JSON record.
var (
	errNested   = errors.New("nested value")
	errRepeated = errors.New("repeated field")
)

const (
	maxValue = 4 << 10
	maxRaw   = 64 << 10
)

// cut shortens a text, and says so at its end.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + " … (cut)"
}

// display is a value as a message shows it.
func display(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return strings.ToValidUTF8(v, "\uFFFD")
	case []byte:
		return strings.ToValidUTF8(string(v), "\uFFFD")
	case time.Time:
		return v.Format(time.RFC3339Nano)
	}
	return fmt.Sprint(value)
}

// rawOf shows a record that has no text of its own as a JSON object.
func rawOf(names []string, values []any) func() string {
	return func() string {
		var b strings.Builder
		for i, name := range names {
			b.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
			key, _ := json.Marshal(name) // a string: cannot fail
			text, _ := json.Marshal(cut(display(values[i]), maxValue))
			b.Write(key)
			b.WriteByte(':')
			b.Write(text)
		}
		b.WriteByte('}')
		return b.String()
	}
}

// roundings says which columns had digits beyond their scale.
func (s *sink) roundings() []string {
	var out []string
	for i, r := range s.record.Roundings() {
		if r.Count > 0 {
			out = append(out, fmt.Sprintf("%s: %d values had more than %d decimals and were rounded, by %s in all",
				s.columns[i].Name, r.Count, s.columns[i].Scale, r.Sum.FloatString(10)))
		}
	}
	return out
}
