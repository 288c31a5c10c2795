package bodacc

import (
	"regexp"
	"strings"

	"github.com/encours/encours/ingest/identifier"
)

var (
	nineDigits = regexp.MustCompile(`\d(?:[\s.\x{00a0}\x{202f}]?\d){8}`)
	// in running text a number counts only where the register is named beside it
	beforeNumber = regexp.MustCompile(`(?i)(?:\brcs\b|r\.c\.s|\bsiren\b|\bsiret\b|immatricul)[^\d;]{0,60}$`)
	behindNumber = regexp.MustCompile(`(?i)^[^\d;]{0,3}(?:rcs\b|r\.c\.s)`)
)

// sirens are the numbers of a field: valid ones, nine digits whose key holds, each
// once, in their order; and what looks like a number but is none.
func sirens(field string) (valid, broken []string) {
	for _, part := range strings.FieldsFunc(field, func(c rune) bool { return c == ',' || c == ';' || c == '|' || c == '/' }) {
		digits := strings.Map(func(c rune) rune {
			if c >= '0' && c <= '9' {
				return c
			}
			return -1
		}, part)
		if digits == "" {
			continue
		}
		if len(digits) == 14 { // a SIRET, or the number with a rank behind it
			digits = digits[:9]
		}
		if len(digits) != 9 {
			if found := nineDigits.FindString(part); found != "" && len(digits) > 9 {
				digits = onlyDigits(found)
			}
		}
		if len(digits) == 9 && identifier.IsSIREN(digits) {
			valid = addOnce(valid, digits)
		} else {
			broken = addOnce(broken, strings.TrimSpace(part))
		}
	}
	return valid, broken
}

// sirensInText are the numbers that a running text gives of a register.
func sirensInText(text string) (valid []string) {
	for _, at := range nineDigits.FindAllStringIndex(text, -1) {
		number := onlyDigits(text[at[0]:at[1]])
		inLonger := at[0] > 0 && isDigit(text[at[0]-1]) || at[1] < len(text) && isDigit(text[at[1]])
		if inLonger && !strings.Contains(strings.ToLower(text[max(0, at[0]-20):at[0]]), "siret") {
			continue
		}
		if (beforeNumber.MatchString(text[:at[0]]) || behindNumber.MatchString(text[at[1]:])) && identifier.IsSIREN(number) {
			valid = addOnce(valid, number)
		}
	}
	return valid
}

func onlyDigits(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, text)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func addOnce(list []string, value string) []string {
	for _, have := range list {
		if have == value {
			return list
		}
	}
	return append(list, value)
}
