package database

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Mark is one value of a watermark column: a moment as the database writes it, a
// moment with its time zone, or a whole number. The zero Mark is none.
type Mark struct {
	kind   markKind
	at     time.Time // a moment without a zone stands in UTC
	number int64
}

type markKind int

const (
	noMark markKind = iota
	localMark
	zonedMark
	numberMark
)

// errMark says which values can be watermarks.
var errMark = errors.New("a watermark is a date, a date with a time, or a whole number")

const (
	localForm = "2006-01-02 15:04:05.999999999"
	earliest  = "1900-01-01"
)

// Earliest is the mark of a first run: before anything that changes.
func Earliest() Mark {
	m, _ := ParseMark(earliest) // a constant
	return m
}

// ParseMark reads what Mark.String writes, and dates and moments as ISO 8601 writes
// them. Empty text is the zero Mark.
func ParseMark(text string) (Mark, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Mark{}, nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return Mark{kind: numberMark, number: n}, nil
	}
	for _, form := range []string{localForm, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil {
			return Mark{kind: localMark, at: t}, nil
		}
	}
	for _, form := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07"} {
		if t, err := time.Parse(form, text); err == nil {
			return Mark{kind: zonedMark, at: t.UTC()}, nil
		}
	}
	return Mark{}, fmt.Errorf("%q: %w", text, errMark)
}

// markOf reads a value of a watermark column; zoned tells whether the column keeps
// a time zone. A null is the zero Mark.
func markOf(value any, zoned bool) (Mark, error) {
	switch v := value.(type) {
	case nil:
		return Mark{}, nil
	case time.Time:
		if zoned {
			return Mark{kind: zonedMark, at: v.UTC()}, nil
		}
		wall := time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), v.Nanosecond(), time.UTC)
		return Mark{kind: localMark, at: wall}, nil
	case int64:
		return Mark{kind: numberMark, number: v}, nil
	case float64:
		if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
			return Mark{}, errMark
		}
		return Mark{kind: numberMark, number: int64(v)}, nil
	case string:
		return ParseMark(v)
	case []byte:
		return ParseMark(string(v))
	}
	return Mark{}, errMark
}

// IsZero tells whether there is no mark.
func (m Mark) IsZero() bool { return m.kind == noMark }

// String writes the mark so that ParseMark reads it.
func (m Mark) String() string {
	switch m.kind {
	case localMark:
		return m.at.Format(localForm)
	case zonedMark:
		return m.at.Format(time.RFC3339Nano)
	case numberMark:
		return strconv.FormatInt(m.number, 10)
	}
	return ""
}

// Compare orders marks; any mark is greater than none. Marks of different kinds
// cannot be compared.
func (m Mark) Compare(o Mark) (int, error) {
	switch {
	case m.kind == noMark || o.kind == noMark:
		return cmp.Compare(min(int(m.kind), 1), min(int(o.kind), 1)), nil
	case (m.kind == numberMark) != (o.kind == numberMark), m.kind != o.kind:
		return 0, fmt.Errorf("the watermarks %s and %s are not of one kind", m, o)
	case m.kind == numberMark:
		return cmp.Compare(m.number, o.number), nil
	}
	return m.at.Compare(o.at), nil
}

// Later returns the greater of two marks. Where they are of different kinds the
// column has changed, and o, the newer, counts.
func (m Mark) Later(o Mark) Mark {
	if order, err := m.Compare(o); err == nil && order > 0 {
		return m
	}
	return o
}

func (m Mark) isNumber() bool { return m.kind == numberMark }

// after tells whether a moment lies after the limit; a number never does.
func (m Mark) after(limit time.Time) bool {
	return (m.kind == localMark || m.kind == zonedMark) && !limit.IsZero() && m.at.After(limit)
}

// Overlap says how far before the last mark a run begins to read: rows may become
// visible later than their mark says.
type Overlap struct {
	time   time.Duration
	number int64
	isSet  bool
	text   string
}

// DefaultOverlap of marks that are moments; for numbers it is 0.
const DefaultOverlap = time.Hour

// ParseOverlap reads a duration such as 2h or 30m, or a whole number. Empty text is
// the default.
func ParseOverlap(text string) (Overlap, error) {
	if text == "" {
		return Overlap{time: DefaultOverlap}, nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
		return Overlap{number: n, isSet: true, text: text}, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return Overlap{}, fmt.Errorf("%q is not an overlap: write a duration such as 2h or 30m, or a whole number where the watermark is one", text)
	}
	return Overlap{time: d, isSet: true, text: text}, nil
}

// Back is the mark from which to read on after m.
func (m Mark) Back(o Overlap) (Mark, error) {
	switch {
	case m.kind == noMark:
		return m, nil
	case m.kind == numberMark && o.isSet && o.time != 0, m.kind != numberMark && o.isSet && o.number != 0:
		return m, fmt.Errorf("the overlap %s does not fit the watermark %s: write a duration for moments, a whole number for numbers", o.text, m)
	case m.kind == numberMark:
		m.number -= o.number
	default:
		m.at = m.at.Add(-o.time)
	}
	return m, nil
}
