// Package identifier checks the numbers by which French companies are known:
// SIREN, SIRET and VAT number.
//
// Invariant: a number is accepted if and only if its form and its key hold; no
// list of companies is asked. Luhn is the rule of INSEE for SIREN and SIRET; the
// offices of La Poste (SIREN 356000000) are accepted by the sum of their digits;
// the key of a VAT number is that of article 286 ter of the CGI.
package identifier

import "strings"

// laPoste is the SIREN whose SIRETs need not follow Luhn's rule.
const laPoste = "356000000"

// Plain removes spaces, no-break spaces, dots and hyphens and makes letters
// capital.
func Plain(text string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "\u00a0", "", ".", "", "-", "").Replace(text))
}

// IsSIREN tells whether a text is a SIREN: nine digits, or eight where a
// spreadsheet dropped the zero before them, whose Luhn sum is a multiple of ten.
func IsSIREN(text string) bool {
	number := padded(Plain(text), 9)
	return isDigits(number, 9) && Luhn(number)%10 == 0
}

// IsSIRET tells whether a text is a SIRET: fourteen digits, or thirteen where the
// first zero was dropped, that follow Luhn's rule, or that of La Poste.
func IsSIRET(text string) bool {
	number := padded(Plain(text), 14)
	if !isDigits(number, 14) {
		return false
	}
	if Luhn(number)%10 == 0 {
		return true
	}
	sum := 0
	for _, c := range number {
		sum += int(c - '0')
	}
	return strings.HasPrefix(number, laPoste) && sum%5 == 0
}

// IsVAT tells whether a text can be a VAT number. Of a French one with a numeric
// key, the key is checked; with letters in it, the form; numbers of other
// countries are taken as they are.
func IsVAT(text string) bool {
	number, french := strings.CutPrefix(Plain(text), "FR")
	if !french {
		return true
	}
	if len(number) != 11 || !isDigits(number[2:], 9) {
		return false
	}
	if !isDigits(number[:2], 2) {
		return isKeyLetter(number[0]) && isKeyLetter(number[1])
	}
	siren := 0
	for _, c := range number[2:] {
		siren = siren*10 + int(c-'0')
	}
	return int(number[0]-'0')*10+int(number[1]-'0') == (12+3*(siren%97))%97
}

// isKeyLetter takes digits and the capital letters but I and O.
func isKeyLetter(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' && c != 'I' && c != 'O'
}

// padded puts back one zero that was dropped.
func padded(number string, length int) string {
	if len(number) == length-1 {
		return "0" + number
	}
	return number
}

func isDigits(text string, length int) bool {
	if len(text) != length {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// Luhn is the sum of the digits of a number, every second one from the right counted
// double, less 9 past 9: a key that holds makes it a multiple of 10.
func Luhn(number string) int {
	sum := 0
	for i := range len(number) {
		digit := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
	}
	return sum
}
