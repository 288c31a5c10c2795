package fec

import (
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"github.com/encours/encours/ingest"
)

// The elements that hold others, from the outside in; what else they hold are
// values. A value that stands in one counts for every line below it.
var xmlLevels = []string{"comptabilite", "exercice", "journal", "ecriture", "ligne"}

const (
	levelExercice = 2
	levelLine     = 5
	closingDate   = "DateCloture"

	longestName = 200      // of a column
	keptBuffer  = 64 << 10 // a longer buffer is given back behind its value
	mostTexts   = 4        // times the longest text that one line may hold in all
)

// xmlShape is what the first pass over an XML file finds out: the elements that
// hold values are its columns, those of the law first.
type xmlShape struct {
	asked  Charset
	head   []byte
	names  []string
	at     map[string]int
	seen   []bool
	frozen bool // no column may be added: the second pass
	byRank bool // lines are numbered in their order, as several stand on one line of the file
}

func (s *xmlShape) prepare() {
	s.at = map[string]int{}
	for c := range columns {
		s.names = append(s.names, legal[c].name)
		for _, alias := range legal[c].aliases {
			s.at[alias] = int(c)
		}
	}
	for c := range columns {
		s.at[foldName(legal[c].name)] = int(c)
	}
	s.seen = make([]bool, len(s.names))
}

// column finds the column of an element by its name, or adds it; -1 where there
// are too many, or none may be added.
func (s *xmlShape) column(name string) int {
	key := foldName(name)
	at, ok := s.at[key]
	if !ok {
		if s.frozen || len(s.names) >= xmlColumns {
			return -1
		}
		at = len(s.names)
		s.at[key] = at
		s.names, s.seen = append(s.names, name), append(s.seen, false)
	}
	s.seen[at] = true
	return at
}

// xmlRecords reads the lines of an XML file with all that holds for them.
type xmlRecords struct {
	*xmlTokens
	shape  *xmlShape
	values [][]byte              // by column, for the line in hand
	total  int                   // length of the values
	set    [levelLine + 1][]mark // what each container has added to the values
	level  int                   // of the container in hand
	began  [levelLine + 1]bool   // a container below it was seen
	years  int
	close  []byte // DateCloture

	number int64 // of the line: that of <ligne> in the file, or its rank
	rank   int64
	twice  [levelLine + 1]int // by level, the column of the law that stands twice, from 1; 0 for none
}

// mark is the length that the value of a column had before more was added.
type mark struct{ column, from int }

func newXMLRecords(tokens *xmlTokens, shape *xmlShape) *xmlRecords {
	return &xmlRecords{xmlTokens: tokens, shape: shape}
}

// nextLine returns true for each line; its values are valid until the next call.
func (r *xmlRecords) nextLine() (bool, error) {
	if r.level == levelLine {
		r.leave()
	}
	for {
		token, err := r.next()
		if err == io.EOF {
			if r.years == 0 {
				return false, r.refuse("it has no <exercice>")
			}
			return false, nil
		}
		if err != nil {
			return false, err
		}
		switch token := token.(type) {
		case xml.CharData:
			if len(strings.TrimSpace(string(token))) > 0 {
				return false, r.refuse("%q stands between elements and not in one", ingest.Cut(strings.TrimSpace(string(token)), 40))
			}
		case xml.EndElement:
			if r.level == levelLine {
				return true, nil
			}
			r.leave()
		case xml.StartElement:
			if err := r.enter(token); err != nil {
				return false, err
			}
		}
	}
}

// repeated is the first column of the law that stands twice for the line with
// different values, or -1.
func (r *xmlRecords) repeated() int {
	for _, at := range r.twice {
		if at > 0 {
			return at - 1
		}
	}
	return -1
}

// enter takes the start of a container, or a whole element with a value.
func (r *xmlRecords) enter(start xml.StartElement) error {
	name := start.Name.Local
	if r.level < levelLine && name == xmlLevels[r.level] {
		r.began[r.level] = true
		r.level++
		r.began[r.level] = false
		switch r.level {
		case levelExercice:
			if r.years++; r.years > 1 {
				return r.refuse("it holds a second <exercice>: one file is one fiscal year")
			}
		case levelLine:
			r.rank++
			r.number = int64(r.line)
			if r.shape.byRank {
				r.number = r.rank
			}
		}
		return nil
	}
	switch {
	case r.level == 0:
		return r.refuse("its outermost element is <%s> and not <comptabilite>", ingest.Cut(name, 40))
	case slices.Contains(xmlLevels, name):
		return r.refuse("<%s> stands inside <%s>", name, xmlLevels[r.level-1])
	case r.began[r.level]:
		return r.refuse("<%s> stands behind a <%s>, for which it should hold: the schema has it before", ingest.Cut(name, 40), xmlLevels[r.level])
	}
	return r.value(start, name)
}

// leave forgets the values of the container in hand.
func (r *xmlRecords) leave() {
	for _, m := range slices.Backward(r.set[r.level]) {
		r.total -= len(r.values[m.column]) - m.from
		r.values[m.column] = r.values[m.column][:m.from]
		if m.from == 0 && cap(r.values[m.column]) > keptBuffer {
			r.values[m.column] = nil
		}
	}
	r.set[r.level] = r.set[r.level][:0]
	r.twice[r.level] = 0
	r.level--
}

// value reads an element with a value, and those inside it as values of their own
// under the names of both.
func (r *xmlRecords) value(start xml.StartElement, name string) error {
	for _, a := range start.Attr {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || strings.HasSuffix(a.Name.Space, "XMLSchema-instance") {
			continue
		}
		if err := r.keep(name+"@"+a.Name.Local, []byte(a.Value)); err != nil {
			return err
		}
	}
	var text []byte
	inner := 0
	for {
		token, err := r.next()
		if err == io.EOF {
			return r.refuse("it ends in the middle of <%s>", ingest.Cut(name, 40))
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.CharData:
			if text = append(text, token...); len(text) > r.longest {
				return r.refuse("the text of <%s> is longer than %d bytes", ingest.Cut(name, 40), r.longest)
			}
		case xml.StartElement:
			inner++
			if err := r.value(token, name+"/"+token.Name.Local); err != nil {
				return err
			}
		case xml.EndElement:
			text = []byte(strings.Trim(string(text), " \t\r\n"))
			if inner > 0 && len(text) == 0 {
				return nil
			}
			return r.keep(name, text)
		}
	}
}

// keep stores a value. A second one of the same name is put behind the first; for
// a column of the law it makes the line a reject.
func (r *xmlRecords) keep(name string, text []byte) error {
	if r.level == levelExercice && name == closingDate {
		r.close = append(r.close[:0], text...)
		return nil
	}
	if len(name) > longestName {
		return r.refuse("the name <%s> is longer than %d bytes", ingest.Cut(name, 40), longestName)
	}
	at := r.shape.column(name)
	if at < 0 && r.shape.frozen {
		return r.refuse("the file changed since it was inspected: <%s> is new", ingest.Cut(name, 40))
	}
	if at < 0 {
		return r.refuse("it has more than %d different elements", xmlColumns)
	}
	for len(r.values) <= at {
		r.values = append(r.values, nil)
	}
	if len(text) == 0 {
		return nil
	}
	if len(r.values[at]) > 0 {
		if at < int(columns) {
			if !bytes.Equal(r.values[at], text) {
				r.twice[r.level] = at + 1
			}
			return nil
		}
		text = append([]byte("; "), text...)
	}
	r.set[r.level] = append(r.set[r.level], mark{at, len(r.values[at])})
	r.values[at] = append(r.values[at], text...)
	if r.total += len(text); r.total > mostTexts*r.longest {
		return r.refuse("the texts of one line are longer than %d bytes in all", mostTexts*r.longest)
	}
	return nil
}
