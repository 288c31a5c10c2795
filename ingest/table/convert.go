package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"slices"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

// Stats is what a conversion counted.
type Stats struct {
	Rows     int64
	Rejects  int64
	LeftOut  int64     // by rules of the mapping
	First    time.Time // earliest business date of the rows; zero where the dataset has none
	Last     time.Time // latest
	Remarks  []string
	Warnings []string
}

const (
	writeBlock = 256 << 10
	maxWritten = 4_000_000 // bytes of a record, as the landing zone takes them
)

// Convert writes the rows of the table to w and hands every other record to reject.
// progress, which may be nil, is told how many bytes have been read of a text file.
// The file must be as Inspect read it.
func (f *File) Convert(ctx context.Context, w io.Writer, reject func(ingest.Reject) error, progress func(int64)) (stats Stats, err error) {
	info, err := os.Stat(f.Path)
	if err != nil {
		return stats, fmt.Errorf("convert table: %w", err)
	}
	if info.Size() != f.Size || !info.ModTime().Equal(f.modified) {
		return stats, fmt.Errorf("convert table %q: the file changed while it was read", f.Path)
	}
	in, err := f.records(ctx, progress)
	if err != nil {
		return stats, f.refused(err)
	}
	defer func() { err = errors.Join(err, in.close()) }()
	record := canonical.NewRecord(f.fields, len(f.keep))
	signs := newSignCheck(f.fields)
	span := newSpan(f.fields)
	var out []byte
	var current row
	for {
		if err := in.next(&current); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return stats, f.refused(err)
		}
		refused := current.fault
		before := len(out)
		if refused == nil {
			if refused = f.apply(&current, record); refused == nil {
				out = record.Append(out, current.line)
				if len(out)-before > maxWritten {
					out = out[:before]
					refused = &ingest.Reject{Reason: "line.too_long", Message: fmt.Sprintf("the record is longer than %d bytes: shorten its texts", maxWritten)}
				}
			}
		}
		if refused != nil {
			stats.Rejects++
			refused.Line, refused.Raw = current.line, current.joined()
			if err := reject(*refused); err != nil {
				return stats, err
			}
			continue
		}
		signs.see(record, current.line)
		span.see(record)
		stats.Rows++
		if len(out) >= writeBlock {
			if _, err := w.Write(out); err != nil {
				return stats, fmt.Errorf("convert table %q: %w", f.Path, err)
			}
			out = out[:0]
		}
	}
	if _, err := w.Write(out); err != nil {
		return stats, fmt.Errorf("convert table %q: %w", f.Path, err)
	}
	stats.LeftOut = in.skipped
	if stats.First, stats.Last, err = span.dates(); err != nil {
		return stats, fmt.Errorf("convert table %q: %w", f.Path, err)
	}
	stats.Remarks = slices.Clone(f.Remarks)
	if stats.LeftOut > 0 {
		stats.Remarks = append(stats.Remarks, leftOutRemark(stats.LeftOut))
	}
	stats.Warnings = append(slices.Clone(f.Warnings), append(roundingWarnings(f.fields, record.Roundings()), signs.warnings()...)...)
	return stats, nil
}

// businessDates are the fields by which rows are dated, by the first that a dataset
// has. They tell how far an extract reaches.
var businessDates = []string{"issue_date", "payment_date", "allocation_date", "action_date", "order_date", "opened_on", "rate_date"}

// span is the earliest and the latest business date of the rows.
type span struct {
	field       int // -1: the dataset has none
	first, last string
}

func newSpan(fields []canonical.Column) *span {
	for _, name := range businessDates {
		if i := fieldAt(fields, name); i >= 0 && fields[i].Kind == canonical.Date && fields[i].Required {
			return &span{field: i}
		}
	}
	return &span{field: -1}
}

func (s *span) see(record *canonical.Record) {
	if s.field < 0 {
		return
	}
	date := record.Value(s.field)
	if s.first == "" || date < s.first {
		s.first = date
	}
	s.last = max(s.last, date)
}

func (s *span) dates() (first, last time.Time, err error) {
	if s.first == "" {
		return first, last, nil
	}
	if first, err = time.Parse(time.DateOnly, s.first); err != nil {
		return first, last, err
	}
	last, err = time.Parse(time.DateOnly, s.last)
	return first, last, err
}

func fieldAt(fields []canonical.Column, name string) int {
	return slices.IndexFunc(fields, func(c canonical.Column) bool { return c.Name == name })
}

// roundingWarnings say how many values of each column were rounded, and by how much
// in all.
func roundingWarnings(fields []canonical.Column, roundings []canonical.Rounding) (out []string) {
	for i, r := range roundings {
		if r.Count > 0 {
			out = append(out, fmt.Sprintf("%s: %d values have more than %d decimals and were rounded half away from zero, by %s in all",
				fields[i].Name, r.Count, fields[i].Scale, signed(r.Sum)))
		}
	}
	return out
}

// signed writes an exact sum of decimals with its sign.
func signed(sum *big.Rat) string {
	places, _ := sum.FloatPrec()
	text := sum.FloatString(places)
	if sum.Sign() > 0 {
		text = "+" + text
	}
	return text
}

// signCheck counts documents whose amount has the sign of the other type.
type signCheck struct {
	documentType, amount int
	invoices, credits    place
	counts               [2]int64
}

func newSignCheck(fields []canonical.Column) *signCheck {
	return &signCheck{documentType: fieldAt(fields, "document_type"), amount: fieldAt(fields, "amount")}
}

func (s *signCheck) see(record *canonical.Record, line int64) {
	if s.documentType < 0 || s.amount < 0 {
		return
	}
	amount := record.Value(s.amount)
	negative := amount != "" && amount[0] == '-'
	switch kind := record.Value(s.documentType); {
	case kind == "invoice" && negative:
		if s.counts[0]++; s.counts[0] == 1 {
			s.invoices = place{line, amount}
		}
	case kind == "credit_note" && !negative && amount != "" && amount != "0" && amount != "0.00":
		if s.counts[1]++; s.counts[1] == 1 {
			s.credits = place{line, amount}
		}
	}
}

func (s *signCheck) warnings() (out []string) {
	if s.counts[0] > 0 {
		out = append(out, fmt.Sprintf("%d invoices have a negative amount, the first in line %d (%s): if they are credit notes, map document_type by values or by_sign",
			s.counts[0], s.invoices.line, s.invoices.value))
	}
	if s.counts[1] > 0 {
		out = append(out, fmt.Sprintf("%d credit notes have a positive amount, the first in line %d (%s), and count as owed: make them negative by negative_when",
			s.counts[1], s.credits.line, s.credits.value))
	}
	return out
}
