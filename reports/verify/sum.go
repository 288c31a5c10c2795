package verify

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/encours/encours/reports/table"
)

// sum adds the values of a column up, exactly.
type sum struct {
	name   string
	want   string
	column int
	scale  int
	total  big.Int
	bad    string // a value that is no number
}

func parseSums(text string, columns []table.Column) ([]*sum, error) {
	var sums []*sum
	for _, field := range strings.Fields(text) {
		name, want, _ := strings.Cut(field, "=")
		i := slices.IndexFunc(columns, func(c table.Column) bool { return c.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("a sum is said of the column %q, which there is not", name)
		}
		sums = append(sums, &sum{name: name, want: want, column: i, scale: columns[i].Scale})
	}
	return sums, nil
}

func (s *sum) add(text string) {
	if text == "" {
		return
	}
	units, decimals, _ := strings.Cut(text, ".")
	number, ok := new(big.Int).SetString(units+decimals, 10)
	if !ok || len(decimals) != s.scale {
		s.bad = text
		return
	}
	s.total.Add(&s.total, number)
}

func (s *sum) text() string {
	if s.bad != "" {
		return fmt.Sprintf("%q is no number with %d decimals", s.bad, s.scale)
	}
	return fixed(&s.total, s.scale)
}

// fixed writes an integer as a number with decimals.
func fixed(number *big.Int, scale int) string {
	digits := new(big.Int).Abs(number).String()
	if scale > 0 {
		if short := scale + 1 - len(digits); short > 0 {
			digits = strings.Repeat("0", short) + digits
		}
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if number.Sign() < 0 {
		return "-" + digits
	}
	return digits
}
