package table

import (
	"io"
	"strings"

	"github.com/encours/encours/ingest"
)

// delimiters are those that are tried where none is named.
var delimiters = []string{";", ",", "\t", "|"}

// chooseDialect finds the delimiter: the one by which a row near the top meets most
// of what the mapping needs, else the one that gives the widest table.
func (f *File) chooseDialect(spec Spec) error {
	f.dialect.quote = '"'
	switch spec.Quote {
	case "":
	case "none":
		f.dialect.quote = 0
	default:
		if spec.Quote[0] >= 0x80 {
			return &ingest.RefusedError{Path: f.Path, Problem: "quote " + spec.Quote + " is not an ASCII character", Advice: "Name another quote"}
		}
		f.dialect.quote = spec.Quote[0]
	}
	if spec.Delimiter != "" {
		f.dialect.delimiter = spec.Delimiter
		return nil
	}
	head, err := f.textHead()
	if err != nil {
		return err
	}
	needs := spec.needs()
	best := -1
	for _, d := range delimiters {
		if score := f.scoreDelimiter(d, head, needs); score > best {
			best, f.dialect.delimiter = score, d
		}
	}
	return nil
}

// textHead is the start of the text, decoded.
func (f *File) textHead() (string, error) {
	in, err := f.member.Open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	head, err := io.ReadAll(io.LimitReader(f.charset.decode(in), rawLimit))
	return string(head), err
}

func (f *File) scoreDelimiter(d string, head string, needs [][]string) int {
	trial := f.dialect
	trial.delimiter = d
	r := newCSV(strings.NewReader(head), io.NopCloser(nil), trial)
	best := 0
	widths := map[int]int{}
	var record row
	for range headerSearch {
		if err := r.next(&record); err != nil {
			break
		}
		if record.fault != nil {
			continue
		}
		h := newHeader(record.names())
		best = max(best, met(needs, h)*1000)
		if n := len(record.cells); n > 1 {
			widths[n]++
		}
	}
	common := 0
	for width, count := range widths {
		common = max(common, min(width, 30)*count/headerSearch+min(count, 10))
	}
	return best + min(common, 999)
}
