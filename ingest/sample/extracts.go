package sample

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Extract is a file beside the ledgers.
type Extract struct {
	Path string // relative to the folder, slashes
	Rows int64  // records, without the header
}

// extracts writes what a company has beside its ledgers: files of counterparties, a CRM,
// the register, the gazette, ratings, covers and accounts of companies. Each is streamed
// from the customers and suppliers of the ledgers, by random streams of its own.
type extracts struct {
	opt     Options
	cal     *calendar
	dir     string
	ledgers []*simulation
	done    []Extract
}

func (x *extracts) write(ctx context.Context) error {
	steps := []func(context.Context) error{
		x.counterparties, x.crmUsers, x.crmAccounts, x.crmOpportunities, x.crmCases,
		x.ratings, x.covers, x.statements, x.register, x.gazette,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// customers calls use for each customer of each entity.
func (x *extracts) customers(ctx context.Context, use func(q *party) error) error {
	for _, s := range x.ledgers {
		if err := s.eachCustomer(ctx, use); err != nil {
			return err
		}
	}
	return nil
}

func (s *simulation) eachCustomer(ctx context.Context, use func(q *party) error) error {
	for i := range s.customers {
		q := s.customer(i)
		if err := errors.Join(ctx.Err(), use(&q)); err != nil {
			return err
		}
	}
	return nil
}

func (s *simulation) eachSupplier(ctx context.Context, use func(q *party) error) error {
	for i := range s.suppliers {
		q := s.supplier(i)
		if err := errors.Join(ctx.Err(), use(&q)); err != nil {
			return err
		}
	}
	return nil
}

// day writes a day number as YYYY-MM-DD.
func (x *extracts) day(day int32) string {
	t := x.cal.at(day).ymd
	return string(t[:4]) + "-" + string(t[4:6]) + "-" + string(t[6:])
}

// output is an extract being written.
type output struct {
	path string
	file *os.File
	buf  *bufio.Writer
	rows int64
}

func (x *extracts) create(path string) (*output, error) {
	full := filepath.Join(x.dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return nil, fmt.Errorf("create folder of %q: %w", full, err)
	}
	file, err := os.Create(full)
	if err != nil {
		return nil, fmt.Errorf("create extract %q: %w", full, err)
	}
	return &output{path: path, file: file, buf: bufio.NewWriterSize(file, 1<<16)}, nil
}

// finish closes a file and notes it, unless writing it failed before.
func (x *extracts) finish(o *output, failed error) error {
	if err := errors.Join(failed, o.buf.Flush(), o.file.Close()); err != nil {
		return fmt.Errorf("write extract %q: %w", o.path, err)
	}
	x.done = append(x.done, Extract{Path: o.path, Rows: o.rows})
	return nil
}

// format is how a table is written; the zero value is CSV in UTF-8.
type format struct {
	comma  rune
	crlf   bool
	encode func(string) string
}

// table is an extract with a header and rows.
type table struct {
	*output
	csv    *csv.Writer
	encode func(string) string
}

// table writes a table by fill.
func (x *extracts) table(path string, f format, header []string, fill func(t *table) error) error {
	o, err := x.create(path)
	if err != nil {
		return err
	}
	t := &table{output: o, csv: csv.NewWriter(o.buf), encode: f.encode}
	t.csv.UseCRLF = f.crlf
	if f.comma != 0 {
		t.csv.Comma = f.comma
	}
	if err = t.row(header...); err == nil {
		err = fill(t)
	}
	t.rows--
	t.csv.Flush()
	return x.finish(o, errors.Join(err, t.csv.Error()))
}

func (t *table) row(values ...string) error {
	if t.encode != nil {
		encoded := make([]string, len(values))
		for i, value := range values {
			encoded[i] = t.encode(value)
		}
		values = encoded
	}
	t.rows++
	return t.csv.Write(values)
}
