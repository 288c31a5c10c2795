package sample

import "time"

// never is a day that the simulation does not reach.
const never = int32(1) << 30

// warmUpMonths are simulated before the first fiscal year and written nowhere, so
// that the first file opens on customers who already owe something.
const warmUpMonths = 4

// tailDays follow the last fiscal year, for due dates and planned payments.
const tailDays = 1200

// date is what the simulation needs to know of one day.
type date struct {
	ymd      [8]byte // AAAAMMJJ
	year     int     // calendar year
	month    int     // 1 to 12
	day      int     // of the month
	weekday  time.Weekday
	monthEnd int32 // day number of the end of this month
	fiscal   int   // 0 is the warm-up, then 1, 2, …; one past the last year in the tail
}

// calendar numbers days from 0, the first day of the warm-up.
type calendar struct {
	days  []date
	start []int32 // first day of each fiscal year; start[0] is 0, the warm-up
	end   []int32 // last day of each fiscal year
	first time.Time
}

func newCalendar(lastEnd time.Time, years int) *calendar {
	after := lastEnd.AddDate(0, 0, 1)
	begin := after.AddDate(-years, 0, 0)
	c := &calendar{first: begin.AddDate(0, -warmUpMonths, 0)}
	number := func(t time.Time) int32 { return int32(t.Sub(c.first).Hours() / 24) }
	c.start = append(c.start, 0)
	for y := years; y >= 0; y-- {
		start := number(after.AddDate(-y, 0, 0))
		c.end = append(c.end, start-1)
		if y > 0 {
			c.start = append(c.start, start)
		}
	}
	c.days = make([]date, int(c.lastDay())+tailDays)
	fiscal := 0
	for i := range c.days {
		t := c.first.AddDate(0, 0, i)
		for fiscal < len(c.start) && int32(i) > c.end[fiscal] {
			fiscal++
		}
		d := &c.days[i]
		copy(d.ymd[:], t.Format("20060102"))
		d.year, d.month, d.day = t.Year(), int(t.Month()), t.Day()
		d.weekday = t.Weekday()
		d.fiscal = fiscal
		d.monthEnd = int32(i) + int32(time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()-t.Day())
	}
	return c
}

// lastDay is the last day of the last fiscal year.
func (c *calendar) lastDay() int32 { return c.end[len(c.end)-1] }

// at returns the facts of a day; days beyond the tail are answered by its last one.
func (c *calendar) at(day int32) *date {
	return &c.days[min(int(day), len(c.days)-1)]
}

// monthEnd returns the end of the month that holds day.
func (c *calendar) monthEnd(day int32) int32 { return c.at(day).monthEnd }

// time returns the date of a day number.
func (c *calendar) time(day int32) time.Time { return c.first.AddDate(0, 0, int(day)) }

// banking returns day, or the Monday after it where it falls on a weekend.
func (c *calendar) banking(day int32) int32 {
	switch c.at(day).weekday {
	case time.Saturday:
		return day + 2
	case time.Sunday:
		return day + 1
	}
	return day
}

// nextYearStart returns the first day of the fiscal year after the one that holds
// day, or never where the simulation has none.
func (c *calendar) nextYearStart(day int32) int32 {
	if next := c.at(day).fiscal + 1; next < len(c.start) {
		return c.start[next]
	}
	return never
}

// runDay returns the first 10th or 25th of a month from day on.
func (c *calendar) runDay(day int32) int32 {
	for d := day; ; d++ {
		if n := c.at(d).day; n == 10 || n == 25 || int(d) >= len(c.days)-1 {
			return c.banking(d)
		}
	}
}

// Weights of the days, in percent: the trade of this group sleeps in August, peaks
// before the summer and at the end of the year, and hardly works on Sundays.
var (
	monthWeights   = [13]int64{0, 90, 93, 108, 100, 97, 112, 96, 61, 104, 110, 106, 123}
	weekdayWeights = [7]int64{4, 112, 124, 121, 118, 104, 17}
)

// quota spreads a number of documents over the days: after day d, upTo(d) of them
// must have been booked, none of them in the warm-up.
type quota struct {
	cumulative []int64
	warmUp     int32
	documents  int64
	total      int64
}

func newQuota(c *calendar, documents int64) quota {
	q := quota{documents: documents, warmUp: c.start[1], cumulative: make([]int64, c.lastDay()+1)}
	var sum int64
	growth := int64(100)
	for d := range q.cumulative {
		day := c.at(int32(d))
		if int32(d) == q.warmUp {
			q.total, sum = sum, 0
		}
		if day.fiscal > 1 {
			growth = 100 + 7*int64(day.fiscal-1)
		}
		sum += monthWeights[day.month] * weekdayWeights[day.weekday] * growth / 100
		q.cumulative[d] = sum
	}
	q.total = sum
	return q
}

// upTo returns how many documents are booked at the end of day d, counted from the
// start of the warm-up in the warm-up, and from the first fiscal year after it.
func (q quota) upTo(d int32) int64 {
	return q.documents * q.cumulative[d] / q.total
}
