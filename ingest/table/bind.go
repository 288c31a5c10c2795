package table

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

// binding ties one field to the columns of a file.
type binding struct {
	field  int
	column canonical.Column
	spec   Column
	at     []int // the columns that give the value; none for a constant
	minus  int
	when   int

	values      map[string]string // by sameName
	whenValues  map[string]bool
	dates       []dateFormat
	from1904    bool // how the workbook counts days
	numbers     numberFormat
	lessNumbers numberFormat // of the column that is subtracted
}

// fits checks a mapping against the fields of its dataset.
func (s Spec) fits(fields []canonical.Column) error {
	var problems []error
	var names, lacking []string
	for _, f := range fields {
		names = append(names, f.Name)
		if _, ok := s.Columns[f.Name]; f.Required && !ok && f.Name != "instalment" {
			lacking = append(lacking, fmt.Sprintf("%s (%s)", f.Name, f.Meaning))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Columns)) {
		i := slices.Index(names, name)
		if i < 0 {
			problems = append(problems, fmt.Errorf("columns: dataset %s has no field %q; its fields are: %s", s.Dataset, name, strings.Join(names, ", ")))
			continue
		}
		if c := s.Columns[name]; fields[i].Kind != canonical.Number && c.BySign.Positive == "" && (c.Negate || c.Minus != "" || c.NegativeWhen.Column != "") {
			problems = append(problems, fmt.Errorf("columns.%s: negate, minus and negative_when go with amounts", name))
		}
		if c := s.Columns[name]; fields[i].Kind != canonical.Number && (c.Exponent || c.Percent != "") {
			problems = append(problems, fmt.Errorf("columns.%s: exponent and percent go with numbers", name))
		}
	}
	if len(lacking) > 0 {
		problems = append(problems, fmt.Errorf("columns: dataset %s needs a column or a constant for %s", s.Dataset, strings.Join(lacking, ", ")))
	}
	return errors.Join(problems...)
}

// bind finds the columns of the mapping in the file.
func (f *File) bind() error {
	h := newHeader(f.Columns)
	var problems []error
	for i, column := range f.fields {
		spec, ok := f.spec.Columns[column.Name]
		if !ok && column.Name == "instalment" && column.Required {
			spec, ok = Column{Constant: "1"}, true
		}
		if !ok {
			continue
		}
		b, err := newBinding(i, column, spec, h)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", column.Name, err))
		}
		if b != nil {
			f.bindings = append(f.bindings, b)
		}
	}
	for _, name := range f.spec.Keep {
		at, err := h.find(name)
		if err != nil {
			problems = append(problems, fmt.Errorf("keep: %w", err))
			continue
		}
		f.keep = append(f.keep, at)
		f.Extra = append(f.Extra, f.Columns[at])
	}
	if len(problems) == 0 {
		return nil
	}
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.Error()
	}
	return &ingest.RefusedError{Path: f.Path, Problem: strings.Join(texts, "; "), Found: h.named(), Advice: "Correct the mapping"}
}

// newBinding is nil where the file lacks a column that it may lack.
func newBinding(field int, column canonical.Column, spec Column, h *header) (*binding, error) {
	b := &binding{field: field, column: column, spec: spec, minus: -1, when: -1}
	names := spec.Join
	switch {
	case spec.Column != "":
		names = []string{spec.Column}
	case len(spec.AnyOf) > 0:
		i := slices.IndexFunc(spec.AnyOf, h.has)
		if i < 0 && spec.Optional {
			return b.orDefault()
		}
		names = spec.AnyOf[max(i, 0) : max(i, 0)+1]
	}
	for _, name := range names {
		at, err := h.find(name)
		if err != nil && spec.Optional && !h.has(name) {
			return b.orDefault()
		}
		if err != nil {
			return nil, err
		}
		b.at = append(b.at, at)
	}
	var err error
	if spec.Minus != "" {
		if b.minus, err = h.find(spec.Minus); err != nil {
			return nil, err
		}
	}
	if spec.NegativeWhen.Column != "" {
		if b.when, err = h.find(spec.NegativeWhen.Column); err != nil {
			return nil, err
		}
		b.whenValues = map[string]bool{}
		for _, v := range spec.NegativeWhen.Values {
			b.whenValues[sameName(v)] = true
		}
	}
	if len(spec.Values) > 0 {
		b.values = map[string]string{}
		for from, to := range spec.Values {
			b.values[sameName(from)] = to
		}
	}
	return b, nil
}

// orDefault is the binding of a field whose column the file lacks.
func (b *binding) orDefault() (*binding, error) {
	if b.spec.Default == "" {
		return nil, nil
	}
	b.spec = Column{Constant: b.spec.Default}
	return b, nil
}
