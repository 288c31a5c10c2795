package table

import (
	"fmt"
	"math/big"
	"strings"
)

// Sum adds numbers up that are written with a fixed number of decimals, exactly.
type Sum struct {
	Scale int // decimals

	whole big.Int // in units of the last decimal
	part  int64   // the same, of the last numbers
	bad   string  // a value that is no such number
}

// mostDigits of a number are counted in an int64; the limit of the part leaves room
// for one more.
const (
	mostDigits = 18
	mostPart   = int64(1) << 62
)

// Add takes the next value; an empty one counts for nothing.
func (s *Sum) Add(text []byte) {
	if len(text) == 0 || s.bad != "" {
		return
	}
	digits, negative := text, text[0] == '-'
	if negative {
		digits = digits[1:]
	}
	number, decimals, dots, read := int64(0), 0, 0, 0
	for _, b := range digits {
		switch {
		case b >= '0' && b <= '9' && read < mostDigits:
			number = number*10 + int64(b-'0')
			read++
			decimals += dots
		case b == '.' && dots == 0:
			dots = 1
		default:
			s.addLong(string(text))
			return
		}
	}
	if read == 0 || decimals != s.Scale {
		s.bad = string(text)
		return
	}
	if negative {
		number = -number
	}
	s.part += number
	if s.part > mostPart || s.part < -mostPart {
		s.settle()
	}
}

// addLong is Add for a number of more digits than an int64 holds.
func (s *Sum) addLong(text string) {
	units, decimals, _ := strings.Cut(text, ".")
	number, ok := new(big.Int).SetString(units+decimals, 10)
	if !ok || len(decimals) != s.Scale {
		s.bad = text
		return
	}
	s.whole.Add(&s.whole, number)
}

func (s *Sum) settle() {
	s.whole.Add(&s.whole, big.NewInt(s.part))
	s.part = 0
}

// Text returns the sum, or an error that names a value that is no number with Scale
// decimals.
func (s *Sum) Text() (string, error) {
	if s.bad != "" {
		return "", fmt.Errorf("%q is no number with %d decimals", s.bad, s.Scale)
	}
	s.settle()
	return Fixed(&s.whole, s.Scale), nil
}

// Fixed writes an integer as a number with decimals.
func Fixed(number *big.Int, scale int) string {
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
