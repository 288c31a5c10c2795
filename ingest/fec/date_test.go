package fec

import (
	"testing"
	"time"
)

func TestDay(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     day
		ok       bool
	}{
		{"legal form", "20241231", 20241231, true},
		{"dashes", "2024-12-31", 20241231, true},
		{"slashes", "2024/12/31", 20241231, true},
		{"dots", "2024.12.31", 20241231, true},
		{"day first, slashes", "31/12/2024", 20241231, true},
		{"day first, dashes", "31-12-2024", 20241231, true},
		{"day first, dots", "31.12.2024", 20241231, true},
		{"with time", "2024-12-31T23:59:59", 20241231, true},
		{"with time and zone", "2024-12-31T23:59:59.123+02:00", 20241231, true},
		{"with time, UTC", "2024-12-31T23:59:59Z", 20241231, true},
		{"with short time", "31/12/2024 00:00", 20241231, true},
		{"legal form with time", "20241231 10:11:12", 20241231, true},
		{"leap day", "20240229", 20240229, true},
		{"leap century", "20000229", 20000229, true},
		{"zeros", "00000000", 0, true},
		{"zeros with dashes", "0000-00-00", 0, true},
		{"marks only", "  /  /", 0, true},
		{"empty", "", 0, true},
		{"no leap day", "20230229", 0, false},
		{"no leap century", "19000229", 0, false},
		{"month 13", "20241301", 0, false},
		{"month 0", "20240001", 0, false},
		{"day 0", "20240100", 0, false},
		{"day 32", "20240132", 0, false},
		{"31 April", "20240431", 0, false},
		{"month first", "12/31/2024", 0, false},
		{"year 1899", "18991231", 0, false},
		{"year 2100", "21000101", 0, false},
		{"seven digits", "2024011", 0, false},
		{"nine digits", "202401011", 0, false},
		{"two-digit year", "31/12/24", 0, false},
		{"mixed marks", "2024-12/31", 0, false},
		{"letters", "2024AB31", 0, false},
		{"bad hour", "2024-12-31 25:00", 0, false},
		{"rubbish behind", "2024-12-31x", 0, false},
		{"half a time", "2024-12-31 10:", 0, false},
		{"colon instead of zero", "2024:101", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, problem := parseDay([]byte(c.in))
			if d != c.want || (problem == "") != c.ok {
				t.Errorf("%q gives %d %q, want %d, good %t", c.in, d, problem, c.want, c.ok)
			}
		})
	}
}

// TestEveryDay walks the calendar and compares with the standard library.
func TestEveryDay(t *testing.T) {
	for at := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2100; at = at.AddDate(0, 0, 1) {
		d, problem := parseDay([]byte(at.Format("20060102")))
		if problem != "" || !d.time().Equal(at) || string(d.append(nil)) != at.Format(time.DateOnly) {
			t.Fatalf("%s gives %s %q", at.Format(time.DateOnly), d.append(nil), problem)
		}
	}
}

// FuzzDate checks that what is accepted is a day of the calendar that stands in
// the text, and that the legal form agrees with the standard library.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"20241231", "31/12/2024", "2024-02-29T10:00:00Z", "00000000", " ", "20240230", "2024.01.01 10:11"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		in := trimText([]byte(s))
		d, problem := parseDay(in)
		if d != 0 && problem != "" {
			t.Fatalf("%q gives both %d and %q", s, d, problem)
		}
		if d != 0 {
			if got := d.time().Format("20060102"); string(day(d).append(nil)) != d.time().Format(time.DateOnly) || got < "19000101" || got > "20991231" {
				t.Fatalf("%q gives %d, not a day", s, d)
			}
		}
		if len(in) == 8 && allDigits(in) && string(in) != "00000000" {
			want, err := time.Parse("20060102", string(in))
			ok := err == nil && want.Year() >= 1900 && want.Year() <= 2099
			if ok != (problem == "") || (ok && !want.Equal(d.time())) {
				t.Errorf("%q gives %d %q, the standard library %v", s, d, problem, want)
			}
		}
	})
}
