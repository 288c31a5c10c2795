package project

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

// MonthDay is a day of every year, such as the first day of a fiscal year.
type MonthDay struct {
	Month time.Month
	Day   int
}

var monthDayForm = regexp.MustCompile(`^[0-9]{2}-[0-9]{2}$`)

// parseMonthDay reads MM-DD. 29 February is refused: most years have none.
func parseMonthDay(s string) (MonthDay, error) {
	t, err := time.Parse("01-02", s) // in the year 0, which is a leap year
	if err != nil || !monthDayForm.MatchString(s) || t.Month() == time.February && t.Day() == 29 {
		return MonthDay{}, fmt.Errorf("%q is not a day of every year: write MM-DD, such as 01-01", s)
	}
	return MonthDay{t.Month(), t.Day()}, nil
}

// longestYear, in years, bounds a fiscal year whose end is not listed: entries
// past it come from a later one.
const longestYear = 2

func (m MonthDay) in(year int) time.Time {
	return time.Date(year, m.Month, m.Day, 0, 0, 0, 0, time.UTC)
}

// FiscalYearStart tells what encours.yaml says of the fiscal year that holds the
// entries of an entity from first to last: its first day, or false if the file
// says nothing or the entries span more than one of its years. Explicit starts
// win over the day of every year.
func (p *Project) FiscalYearStart(entityID string, first, last time.Time) (time.Time, bool) {
	e, ok := p.Entity(entityID)
	if !ok || last.Before(first) {
		return time.Time{}, false
	}
	next := slices.IndexFunc(e.FiscalYears, func(d Date) bool { return d.After(first) })
	end := last.AddDate(0, 0, 1) // the first day of the next year where the list does not tell it
	if next >= 0 {
		end = e.FiscalYears[next].Time
	}
	if next != 0 && len(e.FiscalYears) > 0 {
		if next < 0 {
			next = len(e.FiscalYears)
		}
		start := e.FiscalYears[next-1].Time
		return start, last.Before(end) && last.Before(start.AddDate(longestYear, 0, 0))
	}
	if e.FiscalYearStart == (MonthDay{}) {
		return time.Time{}, false
	}
	start := e.FiscalYearStart.in(first.Year())
	if start.After(first) {
		start = e.FiscalYearStart.in(first.Year() - 1)
	}
	return start, last.Before(end) && last.Before(start.AddDate(1, 0, 0))
}
