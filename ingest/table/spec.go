package table

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Spec says how a table is written and what its columns are. The zero value of each
// part stands for its default. The keys are those of a source of encours.yaml.
type Spec struct {
	Dataset   string            `yaml:"dataset"`
	Format    string            `yaml:"format"`    // csv, xlsx, json, ndjson or parquet; empty: by the name of the file
	Charset   string            `yaml:"charset"`   // of a CSV; empty or auto: found out
	Delimiter string            `yaml:"delimiter"` // of a CSV, one character; empty: found out
	Quote     string            `yaml:"quote"`     // of a CSV, one character or none; empty: "
	Sheet     string            `yaml:"sheet"`     // of an XLSX, name or number from 1; empty: the first
	Records   string            `yaml:"records"`   // of a JSON, the path of the list, such as data.items
	HeaderRow int               `yaml:"header_row"`
	Decimal   string            `yaml:"decimal"`
	Thousands string            `yaml:"thousands"`
	Dates     []string          `yaml:"dates"`
	Columns   map[string]Column `yaml:"columns"`
	Keep      []string          `yaml:"keep"`

	SkipFooter       int      `yaml:"skip_footer"`
	SkipRowsMatching []string `yaml:"skip_rows_matching"` // regular expressions over the cells, joined by tabs
	StopAtBlank      bool     `yaml:"stop_at_blank"`
}

// Column says where a field takes its value from: a column of the file, the first
// there is of several, several joined, the sign of an amount, or a constant.
type Column struct {
	Column   string   `yaml:"column"`
	AnyOf    []string `yaml:"any_of"`
	Join     []string `yaml:"join"`
	With     string   `yaml:"with"` // between joined values; empty: a space; none: nothing
	Constant string   `yaml:"constant"`
	Optional bool     `yaml:"optional"` // the file may lack the column

	Default   string            `yaml:"default"` // where the value is empty
	Values    map[string]string `yaml:"values"`  // what stands in the file → value of the field
	Otherwise string            `yaml:"otherwise"`
	Dates     []string          `yaml:"dates"`
	Decimal   string            `yaml:"decimal"`
	Thousands string            `yaml:"thousands"`

	Negate       bool   `yaml:"negate"`        // change every sign
	Minus        string `yaml:"minus"`         // column that is subtracted: debit minus credit
	NegativeWhen When   `yaml:"negative_when"` // make it negative for some values of another column
	BySign       Signs  `yaml:"by_sign"`       // the value is chosen by the sign of the amount in the column

	SalesforceID bool   `yaml:"salesforce_id"` // identifiers of 15 characters become those of 18
	Before       string `yaml:"before"`        // what stands before the mark counts: the first of a list
	Exponent     bool   `yaml:"exponent"`      // numbers may be written as 6.0E7
	Percent      string `yaml:"percent"`       // a share: number (20) or fraction (0.2); 20 % is taken by both
	AsIs         bool   `yaml:"as_is"`         // what is not among values stays as it is
}

// When is a condition on another column.
type When struct {
	Column string   `yaml:"column"`
	Values []string `yaml:"values"`
}

// Signs are the values for the signs of an amount; zero counts as positive.
type Signs struct {
	Positive string `yaml:"positive"`
	Negative string `yaml:"negative"`
}

// Over returns the spec with every part that s does not give taken from base. A
// field of s takes the place of that of base as a whole.
func (s Spec) Over(base Spec) Spec {
	out := s
	for _, text := range []struct{ to, from *string }{
		{&out.Dataset, &base.Dataset}, {&out.Format, &base.Format}, {&out.Charset, &base.Charset},
		{&out.Delimiter, &base.Delimiter}, {&out.Quote, &base.Quote}, {&out.Sheet, &base.Sheet},
		{&out.Records, &base.Records}, {&out.Decimal, &base.Decimal}, {&out.Thousands, &base.Thousands},
	} {
		if *text.to == "" {
			*text.to = *text.from
		}
	}
	if out.HeaderRow == 0 {
		out.HeaderRow = base.HeaderRow
	}
	if out.SkipFooter == 0 {
		out.SkipFooter = base.SkipFooter
	}
	out.StopAtBlank = out.StopAtBlank || base.StopAtBlank
	if len(out.Dates) == 0 {
		out.Dates = base.Dates
	}
	if len(out.SkipRowsMatching) == 0 {
		out.SkipRowsMatching = base.SkipRowsMatching
	}
	if len(out.Keep) == 0 {
		out.Keep = base.Keep
	}
	out.Columns = maps.Clone(base.Columns)
	if out.Columns == nil {
		out.Columns = map[string]Column{}
	}
	maps.Copy(out.Columns, s.Columns)
	return out
}

// Formats are those that a table may be written in.
var formats = []string{"csv", "xlsx", "json", "ndjson", "parquet"}

// Formats lists the formats that a table may be written in.
func Formats() []string { return slices.Clone(formats) }

// check finds what no file could satisfy. Names of fields are checked by bind.
func (s Spec) check() error {
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if s.Format != "" && !slices.Contains(formats, s.Format) {
		problem("format %q is not known: the formats are %v", s.Format, formats)
	}
	for key, mark := range map[string]string{"delimiter": s.Delimiter, "quote": s.Quote} {
		if mark != "" && mark != "none" && (utf8.RuneCountInString(mark) != 1 || strings.ContainsAny(mark, "\n\r ")) {
			problem("%s %q must be one character, and no space", key, mark)
		}
	}
	if s.Quote != "" && s.Quote == s.Delimiter {
		problem("delimiter and quote are both %q", s.Quote)
	}
	checkMarks(problem, "", s.Decimal, s.Thousands)
	checkDates(problem, "", s.Dates)
	for _, pattern := range s.SkipRowsMatching {
		if _, err := regexp.Compile(pattern); err != nil {
			problem("skip_rows_matching %q is not a regular expression: %w", pattern, err)
		}
	}
	if s.SkipFooter < 0 || s.SkipFooter > maxFooter || s.HeaderRow < 0 {
		problem("skip_footer must be from 0 to %d and header_row from 1", maxFooter)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Columns)) {
		s.Columns[name].check(func(format string, args ...any) { problem("columns."+name+": "+format, args...) })
	}
	return errors.Join(problems...)
}

func (c Column) check(problem func(string, ...any)) {
	origins := 0
	for _, given := range []bool{c.Column != "", len(c.AnyOf) > 0, len(c.Join) > 0, c.Constant != ""} {
		if given {
			origins++
		}
	}
	if origins != 1 {
		problem("give one of column, any_of, join and constant")
	}
	if c.Constant != "" && (c.Optional || c.Default != "" || len(c.Values) > 0 || c.Negate || c.Minus != "" || c.NegativeWhen.Column != "" || c.BySign != Signs{} ||
		c.SalesforceID || c.Before != "" || c.Exponent || c.Percent != "") {
		problem("a constant takes no other key")
	}
	if c.With != "" && len(c.Join) == 0 {
		problem("with goes with join")
	}
	if c.Otherwise != "" && len(c.Values) == 0 {
		problem("otherwise goes with values")
	}
	if c.AsIs && (len(c.Values) == 0 || c.Otherwise != "") {
		problem("as_is goes with values, and takes the place of otherwise")
	}
	if c.Percent != "" && c.Percent != percentNumber && c.Percent != percentFraction {
		problem("percent %q must be number or fraction", c.Percent)
	}
	if (c.NegativeWhen.Column == "") != (len(c.NegativeWhen.Values) == 0) {
		problem("negative_when needs a column and its values")
	}
	if (c.BySign.Positive == "") != (c.BySign.Negative == "") {
		problem("by_sign needs positive and negative")
	}
	checkMarks(problem, "", c.Decimal, c.Thousands)
	checkDates(problem, "", c.Dates)
}

func checkMarks(problem func(string, ...any), where, decimal, thousands string) {
	if decimal != "" && decimal != "," && decimal != "." {
		problem("%sdecimal %q must be a comma or a dot", where, decimal)
	}
	switch thousands {
	case "", " ", ".", ",", "'", "none":
	default:
		problem("%sthousands %q must be a space, a dot, a comma, an apostrophe or none", where, thousands)
	}
	if thousands != "" && thousands == decimal {
		problem("%sdecimal and thousands are both %q", where, decimal)
	}
}

func checkDates(problem func(string, ...any), where string, dates []string) {
	for _, text := range dates {
		if _, err := parseDateFormat(text); err != nil {
			problem("%s%w", where, err)
		}
	}
}
