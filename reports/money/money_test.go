package money_test

import (
	"math"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/language"

	"github.com/encours/encours/reports/money"
)

// spaces makes the kinds of no-break space visible as one plain space.
func spaces(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

func TestAmounts(t *testing.T) {
	tests := []struct {
		name            string
		amount          int64
		currency        string
		fr, en          string // with currency
		frText, enWhole string
	}{
		{"zero", 0, "EUR", "0,00 €", "€0.00", "0,00", "€0"},
		{"a cent", 1, "EUR", "0,01 €", "€0.01", "0,01", "€0"},
		{"minus a cent", -1, "EUR", "−0,01 €", "−€0.01", "−0,01", "€0"},
		{"half a unit rounds away from zero", 50, "EUR", "0,50 €", "€0.50", "0,50", "€1"},
		{"minus half a unit", -50, "EUR", "−0,50 €", "−€0.50", "−0,50", "−€1"},
		{"just under half", 123449, "EUR", "1 234,49 €", "€1,234.49", "1 234,49", "€1,234"},
		{"millions", 123456789, "EUR", "1 234 567,89 €", "€1,234,567.89", "1 234 567,89", "€1,234,568"},
		{"negative", -123456789, "EUR", "−1 234 567,89 €", "−€1,234,567.89", "−1 234 567,89", "−€1,234,568"},
		{"eighteen digits", 999999999999999999, "EUR", "9 999 999 999 999 999,99 €",
			"€9,999,999,999,999,999.99", "9 999 999 999 999 999,99", "€10,000,000,000,000,000"},
		{"largest", math.MaxInt64, "EUR", "92 233 720 368 547 758,07 €",
			"€92,233,720,368,547,758.07", "92 233 720 368 547 758,07", "€92,233,720,368,547,758"},
		{"smallest", math.MinInt64, "EUR", "−92 233 720 368 547 758,08 €",
			"−€92,233,720,368,547,758.08", "−92 233 720 368 547 758,08", "−€92,233,720,368,547,758"},
		{"a currency with a code for symbol", 100, "CHF", "1,00 CHF", "CHF 1.00", "1,00", "CHF 1"},
		{"not a currency", 100, "??", "1,00 ??", "?? 1.00", "1,00", "?? 1"},
		{"no currency", 100, "", "1,00", "1.00", "1,00", "1"},
	}
	french, english := money.For(language.French), money.For(language.English)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := []string{
				spaces(french.With(test.amount, test.currency)),
				spaces(english.With(test.amount, test.currency)),
				spaces(french.Text(test.amount)),
				spaces(english.Whole(test.amount, test.currency)),
			}
			want := []string{test.fr, test.en, test.frText, test.enWhole}
			for i := range got {
				if got[i] != want[i] {
					t.Errorf("figure %d: got %q, want %q", i, got[i], want[i])
				}
			}
		})
	}
}

func TestGroupsDoNotBreak(t *testing.T) {
	if text := money.For(language.French).With(123456789, "EUR"); strings.Contains(text, " ") {
		t.Errorf("%q holds a space at which a line can break", text)
	}
}

func TestPlain(t *testing.T) {
	for amount, want := range map[int64]string{
		0: "0.00", 5: "0.05", -5: "-0.05", 100: "1.00", -123456789: "-1234567.89",
		math.MinInt64: "-92233720368547758.08",
	} {
		if got := money.Plain(amount); got != want {
			t.Errorf("Plain(%d) = %q, want %q", amount, got, want)
		}
	}
}

func TestFixed(t *testing.T) {
	french := money.For(language.French)
	tests := []struct {
		name          string
		value         int64
		scale, digits int
		want          string
	}{
		{"days, one decimal", 8243, 2, 1, "82,4"},
		{"days, half", 8245, 2, 1, "82,5"},
		{"days, carried over", 9995, 2, 1, "100,0"},
		{"ratio in basis points", 1234, 2, 1, "12,3"},
		{"double rounding does not happen", 1449, 3, 1, "1,4"},
		{"rounds to zero without a sign", -4, 2, 1, "0,0"},
		{"a count", 1234567, 0, 0, "1 234 567"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := spaces(french.Fixed(test.value, test.scale, test.digits)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSigned(t *testing.T) {
	english := money.For(language.English)
	for amount, want := range map[int64]string{
		12300: "+€123", -12300: "−€123", 0: "€0", 4: "€0", -4: "€0",
	} {
		if got := money.Signed(amount, english.Whole(amount, "EUR")); got != want {
			t.Errorf("Signed(%d) = %q, want %q", amount, got, want)
		}
	}
}

func TestFormatIsSafeForConcurrentUse(t *testing.T) {
	french := money.For(language.French)
	want := french.With(-123456789, "EUR")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 500 {
				if got := french.With(-123456789, "EUR"); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
		})
	}
	group.Wait()
}
