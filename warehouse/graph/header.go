package graph

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// How a relation is kept.
const (
	Table   = "table"   // a table of the generation
	View    = "view"    // a view of the generation
	Scratch = "scratch" // a table that exists during the build only
)

// Severities of a check.
const (
	Fail = "fail" // rows stop the switch to the new generation
	Warn = "warn" // rows are shown beside the figures
)

// Column is a column of a model as its header tells it.
type Column struct {
	Name, Meaning string
}

// Header is the comment at the top of a model or check. It is the only place
// where these things are said: it becomes COMMENT ON in the generation, the
// unique-key check of a mart and the order of its published file.
type Header struct {
	Grain        string
	Key          []string
	Sort         []string
	Question     string
	Materialized string
	Columns      []Column
	Decisions    []int
	Severity     string // checks only
	Sentence     string // checks only: what the rows mean, for the reader

	// Audit checks only.
	ID               string // as people quote it, such as C01
	SentenceFR       string
	Advice, AdviceFR string // what to do
	Over             string // years: it compares fiscal years; empty: it judges a batch by itself
}

// ParseHeader reads the comment block at the top of a file: fields `name: value`,
// continued on lines that are indented, and the list under `columns:`.
func ParseHeader(text string) (Header, error) {
	var h Header
	var name string
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		body, ok := strings.CutPrefix(line, "--")
		if !ok {
			break
		}
		body = strings.TrimRight(body, " \n")
		switch indent := len(body) - len(strings.TrimLeft(body, " ")); {
		case strings.TrimSpace(body) == "":
		case name == "columns" && indent == 3:
			column, meaning, found := strings.Cut(strings.TrimSpace(body), ": ")
			if !found {
				return h, fmt.Errorf("column %q has no meaning", strings.TrimSpace(body))
			}
			h.Columns = append(h.Columns, Column{Name: column, Meaning: meaning})
		case name == "columns" && indent > 3 && len(h.Columns) > 0:
			h.Columns[len(h.Columns)-1].Meaning += " " + strings.TrimSpace(body)
		case indent > 1:
			fields[name] += " " + strings.TrimSpace(body)
		default:
			field, value, found := strings.Cut(strings.TrimSpace(body), ":")
			if !found {
				return h, fmt.Errorf("header line %q is not `field: value`", strings.TrimSpace(body))
			}
			name = field
			if _, twice := fields[name]; twice {
				return h, fmt.Errorf("header field %q stands twice", name)
			}
			fields[name] = strings.TrimSpace(value)
		}
	}
	return h, h.fill(fields)
}

func (h *Header) fill(fields map[string]string) error {
	for name, value := range fields {
		switch name {
		case "grain":
			h.Grain = value
		case "key":
			h.Key = splitList(value)
		case "sort":
			h.Sort = splitList(value)
		case "question":
			h.Question = value
		case "materialized":
			h.Materialized = value
		case "severity":
			h.Severity = value
		case "sentence":
			h.Sentence = value
		case "id":
			h.ID = value
		case "sentence_fr":
			h.SentenceFR = value
		case "advice":
			h.Advice = value
		case "advice_fr":
			h.AdviceFR = value
		case "over":
			h.Over = value
		case "columns":
		case "decisions":
			for _, item := range splitList(value) {
				number, err := strconv.Atoi(item)
				if err != nil {
					return fmt.Errorf("header field decisions: %q is not a number", item)
				}
				h.Decisions = append(h.Decisions, number)
			}
		default:
			return fmt.Errorf("header field %q is not known", name)
		}
	}
	return nil
}

// missing names the fields that a model of this layer must have and has not.
func (h Header) missing(layer string) []string {
	var out []string
	need := func(name string, ok bool) {
		if !ok {
			out = append(out, name)
		}
	}
	if layer == "checks" {
		need("severity (fail or warn)", h.Severity == Fail || h.Severity == Warn)
		need("sentence", h.Sentence != "")
		return out
	}
	need("grain", h.Grain != "")
	need("key", len(h.Key) > 0)
	need("question", h.Question != "")
	need("materialized (table, view or scratch)",
		slices.Contains([]string{Table, View, Scratch}, h.Materialized))
	need("columns", len(h.Columns) > 0)
	need("decisions", len(h.Decisions) > 0)
	if layer == "marts" {
		need("sort", len(h.Sort) > 0)
	}
	return out
}

func splitList(value string) []string {
	var out []string
	for item := range strings.SplitSeq(value, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}
