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

// ErrType says that a value is of a type that no field takes.
var ErrType = errors.New("a value of this type cannot be loaded")

// maxExponent bounds the digits that an exponent may ask for.
const maxExponent = 400

// SetValue sets a field from a typed value: nil, string, []byte, bool, any integer,
// float32, float64, json.Number, time.Time, or a fmt.Stringer whose text is a plain
// decimal. A float counts as its shortest decimal text, which gives it back exactly.
// Text is read strictly: dates as YYYY-MM-DD, perhaps followed by a time of day,
// numbers as SetNumber reads them, booleans as true, false, 1, 0, yes or no. Text of
// nothing but spaces, like nil, is no value.
func (r *Record) SetValue(column int, value any) error {
	kind := r.columns[column].Kind
	switch v := value.(type) {
	case nil:
		return nil
	case time.Time:
		if kind == Date || kind == Text {
			return r.setMoment(column, v)
		}
		return wrong(kind)
	case bool:
		switch kind {
		case Bool:
			r.SetBool(column, v)
			return nil
		case Text:
			return r.SetText(column, strconv.FormatBool(v))
		}
		return wrong(kind)
	}
	text, isNumber, err := valueText(value)
	if err != nil {
		return err
	}
	if kind == Date && isNumber {
		return ErrDate
	}
	return r.setText(column, text)
}

func (r *Record) setMoment(column int, moment time.Time) error {
	if r.columns[column].Kind == Date {
		return r.SetDate(column, moment)
	}
	layout := time.RFC3339Nano
	if h, m, s := moment.Clock(); h+m+s == 0 && moment.Nanosecond() == 0 {
		layout = time.DateOnly
	}
	return r.SetText(column, moment.Format(layout))
}

// setText sets a field of any kind from strict text.
func (r *Record) setText(column int, text string) error {
	text = cleanText(text)
	if text == "" {
		return nil
	}
	switch r.columns[column].Kind {
	case Number:
		return r.SetNumber(column, text)
	case Date:
		day, err := isoDay(text)
		if err != nil {
			return err
		}
		return r.SetDate(column, day)
	case Bool:
		switch strings.ToLower(text) {
		case "true", "1", "yes":
			r.SetBool(column, true)
		case "false", "0", "no":
			r.SetBool(column, false)
		default:
			return ErrBool
		}
		return nil
	}
	return r.SetText(column, text)
}

// isoDay reads YYYY-MM-DD, and the day of YYYY-MM-DD with a time of day, as it is
// written: no time zone moves it.
func isoDay(text string) (time.Time, error) {
	const length = len(time.DateOnly)
	if len(text) > length {
		ok := false
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999",
			"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07", "2006-01-02T15:04", "2006-01-02 15:04"} {
			if _, err := time.Parse(layout, text); err == nil {
				ok = true
				break
			}
		}
		if !ok {
			return time.Time{}, ErrDate
		}
		text = text[:length]
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, ErrDate
	}
	return day, nil
}

func wrong(kind Kind) error {
	switch kind {
	case Date:
		return ErrDate
	case Number:
		return ErrNumber
	case Bool:
		return ErrBool
	}
	return ErrType
}

// valueText writes a value as text, and tells whether it was a number.
func valueText(value any) (text string, isNumber bool, err error) {
	switch v := value.(type) {
	case string:
		return v, false, nil
	case []byte:
		return string(v), false, nil
	case json.Number:
		text, err = PlainNumber(v.String())
		return text, true, err
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return fmt.Sprint(v), true, nil
	case float32:
		return floatText(float64(v), 32)
	case float64:
		return floatText(v, 64)
	case fmt.Stringer:
		return v.String(), false, nil
	}
	return "", false, fmt.Errorf("%T: %w", value, ErrType)
}

func floatText(v float64, bits int) (string, bool, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "", true, ErrNumber
	}
	return strconv.FormatFloat(v, 'f', -1, bits), true, nil
}

// PlainNumber writes a decimal number that may carry an exponent, such as 1.5E3,
// without it. It is exact; an exponent beyond what any field can hold is ErrTooLarge.
func PlainNumber(text string) (string, error) {
	mantissa, exponent, found := strings.Cut(strings.ToLower(text), "e")
	negative, whole, fraction, ok := splitNumber(mantissa)
	if !ok {
		return "", ErrNumber
	}
	if !found {
		return join(negative, whole, fraction), nil
	}
	shift, err := strconv.Atoi(exponent)
	if err != nil {
		return "", ErrNumber
	}
	if shift < -maxExponent || shift > maxExponent || len(mantissa) > maxExponent {
		return "", ErrTooLarge
	}
	value, ok := new(big.Rat).SetString(join(negative, whole, fraction) + "e" + strconv.Itoa(shift))
	if !ok {
		return "", ErrNumber
	}
	plain := value.FloatString(max(0, len(fraction)-shift))
	if strings.Contains(plain, ".") {
		plain = strings.TrimRight(strings.TrimRight(plain, "0"), ".")
	}
	return plain, nil
}
