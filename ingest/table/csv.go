package table

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/readahead"
)

const (
	maxRecord  = 1 << 20 // bytes of a record of text
	maxColumns = 16384
	readBlock  = 256 << 10
)

// dialect says how the fields of a CSV are set apart.
type dialect struct {
	delimiter string // one character
	quote     byte   // 0: none
	onlyCR    bool   // a lone CR ends a line
}

// csvReader cuts a stream of UTF-8 text into records in bounded memory. A quoted
// field may hold delimiters, doubled quotes and line ends. A record that is too long
// or whose quote is never closed is a fault of its first line; reading goes on with
// the line after it.
type csvReader struct {
	ahead  readahead.Buffer
	closer io.Closer
	d      dialect
	width  int   // fields of a record; 0: not known yet
	least  int   // those of width that have a name; the rest may be missing
	line   int64 // of the record that starts at ahead.Start
	fields []string
}

func newCSV(in io.Reader, closer io.Closer, d dialect) *csvReader {
	return &csvReader{ahead: readahead.New(in, readBlock), closer: closer, d: d, line: 1}
}

func (r *csvReader) close() error { return r.closer.Close() }

func (r *csvReader) next(out *row) error {
	out.fault, out.cells, out.raw = nil, out.cells[:0], ""
	scan := recordScan{d: r.d}
	searched := 0
	for {
		size, found := scan.end(r.ahead.Bytes[r.ahead.Start:r.ahead.End], searched, r.ahead.EOF)
		if found {
			return r.take(out, size, scan)
		}
		searched = r.ahead.End - r.ahead.Start
		if r.ahead.EOF {
			if searched == 0 {
				return io.EOF
			}
			if scan.quoted {
				return r.skipLine(out, "quote.open", "a quote opens in this line and is not closed: close it, or double the quotes within the text")
			}
			return r.take(out, searched, scan)
		}
		if searched > maxRecord {
			if scan.quoted {
				return r.skipLine(out, "quote.open", fmt.Sprintf(
					"a quote opens in this line and is not closed within %d bytes: close it, or double the quotes within the text", maxRecord))
			}
			return r.skipLine(out, "line.too_long", fmt.Sprintf(
				"the line is longer than %d bytes: line ends are probably missing; export the file again", maxRecord))
		}
		if err := r.fill(); err != nil {
			return err
		}
	}
}

// recordScan looks for the end of a record; it goes on where it stopped.
type recordScan struct {
	d       dialect
	quoted  bool // within a quoted field
	inField bool // past the first character of a field
	lines   int64
	pending bool // the last byte seen was a quote within a quoted field
}

// end returns the size of the record with its line end.
func (s *recordScan) end(b []byte, from int, eof bool) (int, bool) {
	for i := from; i < len(b); i++ {
		c := b[i]
		if s.pending {
			s.pending = false
			if c == s.d.quote {
				continue
			}
			s.quoted = false
		}
		switch {
		case s.quoted:
			switch c {
			case s.d.quote:
				s.pending = true
			case '\n':
				s.lines++
			case '\r':
				if s.d.onlyCR {
					s.lines++
				}
			}
		case c == '\n' || c == '\r' && s.d.onlyCR:
			s.lines++
			return i + 1, true
		case c == s.d.delimiter[len(s.d.delimiter)-1] && bytes.HasSuffix(b[:i+1], []byte(s.d.delimiter)):
			s.inField = false
		case c == s.d.quote && s.d.quote != 0 && !s.inField:
			s.quoted, s.inField = true, true
		case c != ' ' && !(len(s.d.delimiter) > 1 && c >= 0x80 && strings.IndexByte(s.d.delimiter, c) >= 0):
			s.inField = true
		}
	}
	if eof && s.pending {
		s.pending, s.quoted = false, false
	}
	return 0, false
}

// take splits a record of that many bytes.
func (r *csvReader) take(out *row, size int, scan recordScan) error {
	record := r.ahead.Bytes[r.ahead.Start : r.ahead.Start+size]
	out.line = r.line
	r.ahead.Start += size
	r.line += max(scan.lines, 1)
	record = bytes.TrimRight(record, "\r\n")
	line := string(record)
	out.raw = line
	if !utf8.ValidString(line) {
		out.raw = strings.ToValidUTF8(line, "\uFFFD")
		out.fault = &ingest.Reject{Reason: "charset.invalid", Message: "the line holds bytes that are no text in the charset of the file: correct the text and export again, or name the charset of the source"}
		return nil
	}
	if strings.IndexByte(line, 0) >= 0 {
		line = strings.ReplaceAll(line, "\x00", " ")
	}
	fields, ok := r.d.split(line, r.fields[:0])
	r.fields = fields
	if !ok {
		out.fault = &ingest.Reject{Reason: "quote.misplaced", Message: "text follows a closing quote: double the quotes within the text, or export without quotes"}
		return nil
	}
	for _, f := range fields {
		out.cells = append(out.cells, cell{text, f})
	}
	r.checkWidth(out)
	return nil
}

// checkWidth makes a fault of a record whose number of fields is not that of the
// header. Empty fields at the end do not count; a record of one empty field is blank.
func (r *csvReader) checkWidth(out *row) {
	if r.width == 0 || len(out.cells) <= r.width && len(out.cells) >= r.least || out.blank() {
		return
	}
	for len(out.cells) > r.width && trim(out.cells[len(out.cells)-1].text) == "" {
		out.cells = out.cells[:len(out.cells)-1]
	}
	switch n := len(out.cells); {
	case n > r.width:
		out.fault = &ingest.Reject{Reason: "fields.count", Message: fmt.Sprintf(
			"the line has %d fields and the header names %d: a text or an amount in it holds the delimiter; quote it, or export with another delimiter", n, r.width)}
	case n < r.least:
		out.fault = &ingest.Reject{Reason: "fields.count", Message: fmt.Sprintf(
			"the line has %d fields and the header names %d: a text in it probably holds a line end, or the line is cut", n, r.least)}
	}
}

// split cuts a record into fields; false where text follows a closing quote.
func (d dialect) split(line string, fields []string) ([]string, bool) {
	for {
		start := strings.TrimLeft(line, " ")
		if d.quote == 0 || start == "" || start[0] != d.quote {
			field, rest, more := strings.Cut(line, d.delimiter)
			fields = append(fields, field)
			if !more || len(fields) > maxColumns {
				return fields, true
			}
			line = rest
			continue
		}
		field, rest, ok := d.quoted(start[1:])
		if !ok {
			return fields, false
		}
		fields = append(fields, field)
		rest = strings.TrimLeft(rest, " ")
		if rest == "" {
			return fields, true
		}
		if line, ok = strings.CutPrefix(rest, d.delimiter); !ok || len(fields) > maxColumns {
			return fields, false
		}
	}
}

// quoted takes a quoted field whose opening quote is gone.
func (d dialect) quoted(s string) (field, rest string, ok bool) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, d.quote)
		if i < 0 {
			return "", "", false
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		if s == "" || s[0] != d.quote {
			return b.String(), s, true
		}
		b.WriteByte(d.quote)
		s = s[1:]
	}
}

// skipLine makes a fault of the first line of the record and goes on after it.
func (r *csvReader) skipLine(out *row, reason, message string) error {
	out.line = r.line
	out.fault = &ingest.Reject{Reason: reason, Message: message}
	head := r.ahead.Bytes[r.ahead.Start:min(r.ahead.End, r.ahead.Start+rawLimit)]
	for {
		i := r.lineEnd(r.ahead.Bytes[r.ahead.Start:r.ahead.End])
		if i >= 0 {
			if out.raw == "" {
				out.raw = string(head[:min(i, len(head))])
			}
			r.ahead.Start += i + 1
			break
		}
		if out.raw == "" {
			out.raw = string(head)
		}
		r.ahead.Start = r.ahead.End
		if r.ahead.EOF {
			break
		}
		if err := r.fill(); err != nil {
			return err
		}
	}
	out.raw = strings.ToValidUTF8(strings.TrimRight(out.raw, "\r"), "\uFFFD")
	r.line++
	return nil
}

func (r *csvReader) lineEnd(b []byte) int {
	if r.d.onlyCR {
		return bytes.IndexByte(b, '\r')
	}
	return bytes.IndexByte(b, '\n')
}

// fill reads more bytes behind those not yet consumed.
func (r *csvReader) fill() error {
	if err := r.ahead.Fill(); err != nil {
		return fmt.Errorf("read line %d: %w", r.line, err)
	}
	return nil
}
