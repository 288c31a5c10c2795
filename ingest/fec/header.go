package fec

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/encours/encours/ingest"
)

// layout is what the header of a file says: which field holds which column.
type layout struct {
	sep     byte
	names   []string     // of the file, in its order
	source  [columns]int // field of a legal column; -1 where there is none
	extra   []int        // fields of the other columns
	dueDate int          // the one of extra that tells the due date, or -1
	missing []string     // legal columns that the file lacks

	trailing   int  // separators behind the last name
	quoted     bool // a name is in quotation marks
	noAccounts bool // a line may do without an account
}

// separators are the candidates in order of preference.
var separators = []byte{'\t', '|', ';'}

// readHeader finds the separator under which a header line holds most legal
// columns, and maps its names. line is decoded.
func readHeader(path, line string) (*layout, error) {
	var best *layout
	most := -1
	for _, sep := range separators {
		names, quoted := headerNames(line, sep)
		l := newLayout(names, sep)
		l.quoted = quoted
		if n := l.known(); n > most {
			best, most = l, n
		}
	}
	if err := best.refuseUnknown(path, line); err != nil {
		return nil, err
	}
	if err := best.refuseDuplicates(path); err != nil {
		return nil, err
	}
	return best, nil
}

// headerNames cuts a header line into names; quoted tells that some were in
// quotation marks.
func headerNames(line string, sep byte) (names []string, quoted bool) {
	if strings.Contains(line, `"`) {
		fields, _, wrapped, ok, _ := splitQuoted(make([][]byte, 0, len(line)+1), []byte(line), sep, nil)
		if ok && wrapped > 0 {
			for _, field := range fields {
				names = append(names, string(field))
			}
			return names, true
		}
	}
	return strings.Split(line, string(sep)), false
}

// newLayout maps names to columns: legal names first, then aliases of columns
// that are still missing. Empty names at the end come from trailing separators
// and are no columns.
func newLayout(names []string, sep byte) *layout {
	l := &layout{sep: sep, dueDate: -1}
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
	}
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
		l.trailing++
	}
	byName := map[string]int{}
	for i, name := range names {
		if name == "" {
			names[i] = fmt.Sprintf("column %d", i+1)
		}
		if key := foldName(names[i]); byName[key] == 0 {
			byName[key] = i + 1
		}
	}
	l.names = names
	taken := make([]bool, len(names))
	take := func(c column, key string) {
		if at := byName[key]; at > 0 && l.source[c] < 0 && !taken[at-1] {
			l.source[c] = at - 1
			taken[at-1] = true
		}
	}
	for c := range legal {
		l.source[c] = -1
		take(column(c), foldName(legal[c].name))
	}
	for c := range legal {
		for _, alias := range legal[c].aliases {
			take(column(c), alias)
		}
	}
	l.chooseAmounts(taken)
	for i := range names {
		if !taken[i] {
			l.extra = append(l.extra, i)
		}
	}
	l.findMissing()
	return l
}

// chooseAmounts keeps one of the two ways to write an amount. Where a file has
// both, Debit and Credit count and the other pair is kept as extra columns.
func (l *layout) chooseAmounts(taken []bool) {
	drop := func(pair ...column) {
		for _, c := range pair {
			if at := l.source[c]; at >= 0 {
				taken[at] = false
				l.source[c] = -1
			}
		}
	}
	has := func(a, b column) bool { return l.source[a] >= 0 && l.source[b] >= 0 }
	switch {
	case has(debit, credit):
		drop(amount, sense)
	case has(amount, sense):
		drop(debit, credit)
	}
}

func (l *layout) signed() bool { return l.source[amount] >= 0 && l.source[sense] >= 0 }

// findMissing lists the legal columns without a field. Debit and Credit are not
// missing beside Montant and Sens, and of those two only the other half is.
func (l *layout) findMissing() {
	halfSigned := l.source[debit] < 0 && l.source[credit] < 0 &&
		(l.source[amount] >= 0) != (l.source[sense] >= 0)
	for c := range columns {
		isPair, isSigned := c == debit || c == credit, c == amount || c == sense
		switch {
		case l.source[c] >= 0, isPair && (l.signed() || halfSigned), isSigned && !halfSigned:
			continue
		}
		l.missing = append(l.missing, legal[c].name)
	}
}

func (l *layout) known() (n int) {
	for _, at := range l.source {
		if at >= 0 {
			n++
		}
	}
	return n
}

// refuseUnknown refuses a header that lacks a column without which no line can
// be read.
func (l *layout) refuseUnknown(path, line string) error {
	complete := true
	for c := range amount {
		if legal[c].inHeader && l.source[c] < 0 && !(l.signed() && (c == debit || c == credit)) {
			complete = false
		}
	}
	if complete {
		return nil
	}
	e := &ingest.RefusedError{
		Path: path, Reason: RefusedHeader, Missing: l.missing, Found: l.names,
		Problem: "the columns of a FEC are not all in its first line",
		Advice:  "The first line must name the 18 columns of the law, separated by tabs or | (Montant and Sens may stand for Debit and Credit); export the file again from the accounting software",
	}
	if newLayout(strings.Split(line, ","), ',').known() > max(l.known(), 8) {
		e.Problem = "its fields are separated by commas, which cannot be told from decimal commas"
		e.Advice = "Export it with tabs or | as separator"
		e.Missing, e.Found = nil, nil
	} else if l.known() == 0 {
		e.Problem = "its first line does not name the columns of a FEC"
	}
	return e
}

// refuseDuplicates refuses a header with two columns of one name: which one
// counts cannot be known.
func (l *layout) refuseDuplicates(path string) error {
	seen := map[string]int{}
	for i, name := range l.names {
		key := foldName(name)
		if first, ok := seen[key]; ok {
			return &ingest.RefusedError{
				Path: path, Reason: RefusedDuplicate, Found: l.names,
				Problem: fmt.Sprintf("its header names one column twice: %q is column %d and %q is column %d",
					ingest.Cut(l.names[first], 40), first+1, ingest.Cut(name, 40), i+1),
				Advice: "Rename or remove one of the two and export again",
			}
		}
		seen[key] = i
	}
	return nil
}

// warnings says what a person should know about a header that is accepted.
func (l *layout) warnings() []ingest.Warning {
	var all []ingest.Warning
	if l.sep == ';' {
		all = append(all, ingest.Warn("separator.semicolon"))
	}
	switch missing := strings.Join(l.missing, ", "); {
	case missing == "":
	case len(l.extra) > 0:
		all = append(all, ingest.Warn("header.missing_and_unknown", missing, ingest.QuoteNames(l.extraNames())))
	default:
		all = append(all, ingest.Warn("header.missing", missing))
	}
	for c := range legal {
		at := l.source[c]
		for _, i := range l.extra {
			if at >= 0 && isAlias(column(c), l.names[i]) {
				all = append(all, ingest.Warn("header.alias", l.names[at], l.names[i]))
			}
		}
	}
	return all
}

func isAlias(c column, name string) bool {
	key := foldName(name)
	for _, alias := range legal[c].aliases {
		if key == alias {
			return true
		}
	}
	return false
}

func (l *layout) extraNames() []string {
	names := make([]string, 0, len(l.extra))
	for _, i := range l.extra {
		names = append(names, l.names[i])
	}
	return names
}

// foldName reduces a name to lower-case letters without accents, and digits, so
// that "Écriture_Num" and "EcritureNum" are one. A name without any stays as it
// is.
func foldName(name string) string {
	folded := strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, norm.NFD.String(name))
	if folded == "" {
		return name
	}
	return folded
}
