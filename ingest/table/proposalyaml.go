package table

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/encours/encours/ingest/canonical"
)

// sure is the confidence, in percent, from which a proposed column stands; below it
// the line is a comment.
const sure = 50

// YAML writes the proposal as the sources of an encours.yaml, with the confidence of
// each column and what a person has to decide in comments.
func (p *Proposal) YAML(name, entity, path string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Proposed from %s: %s.", path, p.described())
	line("# Review every line: a percentage says how sure the proposal is, nothing is certain.")
	line("sources:")
	line("  - name: %s", quoted(name))
	line("    kind: table")
	line("    entity: %s", quoted(entity))
	line("    paths: [%s]", quoted(path))
	line("    dataset: %s", p.Dataset)
	line("    mode: full                  # or delta, where files add to each other")
	if p.File.Sheet != "" {
		line("    sheet: %s", quoted(p.File.Sheet))
	}
	if p.File.Format == "csv" {
		line("    delimiter: %s", quoted(p.File.Delimiter))
	}
	if p.File.Header > 1 {
		line("    header_row: %d", p.File.Header)
	}
	for _, problem := range p.Problems {
		line("    # to decide: %s", problem)
	}
	if slices.ContainsFunc(p.Problems, func(s string) bool { return strings.HasPrefix(s, "dates") }) {
		line(`    # dates: "DD/MM/YYYY"       # or "MM/DD/YYYY"`)
	}
	if slices.ContainsFunc(p.Problems, func(s string) bool { return strings.HasPrefix(s, "numbers") }) {
		line(`    # decimal: ","              # or "."`)
	}
	line("    columns:")
	for _, m := range p.Matches {
		mark := ""
		if m.Confidence < sure {
			mark = "# "
		}
		line("      %s%s: %s  # %d %%: %s%s", mark, m.Field.Name, p.value(m), m.Confidence, m.Why, such(m.Column))
	}
	for _, field := range p.Missing {
		p.missing(line, field)
	}
	if len(p.Unused) > 0 {
		line("    # Columns that no field takes; list in keep those to keep beside the row:")
		names := make([]string, len(p.Unused))
		for i, column := range p.Unused {
			names[i] = quoted(column.Name)
		}
		line("    # keep: [%s]", strings.Join(names, ", "))
	}
	return b.String()
}

func (p *Proposal) described() string {
	parts := []string{p.File.Format}
	for _, s := range []string{p.File.Charset, p.File.Sheet} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return fmt.Sprintf("%s, the first %d records looked at", strings.Join(parts, ", "), p.File.Records)
}

func such(column Seen) string {
	if column.Example == "" {
		return ", no value seen"
	}
	return ", such as " + oneLine(column.Example)
}

// oneLine keeps a text of a file within its comment.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r == 0x85 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)
}

// value is what stands behind the field.
func (p *Proposal) value(m Match) string {
	allowed := m.Field.Values
	if len(allowed) == 0 {
		return quoted(m.Column.Name)
	}
	values := slices.Sorted(maps.Keys(m.Column.values))
	if len(values) > 30 {
		return fmt.Sprintf("{ column: %s, values: {} }", quoted(m.Column.Name))
	}
	var pairs []string
	for _, v := range values {
		if word := guessWord(allowed, v); word != "" {
			pairs = append(pairs, quoted(v)+": "+word)
		}
	}
	return fmt.Sprintf("{ column: %s, values: { %s } }", quoted(m.Column.Name), strings.Join(pairs, ", "))
}

// wordSigns are parts of words that stand for a value of a field, in the order in which
// they are looked for.
var wordSigns = []struct{ part, word string }{
	{"avoir", "credit_note"}, {"credit", "credit_note"}, {"gutschrift", "credit_note"}, {"refund", "credit_note"},
	{"supplier", "supplier"}, {"vendor", "supplier"}, {"fournisseur", "supplier"}, {"lieferant", "supplier"},
	{"virement", "transfer"}, {"transfer", "transfer"}, {"wire", "transfer"}, {"cheque", "cheque"}, {"check", "cheque"},
	{"prelev", "direct debit"}, {"debit", "direct debit"}, {"carte", "card"}, {"card", "card"},
	{"lcr", "bill"}, {"traite", "bill"}, {"effet", "bill"}, {"espece", "cash"}, {"cash", "cash"},
	{"ouvert", "open"}, {"open", "open"}, {"accept", "accepted"}, {"refus", "refused"}, {"reject", "refused"},
	{"clos", "closed"}, {"ferme", "closed"},
	{"appel", "call"}, {"call", "call"}, {"mail", "e-mail"}, {"demeure", "formal notice"}, {"formal", "formal notice"},
	{"courrier", "letter"}, {"lettre", "letter"}, {"letter", "letter"}, {"declar", "claim declared"}, {"content", "legal case"}, {"legal", "legal case"},
}

// usualWords are taken where nothing tells otherwise.
var usualWords = []string{"customer", "invoice", "other"}

// guessWord is the likeliest of the values of a field for a value of the file; none
// where nothing tells.
func guessWord(allowed []string, value string) string {
	folded := fold(value)
	if slices.Contains(allowed, folded) {
		return folded
	}
	for _, sign := range wordSigns {
		if strings.Contains(folded, sign.part) && slices.Contains(allowed, sign.word) {
			return sign.word
		}
	}
	if slices.Contains(allowed, "credit_note") && slices.Contains([]string{"rg", "dg", "av", "cn"}, folded) {
		return "credit_note"
	}
	for _, word := range usualWords {
		if slices.Contains(allowed, word) {
			return word
		}
	}
	return ""
}

// missing writes what to do about a field that no column seems to give.
func (p *Proposal) missing(line func(string, ...any), field canonical.Column) {
	amount := ""
	for _, m := range p.Matches {
		if m.Field.Name == "amount" && m.Confidence >= sure {
			amount = m.Column.Name
		}
	}
	switch {
	case field.Name == "side":
		line("      side: { constant: customer }  # assumed; or supplier")
	case field.Name == "document_type" && amount != "":
		line("      document_type: { column: %s, by_sign: { positive: invoice, negative: credit_note } }  # assumed", quoted(amount))
	default:
		line("      # to decide: %s is needed: %s", field.Name, field.Meaning)
		line("      # %s: \"\"", field.Name)
	}
}

// quoted writes a text as YAML: the quoted form of JSON is YAML too.
func quoted(s string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return `""`
	}
	return string(bytes.TrimSpace(out.Bytes()))
}
