package table

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/encours/encours/ingest"
)

// kind is what a cell holds.
type kind byte

const (
	text    kind = iota // as it is written; the empty text is no value
	number              // exact plain decimal text
	serial              // a number of a workbook, which in a date field counts days
	day                 // YYYY-MM-DD
	boolean             // true or false
	fault               // an error of a workbook, such as #N/A
)

// cell is one value of a record.
type cell struct {
	kind kind
	text string
}

// row is one record: its place, its cells by column, and what is wrong where it
// could not be taken apart.
type row struct {
	line  int64
	cells []cell
	fault *ingest.Reject
	raw   string // of a text file; else empty
}

// at is a cell of the row; columns beyond the last are empty.
func (r *row) at(i int) cell {
	if i < 0 || i >= len(r.cells) {
		return cell{}
	}
	return r.cells[i]
}

// blank tells whether no cell holds a value.
func (r *row) blank() bool {
	if r.fault != nil {
		return false
	}
	for _, c := range r.cells {
		if trim(c.text) != "" {
			return false
		}
	}
	return true
}

// joined is the record in one line for a person.
func (r *row) joined() string {
	if r.raw != "" {
		return ingest.Cut(r.raw, rawLimit)
	}
	return ingest.Cut(r.tabbed(), rawLimit)
}

// tabbed is the cells, joined by tabs; the whole line where they could not be told
// apart.
func (r *row) tabbed() string {
	if r.fault != nil && r.fault.Reason != "fields.count" {
		return r.raw
	}
	parts := make([]string, len(r.cells))
	for i, c := range r.cells {
		parts[i] = c.text
	}
	return strings.Join(parts, "\t")
}

// rows gives the records of a file one after the other, io.EOF after the last. A row
// is valid until the next call.
type rows interface {
	next(*row) error
	close() error
}

const (
	rawLimit  = 64 << 10
	spaceSet  = " \t\u00a0\u202f\ufeff"
	maxFooter = 1000
)

func trim(s string) string { return strings.Trim(s, spaceSet+"\r\n") }

// storedNumber is the number that a workbook stores as text, as the program that
// wrote it shows it: where binary noise makes it longer than the fifteen digits that
// a workbook keeps, those count.
func storedNumber(s string) (string, bool) {
	if s == "" || strings.Trim(s, "0123456789.+-eE") != "" || strings.Trim(s, ".+-eE") == "" {
		return "", false
	}
	mantissa, _, exponent := strings.Cut(strings.ToLower(s), "e")
	digits := 0
	for _, c := range strings.TrimLeft(mantissa, "+-0.") {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if !strings.Contains(s, ".") && !exponent {
		_, err := strconv.ParseFloat(s, 64)
		return strings.TrimPrefix(s, "+"), err == nil
	}
	value, err := strconv.ParseFloat(s, 64)
	if err != nil || len(s) > 400 {
		return "", false
	}
	if digits > 15 {
		s = strconv.FormatFloat(value, 'e', 14, 64)
	}
	exact, ok := new(big.Rat).SetString(s)
	if !ok || value > 1e40 || value < -1e40 {
		return "", false
	}
	plain := exact.FloatString(40)
	return strings.TrimRight(strings.TrimRight(plain, "0"), "."), true
}
