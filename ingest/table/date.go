package table

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// dateFormat is a written form of dates, such as DD/MM/YYYY.
type dateFormat struct {
	text  string
	parts []datePart
}

type datePart struct {
	token string // YYYY, YY, MMM, MM or DD; empty for a literal
	text  string // the literal
	fixed bool   // exactly two digits: the next part is digits too
}

var dateTokens = regexp.MustCompile(`YYYY|YY|MMM|MM|M|DD|D`)

// parseDateFormat reads a form: YYYY or YY, MM, M or MMM (the name of a month in
// English, French or German), DD or D, each once, and what stands between them.
func parseDateFormat(form string) (dateFormat, error) {
	f := dateFormat{text: form}
	counts := map[byte]int{}
	at := 0
	for _, m := range dateTokens.FindAllStringIndex(form, -1) {
		if m[0] > at {
			f.parts = append(f.parts, datePart{text: form[at:m[0]]})
		}
		token := form[m[0]:m[1]]
		counts[token[0]]++
		switch token {
		case "M":
			token = "MM"
		case "D":
			token = "DD"
		}
		f.parts = append(f.parts, datePart{token: token})
		at = m[1]
	}
	if at < len(form) {
		f.parts = append(f.parts, datePart{text: form[at:]})
	}
	for i := range f.parts {
		f.parts[i].fixed = i+1 < len(f.parts) && f.parts[i+1].token != ""
	}
	literal := strings.ContainsFunc(dateTokens.ReplaceAllString(form, ""), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if counts['Y'] != 1 || counts['M'] != 1 || counts['D'] != 1 || literal {
		return f, fmt.Errorf("dates %q is not a form of dates: write one such as DD/MM/YYYY, MM/DD/YYYY, YYYY-MM-DD, DD.MM.YY, YYYYMMDD or DD MMM YYYY", form)
	}
	return f, nil
}

// swapped is the form with day and month in each other's place.
func (f dateFormat) swapped() dateFormat {
	out := dateFormat{text: f.text}
	out.parts = append(out.parts, f.parts...)
	for i, p := range out.parts {
		switch p.token {
		case "DD":
			out.parts[i].token = "MM"
		case "MM":
			out.parts[i].token = "DD"
		}
	}
	return out
}

// parse reads a date; a time of day may follow it and is dropped.
func (f dateFormat) parse(s string) (time.Time, bool) {
	var y, m, d int
	for _, p := range f.parts {
		ok := true
		switch p.token {
		case "":
			s, ok = strings.CutPrefix(s, p.text)
		case "YYYY":
			y, s, ok = takeDigits(s, 4, 4)
		case "YY":
			y, s, ok = takeDigits(s, 2, 2)
			if y += 2000; y >= 2070 {
				y -= 100
			}
		case "MMM":
			m, s, ok = takeMonth(s)
		case "MM":
			m, s, ok = takeDigits(s, p.least(), 2)
		case "DD":
			d, s, ok = takeDigits(s, p.least(), 2)
		}
		if !ok {
			return time.Time{}, false
		}
	}
	if y < 1900 || y > 2099 || s != "" && !timeOfDay.MatchString(s) {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d && int(t.Month()) == m
}

func (p datePart) least() int {
	if p.fixed {
		return 2
	}
	return 1
}

var timeOfDay = regexp.MustCompile(`^(?:T| +)[0-2]?[0-9]:[0-5][0-9](?::[0-6][0-9](?:[.,][0-9]{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:Z|UTC|[+-][0-2][0-9]:?(?:[0-5][0-9])?))?$`)

func takeDigits(s string, least, most int) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < most && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i < least {
		return 0, s, false
	}
	return n, s[i:], true
}

// monthNames by number, lower case without accents; the shortest forms are enough to
// tell them apart.
var monthNames = [12][]string{
	{"january", "janvier", "januar", "jan", "janv", "janner"}, {"february", "fevrier", "februar", "feb", "fev", "fevr"},
	{"march", "mars", "marz", "maerz", "mar", "mrz"}, {"april", "avril", "apr", "avr"}, {"may", "mai"},
	{"june", "juin", "juni", "jun"}, {"july", "juillet", "juli", "jul", "juil"}, {"august", "aout", "aug", "aou"},
	{"september", "septembre", "sep", "sept"}, {"october", "octobre", "oktober", "oct", "okt"},
	{"november", "novembre", "nov"}, {"december", "decembre", "dezember", "dec", "dez"},
}

func takeMonth(s string) (month int, rest string, ok bool) {
	end := 0
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !unicode.IsLetter(r) {
			break
		}
		end += size
	}
	name := fold(s[:end])
	for i, names := range monthNames {
		for _, n := range names {
			if n == name {
				return i + 1, strings.TrimPrefix(s[end:], "."), true
			}
		}
	}
	return 0, s, false
}

// blankDate tells whether a text stands for no date, such as 00/00/0000.
func blankDate(s string) bool { return strings.Trim(s, " 0-/.") == "" }

// serialDay is the day that a workbook counts as a number; whole days from 1900 or
// 1904.
func serialDay(s string, from1904 bool) (time.Time, bool) {
	whole, _, _ := strings.Cut(s, ".")
	if !allDigits(whole) || whole == "" || len(whole) > 5 {
		return time.Time{}, false
	}
	n, _, _ := takeDigits(whole, 1, 5)
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n == 60: // 29 February 1900, which never was
		return time.Time{}, false
	case n < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	t := epoch.AddDate(0, 0, n)
	return t, n >= 1 && t.Year() <= 2099
}
