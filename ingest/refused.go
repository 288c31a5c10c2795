package ingest

import (
	"fmt"
	"strings"
)

// RefusedError says that a file as a whole cannot be loaded, in words for the person
// who made the extract.
type RefusedError struct {
	Path    string   // the file as the caller named it
	Line    int64    // 0 where no line is at fault
	Reason  string   // a code of the reader that refused it; empty where it has none
	Problem string   // what is wrong, one sentence without its full stop
	Advice  string   // what to do, likewise; empty where the problem says it
	Missing []string // columns that it lacks
	Found   []string // columns that it has, where that helps
}

// Error names the file, what is wrong with it, the columns concerned and what to do.
func (e *RefusedError) Error() string {
	var b strings.Builder
	b.WriteString(e.Path)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	fmt.Fprintf(&b, " is refused: %s.", e.Problem)
	if len(e.Missing) > 0 {
		fmt.Fprintf(&b, " Missing: %s.", strings.Join(e.Missing, ", "))
	}
	if len(e.Found) > 0 {
		fmt.Fprintf(&b, " Its columns are: %s.", QuoteNames(e.Found))
	}
	if e.Advice != "" {
		fmt.Fprintf(&b, " %s.", e.Advice)
	}
	return b.String()
}

// QuoteNames lists names for a message; a long list or a long name is cut with a mark
// that says so.
func QuoteNames(names []string) string {
	const most, longest = 60, 60
	var quoted []string
	for i, name := range names {
		if i == most {
			quoted = append(quoted, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		quoted = append(quoted, fmt.Sprintf("%q", Cut(name, longest)))
	}
	return strings.Join(quoted, ", ")
}

// Cut shortens a text to at most n bytes, on a character boundary, and marks the cut
// with "…".
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
