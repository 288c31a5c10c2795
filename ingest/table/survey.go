package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

// watch collects what the values of one column prove for one field.
type watch struct {
	name     string // of the column
	values   map[string]string
	isDate   bool
	isNumber bool
	declared []dateFormat
	dates    dateEvidence
	numbers  numberEvidence
	swapped  place // the first value that fits only with day and month swapped
	from     dateFormat
}

// watches are by sameName of the column, then by field.
type watches map[string]map[string]*watch

// watches are the columns whose values decide how they are read.
func (f *File) watches() (watches, error) {
	all := watches{}
	for _, column := range f.fields {
		spec, ok := f.spec.Columns[column.Name]
		if !ok || spec.Constant != "" {
			continue
		}
		dates := spec.Dates
		if len(dates) == 0 {
			dates = f.spec.Dates
		}
		declared, err := parseDateFormats(dates)
		if err != nil {
			return nil, err
		}
		for _, name := range append(append([]string{spec.Column, spec.Minus}, spec.AnyOf...), spec.Join...) {
			if name == "" {
				continue
			}
			w := &watch{name: name, values: spec.Values, declared: declared}
			w.isDate = column.Kind == canonical.Date
			w.isNumber = column.Kind == canonical.Number || spec.BySign.Positive != ""
			w.numbers.thousands = first(spec.Thousands, f.spec.Thousands)
			if key := sameName(name); all[key] == nil {
				all[key] = map[string]*watch{column.Name: w}
			} else {
				all[key][column.Name] = w
			}
		}
	}
	return all, nil
}

func parseDateFormats(texts []string) ([]dateFormat, error) {
	var out []dateFormat
	for _, text := range texts {
		f, err := parseDateFormat(text)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func (w *watch) see(line int64, c cell) {
	if _, mapped := w.values[trim(c.text)]; mapped {
		return
	}
	if w.isNumber {
		c.text = strings.TrimSuffix(trim(c.text), "%")
		w.numbers.see(line, c)
	}
	if !w.isDate || c.kind != text {
		return
	}
	if len(w.declared) == 0 {
		w.dates.see(line, c)
		return
	}
	if w.swapped.line > 0 {
		return
	}
	value := trim(c.text)
	for _, form := range w.declared {
		if _, ok := form.parse(value); ok {
			return
		}
	}
	for _, form := range w.declared {
		if _, ok := form.swapped().parse(value); ok {
			w.swapped, w.from = place{line, value}, form
			return
		}
	}
}

// survey reads the file once and decides how its values are read.
func (f *File) survey(ctx context.Context) error {
	all, err := f.watches()
	if err != nil {
		return err
	}
	in, err := f.records(ctx, nil)
	if err != nil {
		return err
	}
	var at [][]*watch // by column
	var current row
	for {
		err := in.next(&current)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.Join(err, in.close())
		}
		f.Records++
		if current.fault != nil {
			continue
		}
		names := f.Columns
		if f.keys != nil {
			names = f.keys.names
		}
		for i := len(at); i < len(names); i++ {
			var seen []*watch
			for _, w := range all[sameName(names[i])] {
				seen = append(seen, w)
			}
			at = append(at, seen)
		}
		for i := range min(len(at), len(current.cells)) {
			for _, w := range at[i] {
				w.see(current.line, current.cells[i])
			}
		}
	}
	if err := in.close(); err != nil {
		return err
	}
	if f.keys != nil {
		if f.Columns = f.keys.names; f.Records > 0 {
			if h := newHeader(f.Columns); met(f.spec.needs(), h) < len(f.spec.needs()) {
				return f.noHeader(f.Columns, f.spec.needs())
			}
		}
	}
	if f.Records == 0 {
		return &ingest.RefusedError{Path: f.Path, Problem: "it has a header and no record", Advice: "Export it again"}
	}
	if err := f.bind(); err != nil {
		return err
	}
	return f.decide(all)
}

// impossible refuses a file with values that the declared order of day and month
// cannot give, and names the first of them.
func (f *File) impossible(all watches) error {
	var worst *watch
	for _, b := range f.bindings {
		for _, column := range b.at {
			w := all[sameName(f.Columns[column])][b.column.Name]
			if w != nil && w.swapped.line > 0 && (worst == nil || w.swapped.line < worst.swapped.line) {
				worst = w
			}
		}
	}
	if worst == nil {
		return nil
	}
	return &ingest.RefusedError{Path: f.Path, Line: worst.swapped.line, Problem: fmt.Sprintf(
		"%s: %q cannot be a date written %s, but it is one with day and month swapped", worst.name, worst.swapped.value, worst.from.text),
		Advice: "Correct dates in the mapping; if only some lines are wrong, correct them, as others may then be wrong without showing it"}
}

// decide gives each binding its forms of dates and numbers.
func (f *File) decide(all watches) error {
	if err := f.impossible(all); err != nil {
		return err
	}
	for _, b := range f.bindings {
		b.numbers = numberFormat{first(b.spec.Decimal, f.spec.Decimal), first(b.spec.Thousands, f.spec.Thousands)}
		b.lessNumbers = b.numbers
		b.from1904 = f.from1904
		for i, column := range b.at {
			w := all[sameName(f.Columns[column])][b.column.Name]
			if w == nil {
				continue
			}
			if err := f.decideDates(b, w); err != nil {
				return err
			}
			if err := f.decideNumbers(&b.numbers, b, w, i == 0); err != nil {
				return err
			}
		}
		if b.minus >= 0 {
			if err := f.decideNumbers(&b.lessNumbers, b, all[sameName(b.spec.Minus)][b.column.Name], true); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *File) decideDates(b *binding, w *watch) error {
	if !w.isDate {
		return nil
	}
	if len(w.declared) > 0 {
		b.dates = w.declared
		return nil
	}
	forms, because, err := w.dates.decide()
	if err != nil {
		return &ingest.RefusedError{Path: f.Path, Problem: fmt.Sprintf("the dates of %q cannot be read for certain: %v", w.name, err),
			Advice: fmt.Sprintf(`Say how they are written by dates, such as dates: "DD/MM/YYYY", for the source or for %s`, b.column.Name)}
	}
	b.dates = append(b.dates, forms...)
	for _, reason := range because {
		f.Remarks = append(f.Remarks, fmt.Sprintf("dates of %q are read as %s", w.name, reason))
	}
	return nil
}

func (f *File) decideNumbers(into *numberFormat, b *binding, w *watch, firstColumn bool) error {
	if w == nil || !w.isNumber || first(b.spec.Decimal, f.spec.Decimal) != "" || !firstColumn {
		if into.decimal == "" {
			into.decimal = "."
		}
		return nil
	}
	mark, err := w.numbers.decide()
	if err != nil {
		return &ingest.RefusedError{Path: f.Path, Problem: fmt.Sprintf("the numbers of %q cannot be read for certain: %v", w.name, err),
			Advice: fmt.Sprintf(`Say what the decimal mark is by decimal: "," or decimal: ".", for the source or for %s`, b.column.Name)}
	}
	into.decimal = mark
	if mark == "," {
		f.Remarks = append(f.Remarks, fmt.Sprintf("numbers of %q are read with a decimal comma, as line %d: %q shows", w.name, w.numbers.proof[1].line, w.numbers.proof[1].value))
	}
	return nil
}

// remark says what the rules of the mapping left out.
func leftOutRemark(n int64) string {
	return strings.TrimSpace(fmt.Sprintf("%d records were left out by skip_footer, skip_rows_matching or stop_at_blank", n))
}
