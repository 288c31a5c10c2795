package table

import (
	"slices"
	"strings"
	"unicode"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

// Seen is what the values of a column look like.
type Seen struct {
	Name    string
	Example string // the first value

	filled, days, amounts, whole, bools, sirens, sirets, emails int64
	values                                                      map[string]bool // the first distinct ones
	dates                                                       dateEvidence
	numbers                                                     numberEvidence
}

const maxDistinct = 2000

func (s *Seen) see(line int64, c cell) {
	value := trim(c.text)
	if value == "" {
		return
	}
	if s.filled++; s.filled == 1 {
		s.Example = ingest.Cut(value, 40)
	}
	if len(s.values) < maxDistinct {
		s.values[value] = true
	}
	s.dates.see(line, c)
	s.numbers.see(line, c)
	compact := strings.ReplaceAll(value, " ", "")
	switch {
	case c.kind == day || isDay(value):
		s.days++
	case isAmount(c, value):
		s.amounts++
	}
	if allDigits(compact) {
		s.whole++
		if len(compact) == 9 && luhn(compact) {
			s.sirens++
		}
		if len(compact) == 14 && luhn(compact) {
			s.sirets++
		}
	}
	if word := fold(value); slices.Contains(yes, word) || slices.Contains(no, word) {
		s.bools++
	}
	if strings.Contains(value, "@") && strings.Contains(value, ".") {
		s.emails++
	}
}

// isDay tells whether a text is a date in any of the forms of its shape.
func isDay(value string) bool {
	_, forms := shapeOf(value)
	for _, form := range forms {
		f, err := parseDateFormat(form)
		if err != nil {
			return false
		}
		if _, ok := f.parse(value); ok {
			return true
		}
	}
	return false
}

func isAmount(c cell, value string) bool {
	if c.kind == number || c.kind == serial {
		return true
	}
	for _, mark := range numberReadings {
		if _, err := (numberFormat{decimal: mark}).parse(value); err == nil {
			return true
		}
	}
	return false
}

// luhn checks the key of a SIREN or SIRET.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// most tells whether nearly all values are of a kind.
func (s *Seen) most(n int64) bool { return s.filled > 0 && n*20 >= s.filled*19 }

// match rates how well a column suits a field, from 0 to 99, and says why.
func match(dataset string, field canonical.Column, s Seen) (int, string) {
	byName := nameScore(dataset, field.Name, s.Name)
	content, why := contentScore(field, s)
	switch {
	case content < 0:
		return 0, ""
	case byName >= 90:
		return min(byName+content/2, 99), join(" and ", "its name", why)
	case byName > 0:
		return byName + content, join(" and ", "its name", why)
	case field.Name == "siren" || field.Name == "siret" || field.Name == "email":
		if content >= 10 {
			return 60, why
		}
	}
	return 0, ""
}

func join(with string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), with)
}

// contentScore is negative where the values cannot be those of the field.
func contentScore(field canonical.Column, s Seen) (int, string) {
	switch {
	case s.filled == 0 && field.Required:
		return -1, ""
	case s.filled == 0:
		return 0, ""
	case field.Name == "siren" && s.most(s.sirens):
		return 20, "nine digits with a right key"
	case field.Name == "siret" && s.most(s.sirets):
		return 20, "fourteen digits with a right key"
	case field.Name == "email" && s.most(s.emails):
		return 20, "addresses with @"
	case field.Name == "siren" || field.Name == "siret" || field.Name == "email":
		return 0, ""
	}
	switch field.Kind {
	case canonical.Date:
		if s.most(s.days) {
			return 10, "dates in it"
		}
		return -1, ""
	case canonical.Number:
		if s.most(s.amounts + s.whole - min(s.amounts, s.whole)) {
			return 10, "numbers in it"
		}
		return -1, ""
	case canonical.Bool:
		if s.most(s.bools) {
			return 10, "yes and no in it"
		}
		return -1, ""
	}
	if s.most(s.days) {
		return -1, ""
	}
	if strings.HasSuffix(field.Name, "_id") && int64(len(s.values)) == s.filled && field.Required {
		return 5, "each value once"
	}
	return 0, ""
}

// nameScore rates a name of a column for a field: 90 for a known name, less for one
// that holds its words.
func nameScore(dataset, field, name string) int {
	given := wordsOf(name)
	if len(given) == 0 {
		return 0
	}
	best := 0
	for _, known := range append([]string{field}, synonyms(dataset, field)...) {
		want := wordsOf(known)
		switch {
		case slices.Equal(want, given):
			return 90
		case strings.Join(want, "") == strings.Join(given, ""):
			best = max(best, 88)
		case subset(want, given):
			best = max(best, 70-5*(len(given)-len(want)))
		case len(want) > 1 && subset(given, want):
			best = max(best, 40)
		}
	}
	return max(best, 0)
}

// wordsOf cuts a name into folded words; it sees camelCase.
func wordsOf(name string) []string {
	var spaced strings.Builder
	var before rune
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			spaced.WriteByte(' ')
		}
		spaced.WriteRune(r)
		before = r
	}
	return strings.FieldsFunc(fold(spaced.String()), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func subset(want, given []string) bool {
	for _, w := range want {
		if !slices.Contains(given, w) {
			return false
		}
	}
	return true
}
