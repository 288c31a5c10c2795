package canonical

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"testing"
	"time"
)

func TestSetValue(t *testing.T) {
	paris := time.FixedZone("UTC+2", 7200)
	for _, c := range []struct {
		name   string
		column int // 0 text, 1 date, 2 decimal, 3 integer, 4 boolean
		given  any
		want   string
		err    error
	}{
		{"nil", 2, nil, "", nil},
		{"blank text", 2, " \u00a0", "", nil},
		{"text", 0, " a\nb ", "a b", nil},
		{"bytes", 0, []byte("é"), "é", nil},
		{"number as text", 0, int64(140105686), "140105686", nil},
		{"leading zeros", 0, "000123", "000123", nil},
		{"float without noise", 2, 0.1, "0.1", nil},
		{"float that is rounded", 2, 1.005, "1.01", nil},
		{"large float", 2, 1e15, "1000000000000000", nil},
		{"float32", 2, float32(0.1), "0.1", nil},
		{"not a number", 2, math.NaN(), "", ErrNumber},
		{"infinite", 2, math.Inf(1), "", ErrNumber},
		{"JSON number", 2, json.Number("1.5E3"), "1500", nil},
		{"JSON number, huge", 2, json.Number("1e999999999"), "", ErrTooLarge},
		{"decimal of a driver", 2, big.NewInt(12), "12", nil},
		{"comma", 2, "1,5", "", ErrNumber},
		{"unsigned", 3, uint8(7), "7", nil},
		{"day", 1, "2024-02-29", "2024-02-29", nil},
		{"moment", 1, "2024-02-29T23:59:59+02:00", "2024-02-29", nil},
		{"moment of a database", 1, "2024-02-29 23:59:59.123+00", "2024-02-29", nil},
		{"time value", 1, time.Date(2024, 2, 29, 23, 30, 0, 0, paris), "2024-02-29", nil},
		{"time value as text", 0, time.Date(2024, 2, 29, 0, 0, 0, 0, paris), "2024-02-29", nil},
		{"no such day", 1, "2023-02-29", "", ErrDate},
		{"day first", 1, "29/02/2024", "", ErrDate},
		{"day with rest", 1, "2024-02-29x", "", ErrDate},
		{"number as a date", 1, 45321, "", ErrDate},
		{"yes", 4, "Yes", "true", nil},
		{"zero as a boolean", 4, 0, "false", nil},
		{"boolean", 4, true, "true", nil},
		{"boolean as a number", 2, true, "", ErrNumber},
		{"perhaps", 4, "perhaps", "", ErrBool},
		{"list", 0, []string{"a"}, "", ErrType},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := NewRecord(columns(t), 0)
			if err := r.SetValue(c.column, c.given); !errors.Is(err, c.err) || r.Value(c.column) != c.want {
				t.Errorf("%q, %v; want %q, %v", r.Value(c.column), err, c.want, c.err)
			}
		})
	}
}

// FuzzPlainNumber: the plain form is the same number.
func FuzzPlainNumber(f *testing.F) {
	for _, s := range []string{"1e3", "1.25E-2", "-0.1e1", "9e400", "e", "1e", "+.5e+2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain, err := PlainNumber(text)
		if err != nil {
			return
		}
		given, ok := new(big.Rat).SetString(text)
		got, fits := new(big.Rat).SetString(plain)
		if !ok {
			given, ok = new(big.Rat).SetString(plain) // forms that Go reads otherwise, such as "1. "
		}
		if !ok || !fits || given.Cmp(got) != 0 {
			t.Fatalf("%q as %q", text, plain)
		}
	})
}
