package bodacc

import (
	"regexp"
	"strings"
)

var priced = regexp.MustCompile(`(?:prix|moyennant|somme)[^0-9]{0,80}?([0-9][0-9 .,']*)(?:€|eur)`)

// price is what a business was sold for, as plain decimal text in euros; "" where the
// text does not tell it. The gazette has no field for it: "au prix stipulé de
// 120 000,00 Euros".
func price(text string) string {
	p := priced.FindStringSubmatch(fold(text))
	if p == nil {
		return ""
	}
	number := strings.NewReplacer(" ", "", "'", "").Replace(p[1])
	number = strings.TrimRight(number, ".,")
	whole, cents := number, ""
	if at := strings.LastIndexAny(number, ".,"); at >= 0 && len(number)-at-1 <= 2 {
		whole, cents = number[:at], "."+number[at+1:]
	}
	whole = onlyDigits(whole)
	if whole == "" || len(whole) > 15 {
		return ""
	}
	return whole + cents
}
