package project

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	sqlfiles "github.com/encours/encours/sql"
)

// Table is what a source of kind table says about its files and their columns. A
// part that is not given is zero; with a preset, that of the preset then holds.
type Table struct {
	At      string // file, line and key of the source, for messages
	Dataset string
	Mode    string // ModeFull or ModeDelta
	Preset  string

	Format, Charset, Delimiter, Quote, Sheet, Records string
	HeaderRow, SkipFooter                             int
	SkipRowsMatching                                  []string
	StopAtBlank                                       bool
	Decimal, Thousands                                string
	Dates                                             []string
	Columns                                           map[string]TableColumn
	Keep                                              []string
}

// TableColumn says where one field of a table takes its value from.
type TableColumn struct {
	Column, With, Constant, Default, Otherwise string
	AnyOf, Join                                []string
	Optional, Negate                           bool
	Values                                     map[string]string
	Dates                                      []string
	Decimal, Thousands                         string
	Minus                                      string
	NegativeWhenColumn                         string
	NegativeWhenValues                         []string
	Positive, Negative                         string // by the sign of the column
	Before, Percent                            string
	SalesforceID, Exponent, AsIs               bool
}

// How a batch joins the earlier ones of its source.
const (
	ModeFull  = "full"  // it takes their place
	ModeDelta = "delta" // it updates and adds, by the key of the dataset
)

// TableCharsets are those that a table may be in.
var tableCharsets = []string{"auto", "utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "cp850",
	"utf-16le", "utf-16be", "utf-32le", "utf-32be"}

// tableKeys are the keys that only a source of kind table has. Each notes that it
// was given.
func (t *Table) tableKeys(given *[]node) map[string]func(node) {
	keys := map[string]func(node){
		"dataset":   t.readDataset,
		"mode":      func(n node) { n.oneOf(&t.Mode, ModeFull, ModeDelta) },
		"preset":    func(n node) { t.Preset, _ = n.text() },
		"format":    func(n node) { n.oneOf(&t.Format, "csv", "xlsx", "json", "ndjson", "parquet") },
		"delimiter": func(n node) { t.Delimiter = n.character() },
		"quote":     func(n node) { t.Quote = n.character() },
		"sheet":     func(n node) { t.Sheet, _ = n.text() },
		"records":   func(n node) { t.Records, _ = n.text() },
		"header_row": func(n node) {
			t.HeaderRow = int(n.integer(1, math.MaxInt32))
		},
		"skip_footer": func(n node) { t.SkipFooter = int(n.integer(0, 1000)) },
		"skip_rows_matching": func(n node) {
			t.SkipRowsMatching = n.texts()
			for _, pattern := range t.SkipRowsMatching {
				if _, err := regexp.Compile(pattern); err != nil {
					n.problem("%q is not a regular expression: %v", pattern, err)
				}
			}
		},
		"stop_at_blank": func(n node) { t.StopAtBlank = n.boolean() },
		"decimal":       func(n node) { n.oneOf(&t.Decimal, ",", ".") },
		"thousands":     func(n node) { t.Thousands = n.thousands() },
		"dates":         func(n node) { t.Dates = n.texts() },
		"columns":       t.readColumns,
		"keep":          func(n node) { t.Keep = n.texts() },
	}
	for key, read := range keys {
		keys[key] = func(n node) {
			*given = append(*given, n)
			read(n)
		}
	}
	return keys
}

// finishTable checks what depends on several keys of a source, and gives the source
// its table.
func (s *Source) finishTable(item node, t Table, given []node) {
	if s.Kind != "table" {
		if strings.HasPrefix(s.Charset, "utf-16") || strings.HasPrefix(s.Charset, "utf-32") || s.Charset == "iso-8859-1" {
			item.problem("charset %s goes with kind: table", s.Charset)
		}
		for _, n := range given {
			n.problem("the key goes with kind: table")
		}
		return
	}
	t.At = fmt.Sprintf("%s:%d:%d: %s", item.doc.file, item.line, item.column, item.path)
	t.Charset = s.Charset
	if t.Charset == "auto" {
		t.Charset = ""
	}
	if t.Mode == "" {
		t.Mode = ModeFull
	}
	if t.Dataset == "" && t.Preset == "" {
		item.problem("the key \"dataset\" is missing: say what the rows are, or name a preset")
	}
	if len(t.Columns) == 0 && t.Preset == "" {
		item.problem("the key \"columns\" is missing: say which column gives which field (encours init --from FILE proposes them), or name a preset")
	}
	if !s.FiscalYearStart.IsZero() {
		item.problem("fiscal_year_start goes with kind: fec")
	}
	s.Table = &t
}

func (t *Table) readDataset(n node) {
	names, err := sqlfiles.Datasets()
	if err != nil {
		n.problem("%v", err)
		return
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "ledger_entries" })
	n.oneOf(&t.Dataset, names...)
}

func (t *Table) readColumns(n node) {
	t.Columns = map[string]TableColumn{}
	n.entries(func(field string, _, value node) { t.Columns[field] = value.tableColumn() })
}

// checkFields looks for fields that the dataset does not have.
func (t *Table) checkFields(given []node) {
	table, err := sqlfiles.Schema(t.Dataset)
	if t.Dataset == "" || err != nil {
		return
	}
	var names []string
	for _, c := range table.Columns {
		switch c.Name {
		case "source_line", "extra", "entity_id", "batch_id", "source_file":
		default:
			names = append(names, c.Name)
		}
	}
	for _, n := range given {
		if !strings.HasSuffix(n.path, ".columns") {
			continue
		}
		n.entries(func(field string, at, _ node) {
			if !slices.Contains(names, field) {
				at.problem("dataset %s has no field %q: its fields are %s", t.Dataset, field, strings.Join(names, ", "))
			}
		})
	}
}

// tableColumn reads where a field comes from: the name of a column, a list of names
// of which the first there is counts, or keys.
func (n node) tableColumn() TableColumn {
	var c TableColumn
	if _, ok := scalar(n.value); ok {
		c.Column, _ = n.text()
		return c
	}
	if _, ok := entriesOf(n.value); !ok {
		c.AnyOf = n.texts()
		return c
	}
	origins := 0
	origin := func(read func(node)) func(node) {
		return func(n node) {
			origins++
			read(n)
		}
	}
	n.record(map[string]func(node){
		"column":    origin(func(n node) { c.Column, _ = n.text() }),
		"any_of":    origin(func(n node) { c.AnyOf = n.texts() }),
		"join":      origin(func(n node) { c.Join = n.texts() }),
		"constant":  origin(func(n node) { c.Constant, _ = n.text() }),
		"with":      func(n node) { c.With = n.raw() },
		"optional":  func(n node) { c.Optional = n.boolean() },
		"default":   func(n node) { c.Default, _ = n.text() },
		"otherwise": func(n node) { c.Otherwise, _ = n.text() },
		"values": func(n node) {
			c.Values = map[string]string{}
			n.entries(func(key string, _, value node) { c.Values[key], _ = value.text() })
		},
		"dates":         func(n node) { c.Dates = n.texts() },
		"decimal":       func(n node) { n.oneOf(&c.Decimal, ",", ".") },
		"thousands":     func(n node) { c.Thousands = n.thousands() },
		"negate":        func(n node) { c.Negate = n.boolean() },
		"before":        func(n node) { c.Before = n.raw() },
		"exponent":      func(n node) { c.Exponent = n.boolean() },
		"percent":       func(n node) { n.oneOf(&c.Percent, "number", "fraction") },
		"as_is":         func(n node) { c.AsIs = n.boolean() },
		"salesforce_id": func(n node) { c.SalesforceID = n.boolean() },
		"minus":         func(n node) { c.Minus, _ = n.text() },
		"negative_when": func(n node) {
			n.record(map[string]func(node){
				"column": func(n node) { c.NegativeWhenColumn, _ = n.text() },
				"values": func(n node) { c.NegativeWhenValues = n.texts() },
			}, "column", "values")
		},
		"by_sign": func(n node) {
			n.record(map[string]func(node){
				"positive": func(n node) { c.Positive, _ = n.text() },
				"negative": func(n node) { c.Negative, _ = n.text() },
			}, "positive", "negative")
		},
	})
	if origins != 1 {
		n.problem("give one of column, any_of, join and constant")
	}
	return c
}

// texts reads a list of texts, or one alone.
func (n node) texts() (out []string) {
	if s, ok := scalar(n.value); ok && strings.TrimSpace(s) != "" {
		return []string{strings.TrimSpace(s)}
	}
	n.list(func(item node) {
		if s, ok := item.text(); ok {
			out = append(out, s)
		}
	})
	return out
}

// raw reads a text with the spaces at its ends.
func (n node) raw() string {
	s, ok := scalar(n.value)
	if !ok || s == "" {
		n.problem("expected a text, found %s; for nothing at all write none", n.describe())
	}
	return s
}

// character reads one character; tab and none are words for what is hard to see.
func (n node) character() string {
	s := n.raw()
	switch {
	case s == "tab" || s == `\t`:
		return "\t"
	case s != "none" && utf8.RuneCountInString(s) != 1:
		n.problem("%q is not one character: write it between quotes, or tab, or none", s)
	}
	return s
}

func (n node) thousands() string {
	switch s := n.raw(); s {
	case " ", ".", ",", "'", "none":
		return s
	case "space":
		return " "
	default:
		n.problem("%q is no mark between thousands: write \" \", \".\", \",\", \"'\" or none", s)
		return ""
	}
}

func (n node) boolean() bool {
	s, ok := n.text()
	if ok && s != "true" && s != "false" {
		n.problem("%q is neither true nor false", s)
	}
	return s == "true"
}
