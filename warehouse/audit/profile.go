package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	sqlfiles "github.com/encours/encours/sql"
)

// Profile is what a ledger file holds. Amounts are in hundredths.
type Profile struct {
	BatchNo       int
	BatchID       string
	Entries       int64
	Debit, Credit int64
	Unbalanced    int64 // debits of the entries that do not balance
	Journals      []Journal
	Classes       []Class
	Controls      []Control
	Months        []Month
	Sides         []Side
}

// Journal is one journal of a file.
type Journal struct {
	Code, Label    string
	Lines, Entries int64
	Debit, Credit  int64
}

// Class is one class of the chart of accounts.
type Class struct {
	Class         string
	Lines         int64
	Debit, Credit int64
}

// Control is one control account; Balance is positive in the normal direction of
// its side, Lettered and Turnover are without sign.
type Control struct {
	Side, Family                string
	Lines, Counterparties       int64
	Balance, Lettered, Turnover int64
}

// Month is the movement of one month.
type Month struct {
	Month         time.Time
	Lines         int64
	Debit, Credit int64
}

// Side is what later reports can stand on, for customers or for suppliers, over
// the control accounts that are aged.
type Side struct {
	Side           string
	Counterparties int64
	Documents      int64 // lines in the normal direction
	Habit          int64 // of counterparties with three settled documents or more
	Open           int64 // documents that no closed lettering group holds
	OpenDue        int64 // of these: with a due date
	OpenDocument   int64 // of these: with a reference and a date
	DocumentsDue   int64 // documents with a due date
	DocumentsDated int64 // documents with a reference and a date
	Payments       int64 // lines against the normal direction
	Lettered       int64 // of these: lettered
}

// Profiles describes the ledger batches, in their order.
func (a *Audit) Profiles(ctx context.Context) ([]Profile, error) {
	var profiles []Profile
	at := map[int]int{}
	of := func(batchNo int) *Profile { return &profiles[at[batchNo]] }
	err := a.each(ctx, "totals", func(rows *sql.Rows) error {
		var p Profile
		err := rows.Scan(&p.BatchNo, &p.BatchID, &p.Entries, cents(&p.Debit), cents(&p.Credit), cents(&p.Unbalanced))
		at[p.BatchNo] = len(profiles)
		profiles = append(profiles, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	var no int
	return profiles, errors.Join(
		a.each(ctx, "journals", func(rows *sql.Rows) error {
			var j Journal
			err := rows.Scan(&no, &j.Code, &j.Label, &j.Lines, &j.Entries, cents(&j.Debit), cents(&j.Credit))
			of(no).Journals = append(of(no).Journals, j)
			return err
		}),
		a.each(ctx, "classes", func(rows *sql.Rows) error {
			var c Class
			err := rows.Scan(&no, &c.Class, &c.Lines, cents(&c.Debit), cents(&c.Credit))
			of(no).Classes = append(of(no).Classes, c)
			return err
		}),
		a.each(ctx, "controls", func(rows *sql.Rows) error {
			var c Control
			err := rows.Scan(&no, &c.Side, &c.Family, &c.Lines, &c.Counterparties, cents(&c.Balance), cents(&c.Lettered), cents(&c.Turnover))
			of(no).Controls = append(of(no).Controls, c)
			return err
		}),
		a.each(ctx, "months", func(rows *sql.Rows) error {
			var m Month
			err := rows.Scan(&no, &m.Month, (*whole)(&m.Lines), cents(&m.Debit), cents(&m.Credit))
			of(no).Months = append(of(no).Months, m)
			return err
		}),
		a.each(ctx, "sides", func(rows *sql.Rows) error {
			var s Side
			err := rows.Scan(&no, &s.Side, &s.Counterparties, cents(&s.Documents), cents(&s.Habit), cents(&s.Open), cents(&s.OpenDue),
				cents(&s.OpenDocument), cents(&s.DocumentsDue), cents(&s.DocumentsDated), cents(&s.Payments), cents(&s.Lettered))
			of(no).Sides = append(of(no).Sides, s)
			return err
		}),
	)
}

// each runs a query of sql/audit/profile.
func (a *Audit) each(ctx context.Context, name string, scan func(*sql.Rows) error) (err error) {
	text, err := fs.ReadFile(sqlfiles.Files, "audit/profile/"+name+".sql")
	if err != nil {
		return fmt.Errorf("describe extract: %w", err)
	}
	rows, err := a.conn.QueryContext(ctx, string(text))
	if err != nil {
		return fmt.Errorf("describe extract: %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("describe extract: %s: %w", name, err)
		}
	}
	return rows.Err()
}
