package fec

import (
	"fmt"
	"unicode/utf8"

	"github.com/encours/encours/ingest"
)

// tooLong is the reject of a line that is longer than any record.
func tooLong(length int64, longest int) ingest.Reject {
	return ingest.Reject{Reason: "line.too_long", Message: fmt.Sprintf(
		"the line is %d bytes long and a record has at most %d: line ends are probably missing; export the file again", length, longest)}
}

// brokenText is the reject of a line that is not valid UTF-8 in a file that is.
func (f *File) brokenText(fields [][]byte) ingest.Reject {
	r := ingest.Reject{Reason: "charset.invalid"}
	for i, field := range fields {
		if !utf8.Valid(field) && i < len(f.Columns) {
			r.Column, r.Value = f.Columns[i], ingest.Cut(f.decoder.text(field), 4096)
			break
		}
	}
	r.Message = fmt.Sprintf("%s holds bytes that are no text in UTF-8, the charset of the file: correct the text and export again, or name the charset of the source if the whole file is in another one",
		orLine(r.Column))
	return r
}

func orLine(column string) string {
	if column == "" {
		return "the line"
	}
	return column
}

// miscounted is the reject of a line whose number of fields is not that of the
// header.
func (f *File) miscounted(fields [][]byte, count int, cut bool) ingest.Reject {
	want := len(f.Columns)
	if cut && count < want {
		return ingest.Reject{Reason: "line.cut", Message: fmt.Sprintf(
			"the last line has %d of %d fields and no line end: the file seems to be cut in mid-line; export or copy it again, as lines after this one may be missing", count, want)}
	}
	r := ingest.Reject{Reason: "fields.count", Message: fmt.Sprintf("the line has %d fields and the header names %d", count, want)}
	at := f.splitAmount(fields)
	switch {
	case count > want && at >= 0:
		r.Column = f.Columns[at]
		r.Value = ingest.Cut(string(fields[at]), 4096)
		r.Message += fmt.Sprintf(": %s reads %q and the next field %q, so a decimal comma was probably turned into the separator; export again with decimal commas",
			r.Column, shown(fields[at]), shown(fields[at+1]))
	case count > want:
		r.Message += ": a text in it probably holds the separator; remove it there, or export with another separator"
	default:
		r.Message += ": a text in it probably holds a line end, or the line is cut; correct the text and export again"
	}
	return r
}

// splitAmount finds the first amount column that holds whole digits and is
// followed by a field of two digits; -1 where there is none.
func (f *File) splitAmount(fields [][]byte) int {
	for _, c := range []column{debit, credit, amount, currencyAmount} {
		at := f.layout.source[c]
		if at < 0 || at+1 >= len(fields) {
			continue
		}
		whole, cents := trimText(fields[at]), trimText(fields[at+1])
		if len(whole) > 1 && (whole[0] == '-' || whole[0] == '+') {
			whole = whole[1:]
		}
		if len(whole) > 0 && allDigits(whole) && len(cents) == 2 && allDigits(cents) {
			return at
		}
	}
	return -1
}
