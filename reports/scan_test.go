package reports

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

func decimal(value int64, scale uint8) duckdb.Decimal {
	return duckdb.Decimal{Width: 38, Scale: scale, Value: big.NewInt(value)}
}

func TestAmountsAreExact(t *testing.T) {
	for name, c := range map[string]struct {
		src  any
		want Amount
		fail bool
	}{
		"cents":             {decimal(-123456, 2), -123456, false},
		"no decimals":       {decimal(7, 0), 700, false},
		"an integer":        {int32(-3), -300, false},
		"more, but zeros":   {decimal(12300, 4), 123, false},
		"more than cents":   {decimal(12301, 4), 0, true},
		"18 digits":         {decimal(999999999999999999, 2), 999999999999999999, false},
		"the largest":       {decimal(math.MaxInt64, 2), math.MaxInt64, false},
		"one more":          {duckdb.Decimal{Scale: 2, Value: new(big.Int).Add(big.NewInt(math.MaxInt64), big.NewInt(1))}, 0, true},
		"too large, scaled": {big.NewInt(math.MaxInt64), 0, true},
		"NULL":              {nil, 0, true},
		"a float":           {1.5, 0, true},
		"a text":            {"1.50", 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			var got Amount
			err := got.Scan(c.src)
			if (err != nil) != c.fail || (!c.fail && got != c.want) {
				t.Errorf("got %d, %v", got, err)
			}
		})
	}
}

func TestRatiosAndDaysAreRounded(t *testing.T) {
	for name, c := range map[string]struct {
		src  any
		want Ratio
	}{
		"half up":        {decimal(123450, 6), Ratio{1235, true}},
		"under half":     {decimal(123449, 6), Ratio{1234, true}},
		"negative half":  {decimal(-123450, 6), Ratio{-1235, true}},
		"NULL":           {nil, Ratio{}},
		"one":            {decimal(1000000, 6), Ratio{10000, true}},
		"less than half": {decimal(-49, 6), Ratio{0, true}},
	} {
		t.Run(name, func(t *testing.T) {
			var got Ratio
			if err := got.Scan(c.src); err != nil || got != c.want {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
		})
	}
	var days Days
	if err := days.Scan(decimal(8245, 2)); err != nil || days != (Days{8245, true}) {
		t.Errorf("days %v, %v", days, err)
	}
	if err := days.Scan(nil); err != nil || days.Valid {
		t.Errorf("no days: %v, %v", days, err)
	}
}

func TestShare(t *testing.T) {
	for name, c := range map[string]struct {
		part, whole Amount
		want        Ratio
	}{
		"a third":   {1, 3, Ratio{3333, true}},
		"two":       {2, 3, Ratio{6667, true}},
		"a credit":  {-2, 3, Ratio{-6667, true}},
		"of none":   {1, 0, Ratio{}},
		"of less":   {1, -5, Ratio{}},
		"very much": {math.MaxInt64, math.MaxInt64, Ratio{10000, true}},
		"too much":  {math.MaxInt64, 1, Ratio{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := share(c.part, c.whole); got.Valid != c.want.Valid || (got.Valid && got != c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestNullsLeaveZeroValues(t *testing.T) {
	line, ref, due := int64(0), "", time.Time{}
	for _, err := range []error{number(&line).Scan(nil), text(&ref).Scan(nil), date(&due).Scan(nil), number(&line).Scan(int64(5))} {
		if err != nil {
			t.Error(err)
		}
	}
	if line != 5 || ref != "" || !due.IsZero() {
		t.Error(line, ref, due)
	}
}
