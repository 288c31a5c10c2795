// Package table reads extracts that are tables — CSV, XLSX, JSON, NDJSON and Parquet
// — and writes the canonical stream of any dataset of the landing contract by a
// mapping of its columns.
//
// A file is read twice, each time in bounded memory. Inspect finds out how it is
// written: charset, delimiter, the row of the column names, and what decides the
// order of day and month and the decimal mark of each column. Convert writes rows and
// rejects.
//
// Invariant: every record after the header becomes a row, a reject, or is counted as
// left out by a rule of the mapping. Whether a date is day-first or month-first and
// whether a comma is a decimal mark is declared by the mapping or proved by the
// values; where neither tells, the file is refused with both readings.
package table

import (
	"fmt"
	"strings"
)

// RefusedError says that a file as a whole cannot be loaded, in words for the person
// who made the extract.
type RefusedError struct {
	Path    string
	Line    int64    // 0 where no line is at fault
	Problem string   // what is wrong
	Advice  string   // what to do
	Found   []string // the columns that the file has, where that helps
}

func (e *RefusedError) Error() string {
	var b strings.Builder
	b.WriteString(e.Path)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	fmt.Fprintf(&b, " is refused: %s.", e.Problem)
	if len(e.Found) > 0 {
		fmt.Fprintf(&b, " Its columns are: %s.", quoteNames(e.Found))
	}
	if e.Advice != "" {
		fmt.Fprintf(&b, " %s.", e.Advice)
	}
	return b.String()
}

// quoteNames lists names for a message.
func quoteNames(names []string) string {
	const most, longest = 60, 60
	var quoted []string
	for i, name := range names {
		if i == most {
			quoted = append(quoted, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		quoted = append(quoted, fmt.Sprintf("%q", cut(name, longest)))
	}
	return strings.Join(quoted, ", ")
}

// cut shortens a text to about n bytes on a character boundary and marks the cut.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
