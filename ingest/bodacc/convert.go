package bodacc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/archive"
	"github.com/encours/encours/ingest/canonical"
	"github.com/encours/encours/ingest/stream"
)

// conversion is one reading of a file.
type conversion struct {
	out     *canonical.Writer
	stats   ingest.ShapedStats
	remarks map[string]int64
}

// Convert writes the rows of legal_events, one per company and role of a notice.
// progress counts the bytes once they are decompressed.
func (f *File) Convert(ctx context.Context, dataset string, fields []ingest.Field, w io.Writer, reject func(ingest.Reject) error, progress func(int64)) (ingest.ShapedStats, error) {
	if dataset != f.Datasets()[0] {
		return ingest.ShapedStats{}, fmt.Errorf("%s: notices give no %s", f.name, dataset)
	}
	out, err := canonical.NewWriter(w, fields, reject)
	if err != nil {
		return ingest.ShapedStats{}, err
	}
	c := &conversion{out: out, remarks: map[string]int64{}}
	var done int64
	for _, member := range f.members {
		if err := f.member(ctx, c, member, &done, progress); err != nil {
			return c.stats, f.refused(ctx, member.Label, err)
		}
	}
	if err := out.Flush(); err != nil {
		return c.stats, err
	}
	c.stats.Rows, c.stats.Rejects = out.Rows, out.Rejects
	for _, code := range slices.Sorted(maps.Keys(c.remarks)) {
		c.stats.Remarks = append(c.stats.Remarks, fmt.Sprintf("%d notices: %s", c.remarks[code], remarkTexts[code]))
	}
	for _, name := range f.passed {
		c.stats.Warnings = append(c.stats.Warnings, name+" in the archive is a document and no notices: it was passed over")
	}
	return c.stats, nil
}

func (f *File) member(ctx context.Context, c *conversion, member archive.Member, done *int64, progress func(int64)) (err error) {
	in, err := member.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	counting := &stream.Counting{In: stream.Until(ctx, in), Done: *done, Progress: progress}
	defer func() { *done = counting.Done }()
	records, err := newReader(counting)
	if err != nil {
		return err
	}
	at := ingest.Reject{}
	if len(f.members) > 1 {
		at.File = member.Name
	}
	for {
		record, line, err := records.next()
		at.Line = line
		var count fieldCount
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &count):
			at.Raw = raw(record)
			if err := c.out.Reject(at, "", "", "fields.count", count.Error()+": a delimiter or a quotation mark is missing or too many"); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		if err := c.write(at, record); err != nil {
			return err
		}
	}
}

func (c *conversion) write(at ingest.Reject, record tree) error {
	n, wrong := read(record)
	if wrong != nil {
		at.Raw = raw(record)
		return c.out.Reject(at, wrong.column, wrong.value, wrong.reason, wrong.message)
	}
	for _, code := range n.remarks {
		c.remarks[code]++
	}
	if len(n.companies) == 0 {
		return nil
	}
	at.Raw = ""
	before := c.out.Rejects
	for _, one := range n.companies {
		row := n.row(one)
		if err := c.out.Write(at, row); err != nil {
			return err
		}
		if c.out.Rejects > before {
			break
		}
	}
	if c.stats.First.IsZero() || n.published.Before(c.stats.First) {
		c.stats.First = n.published
	}
	if n.published.After(c.stats.Last) {
		c.stats.Last = n.published
	}
	return nil
}

// row is one row of legal_events, by the names of its fields.
func (n *notice) row(c company) map[string]any {
	row := map[string]any{
		"notice_id": n.id, "siren": c.siren, "role": c.role, "notice_type": n.kind, "corrects_id": n.corrects,
		"bulletin": n.bulletin, "issue": n.issue, "notice_number": n.number, "published_on": n.published,
		"family": n.family, "nature": n.nature, "details": n.details, "court": n.court, "name": c.name,
		"is_person": c.isPerson, "postal_code": c.postalCode, "city": c.city, "url": n.url,
	}
	if !n.event.IsZero() {
		row["event_date"] = n.event
	}
	if n.isDeposit {
		row["deposit_type"], row["is_confidential"] = n.deposit, n.isConfidential
		if !n.closing.IsZero() {
			row["closing_date"] = n.closing
		}
	}
	if n.price != "" {
		row["price_amount"] = n.price
	}
	return row
}
