package canonical

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"
)

func TestSetValue(t *testing.T) {
	const name, day, amount, count, flag = 0, 1, 2, 3, 4
	at := time.Date(2025, 3, 9, 23, 59, 0, 0, time.FixedZone("", 3600))
	for _, c := range []struct {
		name   string
		column int
		value  any
		want   string
		err    error
	}{
		{"nothing", amount, nil, "", nil},
		{"text", name, " Élan ", "Élan", nil},
		{"bytes as text", name, []byte("a\x00b"), "a b", nil},
		{"number as text", name, json.Number("0012"), "0012", nil},
		{"float as text", name, 1e15, "1000000000000000", nil},
		{"day as text", name, time.Date(2025, 3, 9, 0, 0, 0, 0, time.UTC), "2025-03-09", nil},
		{"yes as text", name, true, "true", nil},
		{"date", day, "2025-02-28", "2025-02-28", nil},
		{"no such day", day, "2025-02-29", "", ErrDate},
		{"date with a time", day, "2025-02-28T00:00:00Z", "", ErrDate},
		{"French date", day, "28/02/2025", "", ErrDate},
		{"empty date", day, " ", "", nil},
		{"moment", day, at, "2025-03-09", nil},
		{"number as date", day, int64(20250228), "", ErrDate},
		{"decimal text", amount, "-12.345", "-12.35", nil},
		{"French number", amount, "12,34", "", ErrNumber},
		{"exponent in text", amount, "1e3", "", ErrNumber},
		{"JSON number", amount, json.Number("1234567890123456.78"), "1234567890123456.78", nil},
		{"JSON exponent", amount, json.Number("1.25e2"), "125", nil},
		{"JSON hundred", amount, json.Number("1e2"), "100", nil},
		{"JSON small exponent", amount, json.Number("125E-2"), "1.25", nil},
		{"JSON absurd exponent", amount, json.Number("1e999999999"), "", ErrTooLarge},
		{"float", amount, 0.1, "0.1", nil},
		{"not a number", amount, math.NaN(), "", ErrNumber},
		{"infinite", amount, math.Inf(1), "", ErrNumber},
		{"yes as number", amount, true, "", ErrKind},
		{"half a count", count, 1.5, "", ErrWhole},
		{"count", count, int64(7), "7", nil},
		{"yes", flag, "1", "true", nil},
		{"no", flag, json.Number("0"), "false", nil},
		{"maybe", flag, "yes", "", ErrBool},
		{"a float as yes", flag, 1.0, "", ErrBool},
		{"another kind", amount, struct{}{}, "", ErrKind},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := NewRecord(columns(t), 0)
			if err := r.SetValue(c.column, c.value); !errors.Is(err, c.err) || r.Value(c.column) != c.want {
				t.Errorf("%q, %v; want %q, %v", r.Value(c.column), err, c.want, c.err)
			}
		})
	}
}
