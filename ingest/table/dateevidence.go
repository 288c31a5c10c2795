package table

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// dateEvidence collects what the values of a column prove about the order of day,
// month and year. Each shape (the marks, and where four digits stand) is judged by
// itself.
type dateEvidence struct {
	shapes map[string]*shape
	order  []*shape // as they were met
}

// shape is the candidates of one written shape of dates.
type shape struct {
	candidates []dateFormat
	ruledOut   []place // by candidate: the first value that another fits and it does not
	open       place   // the first value that the candidates left read differently
	seen       int64
}

// maxShapes bounds the memory for a column that holds no dates.
const maxShapes = 64

func (e *dateEvidence) see(line int64, c cell) {
	value := trim(c.text)
	if c.kind != text || blankDate(value) {
		return
	}
	key, forms := shapeOf(value)
	if len(forms) == 0 {
		return
	}
	s := e.shapes[key]
	if s == nil {
		if len(e.shapes) == maxShapes {
			return
		}
		s = &shape{ruledOut: make([]place, len(forms))}
		for _, form := range forms {
			f, err := parseDateFormat(form)
			if err != nil {
				return
			}
			s.candidates = append(s.candidates, f)
		}
		if e.shapes == nil {
			e.shapes = map[string]*shape{}
		}
		e.shapes[key] = s
		e.order = append(e.order, s)
	}
	s.see(line, value)
}

func (s *shape) see(line int64, value string) {
	read := make([]time.Time, len(s.candidates))
	any := false
	for i, f := range s.candidates {
		if t, ok := f.parse(value); ok {
			read[i], any = t, true
		}
	}
	if !any {
		return
	}
	s.seen++
	for i := range read {
		if read[i].IsZero() && s.ruledOut[i].line == 0 {
			s.ruledOut[i] = place{line, value}
		}
	}
	if s.open.line > 0 {
		return
	}
	var first time.Time
	for _, t := range read {
		switch {
		case t.IsZero():
		case first.IsZero():
			first = t
		case !t.Equal(first):
			s.open = place{line, value}
		}
	}
}

// decide returns the forms of the column, each proved by a value or the only one of
// its shape. because tells what proved them, for those where something had to.
func (e *dateEvidence) decide() (forms []dateFormat, because []string, err error) {
	for _, s := range e.order {
		if s.seen == 0 {
			continue
		}
		var left []dateFormat
		var proof place
		for i, f := range s.candidates {
			if s.ruledOut[i].line == 0 {
				left = append(left, f)
			} else if proof.line == 0 {
				proof = s.ruledOut[i]
			}
		}
		switch {
		case len(left) == 0:
			return nil, nil, s.mixed()
		case len(left) > 1 && s.open.line > 0:
			return nil, nil, s.ambiguous(left)
		}
		forms = append(forms, left[0])
		if proof.line > 0 {
			because = append(because, fmt.Sprintf("%s, as line %d: %q shows", left[0].text, proof.line, proof.value))
		}
	}
	return forms, because, nil
}

func (s *shape) mixed() error {
	var parts []string
	for i, f := range s.candidates {
		parts = append(parts, fmt.Sprintf("line %d: %q is not %s", s.ruledOut[i].line, s.ruledOut[i].value, f.text))
	}
	return fmt.Errorf("it mixes orders of day and month: %s", strings.Join(parts, "; "))
}

func (s *shape) ambiguous(left []dateFormat) error {
	var parts []string
	for _, f := range left {
		if t, ok := f.parse(s.open.value); ok {
			parts = append(parts, fmt.Sprintf("%s as %s", t.Format(time.DateOnly), f.text))
		}
	}
	return fmt.Errorf("line %d: %q can be read as %s, and no value decides", s.open.line, s.open.value, strings.Join(parts, " or as "))
}

// shapeOf takes the written shape of a date: runs of digits and of letters, and what
// stands between them, up to the third run.
func shapeOf(value string) (key string, forms []string) {
	var runs []string
	var marks []string
	rest := value
	for len(runs) < 3 && rest != "" {
		digits := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if digits < 0 {
			digits = len(rest)
		}
		letters := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
		if letters < 0 {
			letters = len(rest)
		}
		run := rest[:max(digits, letters)]
		if run == "" {
			return "", nil
		}
		runs = append(runs, run)
		rest = rest[len(run):]
		if len(runs) == 3 || rest == "" {
			break
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || r >= '0' && r <= '9' })
		if end < 0 || end > 3 {
			break
		}
		marks = append(marks, rest[:end])
		rest = rest[end:]
	}
	switch {
	case len(runs) >= 1 && len(runs[0]) == 8 && allDigits(runs[0]):
		return "8", []string{"YYYYMMDD"}
	case len(runs) != 3 || len(marks) != 2:
		return "", nil
	}
	return formsOf(runs, marks)
}

func formsOf(runs, marks []string) (string, []string) {
	a, b := marks[0], marks[1]
	form := func(parts ...string) string { return parts[0] + a + parts[1] + b + parts[2] }
	word := func(i int) bool { return !allDigits(runs[i]) }
	switch {
	case word(1) && (word(0) || word(2)):
		return "", nil
	case word(1) && len(runs[2]) == 4:
		return form("D", "W", "4"), []string{form("DD", "MMM", "YYYY")}
	case word(1):
		return form("D", "W", "2"), []string{form("DD", "MMM", "YY")}
	case word(0) && len(runs[2]) == 4:
		return form("W", "D", "4"), []string{form("MMM", "DD", "YYYY")}
	case word(0) || word(2):
		return "", nil
	case len(runs[0]) == 4:
		return form("4", "D", "D"), []string{form("YYYY", "MM", "DD")}
	case len(runs[2]) == 4:
		return form("D", "D", "4"), []string{form("DD", "MM", "YYYY"), form("MM", "DD", "YYYY")}
	case len(runs[0]) <= 2 && len(runs[1]) <= 2 && len(runs[2]) == 2:
		forms := []string{form("DD", "MM", "YY"), form("MM", "DD", "YY")}
		if a == "-" {
			forms = append(forms, form("YY", "MM", "DD")) // nobody writes it with slashes or dots
		}
		return form("D", "D", "2"), forms
	}
	return "", nil
}
