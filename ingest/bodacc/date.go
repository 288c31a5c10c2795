package bodacc

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
	"unicode"
)

// fold writes a text in lower case, without accents and with single spaces.
func fold(text string) string {
	if strings.IndexFunc(text, func(c rune) bool { return c > unicode.MaxASCII }) < 0 {
		return strings.Join(strings.Fields(strings.ToLower(text)), " ")
	}
	plain, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), text)
	if err != nil {
		plain = text
	}
	return strings.Join(strings.Fields(strings.ToLower(plain)), " ")
}

var (
	spokenDate = regexp.MustCompile(`^(?:le )?(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?(\d{1,2})(?:er|eme)? ([a-z]+)\.? (\d{4})\b`)
	dottedDate = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$`)
	isoDate    = regexp.MustCompile(`^(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[t ].*)?$`)
)

var months = map[string]time.Month{
	"janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7,
	"aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12,
}

// date reads a day as the gazette writes it: 2020-01-31, 2020/01/31, 31/01/2020,
// "10 décembre 2009" or "1er janvier 2020", with any spaces. ok is false where it is
// none, or none of the calendar.
func date(text string) (day time.Time, ok bool) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, day.Year() > 0
	}
	text = fold(repair(text))
	if p := isoDate.FindStringSubmatch(text); p != nil {
		return calendar(p[1], p[2], p[3])
	}
	if p := dottedDate.FindStringSubmatch(text); p != nil {
		return calendar(p[3], p[2], p[1])
	}
	if p := spokenDate.FindStringSubmatch(text); p != nil {
		if month, known := months[p[2]]; known {
			return calendar(p[3], strconv.Itoa(int(month)), p[1])
		}
	}
	return time.Time{}, false
}

func calendar(year, month, day string) (time.Time, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	made := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return made, y > 0 && made.Year() == y && made.Month() == time.Month(m) && made.Day() == d
}

// possible tells whether a day can be meant: after 1900 and not more than two years
// after the notice. 5025 is a slip of the pen for 2025, and which year is meant is
// not for a program to say.
func possible(day, published time.Time) bool {
	return day.Year() >= 1900 && day.Before(published.AddDate(2, 0, 1))
}
