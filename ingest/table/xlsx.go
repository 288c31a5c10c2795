package table

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/encours/encours/ingest/stream"
)

const (
	maxSheetRow = 1 << 20
	maxRowBytes = 32 << 20 // of the XML of one row
)

// sheetReader streams the rows of a sheet that hold cells. Where row numbers leave a
// gap, one blank row stands for it.
type sheetReader struct {
	book    *workbook
	in      io.ReadCloser
	bound   *stream.Bounded
	d       *xml.Decoder
	line    int64 // of the last row returned
	pending *row  // read, to be returned after a gap
	done    bool
}

func openSheet(file, name string) (*sheetReader, string, error) {
	book, err := openWorkbook(file)
	if err != nil {
		return nil, "", err
	}
	s, err := book.find(name)
	if err != nil {
		return nil, "", errors.Join(err, book.archive.Close())
	}
	in, err := book.member(s.member).Open()
	if err != nil {
		return nil, "", errors.Join(err, book.archive.Close())
	}
	bound := &stream.Bounded{In: in, Limit: maxRowBytes, Err: errTooLong}
	return &sheetReader{book: book, in: in, bound: bound, d: xml.NewDecoder(bound)}, s.name, nil
}

func (r *sheetReader) close() error { return errors.Join(r.in.Close(), r.book.archive.Close()) }

func (r *sheetReader) next(out *row) error {
	out.fault, out.raw = nil, ""
	if r.pending != nil {
		*out, r.pending = *r.pending, nil
		r.line = out.line
		return nil
	}
	for !r.done {
		token, err := r.d.Token()
		if errors.Is(err, io.EOF) {
			r.done = true
			break
		}
		if err != nil {
			return r.damaged(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "row" {
			continue
		}
		r.bound.Reset()
		line := r.line + 1
		if text := attribute(start, "r"); text != "" {
			if line, err = strconv.ParseInt(text, 10, 64); err != nil || line <= r.line || line > maxSheetRow {
				return r.damaged(fmt.Errorf("row %q is out of place", text))
			}
		}
		cells, err := r.cells(out.cells[:0], line)
		if err != nil {
			return r.damaged(err)
		}
		if len(cells) == 0 && line == r.line+1 {
			out.cells, out.line, r.line = cells, line, line
			return nil
		}
		if line > r.line+1 && r.line > 0 {
			r.pending = &row{line: line, cells: cells}
			r.line++
			out.cells, out.line = nil, r.line
			return nil
		}
		out.cells, out.line, r.line = cells, line, line
		return nil
	}
	return io.EOF
}

func (r *sheetReader) damaged(err error) error {
	return fmt.Errorf("the sheet is damaged after row %d: %w", r.line, err)
}

// cells reads the cells of a row up to its end.
func (r *sheetReader) cells(cells []cell, line int64) ([]cell, error) {
	for {
		token, err := r.d.Token()
		if err != nil {
			return nil, noEOF(err)
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return cells, nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			at := len(cells)
			if ref := attribute(t, "r"); ref != "" {
				if at, err = columnOf(ref); err != nil || at < len(cells) {
					return nil, fmt.Errorf("cell %q is out of place in row %d", ref, line)
				}
			}
			if at >= maxColumns {
				return nil, fmt.Errorf("row %d has more than %d cells", line, maxColumns)
			}
			c, err := r.cell(t)
			if err != nil {
				return nil, fmt.Errorf("row %d: %w", line, err)
			}
			if c.text == "" {
				continue
			}
			for len(cells) < at {
				cells = append(cells, cell{})
			}
			cells = append(cells, c)
		}
	}
}

// cell reads one cell up to its end.
func (r *sheetReader) cell(start xml.StartElement) (cell, error) {
	kind, style := attribute(start, "t"), attribute(start, "s")
	var value strings.Builder
	hasValue, hasFormula, inValue := false, false, false
	for {
		token, err := r.d.Token()
		if err != nil {
			return cell{}, noEOF(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				hasValue, inValue = true, true
			case "f":
				hasFormula = true
			case "is":
				s, err := richText(r.d, "is")
				return cell{text, s}, errors.Join(noEOF(err), skipTo(r.d, "c"))
			}
		case xml.CharData:
			if inValue {
				value.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "v":
				inValue = false
			case "c":
				if hasFormula && !hasValue {
					return cell{fault, "formula without a stored value"}, nil
				}
				return r.typed(kind, style, value.String())
			}
		}
	}
}

// typed gives a stored value its kind.
func (r *sheetReader) typed(kind, style, value string) (cell, error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if value != "" && (err != nil || i < 0 || i >= len(r.book.strings)) {
			return cell{}, fmt.Errorf("there is no shared string %q", value)
		}
		if value == "" {
			return cell{}, nil
		}
		return cell{text, r.book.strings[i]}, nil
	case "str", "inlineStr":
		return cell{text, unescape(value)}, nil
	case "b":
		return cell{boolean, strconv.FormatBool(strings.TrimSpace(value) == "1" || strings.TrimSpace(value) == "true")}, nil
	case "e":
		return cell{fault, value}, nil
	case "d":
		return cell{text, value}, nil
	}
	value = strings.TrimSpace(value)
	if value == "" {
		return cell{}, nil
	}
	plain, ok := storedNumber(value)
	if !ok {
		return cell{text, value}, nil
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(r.book.isDate) && r.book.isDate[i] {
		if t, ok := serialDay(plain, r.book.from1904); ok {
			return cell{day, t.Format(time.DateOnly)}, nil
		}
	}
	return cell{serial, plain}, nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// columnOf is the column of a reference such as AB12, from 0.
func columnOf(ref string) (int, error) {
	n := 0
	for i := range len(ref) {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			if i == 0 || !allDigits(ref[i:]) {
				break
			}
			return n - 1, nil
		}
		if n = n*26 + int(c-'A') + 1; n > maxColumns {
			break
		}
	}
	return 0, fmt.Errorf("%q is no cell", ref)
}

func skipTo(d *xml.Decoder, element string) error {
	for {
		token, err := d.Token()
		if err != nil {
			return noEOF(err)
		}
		if end, ok := token.(xml.EndElement); ok && end.Name.Local == element {
			return nil
		}
	}
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

var errTooLong = errors.New("one record of it is longer than any table needs")
