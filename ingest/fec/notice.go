package fec

import (
	"bytes"
	"path/filepath"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/identifier"
)

// Checks that a Notice can belong to.
const (
	noticeName       = "T01"
	noticeSeparator  = "T02"
	noticeMissing    = "T03"
	noticeBlank      = "T05"
	noticeAmountForm = "T09"
	noticeDateForm   = "T10F"
)

// HeaderNotices tells what is to be known of the file before its lines are read:
// a name that is not of the legal form, a separator that is not a legal one, and
// each legal column that is missing.
func (f *File) HeaderNotices() []ingest.Notice {
	var all []ingest.Notice
	base := filepath.Base(f.Path)
	if f.member.archived {
		base = f.Name
	}
	if siren, _, ok := NameFacts(base); !ok || !identifier.IsSIREN(siren) {
		all = append(all, ingest.Notice{Check: noticeName, Value: base})
	}
	if f.Separator == ';' {
		all = append(all, ingest.Notice{Check: noticeSeparator, Line: f.headerLine, Value: ";"})
	}
	for _, name := range f.Missing {
		all = append(all, ingest.Notice{Check: noticeMissing, Line: f.headerLine, Column: name})
	}
	return all
}

// Notify has Convert call notify, in the order of the file, for each blank line
// and for each amount and date that is read though it is not written in the legal
// form. An error of notify ends the conversion. nil, the default, costs nothing.
func (f *File) Notify(notify func(ingest.Notice) error) { f.notify = notify }

// form is a field of the file whose form is told.
type form struct {
	field int
	check string
	legal func([]byte) bool
}

// forms lists the fields of amounts and dates of a layout.
func (l *layout) forms() []form {
	var all []form
	for c := range legal {
		at := l.source[c]
		switch {
		case at < 0:
		case legal[c].kind == date:
			all = append(all, form{at, noticeDateForm, legalDate})
		case legal[c].kind == money || legal[c].kind == moneyBlank:
			all = append(all, form{at, noticeAmountForm, legalAmount})
		}
	}
	return all
}

// noticeForms tells the values of a row that are not in the legal form.
func (c *conversion) noticeForms(fields [][]byte) error {
	for _, form := range c.forms {
		value := fields[form.field]
		if form.legal(value) {
			continue
		}
		if value = trimText(value); form.legal(value) {
			continue
		}
		if err := c.notice(form.check, c.file.Columns[form.field], string(value)); err != nil {
			return err
		}
	}
	return nil
}

func (c *conversion) notice(check, column, value string) error {
	if c.file.notify == nil {
		return nil
	}
	return c.file.notify(ingest.Notice{Check: check, Line: c.lines.number, Column: column, Value: ingest.Cut(value, 200)})
}

// legalDate takes AAAAMMJJ and what stands for no date.
func legalDate(b []byte) bool {
	if len(b) == 8 {
		return allDigits(b) || blankDate(b)
	}
	return len(b) == 0 || blankDate(b)
}

// legalAmount takes digits with a decimal comma and a sign before or after.
func legalAmount(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	if last := len(b) - 1; b[0] == '-' || b[0] == '+' {
		b = b[1:]
	} else if b[last] == '-' || b[last] == '+' {
		b = b[:last]
	}
	whole, decimals, comma := bytes.Cut(b, []byte{','})
	return len(whole) > 0 && allDigits(whole) && (!comma || len(decimals) > 0 && allDigits(decimals))
}
