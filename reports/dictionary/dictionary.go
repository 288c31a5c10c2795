// Package dictionary tells what every mart, column, check, decision and reference
// table means.
//
// Invariant: nothing in it is written twice: it is read from the headers of the
// models, from sql/DECISIONS.md and from the reference tables as the project has
// them.
package dictionary

import (
	"slices"
	"strings"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/graph"
)

// Dictionary is the whole, or what a search keeps of it.
type Dictionary struct {
	Marts      []Mart
	Checks     []Check
	Decisions  []Decision
	References []Reference
}

// Mart is a public relation.
type Mart struct {
	Name, Question, Grain string
	Key                   []string
	Columns               []Column
	Reads                 []string // relations that it is made of
	Decisions             []int
}

// Column is a column of a mart.
type Column struct {
	Name    string
	Unit    string // amount, days, ratio, date, flag, count or text, see Unit
	Meaning string
}

// Check is a check that every build runs.
type Check struct {
	Name, Severity, Sentence string
	Decisions                []int
}

// Decision is a section of DECISIONS.md.
type Decision struct {
	Number     int
	Title      string
	Paragraphs []string // Markdown, one line each
	Models     []string // models and checks that rest on it
}

// Reference is a reference table with its rows.
type Reference struct {
	Name, Meaning, File string
	IsOverridden        bool // by a file of the project
	Columns             []Column
	Header              []string
	Rows                [][]string
}

// Make makes the dictionary of the models of a generation, or of the program, and
// of the reference tables of a project.
func Make(models *graph.Graph, references []generation.Reference) (*Dictionary, error) {
	d := &Dictionary{}
	users := map[int][]string{}
	for _, m := range models.Models {
		for _, number := range m.Header.Decisions {
			users[number] = append(users[number], m.Name)
		}
	}
	for _, m := range models.Marts() {
		mart := Mart{
			Name: m.Name, Question: m.Header.Question, Grain: m.Header.Grain, Key: m.Header.Key,
			Reads: m.Reads, Decisions: m.Header.Decisions,
		}
		for _, c := range m.Header.Columns {
			mart.Columns = append(mart.Columns, Column{c.Name, Unit(c.Name), c.Meaning})
		}
		d.Marts = append(d.Marts, mart)
	}
	slices.SortFunc(d.Marts, func(a, b Mart) int { return strings.Compare(a.Name, b.Name) })
	for _, c := range models.Checks {
		d.Checks = append(d.Checks, Check{c.Name, c.Header.Severity, c.Header.Sentence, c.Header.Decisions})
		for _, number := range c.Header.Decisions {
			users[number] = append(users[number], c.Name)
		}
	}
	decisions, err := graph.Decisions()
	if err != nil {
		return nil, err
	}
	for _, made := range decisions {
		decision := Decision{Number: made.Number, Title: made.Title, Models: users[made.Number]}
		text := strings.ReplaceAll(made.Text, "\n**", "\n\n**")
		for paragraph := range strings.SplitSeq(text, "\n\n") {
			decision.Paragraphs = append(decision.Paragraphs, strings.Join(strings.Fields(paragraph), " "))
		}
		d.Decisions = append(d.Decisions, decision)
	}
	for _, r := range references {
		d.References = append(d.References, reference(r))
	}
	return d, nil
}

func reference(r generation.Reference) Reference {
	made := Reference{Name: r.Table.Name, Meaning: r.Table.Comment, File: r.File, IsOverridden: r.IsOverridden}
	for _, c := range r.Table.Columns {
		made.Columns = append(made.Columns, Column{c.Name, Unit(c.Name), c.Comment})
	}
	if len(r.Records) > 0 {
		made.Header, made.Rows = r.Records[0], r.Records[1:]
	}
	return made
}

// Unit is the unit that the name of a column stands for: amounts are in the
// currency of the entity with two decimals, ratios between 0 and 1.
func Unit(name string) string {
	for _, known := range []struct{ ending, unit string }{
		{"_amount", "amount"}, {"_days", "days"}, {"_ratio", "ratio"}, {"_date", "date"}, {"_count", "count"},
	} {
		if strings.HasSuffix(name, known.ending) || name == strings.TrimPrefix(known.ending, "_") {
			return known.unit
		}
	}
	if strings.HasPrefix(name, "is_") {
		return "flag"
	}
	return "text"
}

// Search keeps what holds the words: marts and reference tables whole, in which a
// name or a meaning does. An empty search keeps all.
func (d *Dictionary) Search(words string) *Dictionary {
	wanted := strings.Fields(strings.ToLower(words))
	if len(wanted) == 0 {
		return d
	}
	holds := func(texts ...string) bool {
		text := strings.ToLower(strings.Join(texts, " "))
		return !slices.ContainsFunc(wanted, func(word string) bool { return !strings.Contains(text, word) })
	}
	found := &Dictionary{}
	for _, m := range d.Marts {
		if holds(m.Name, m.Question, m.Grain, columnsText(m.Columns)) {
			found.Marts = append(found.Marts, m)
		}
	}
	for _, c := range d.Checks {
		if holds(c.Name, c.Sentence) {
			found.Checks = append(found.Checks, c)
		}
	}
	for _, made := range d.Decisions {
		if holds(made.Title, strings.Join(made.Paragraphs, " "), strings.Join(made.Models, " ")) {
			found.Decisions = append(found.Decisions, made)
		}
	}
	for _, r := range d.References {
		if holds(r.Name, r.Meaning, columnsText(r.Columns)) {
			found.References = append(found.References, r)
		}
	}
	return found
}

func columnsText(columns []Column) string {
	var text strings.Builder
	for _, c := range columns {
		text.WriteString(c.Name + " " + c.Meaning + " ")
	}
	return text.String()
}

// Span is a part of a text of Markdown.
type Span struct {
	Text         string
	Bold, IsCode bool
}

// Spans takes a paragraph of Markdown apart: **bold** and `code`.
func Spans(text string) []Span {
	var spans []Span
	for i, part := range strings.Split(text, "**") {
		for j, piece := range strings.Split(part, "`") {
			if piece != "" {
				spans = append(spans, Span{Text: piece, Bold: i%2 == 1, IsCode: j%2 == 1})
			}
		}
	}
	return spans
}
