package table

import (
	"errors"
	"fmt"
	"strings"
)

// numberFormat says which mark stands before decimals and which between thousands.
type numberFormat struct {
	decimal   string // "," or "."
	thousands string // one mark; "none"; empty: spaces, apostrophes and the other of , and .
}

func (f numberFormat) other() string {
	if f.decimal == "," {
		return "."
	}
	return ","
}

var (
	errNumber = errors.New("it is not a number")
	errGroups = errors.New("the marks between its digits do not set apart groups of three")
)

// apostrophes and spaces that set thousands apart.
const (
	spaceMarks      = " \u00a0\u202f\u2009"
	apostropheMarks = "'’"
)

// parse reads a number as people write it and returns plain decimal text: an optional
// minus, digits, a dot and digits. Taken: a sign in front or behind, parentheses for a
// negative, thousands in groups of three, a currency sign or code at either end.
func (f numberFormat) parse(s string) (string, error) {
	s = trim(s)
	if len(s) > 100 {
		return "", errNumber
	}
	s = trim(stripCurrency(s))
	negative := false
	switch {
	case strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")"):
		negative, s = true, trim(s[1:len(s)-1])
		if strings.ContainsAny(s, "+-") {
			return "", errNumber
		}
	case strings.HasPrefix(s, "-") || strings.HasPrefix(s, "\u2212"):
		negative, s = true, strings.TrimPrefix(strings.TrimPrefix(s, "-"), "\u2212")
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	case strings.HasSuffix(s, "-"):
		negative, s = true, s[:len(s)-1]
	case strings.HasSuffix(s, "+"):
		s = s[:len(s)-1]
	}
	s = trim(stripCurrency(trim(s)))
	whole, fraction, marked := strings.Cut(s, f.decimal)
	if !allDigits(fraction) || marked && fraction == "" && whole == "" {
		return "", errNumber
	}
	whole, err := f.ungroup(whole)
	if err != nil {
		return "", err
	}
	if whole == "" && fraction == "" {
		return "", errNumber
	}
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if negative {
		whole = "-" + whole
	}
	return whole, nil
}

// ungroup takes the marks between thousands out of the whole part.
func (f numberFormat) ungroup(s string) (string, error) {
	if allDigits(s) {
		return s, nil
	}
	var marks string
	switch f.thousands {
	case "none":
		return "", errNumber
	case "":
		marks = spaceMarks + apostropheMarks + f.other()
	case " ":
		marks = spaceMarks
	case "'":
		marks = apostropheMarks
	default:
		marks = f.thousands
	}
	at := strings.IndexAny(s, marks)
	if at < 0 {
		return "", errNumber
	}
	var mark string
	for _, r := range s[at:] {
		mark = string(r)
		break
	}
	groups := strings.Split(s, mark)
	for i, g := range groups {
		if g == "" || !allDigits(g) {
			return "", errNumber
		}
		if len(g) > 3 || i > 0 && len(g) != 3 {
			return "", errGroups
		}
	}
	return strings.Join(groups, ""), nil
}

var currencyMarks = []string{"€", "$", "£", "EUR", "USD", "GBP", "CHF", "CAD"}

func stripCurrency(s string) string {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	if s == "" || digit(s[len(s)-1]) && (digit(s[0]) || s[0] == '-' && len(s) > 1 && digit(s[1])) {
		return s
	}
	for _, mark := range currencyMarks {
		if rest, ok := strings.CutSuffix(s, mark); ok {
			return rest
		}
		if rest, ok := strings.CutPrefix(s, mark); ok {
			return rest
		}
		if rest, ok := strings.CutPrefix(s, "-"+mark); ok {
			return "-" + rest
		}
	}
	return s
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// numberEvidence collects what the values of a column prove about its decimal mark.
type numberEvidence struct {
	thousands     string
	proof         [2]place // by reading: the first value that fits no other
	open          place    // the first value that both fit and read differently
	marked        bool     // text with a mark was seen
	dottedNumber  place    // a stored number with three decimals
	readings      [2]string
	texts, stored int64
}

// place is a value with its line.
type place struct {
	line  int64
	value string
}

var numberReadings = [2]string{".", ","}

func (e *numberEvidence) see(line int64, c cell) {
	value := trim(c.text)
	if value == "" || c.kind == day || c.kind == boolean || c.kind == fault {
		return
	}
	if c.kind != text {
		e.stored++
		if _, fraction, _ := strings.Cut(value, "."); c.kind == serial && len(fraction) == 3 && e.dottedNumber.line == 0 {
			e.dottedNumber = place{line, value}
		}
		return
	}
	var read [2]string
	var fits [2]bool
	for i, mark := range numberReadings {
		thousands := e.thousands
		if thousands == mark {
			continue
		}
		plain, err := numberFormat{mark, thousands}.parse(value)
		read[i], fits[i] = plain, err == nil
	}
	if fits[0] || fits[1] {
		e.texts++
	}
	if strings.ContainsAny(value, ".,") {
		e.marked = true
	}
	for i := range fits {
		if fits[i] && !fits[1-i] && e.proof[i].line == 0 {
			e.proof[i] = place{line, value}
		}
	}
	if fits[0] && fits[1] && read[0] != read[1] && e.open.line == 0 {
		e.open, e.readings = place{line, value}, read
	}
}

// decide is the decimal mark that the values prove; a dot where none has a mark. The
// error tells why they prove nothing.
func (e *numberEvidence) decide() (mark string, err error) {
	dot, comma := e.proof[0].line > 0, e.proof[1].line > 0
	switch {
	case dot && comma:
		return "", fmt.Errorf("it mixes decimal dots (line %d: %q) and decimal commas (line %d: %q)",
			e.proof[0].line, e.proof[0].value, e.proof[1].line, e.proof[1].value)
	case e.marked && e.dottedNumber.line > 0:
		return "", fmt.Errorf("it mixes numbers (line %d: %s) and text with marks: a dot in it can be a decimal mark or stand between thousands",
			e.dottedNumber.line, e.dottedNumber.value)
	case comma:
		return ",", nil
	case dot || e.open.line == 0:
		return ".", nil
	}
	return "", fmt.Errorf("line %d: %q can be read as %s or as %s, and no value decides",
		e.open.line, e.open.value, e.readings[0], e.readings[1])
}
