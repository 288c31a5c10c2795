package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

// proposalRecords is how many records a proposal looks at.
const proposalRecords = 5000

// Dataset is a dataset that a proposal may choose, with its fields.
type Dataset struct {
	Name   string
	Fields []ingest.Field
}

// Proposal is a mapping that the headers and values of a file suggest, for a person
// to review.
type Proposal struct {
	Dataset  string
	File     *File
	Matches  []Match
	Unused   []Seen // columns that no field takes
	Missing  []canonical.Column
	Problems []string // what has to be declared, such as an order of day and month
}

// Match is a column that is proposed for a field.
type Match struct {
	Field      canonical.Column
	Column     Seen
	Confidence int // percent
	Why        string
}

// Propose reads the head of a file and proposes a mapping to one of the datasets; to
// the one of that name where one is given.
func Propose(ctx context.Context, path, dataset string, datasets []Dataset) (*Proposal, error) {
	f, err := open(ctx, path, Spec{})
	if err != nil {
		return nil, err
	}
	seen, err := f.look(ctx)
	if err != nil {
		return nil, f.refused(err)
	}
	var best *Proposal
	bestScore := -1.0
	for _, d := range datasets {
		if dataset != "" && d.Name != dataset {
			continue
		}
		fields, err := canonical.Columns(d.Fields)
		if err != nil {
			return nil, fmt.Errorf("propose for %q: %w", path, err)
		}
		p := propose(f, d.Name, fields, seen)
		if score := p.score(); score > bestScore {
			best, bestScore = p, score
		}
	}
	if best == nil {
		return nil, fmt.Errorf("there is no dataset %q to map %s to", dataset, path)
	}
	return best, nil
}

// look finds the header of a file without a mapping and describes its columns.
func (f *File) look(ctx context.Context) ([]Seen, error) {
	if f.Format == "csv" || f.Format == "xlsx" {
		line, err := f.guessHeader(ctx)
		if err != nil {
			return nil, err
		}
		f.spec.HeaderRow = int(line)
	}
	in, err := f.records(ctx, nil)
	if err != nil {
		return nil, err
	}
	var seen []Seen
	var current row
	for f.Records < proposalRecords {
		err := in.next(&current)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errors.Join(err, in.close())
		}
		f.Records++
		for i, c := range current.cells {
			for len(seen) <= i {
				seen = append(seen, Seen{values: map[string]bool{}})
			}
			seen[i].see(current.line, c)
		}
	}
	if f.keys != nil {
		f.Columns = f.keys.names
	}
	for len(seen) < len(f.Columns) {
		seen = append(seen, Seen{})
	}
	seen = seen[:len(f.Columns)]
	for i := range seen {
		seen[i].Name = f.Columns[i]
	}
	return seen, in.close()
}

// guessHeader is the first record near the top that has the most named columns, all
// of them words.
func (f *File) guessHeader(ctx context.Context) (int64, error) {
	in, err := f.reader(ctx, nil)
	if err != nil {
		return 0, err
	}
	var current row
	var line int64
	best := 0
	for range headerSearch {
		err := in.next(&current)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, errors.Join(err, in.close())
		}
		words := 0
		for _, c := range current.cells {
			value := trim(c.text)
			if c.kind == text && value != "" && strings.ContainsFunc(value, isLetter) {
				words++
			}
		}
		if words > best && current.fault == nil {
			best, line = words, current.line
		}
	}
	if best == 0 {
		return 0, errors.Join(errors.New("no names of columns were found"), in.close())
	}
	return line, in.close()
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0xBF }

// propose pairs fields and columns, the surest pair first.
func propose(f *File, dataset string, fields []canonical.Column, seen []Seen) *Proposal {
	p := &Proposal{Dataset: dataset, File: f}
	var pairs []Match
	for _, field := range fields {
		for _, column := range seen {
			if confidence, why := match(dataset, field, column); confidence > 0 {
				pairs = append(pairs, Match{field, column, confidence, why})
			}
		}
	}
	sort.SliceStable(pairs, func(i, j int) bool { return pairs[i].Confidence > pairs[j].Confidence })
	taken, filled := map[string]bool{}, map[string]bool{}
	for _, m := range pairs {
		if !taken[m.Column.Name] && !filled[m.Field.Name] {
			taken[m.Column.Name], filled[m.Field.Name] = true, true
			p.Matches = append(p.Matches, m)
		}
	}
	place := func(name string) int {
		return slices.IndexFunc(fields, func(c canonical.Column) bool { return c.Name == name })
	}
	sort.SliceStable(p.Matches, func(i, j int) bool { return place(p.Matches[i].Field.Name) < place(p.Matches[j].Field.Name) })
	for _, field := range fields {
		if field.Required && !filled[field.Name] && field.Name != "instalment" {
			p.Missing = append(p.Missing, field)
		}
	}
	for _, column := range seen {
		if !taken[column.Name] && sameName(column.Name) != "" {
			p.Unused = append(p.Unused, column)
		}
	}
	p.findProblems()
	return p
}

// findProblems tells which columns cannot be read before something is declared.
func (p *Proposal) findProblems() {
	for _, m := range p.Matches {
		switch m.Field.Kind {
		case canonical.Date:
			if _, _, err := m.Column.dates.decide(); err != nil {
				p.Problems = append(p.Problems, fmt.Sprintf("dates of %q: %v: give dates", m.Column.Name, err))
			}
		case canonical.Number:
			if _, err := m.Column.numbers.decide(); err != nil {
				p.Problems = append(p.Problems, fmt.Sprintf("numbers of %q: %v: give decimal", m.Column.Name, err))
			}
		}
	}
}

// score rates how well a dataset fits: the confidence of its pairs, less what is
// required and missing beyond what a constant can say.
func (p *Proposal) score() float64 {
	total := 0.0
	for _, m := range p.Matches {
		total += float64(m.Confidence) / 100
		if m.Field.Required {
			total += float64(m.Confidence) / 100
		}
	}
	for _, field := range p.Missing {
		if field.Name != "side" && field.Name != "document_type" {
			total -= 2
		}
	}
	return max(total, 0)
}
