// Package money is the one place where an exact decimal becomes text. Its
// invariant: no figure passes through a float, no digit is lost, and the same
// figure reads the same on every page of one language.
package money

import (
	"strings"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

const (
	noBreakSpace = "\u00a0"
	minusSign    = "\u2212" // as wide as a digit, unlike the hyphen
	centDigits   = 2
)

// Format writes figures by the habits of one language: its grouping, its
// decimal separator and the place of the currency. It is safe for concurrent
// use. Make one with For.
type Format struct {
	printer        *message.Printer
	decimal        string
	currencyBefore bool
}

// For returns the format of a language. Grouping and separators are those of
// CLDR as golang.org/x/text carries it; the currency stands before the figure
// in English and after it elsewhere.
func For(tag language.Tag) Format {
	printer := message.NewPrinter(tag)
	base, _ := tag.Base()
	return Format{
		printer:        printer,
		decimal:        strings.Trim(printer.Sprint(number.Decimal(1.5)), "0123456789"),
		currencyBefore: base.String() == "en",
	}
}

// Text writes hundredths with two decimals and no currency: −1 234,50.
func (f Format) Text(hundredths int64) string {
	return f.Fixed(hundredths, centDigits, centDigits)
}

// With writes hundredths with two decimals and the symbol of an ISO 4217
// currency: 1 234,50 € in French, €1,234.50 in English. A code that is not a
// currency stands as it is; an empty one is left out.
func (f Format) With(hundredths int64, code string) string {
	return f.symbol(f.Text(hundredths), code)
}

// Whole writes hundredths rounded to units, halves away from zero, with the
// currency. It is for headlines only; the exact figure belongs beside it.
func (f Format) Whole(hundredths int64, code string) string {
	return f.symbol(f.Fixed(hundredths, centDigits, 0), code)
}

// Int writes a count.
func (f Format) Int(n int64) string { return f.Fixed(n, 0, 0) }

// Fixed writes value ÷ 10^scale with exactly digits decimals, digits ≤ scale,
// rounding halves away from zero. A figure that rounds to zero has no sign.
func (f Format) Fixed(value int64, scale, digits int) string {
	magnitude := absolute(value)
	for range scale - digits - 1 {
		magnitude /= 10 // the last digit cut decides the rounding, below
	}
	if scale > digits {
		half := magnitude%10 >= 5
		magnitude /= 10
		if half {
			magnitude++
		}
	}
	unit := uint64(1)
	for range digits {
		unit *= 10
	}
	text := f.printer.Sprint(number.Decimal(magnitude / unit))
	if digits > 0 {
		text += f.decimal + padded(magnitude%unit, digits)
	}
	if value < 0 && magnitude != 0 {
		return minusSign + text
	}
	return text
}

// Signed puts a plus sign before a figure that Text, Whole or Fixed wrote and
// that is not negative; zero stays without a sign.
func Signed(value int64, text string) string {
	if value > 0 && strings.ContainsAny(text, "123456789") {
		return "+" + text
	}
	return text
}

// Plain writes hundredths for machines: -1234.50, in every language.
func Plain(hundredths int64) string {
	magnitude := absolute(hundredths)
	text := padded(magnitude, centDigits+1)
	text = text[:len(text)-centDigits] + "." + text[len(text)-centDigits:]
	if hundredths < 0 {
		return "-" + text
	}
	return text
}

// Symbol returns what stands for a currency in the language: € for EUR.
func (f Format) Symbol(code string) string {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return code
	}
	return f.printer.Sprint(currency.NarrowSymbol(unit))
}

func (f Format) symbol(text, code string) string {
	if code == "" {
		return text
	}
	symbol := f.Symbol(code)
	if !f.currencyBefore {
		return text + noBreakSpace + symbol
	}
	sign := ""
	if digits, negative := strings.CutPrefix(text, minusSign); negative {
		sign, text = minusSign, digits
	}
	if symbol == code {
		symbol += noBreakSpace
	}
	return sign + symbol + text
}

// absolute is exact for the smallest int64 too.
func absolute(value int64) uint64 {
	if value < 0 {
		return -uint64(value)
	}
	return uint64(value)
}

func padded(value uint64, width int) string {
	digits := []byte{}
	for value > 0 || len(digits) < width {
		digits = append(digits, byte('0'+value%10))
		value /= 10
	}
	for i, j := 0, len(digits)-1; i < j; i, j = i+1, j-1 {
		digits[i], digits[j] = digits[j], digits[i]
	}
	return string(digits)
}
