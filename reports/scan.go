package reports

import (
	"database/sql"
	"fmt"
	"math/big"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Decimal places of the three figures.
const (
	amountPlaces = 2
	daysPlaces   = 2
	ratioPlaces  = 4
)

// Scan reads a DECIMAL or an integer. NULL is an error: a query says what an
// absent amount means. So is a figure with more than two decimals, or one that
// does not fit: an amount is exact or it is not shown.
func (a *Amount) Scan(src any) error {
	value, exact, err := fixed(src, amountPlaces)
	if err == nil && !exact {
		err = fmt.Errorf("read amount: %v has more than %d decimals", src, amountPlaces)
	}
	*a = Amount(value)
	return err
}

// Scan reads a DECIMAL, rounded to hundredths; NULL is not valid.
func (d *Days) Scan(src any) (err error) {
	*d = Days{Valid: src != nil}
	if d.Valid {
		d.Hundredths, _, err = fixed(src, daysPlaces)
	}
	return err
}

// Scan reads a DECIMAL between 0 and 1, rounded to ten-thousandths; NULL is not
// valid.
func (r *Ratio) Scan(src any) (err error) {
	*r = Ratio{Valid: src != nil}
	if r.Valid {
		r.BasisPoints, _, err = fixed(src, ratioPlaces)
	}
	return err
}

// fixed is the one place where what DuckDB calls a number becomes an integer of
// a number of decimal places, halves rounded away from zero. exact says that
// nothing was rounded. A number that does not fit is an error.
func fixed(src any, places int) (value int64, exact bool, err error) {
	number, scale := new(big.Int), 0
	switch v := src.(type) {
	case duckdb.Decimal:
		number, scale = new(big.Int).Set(v.Value), int(v.Scale)
	case *big.Int:
		number.Set(v)
	case int64:
		number.SetInt64(v)
	case int32:
		number.SetInt64(int64(v))
	default:
		return 0, false, fmt.Errorf("read decimal: a value of type %T is none", src)
	}
	exact = true
	if scale <= places {
		number.Mul(number, power10(places-scale))
	} else {
		exact = divide(number, power10(scale-places))
	}
	if !number.IsInt64() {
		return 0, false, fmt.Errorf("read decimal: %v is too large", src)
	}
	return number.Int64(), exact, nil
}

// divide divides number by a positive divisor, halves rounded away from zero, and
// says whether nothing was left.
func divide(number, divisor *big.Int) bool {
	sign, rest := int64(number.Sign()), new(big.Int)
	number.QuoRem(number, divisor, rest)
	exact := rest.Sign() == 0
	if rest.Abs(rest).Lsh(rest, 1).Cmp(divisor) >= 0 {
		number.Add(number, big.NewInt(sign))
	}
	return exact
}

func power10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// share returns part ÷ whole, not valid where whole is not positive.
func share(part, whole Amount) Ratio {
	if whole <= 0 {
		return Ratio{}
	}
	scaled := new(big.Int).Mul(big.NewInt(int64(part)), power10(ratioPlaces))
	divide(scaled, big.NewInt(int64(whole)))
	return Ratio{BasisPoints: scaled.Int64(), Valid: scaled.IsInt64()}
}

// orZero reads a value that may be NULL; NULL leaves the zero value.
type orZero[T any] struct{ to *T }

// Scan implements sql.Scanner.
func (o orZero[T]) Scan(src any) error {
	var value sql.Null[T]
	if err := value.Scan(src); err != nil {
		return err
	}
	*o.to = value.V
	return nil
}

func text(to *string) orZero[string]       { return orZero[string]{to} }
func number(to *int64) orZero[int64]       { return orZero[int64]{to} }
func date(to *time.Time) orZero[time.Time] { return orZero[time.Time]{to} }
