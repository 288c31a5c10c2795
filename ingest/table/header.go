package table

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// headerSearch is the number of records in which the names of the columns are looked
// for.
const headerSearch = 100

// sameName is the form in which names of columns are compared: case, spaces at the
// ends and runs of spaces do not matter.
func sameName(s string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(norm.NFC.String(trim(s)), unicode.IsSpace), " "))
}

// fold is the form in which words are compared: lower case, without accents.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

// header finds columns by their names.
type header struct {
	names []string         // as the file writes them
	at    map[string][]int // by sameName
}

func newHeader(names []string) *header {
	h := &header{names: names, at: map[string][]int{}}
	for i, name := range names {
		if key := sameName(name); key != "" {
			h.at[key] = append(h.at[key], i)
		}
	}
	return h
}

// has tells whether the file has the column.
func (h *header) has(name string) bool { return len(h.at[sameName(name)]) > 0 }

// find is the place of a column. A name that stands twice is an error.
func (h *header) find(name string) (int, error) {
	places := h.at[sameName(name)]
	switch len(places) {
	case 0:
		return -1, fmt.Errorf("there is no column %q", name)
	case 1:
		return places[0], nil
	}
	return -1, fmt.Errorf("the column %q stands %d times: rename all but one", name, len(places))
}

// named are the names that are not empty.
func (h *header) named() []string {
	return slices.DeleteFunc(slices.Clone(h.names), func(s string) bool { return sameName(s) == "" })
}

// needs lists the columns that a mapping cannot do without, each with those that may
// stand for it.
func (s Spec) needs() [][]string {
	var all [][]string
	for _, c := range s.Columns {
		for _, name := range append(slices.Clone(c.Join), c.Column, c.Minus, c.NegativeWhen.Column) {
			if name != "" && !c.Optional {
				all = append(all, []string{name})
			}
		}
		if len(c.AnyOf) > 0 && !c.Optional {
			all = append(all, c.AnyOf)
		}
	}
	for _, name := range s.Keep {
		all = append(all, []string{name})
	}
	return all
}

// met counts the needs that a row of names meets.
func met(needs [][]string, h *header) (n int) {
	for _, names := range needs {
		if slices.ContainsFunc(names, h.has) {
			n++
		}
	}
	return n
}

// names are the cells of a row as names of columns, without empty ones at the end.
func (r *row) names() []string {
	names := make([]string, len(r.cells))
	last := 0
	for i, c := range r.cells {
		if names[i] = strings.Join(strings.FieldsFunc(trim(c.text), unicode.IsSpace), " "); names[i] != "" {
			last = i + 1
		}
	}
	return names[:last]
}
