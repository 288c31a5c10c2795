// Package canonical turns values of extracts into the canonical stream that the
// landing zone takes: UTF-8 text, fields separated by 0x1F, records ended by LF, an
// empty field for no value, dates as YYYY-MM-DD, numbers with a dot.
//
// Invariant: a field of the stream is exact or its value is refused. Digits beyond
// the scale of a field are rounded half away from zero, and the rounding is counted
// and summed to the last digit.
package canonical

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/encours/encours/ingest"
)

// longestNumber is the longest text that is read as a number: exact arithmetic on
// longer ones would take long, and no amount needs them.
const longestNumber = 128

const (
	fieldEnd  = 0x1F
	recordEnd = '\n'
)

// Kind is what a field holds.
type Kind int

// The kinds of fields.
const (
	Text Kind = iota
	Date
	Number // decimal or integer
	Bool
)

// Column is a field with its type taken apart.
type Column struct {
	ingest.Field
	Kind   Kind
	Digits int // of a Number, in all
	Scale  int // of a Number, digits after the point
}

// Columns reads the types of fields as DuckDB writes them.
func Columns(fields []ingest.Field) ([]Column, error) {
	columns := make([]Column, len(fields))
	for i, f := range fields {
		c := Column{Field: f}
		switch {
		case f.Type == "varchar":
		case f.Type == "date":
			c.Kind = Date
		case f.Type == "boolean":
			c.Kind = Bool
		case f.Type == "integer":
			c.Kind, c.Digits = Number, 9
		case f.Type == "bigint":
			c.Kind, c.Digits = Number, 18
		case strings.HasPrefix(f.Type, "decimal("):
			if _, err := fmt.Sscanf(f.Type, "decimal(%d, %d)", &c.Digits, &c.Scale); err != nil {
				return nil, fmt.Errorf("field %q: type %q: %w", f.Name, f.Type, err)
			}
			c.Kind = Number
		default:
			return nil, fmt.Errorf("field %q: no extract can give a %s", f.Name, f.Type)
		}
		columns[i] = c
	}
	return columns, nil
}

// What is wrong with a value.
var (
	ErrRequired = errors.New("a value is needed here")
	ErrNumber   = errors.New("this is not a number")
	ErrTooLarge = errors.New("the number is too large")
	ErrWhole    = errors.New("a whole number is needed here")
	ErrDate     = errors.New("this is not a date")
	ErrBool     = errors.New("this is neither yes nor no")
)

// ListedError says that a value is none of those that its field takes.
type ListedError struct {
	Allowed []string
}

func (e *ListedError) Error() string {
	return "this is none of the values of the field, which are: " + strings.Join(e.Allowed, ", ")
}

// Rounding is what became of digits beyond the scale of a column.
type Rounding struct {
	Count int64
	Sum   *big.Rat // Σ (landed − given), exact; nil where nothing was rounded
}

// Record builds one record of the stream. Its fields are set in any order, each at
// most once; those that are not set are empty.
type Record struct {
	columns   []Column
	extras    int
	values    []string
	roundings []Rounding // by column
	rounded   []rounded  // in this record
}

// rounded is the rounding of one value.
type rounded struct {
	column     int
	difference *big.Rat
}

// NewRecord returns an empty record of these columns and so many extra fields.
func NewRecord(columns []Column, extras int) *Record {
	return &Record{
		columns: columns, extras: extras,
		values: make([]string, len(columns)+extras), roundings: make([]Rounding, len(columns)),
	}
}

// Reset empties the record.
func (r *Record) Reset() {
	clear(r.values)
	r.rounded = r.rounded[:0]
}

// Value is the canonical text of a field, empty where it has no value.
func (r *Record) Value(column int) string { return r.values[column] }

// Roundings are those of all records appended so far, by column.
func (r *Record) Roundings() []Rounding { return r.roundings }

// SetText sets a text field. Control characters and line ends become spaces, bytes
// that are not UTF-8 the replacement character, and spaces at both ends go. A text that the
// field does not take is a *ListedError; no text is no value.
func (r *Record) SetText(column int, text string) error {
	text = cleanText(text)
	if allowed := r.columns[column].Values; len(allowed) > 0 && text != "" && !slices.Contains(allowed, text) {
		return &ListedError{Allowed: allowed}
	}
	r.values[column] = text
	return nil
}

// SetExtra sets the field of an extra column.
func (r *Record) SetExtra(extra int, text string) { r.values[len(r.columns)+extra] = cleanText(text) }

// SetDate sets a date field.
func (r *Record) SetDate(column int, day time.Time) error {
	if day.Year() < 1 || day.Year() > 9999 {
		return ErrDate
	}
	r.values[column] = day.Format(time.DateOnly)
	return nil
}

// SetBool sets a yes-or-no field.
func (r *Record) SetBool(column int, yes bool) { r.values[column] = strconv.FormatBool(yes) }

// SetNumber sets a number field from plain decimal text: an optional sign, digits,
// and a dot with digits after it. Exponents, groups and anything else are ErrNumber.
func (r *Record) SetNumber(column int, text string) error {
	c := r.columns[column]
	negative, whole, fraction, ok := splitNumber(text)
	if !ok {
		return ErrNumber
	}
	if len(fraction) <= c.Scale {
		if len(whole) > c.Digits-c.Scale {
			return ErrTooLarge
		}
		r.values[column] = join(negative, whole, fraction)
		return nil
	}
	given, _ := new(big.Rat).SetString(join(negative, whole, fraction))
	if c.Scale == 0 && !given.IsInt() {
		return ErrWhole
	}
	landed := given.FloatString(c.Scale) // half away from zero
	_, whole, fraction, _ = splitNumber(landed)
	if len(whole) > c.Digits-c.Scale {
		return ErrTooLarge
	}
	r.values[column] = join(negative, whole, fraction)
	value, _ := new(big.Rat).SetString(landed)
	if difference := value.Sub(value, given); difference.Sign() != 0 {
		r.rounded = append(r.rounded, rounded{column, difference})
	}
	return nil
}

// Missing returns the first required column without a value, or -1.
func (r *Record) Missing() int {
	for i, c := range r.columns {
		if c.Required && r.values[i] == "" {
			return i
		}
	}
	return -1
}

// Append adds the record to dst: the line, the fields in their order, the extras.
func (r *Record) Append(dst []byte, line int64) []byte {
	dst = strconv.AppendInt(dst, line, 10)
	for _, v := range r.values {
		dst = append(dst, fieldEnd)
		dst = append(dst, v...)
	}
	for _, v := range r.rounded {
		rounding := &r.roundings[v.column]
		if rounding.Sum == nil {
			rounding.Sum = new(big.Rat)
		}
		rounding.Count++
		rounding.Sum.Add(rounding.Sum, v.difference)
	}
	r.rounded = r.rounded[:0]
	return append(dst, recordEnd)
}

// splitNumber takes plain decimal text apart. Leading zeros of the whole part go.
func splitNumber(text string) (negative bool, whole, fraction string, ok bool) {
	text = strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(text, "-"):
		negative, text = true, text[1:]
	case strings.HasPrefix(text, "+"):
		text = text[1:]
	}
	whole, fraction, _ = strings.Cut(text, ".")
	if len(text) > longestNumber || whole+fraction == "" || !digits(whole) || !digits(fraction) {
		return false, "", "", false
	}
	return negative, strings.TrimLeft(whole, "0"), fraction, true
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return c < '0' || c > '9' }) < 0
}

// join writes a number; zero carries no sign.
func join(negative bool, whole, fraction string) string {
	if whole == "" {
		whole = "0"
	}
	text := whole
	if fraction != "" {
		text += "." + fraction
	}
	if negative && strings.Trim(text, "0.") != "" {
		text = "-" + text
	}
	return text
}

func cleanText(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	clean := func(c rune) bool { return c < ' ' || c == 0x7F }
	if strings.IndexFunc(s, clean) >= 0 {
		s = strings.Map(func(c rune) rune {
			if clean(c) {
				return ' '
			}
			return c
		}, s)
	}
	return strings.Trim(s, " \u00a0\u202f\ufeff")
}
