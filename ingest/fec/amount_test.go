package fec

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
)

func TestAmount(t *testing.T) {
	for _, c := range []struct{ name, in, want, reason string }{
		{"plain comma", "123,45", "123.45", ""},
		{"plain dot", "123.45", "123.45", ""},
		{"zero", "0,00", "0.00", ""},
		{"negative zero", "-0,00", "0.00", ""},
		{"no decimals", "123", "123.00", ""},
		{"one decimal", "12,5", "12.50", ""},
		{"leading sign", "-12,50", "-12.50", ""},
		{"leading plus", "+12,50", "12.50", ""},
		{"trailing sign", "12,50-", "-12.50", ""},
		{"trailing plus", "12,50+", "12.50", ""},
		{"sign apart", "- 12,50", "-12.50", ""},
		{"zero padded", "0000000069,60", "69.60", ""},
		{"zero padded negative", "-000069,60", "-69.60", ""},
		{"zero padded to nothing", "0000000000,00", "0.00", ""},
		{"cents only", "0,05", "0.05", ""},
		{"no whole part", ",50", "0.50", ""},
		{"thousands by space", "1 234 567,89", "1234567.89", ""},
		{"thousands by no-break space", "1\u00a0234,56", "1234.56", ""},
		{"thousands by narrow no-break space", "1\u202f234,56", "1234.56", ""},
		{"thousands by dots", "1.234.567,89", "1234567.89", ""},
		{"exponent", "1,2E3", "1200.00", ""},
		{"small exponent", "12345e-2", "123.45", ""},
		{"exponent not exact", "12345E-3", "", amountPrecision},
		{"exponent with thousands", "1 234E2", "", amountInvalid},
		{"extra zeros", "12,5000", "12.50", ""},
		{"sixteen digits", "1234567890123456,78", "1234567890123456.78", ""},
		{"sixteen digits negative", "-1234567890123456,78", "-1234567890123456.78", ""},
		{"seventeen digits", "12345678901234567,00", "", amountRange},
		{"huge exponent", "1E99", "", amountRange},
		{"three decimals", "1,005", "", amountPrecision},
		{"three decimals by dot", "1.005", "", amountPrecision},
		{"four decimals", "1,0051", "", amountPrecision},
		{"comma thousands", "1,234.56", "", amountInvalid},
		{"several dots", "1.234.567", "", amountInvalid},
		{"several commas", "1,234,567", "", amountInvalid},
		{"bad groups", "12 34,56", "", amountInvalid},
		{"first group too long", "1234 567,00", "", amountInvalid},
		{"mixed thousands marks", "1 234.567,89", "", amountInvalid},
		{"space in decimals", "12,5 0", "", amountInvalid},
		{"two signs", "-12,50-", "", amountInvalid},
		{"sign only", "-", "", amountInvalid},
		{"mark only", ",", "", amountInvalid},
		{"no decimals after the mark", "12,", "", amountInvalid},
		{"letters", "abc", "", amountInvalid},
		{"letter inside", "1O0,00", "", amountInvalid},
		{"underscore", "1_000", "", amountInvalid},
		{"quoted", `"12,50"`, "", amountInvalid},
		{"currency sign", "12,50€", "", amountInvalid},
		{"too long", strings.Repeat("0", 200), "", amountInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, _, problem := appendAmount([]byte("x"), []byte(c.in))
			if problem != nil {
				if problem.reason != c.reason {
					t.Errorf("%q is refused as %s (%s), want %q", c.in, problem.reason, problem.why, c.want+c.reason)
				}
				if string(out) != "x" {
					t.Errorf("a refused amount left %q", out)
				}
				return
			}
			if c.reason != "" || string(out) != "x"+c.want {
				t.Errorf("%q gives %q, want %q", c.in, out[1:], c.want+c.reason)
			}
		})
	}
}

func TestThreeDecimalsNameBothReadings(t *testing.T) {
	_, _, problem := appendAmount(nil, []byte("1,005"))
	if problem == nil || !strings.Contains(problem.why, "1.005") || !strings.Contains(problem.why, "1005") {
		t.Errorf("the message names not both readings: %+v", problem)
	}
}

var canonicalAmount = regexp.MustCompile(`^-?[0-9]{1,16}\.[0-9]{2}$`)

// FuzzAmount compares every accepted amount with exact arithmetic over the same
// text with its marks taken out.
func FuzzAmount(f *testing.F) {
	for _, s := range []string{"123,45", "-0,00", "1.234,56", "1\u202f234", "1,2E3", "12,50-", "1,005", "0000,000", ",5", "1E99"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		in := trimText([]byte(s))
		if len(in) == 0 {
			t.Skip("an empty field is no amount")
		}
		out, _, problem := appendAmount(nil, in)
		if problem != nil {
			if problem.reason == "" || problem.why == "" || len(out) != 0 {
				t.Errorf("%q: bad refusal %+v, output %q", s, problem, out)
			}
			return
		}
		if !canonicalAmount.Match(out) {
			t.Fatalf("%q gives %q", s, out)
		}
		plain := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(string(in))
		if strings.Contains(plain, ",") {
			plain = strings.Replace(strings.ReplaceAll(plain, ".", ""), ",", ".", 1)
		}
		if last := plain[len(plain)-1]; last == '-' || last == '+' {
			plain = string(last) + plain[:len(plain)-1]
		}
		want, ok := new(big.Rat).SetString(plain)
		got, _ := new(big.Rat).SetString(string(out))
		if !ok || want.Cmp(got) != 0 {
			t.Errorf("%q gives %s, exact arithmetic gives %v", s, out, want)
		}
	})
}
