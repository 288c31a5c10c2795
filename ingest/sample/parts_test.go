package sample

import (
	"testing"
	"time"
)

func day(t *testing.T, c *calendar, text string) int32 {
	t.Helper()
	at, err := time.Parse("2006-01-02", text)
	if err != nil {
		t.Fatal(err)
	}
	return int32(at.Sub(c.first).Hours() / 24)
}

func TestDueDates(t *testing.T) {
	cal := newCalendar(time.Date(2025, time.December, 31, 0, 0, 0, 0, time.UTC), 3)
	cases := map[string]struct {
		term        term
		issue, want string
	}{
		"60 days":                       {term{n: 60}, "2025-01-15", "2025-03-16"},
		"45 days, then end of month":    {term{kind: endOfMonthAfter, n: 45}, "2025-01-15", "2025-03-31"},
		"end of month, then 45 days":    {term{kind: endOfMonthThen, n: 45}, "2025-01-15", "2025-03-17"},
		"60 days from a month end":      {term{n: 60}, "2025-01-31", "2025-04-01"},
		"end of month, from its end":    {term{kind: endOfMonthThen, n: 45}, "2025-01-31", "2025-03-17"},
		"leap February":                 {term{kind: endOfMonthAfter, n: 45}, "2024-01-15", "2024-02-29"},
		"leap February, then 45 days":   {term{kind: endOfMonthThen, n: 45}, "2024-01-15", "2024-03-16"},
		"30 days, end of month, on 10":  {term{kind: endOfMonthAfter, n: 30, k: 10}, "2025-01-15", "2025-03-10"},
		"on receipt":                    {term{}, "2025-06-30", "2025-06-30"},
		"due after the last fiscal day": {term{n: 60}, "2025-12-31", "2026-03-01"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := cal.time(c.term.due(cal, day(t, cal, c.issue))).Format("2006-01-02")
			if got != c.want {
				t.Errorf("due %s, want %s", got, c.want)
			}
		})
	}
}

func TestLetteringCodes(t *testing.T) {
	cal := newCalendar(time.Date(2025, time.December, 31, 0, 0, 0, 0, time.UTC), 1)
	at := day(t, cal, "2025-02-28")
	cases := map[string]struct {
		mark mark
		want string
	}{
		"nothing":            {mark{}, "|"},
		"first":              {mark{number: 1, day: at}, "AA|20250228"},
		"second":             {mark{number: 2, day: at}, "AB|20250228"},
		"next letter":        {mark{number: 27, day: at}, "BA|20250228"},
		"last of two":        {mark{number: 26 * 26, day: at}, "ZZ|20250228"},
		"first of three":     {mark{number: 26*26 + 1, day: at}, "AAA|20250228"},
		"last of three":      {mark{number: 26*26 + 26*26*26, day: at}, "ZZZ|20250228"},
		"first of four":      {mark{number: 26*26 + 26*26*26 + 1, day: at}, "AAAA|20250228"},
		"partial":            {mark{number: 1, partial: true, day: at}, "aa|20250228"},
		"partial, no date":   {mark{number: 28, partial: true, day: never}, "bb|"},
		"capitals, no date":  {mark{number: 28, day: never}, "BB|"},
		"unused, with a day": {mark{day: at}, "|"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := string(c.mark.append(nil, cal, '|')); got != c.want {
				t.Errorf("written %q, want %q", got, c.want)
			}
		})
	}
}

func TestAmounts(t *testing.T) {
	for want, cents := range map[string]int64{
		"0,00": 0, "0,05": 5, "-0,05": -5, "12,30": 1230, "-1234567,89": -123456789,
	} {
		if got := string(appendAmount(nil, cents)); got != want {
			t.Errorf("%d cents written %q, want %q", cents, got, want)
		}
	}
	for want, n := range map[string]int64{"000007": 7, "000010": 10, "123456": 123456, "1234567": 1234567} {
		if got := string(appendPadded(nil, n, 6)); got != want {
			t.Errorf("%d padded to %q, want %q", n, got, want)
		}
	}
}

func TestVATWithin(t *testing.T) {
	cases := map[string]struct{ gross, rate, want int64 }{
		"20 percent of 120.00":         {12000, 200, 2000},
		"5.5 percent of 10.55":         {1055, 55, 55},
		"no VAT":                       {12000, 0, 0},
		"0.0833 of a cent rounds down": {1, 200, 0},
		"half a cent rounds up":        {3, 200, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := vatWithin(c.gross, c.rate); got != c.want {
				t.Errorf("%d cents, want %d", got, c.want)
			}
		})
	}
	for net := int64(1); net < 5000; net++ {
		for _, rate := range []int64{55, 100, 200} {
			if vat := vatOf(net, rate); vatWithin(net+vat, rate) != vat {
				t.Fatalf("%d cents at %d thousandths: %d from net, %d from gross", net, rate, vat, vatWithin(net+vat, rate))
			}
		}
	}
}

func TestInventedSiren(t *testing.T) {
	seen := map[string]bool{}
	for n := range 120_000 {
		siren := inventedSiren(996, n)
		if len(siren) != 9 || seen[siren] {
			t.Fatalf("number %d is %q: not nine digits, or twice", n, siren)
		}
		seen[siren] = true
	}
}

func TestQuotaIsExactAndSeasonal(t *testing.T) {
	cal := newCalendar(time.Date(2025, time.December, 31, 0, 0, 0, 0, time.UTC), 3)
	q := newQuota(cal, 123_457)
	if got := q.upTo(cal.lastDay()); got != 123_457 {
		t.Errorf("%d documents in all, want 123457", got)
	}
	month := func(from, to string) int64 {
		return q.upTo(day(t, cal, to)) - q.upTo(day(t, cal, from))
	}
	if june, august := month("2024-05-31", "2024-06-30"), month("2024-07-31", "2024-08-31"); june < august*3/2 {
		t.Errorf("June %d, August %d: no season", june, august)
	}
	if early, late := month("2023-05-31", "2023-06-30"), month("2025-05-31", "2025-06-30"); late <= early {
		t.Errorf("June 2023 %d, June 2025 %d: no growth", early, late)
	}
}

func TestEveryFortyCustomersShowEveryHabit(t *testing.T) {
	shapeless := &shape{encode: func(v string) string { return v }, separator: '\t'}
	opt := Options{Invoices: 1000, Entities: maxEntities, Years: 3}
	cal := newCalendar(time.Date(2025, time.December, 31, 0, 0, 0, 0, time.UTC), 3)
	for _, e := range planEntities(opt, cal) {
		e.shape = shapeless
		seen := map[habit]int{}
		s := newSimulation(e, []entity{e}, opt, cal)
		for i := range s.customers {
			seen[s.customers[i].habit]++
		}
		for h := punctual; h <= builder; h++ {
			if seen[h] == 0 {
				t.Errorf("entity %s: no customer of habit %d among %d", e.id, h, len(s.customers))
			}
		}
	}
}
