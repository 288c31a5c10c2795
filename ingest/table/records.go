package table

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/encours/encours/ingest"
)

// records gives the data records of a file: those after the header that no rule of
// the mapping leaves out. Blank records are no data.
type records struct {
	ctx     context.Context
	file    *File
	rows    rows
	held    []row // the last ones, which may be the footer
	skipped int64 // left out by a rule
	ended   bool
	count   int64
}

// records opens the file past its header.
func (f *File) records(ctx context.Context, progress func(int64)) (*records, error) {
	in, err := f.reader(ctx, progress)
	if err != nil {
		return nil, err
	}
	r := &records{ctx: ctx, file: f, rows: in}
	if f.Format != "csv" && f.Format != "xlsx" {
		return r, nil
	}
	if err := r.passHeader(); err != nil {
		return nil, errors.Join(err, in.close())
	}
	return r, nil
}

// passHeader reads up to the names of the columns; the first time it finds them.
func (r *records) passHeader() error {
	f := r.file
	needs := f.spec.needs()
	var best []string
	bestMet := -1
	var current row
	for n := 0; ; n++ {
		err := r.rows.next(&current)
		if errors.Is(err, io.EOF) || err == nil && (f.Header == 0 && f.spec.HeaderRow == 0 && n == headerSearch) {
			return f.noHeader(best, needs)
		}
		if err != nil {
			return err
		}
		switch {
		case f.Header > 0 && current.line < f.Header, f.spec.HeaderRow > 0 && current.line < int64(f.spec.HeaderRow):
			continue
		case current.fault != nil && f.Header == 0 && f.spec.HeaderRow == 0:
			continue
		}
		names := current.names()
		if f.Header == 0 && f.spec.HeaderRow > 0 && current.line != int64(f.spec.HeaderRow) {
			return &ingest.RefusedError{Path: f.Path, Problem: fmt.Sprintf("no record begins at line %d, which header_row names", f.spec.HeaderRow), Advice: "Correct header_row"}
		}
		n := met(needs, newHeader(names))
		if n > bestMet || n == bestMet && bestMet == 0 && len(names) > len(best) {
			best, bestMet = names, n
		}
		if f.Header == 0 && f.spec.HeaderRow == 0 && (n < len(needs) || len(names) == 0) {
			continue
		}
		f.Header, f.Columns = current.line, names
		if c, ok := r.rows.(*csvReader); ok {
			c.width, c.least = len(current.cells), len(names)
		}
		return nil
	}
}

func (f *File) noHeader(best []string, needs [][]string) error {
	h := newHeader(best)
	var missing []string
	for _, names := range needs {
		if met([][]string{names}, h) == 0 {
			missing = append(missing, names[0])
		}
	}
	if len(best) == 0 {
		return &ingest.RefusedError{Path: f.Path, Problem: "no names of columns were found", Advice: "Export it with its header, or give sheet, header_row or delimiter"}
	}
	return &ingest.RefusedError{Path: f.Path, Problem: fmt.Sprintf("it lacks columns that the mapping names: %s", ingest.QuoteNames(missing)), Found: h.named(),
		Advice: "Correct the names in the mapping; if the header is another row or the fields are cut wrongly, give header_row, sheet, delimiter or charset"}
}

func (r *records) close() error { return r.rows.close() }

// next gives the next data record, valid until the call after it; io.EOF at the end.
func (r *records) next(out *row) error {
	footer := r.file.spec.SkipFooter
	for !r.ended {
		err := r.read(out)
		if errors.Is(err, io.EOF) {
			r.ended = true
			r.skipped += int64(min(len(r.held), footer))
			break
		}
		if err != nil {
			return err
		}
		if footer == 0 {
			return nil
		}
		if len(r.held) < footer {
			r.held = append(r.held, *out)
			*out = row{}
			continue
		}
		at := int(r.count) % footer
		r.count++
		r.held[at], *out = *out, r.held[at]
		return nil
	}
	return io.EOF
}

// read gives the next record that is not blank and that no pattern leaves out.
func (r *records) read(out *row) error {
	for {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if err := r.rows.next(out); err != nil {
			return err
		}
		if out.blank() {
			if r.file.spec.StopAtBlank {
				return r.rest(out)
			}
			continue
		}
		if r.leftOut(out) {
			r.skipped++
			continue
		}
		return nil
	}
}

// rest counts what stands after the blank record at which reading stops.
func (r *records) rest(out *row) error {
	for {
		if err := r.rows.next(out); err != nil {
			return err
		}
		if !out.blank() {
			r.skipped++
		}
	}
}

func (r *records) leftOut(record *row) bool {
	if len(r.file.patterns) == 0 {
		return false
	}
	text := record.tabbed()
	for _, p := range r.file.patterns {
		if p.MatchString(text) {
			return true
		}
	}
	return false
}
