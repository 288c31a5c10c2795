package fec

import (
	"bytes"
	"fmt"
)

// Reasons why an amount is refused.
const (
	amountInvalid   = "amount.invalid"
	amountPrecision = "amount.precision"
	amountRange     = "amount.range"
)

const (
	maxDigits    = 18  // of a DECIMAL(18,2)
	longestValue = 128 // of an amount as written, padding included
)

// amountError is why a field is not an amount; its text completes
// `Debit "…" is not an amount: `.
type amountError struct{ reason, why string }

// appendAmount appends the canonical form of an amount, -?[0-9]{1,16}\.[0-9]{2},
// to out. The field is trimmed and not empty. threeDecimals tells that it was
// written with exactly three decimals, the last of them 0.
//
// Taken: a decimal comma or dot; a sign before or after; padding zeros;
// thousands set apart by spaces, no-break spaces, or by dots where a comma is
// the decimal mark; an exponent, where the value is exact to the cent.
func appendAmount(out, b []byte) (res []byte, threeDecimals bool, problem *amountError) {
	n := len(b)
	if n < 4 || n > maxDigits+1 || (b[n-3] != ',' && b[n-3] != '.') {
		return slowAmount(out, b)
	}
	c, d := b[n-2]-'0', b[n-1]-'0'
	if c > 9 || d > 9 {
		return slowAmount(out, b)
	}
	whole := b[:n-3]
	negative := whole[0] == '-'
	if negative {
		whole = whole[1:]
	}
	for len(whole) > 1 && whole[0] == '0' {
		whole = whole[1:]
	}
	if len(whole) == 0 || len(whole) > maxDigits-2 {
		return slowAmount(out, b)
	}
	for _, x := range whole {
		if x-'0' > 9 {
			return slowAmount(out, b)
		}
	}
	if negative && (len(whole) > 1 || whole[0] != '0' || c|d != 0) {
		out = append(out, '-')
	}
	out = append(out, whole...)
	return append(out, '.', '0'+c, '0'+d), false, nil
}

// slowAmount is appendAmount for every form that is not plain digits with two
// decimals.
func slowAmount(out, b []byte) ([]byte, bool, *amountError) {
	if len(b) > longestValue {
		return out, false, &amountError{amountInvalid, fmt.Sprintf("it is %d characters long", len(b))}
	}
	negative, b, problem := takeSign(b)
	if problem != nil {
		return out, false, problem
	}
	mantissa, exponent, problem := takeExponent(b)
	if problem != nil {
		return out, false, problem
	}
	whole, decimals, problem := splitDecimals(mantissa)
	if problem != nil {
		return out, false, problem
	}
	all := append(append(make([]byte, 0, 2*longestValue), whole...), decimals...)
	scale := len(decimals) - exponent
	all = bytes.TrimLeft(all, "0")
	if len(all) == 0 {
		return append(out, "0.00"...), false, nil
	}
	for ; scale < 2; scale++ {
		all = append(all, '0')
	}
	for ; scale > 2; scale-- {
		last := len(all) - 1
		if last < 0 || all[last] != '0' {
			return out, false, tooPrecise(whole, decimals, exponent)
		}
		all = all[:last]
	}
	if len(all) > maxDigits {
		return out, false, &amountError{amountRange, "it has more than 16 digits before the decimal mark"}
	}
	if negative {
		out = append(out, '-')
	}
	for len(all) < 3 {
		all = append([]byte{'0'}, all...)
	}
	cents := len(all) - 2
	out = append(append(append(out, all[:cents]...), '.'), all[cents:]...)
	return out, len(decimals) == 3 && exponent == 0, nil
}

// takeSign takes the one sign that an amount may have, first or last.
func takeSign(b []byte) (negative bool, rest []byte, problem *amountError) {
	isSign := func(c byte) bool { return c == '+' || c == '-' }
	first := len(b) > 0 && isSign(b[0])
	last := len(b) > 0 && isSign(b[len(b)-1])
	switch {
	case first && last:
		return false, b, &amountError{amountInvalid, "it has two signs, or no digits"}
	case first:
		return b[0] == '-', trimText(b[1:]), nil
	case last:
		return b[len(b)-1] == '-', trimText(b[:len(b)-1]), nil
	}
	return false, b, nil
}

// takeExponent splits 1,2E3 into 1,2 and 3.
func takeExponent(b []byte) (mantissa []byte, exponent int, problem *amountError) {
	i := bytes.IndexAny(b, "eE")
	if i < 0 {
		return b, 0, nil
	}
	digitsOf := b[i+1:]
	negative := false
	if len(digitsOf) > 0 && (digitsOf[0] == '+' || digitsOf[0] == '-') {
		negative = digitsOf[0] == '-'
		digitsOf = digitsOf[1:]
	}
	n := digits(digitsOf)
	if i == 0 || len(digitsOf) == 0 || len(digitsOf) > 2 || n < 0 {
		return b, 0, notANumber()
	}
	if negative {
		n = -n
	}
	mantissa = b[:i]
	marks := bytes.Count(mantissa, []byte{','}) + bytes.Count(mantissa, []byte{'.'})
	if marks > 1 || bytes.ContainsAny(mantissa, " \u00A0\u202F") {
		return b, 0, &amountError{amountInvalid, "an exponent and thousands marks do not go together"}
	}
	return mantissa, n, nil
}

// splitDecimals finds the decimal mark, checks the thousands marks and returns
// the digits on both sides.
func splitDecimals(b []byte) (whole, decimals []byte, problem *amountError) {
	commas, dots := bytes.Count(b, []byte{','}), bytes.Count(b, []byte{'.'})
	mark := -1
	switch {
	case commas == 0 && dots == 0:
	case commas == 1:
		mark = bytes.IndexByte(b, ',')
		if bytes.LastIndexByte(b, '.') > mark {
			return nil, nil, &amountError{amountInvalid, "a comma for thousands and a dot for decimals is not a form of the FEC: write it with a decimal comma and no thousands mark"}
		}
	case commas == 0 && dots == 1:
		mark = bytes.IndexByte(b, '.')
	default:
		return nil, nil, &amountError{amountInvalid, "it has several decimal marks: write it with one decimal comma and no thousands mark"}
	}
	whole = b
	if mark >= 0 {
		whole, decimals = b[:mark], b[mark+1:]
		if len(decimals) == 0 || digits(decimals[:1]) < 0 || !allDigits(decimals) {
			return nil, nil, notANumber()
		}
	}
	if whole, problem = joinThousands(whole); problem != nil {
		return nil, nil, problem
	}
	if len(whole)+len(decimals) == 0 {
		return nil, nil, notANumber()
	}
	return whole, decimals, nil
}

// thousandsMarks are the marks that may set digits apart by threes: a space, a
// no-break space, a narrow no-break space, or a dot.
var thousandsMarks = []string{" ", "\u00A0", "\u202F", "."}

// joinThousands takes the thousands marks out of an integer, which must all be
// the same and stand between groups of three digits.
func joinThousands(b []byte) ([]byte, *amountError) {
	if allDigits(b) {
		return b, nil
	}
	for _, mark := range thousandsMarks {
		groups := bytes.Split(b, []byte(mark))
		if len(groups) < 2 {
			continue
		}
		for i, g := range groups {
			if !allDigits(g) || len(g) == 0 {
				return nil, notANumber()
			}
			if len(g) > 3 || (i > 0 && len(g) != 3) {
				return nil, &amountError{amountInvalid, "the marks between its digits do not set apart groups of three"}
			}
		}
		return bytes.Join(groups, nil), nil
	}
	return nil, notANumber()
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

func notANumber() *amountError {
	return &amountError{amountInvalid, "the expected form is digits with a decimal comma, such as 1234,56"}
}

// tooPrecise words the refusal of a value that is not exact to the cent. Three
// decimals have two readings, which differ a thousandfold: both are named.
func tooPrecise(whole, decimals []byte, exponent int) *amountError {
	if len(decimals) == 3 && exponent == 0 && len(whole) > 0 && len(whole) <= 3 {
		return &amountError{amountPrecision, fmt.Sprintf(
			"it can be read as %s.%s, which is not exact to the cent, or as %s%s with a thousands mark: write it with two decimals and no thousands mark",
			whole, decimals, whole, decimals)}
	}
	return &amountError{amountPrecision, "it is not exact to the cent: write it with two decimals"}
}
