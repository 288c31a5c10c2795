package canonical

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// ErrKind says that a value is of a kind that the column cannot take.
var ErrKind = errors.New("a value of another kind is needed here")

// SetValue sets a field from a typed value: nil, a string, []byte, bool, int64,
// float64 (by its shortest text), json.Number or time.Time. An empty string is no
// value. A string in a date column is YYYY-MM-DD, in a number column plain decimal
// text, and in a column of yes and no one of true, false, 1 and 0. A time in a date
// column is the day that it has in its own zone.
func (r *Record) SetValue(column int, value any) error {
	if value == nil {
		r.values[column] = ""
		return nil
	}
	switch r.columns[column].Kind {
	case Date:
		return r.setDateValue(column, value)
	case Number:
		text, err := numberText(value)
		if err != nil || text == "" {
			return err
		}
		return r.SetNumber(column, text)
	case Bool:
		return r.setBoolValue(column, value)
	}
	switch v := value.(type) {
	case string:
		r.SetText(column, v)
	case []byte:
		r.SetText(column, string(v))
	case bool:
		r.SetText(column, strconv.FormatBool(v))
	case time.Time:
		r.SetText(column, timeText(v))
	default:
		text, err := numberText(value)
		if err != nil {
			return err
		}
		r.SetText(column, text)
	}
	return nil
}

func (r *Record) setDateValue(column int, value any) error {
	switch v := value.(type) {
	case time.Time:
		return r.SetDate(column, v)
	case []byte:
		return r.setDateValue(column, string(v))
	case string:
		if v = strings.TrimSpace(v); v == "" {
			return nil
		}
		day, err := time.Parse(time.DateOnly, v)
		if err != nil {
			return ErrDate
		}
		return r.SetDate(column, day)
	}
	return ErrDate
}

func (r *Record) setBoolValue(column int, value any) error {
	switch v := value.(type) {
	case bool:
		r.SetBool(column, v)
		return nil
	case int64:
		return r.setBoolValue(column, strconv.FormatInt(v, 10))
	case json.Number:
		return r.setBoolValue(column, v.String())
	case []byte:
		return r.setBoolValue(column, string(v))
	case string:
		switch strings.TrimSpace(v) {
		case "":
		case "true", "1":
			r.SetBool(column, true)
		case "false", "0":
			r.SetBool(column, false)
		default:
			return ErrBool
		}
		return nil
	}
	return ErrBool
}

// numberText is the plain decimal text of a value, empty for an empty string.
func numberText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v), nil
	case []byte:
		return strings.TrimSpace(string(v)), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", ErrNumber
		}
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case json.Number:
		return plain(v.String())
	case bool, time.Time:
		return "", ErrKind
	}
	return "", fmt.Errorf("%w: %T", ErrKind, value)
}

// plain writes a JSON number without an exponent. One that no column could hold is
// refused before its digits are written out.
func plain(text string) (string, error) {
	mantissa, exponent, found := strings.Cut(strings.ToLower(text), "e")
	if !found {
		return text, nil
	}
	power, err := strconv.Atoi(exponent)
	if err != nil || power < -400 || power > 400 || len(mantissa) > 400 {
		return "", ErrTooLarge
	}
	value, ok := new(big.Rat).SetString(mantissa + "e" + strconv.Itoa(power))
	if !ok {
		return "", ErrNumber
	}
	digits := value.FloatString(max(1, len(mantissa)-power))
	return strings.TrimSuffix(strings.TrimRight(digits, "0"), "."), nil
}

// timeText is the day where the time is a midnight, else the moment.
func timeText(t time.Time) string {
	if t.Equal(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339Nano)
}
