package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/landing"

	sqlfiles "github.com/encours/encours/sql"
)

// Audit is the outcome of every check over some batches. It holds its connection
// and is not safe for concurrent use.
type Audit struct {
	conn   *sql.Conn
	checks []Check
}

// Finding is what one check found in one batch. Amounts are in hundredths.
type Finding struct {
	Check
	BatchNo int
	Count   int64 // findings: lines, entries, groups or gaps
	Lines   int64 // lines concerned
	Stake   int64 // amounts of the lines concerned, without sign
	Sample  []Offence
}

// Offence is one finding with its place.
type Offence struct {
	Line      int64 // 0: the file
	Column    string
	Value     string
	Amount    int64 // in hundredths
	HasAmount bool  // false: no amount can be known
}

// Open runs every check over the batches and keeps every offending line in
// temporary tables of the connection, which must see what Collect needs. notices
// names, by batch, the files that a NoticeWriter made; they stand in the place of
// the counts in the manifests.
func Open(ctx context.Context, conn *sql.Conn, models *graph.Graph, zone *landing.Zone, batches []landing.Batch, notices map[string]string) (*Audit, error) {
	checks, err := Checks()
	if err != nil {
		return nil, err
	}
	if err := prepare(ctx, conn, models, zone, batches, notices); err != nil {
		return nil, err
	}
	for _, c := range checks {
		if _, err := conn.ExecContext(ctx, "create temp table "+c.table()+" as "+c.sql); err != nil {
			return nil, fmt.Errorf("run audit check %s: %w", c.name, err)
		}
	}
	items, err := fs.ReadFile(sqlfiles.Files, "audit/profile/items.sql")
	if err != nil {
		return nil, fmt.Errorf("run audit: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "create temp table audit_items as "+string(items)); err != nil {
		return nil, fmt.Errorf("run audit: read the control accounts: %w", err)
	}
	return &Audit{conn: conn, checks: checks}, nil
}

func (c Check) table() string { return "finding_" + c.name }

// Findings returns what was found, the worst check first and batches in their
// order, each with its first offences by line.
func (a *Audit) Findings(ctx context.Context, sample int) ([]Finding, error) {
	var findings []Finding
	for _, c := range a.checks {
		found, err := a.findings(ctx, c, sample)
		if err != nil {
			return nil, fmt.Errorf("read findings of audit check %s: %w", c.name, err)
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

func (a *Audit) findings(ctx context.Context, c Check, sample int) (found []Finding, err error) {
	rows, err := a.conn.QueryContext(ctx, fmt.Sprintf(`
select batch_no, count(*), cast(sum(line_count) as bigint), cast(coalesce(sum(amount), 0) * 100 as bigint)
from %s group by batch_no order by batch_no`, c.table()))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		f := Finding{Check: c}
		if err := rows.Scan(&f.BatchNo, &f.Count, &f.Lines, &f.Stake); err != nil {
			return nil, err
		}
		found = append(found, f)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range found {
		if found[i].Sample, err = a.sample(ctx, c, found[i].BatchNo, sample); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (a *Audit) sample(ctx context.Context, c Check, batchNo, most int) (sample []Offence, err error) {
	rows, err := a.conn.QueryContext(ctx, fmt.Sprintf(`
select coalesce(source_line, 0), coalesce(source_column, ''), coalesce(left(value, 200), ''),
    cast(coalesce(amount, 0) * 100 as bigint), amount is not null
from %s where batch_no = ?
order by source_line nulls first, source_column, value limit ?`, c.table()), batchNo, most)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var o Offence
		if err := rows.Scan(&o.Line, &o.Column, &o.Value, &o.Amount, &o.HasAmount); err != nil {
			return nil, err
		}
		sample = append(sample, o)
	}
	return sample, rows.Err()
}
