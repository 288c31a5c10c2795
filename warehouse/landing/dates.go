package landing

import (
	"encoding/json"
	"fmt"
	"time"
)

const (
	dateForm    = time.DateOnly
	instantForm = "2006-01-02T15:04:05.000000Z"
	idForm      = "20060102T150405.000000Z"
)

// Date is a calendar day, written YYYY-MM-DD.
type Date struct{ time.Time }

// NewDate returns the day that t has in its own zone, at midnight UTC.
func NewDate(t time.Time) Date {
	return Date{time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)}
}

func (d Date) String() string { return d.Format(dateForm) }

// MarshalJSON writes the day.
func (d Date) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads what MarshalJSON writes, and nothing else.
func (d *Date) UnmarshalJSON(b []byte) error {
	t, err := unmarshalTime(b, dateForm)
	d.Time = t
	return err
}

// Instant is a moment in UTC to the microsecond, as RFC 3339 writes it.
type Instant struct{ time.Time }

// NewInstant returns t in UTC, cut to the microsecond.
func NewInstant(t time.Time) Instant { return Instant{t.UTC().Truncate(time.Microsecond)} }

func (i Instant) String() string { return i.Format(instantForm) }

// MarshalJSON writes the moment.
func (i Instant) MarshalJSON() ([]byte, error) { return json.Marshal(i.String()) }

// UnmarshalJSON reads what MarshalJSON writes, and nothing else.
func (i *Instant) UnmarshalJSON(b []byte) error {
	t, err := unmarshalTime(b, instantForm)
	i.Time = t
	return err
}

func unmarshalTime(b []byte, form string) (time.Time, error) {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return time.Time{}, err
	}
	t, err := time.Parse(form, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not of the form %s", s, form)
	}
	return t, nil
}
