package fec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"

	"github.com/encours/encours/ingest"
)

const fieldEnd = 0x1F // of the canonical stream

// rowEncoder turns the fields of one record into one canonical row. It knows
// nothing of lines, separators and charsets: the fields are UTF-8 without
// control characters, in the order of the layout.
type rowEncoder struct {
	steps       []step
	part        []byte // source_part, with the field end on both sides
	names       []string
	amountField int // of Montant and Sens; -1 where the file has Debit and Credit
	senseField  int

	first, last   day   // of EcritureDate, over the rows written
	threeDecimals int64 // amounts written with three decimals
	pending       day   // EcritureDate of the row being written
	pendingThree  int64
	halves        [2][]byte // debit and credit of a row with Montant and Sens
}

// step writes one field of the canonical row.
type step struct {
	kind     stepKind
	field    int // of the record
	required bool
	isDay    bool   // EcritureDate
	seen     uint64 // the last date as written, eight bytes, 0 for none
	out      []byte // and its canonical form
	day      day
}

type stepKind int

const (
	stepEmpty stepKind = iota // no such column: NULL
	stepText
	stepDate
	stepMoney
	stepMoneyBlank
	stepDebit // of Montant and Sens
	stepCredit
)

// newRowEncoder prepares the rows of one part. extra are the fields of the extra
// columns in the order of the stream; -1 stands for a column of another part.
func newRowEncoder(l *layout, part int, extra []int) *rowEncoder {
	e := &rowEncoder{
		part:        []byte("\x1f" + strconv.Itoa(part) + "\x1f"),
		names:       l.names,
		amountField: -1, senseField: -1,
	}
	kinds := map[kind]stepKind{text: stepText, date: stepDate, money: stepMoney, moneyBlank: stepMoneyBlank}
	for c := range amount {
		s := step{kind: kinds[legal[c].kind], field: l.source[c], required: legal[c].required && !(c == account && l.noAccounts), isDay: c == entryDate}
		switch {
		case l.signed() && c == debit:
			s.kind = stepDebit
		case l.signed() && c == credit:
			s.kind = stepCredit
		case s.field < 0:
			s.kind = stepEmpty
		}
		e.steps = append(e.steps, s)
	}
	if l.signed() {
		e.amountField, e.senseField = l.source[amount], l.source[sense]
	}
	due := step{kind: stepEmpty}
	if l.dueDate >= 0 {
		due = step{kind: stepDate, field: l.dueDate}
	}
	e.steps = append(e.steps, due)
	for _, i := range extra {
		s := step{kind: stepText, field: i}
		if i < 0 {
			s.kind = stepEmpty
		}
		e.steps = append(e.steps, s)
	}
	return e
}

// fieldError is the first field of a record that cannot be read.
type fieldError struct {
	field           int
	value           []byte
	reason, message string
}

// append writes the record as one row. On a fieldError nothing is appended.
func (e *rowEncoder) append(out []byte, line int64, fields [][]byte) ([]byte, *fieldError) {
	start := len(out)
	out = strconv.AppendInt(out, line, 10)
	out = append(out, e.part...)
	e.pendingThree = 0
	if e.amountField >= 0 {
		if problem := e.splitSigned(fields); problem != nil {
			return out[:start], problem
		}
	}
	for i := range e.steps {
		s := &e.steps[i]
		var problem *fieldError
		switch s.kind {
		case stepText:
			value := fields[s.field]
			if len(value) > 0 && (value[0] <= ' ' || value[0] >= 0x80 || value[len(value)-1] <= ' ' || value[len(value)-1] >= 0x80) {
				value = trimText(value)
			}
			if len(value) == 0 && s.required {
				problem = e.missing(s.field)
				break
			}
			out = append(out, value...)
		case stepDate:
			out, problem = e.appendDate(out, s, fields[s.field])
		case stepMoney, stepMoneyBlank:
			out, problem = e.appendMoney(out, s, fields[s.field])
		case stepDebit:
			out = append(out, e.halves[0]...)
		case stepCredit:
			out = append(out, e.halves[1]...)
		}
		if problem != nil {
			return out[:start], problem
		}
		out = append(out, fieldEnd)
	}
	out[len(out)-1] = '\n'
	e.accept()
	return out, nil
}

// accept counts what is known only once the whole row is good.
func (e *rowEncoder) accept() {
	e.threeDecimals += e.pendingThree
	if e.first == 0 || e.pending < e.first {
		e.first = e.pending
	}
	if e.pending > e.last {
		e.last = e.pending
	}
}

// appendDate writes a date; the one that the line before had is not parsed
// again.
func (e *rowEncoder) appendDate(out []byte, s *step, value []byte) ([]byte, *fieldError) {
	if len(value) == 0 && !s.required {
		return out, nil
	}
	if len(value) == 8 {
		if w := binary.LittleEndian.Uint64(value); w == s.seen {
			if s.isDay {
				e.pending = s.day
			}
			return append(out, s.out...), nil
		}
	}
	value = trimText(value)
	d, why := parseDay(value)
	if why != "" {
		return out, &fieldError{s.field, value, "date.invalid", fmt.Sprintf("%s %q is not a date: %s%s",
			e.names[s.field], shown(value), why, quoteHint(value))}
	}
	if d == 0 {
		if s.required {
			return out, e.missing(s.field)
		}
		return out, nil
	}
	if s.isDay {
		e.pending = d
	}
	from := len(out)
	out = d.append(out)
	if len(value) == 8 {
		s.seen, s.day = binary.LittleEndian.Uint64(value), d
		s.out = append(s.out[:0], out[from:]...)
	}
	return out, nil
}

func (e *rowEncoder) appendMoney(out []byte, s *step, value []byte) ([]byte, *fieldError) {
	if len(value) > 0 && (value[0] <= ' ' || value[0] >= 0x80 || value[len(value)-1] <= ' ' || value[len(value)-1] >= 0x80) {
		value = trimText(value)
	}
	if len(value) == 0 {
		if s.kind == stepMoney {
			out = append(out, "0.00"...)
		}
		return out, nil
	}
	out, three, problem := appendAmount(out, value)
	if problem != nil {
		return out, e.notAmount(s.field, value, problem)
	}
	if three {
		e.pendingThree++
	}
	return out, nil
}

func (e *rowEncoder) notAmount(field int, value []byte, p *amountError) *fieldError {
	return &fieldError{field, value, p.reason, fmt.Sprintf("%s %q is not an amount: %s%s",
		e.names[field], shown(value), p.why, quoteHint(value))}
}

// splitSigned reads Montant and Sens into a debit and a credit. The sign of the
// amount is kept: -5,00 D is a debit of -5.00.
func (e *rowEncoder) splitSigned(fields [][]byte) *fieldError {
	side := 0
	sign := trimText(fields[e.senseField])
	switch string(bytes.ToUpper(sign)) {
	case "D", "+1", "1":
	case "C", "-1":
		side = 1
	case "":
		return e.missing(e.senseField)
	default:
		return &fieldError{e.senseField, sign, "sense.invalid", fmt.Sprintf(
			"%s %q is not a side: D or +1 is a debit, C or -1 is a credit", e.names[e.senseField], shown(sign))}
	}
	value, problem := e.appendMoney(e.halves[side][:0], &step{kind: stepMoney, field: e.amountField}, fields[e.amountField])
	if problem != nil {
		return problem
	}
	e.halves[side] = value
	e.halves[1-side] = append(e.halves[1-side][:0], "0.00"...)
	return nil
}

func (e *rowEncoder) missing(field int) *fieldError {
	return &fieldError{field, nil, "value.missing", fmt.Sprintf(
		"%s is empty and no line can do without it: complete the line in the accounting software and export again", e.names[field])}
}

// shown is a value as a message quotes it.
func shown(value []byte) string { return ingest.Cut(string(value), 60) }

// quoteHint explains values in quotation marks.
func quoteHint(value []byte) string {
	if slices.Contains(value, '"') {
		return "; a FEC has no quotation marks around values: export it without them"
	}
	return ""
}
