package sirene

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/encours/encours/ingest"
)

const (
	longestLine  = 1 << 20
	mostUnparsed = 100_000 // lines that are no records, past which the file is refused
)

// Lines writes the records of a CSV file with the number of their line in front, as a
// field of its own: UTF-8, one line each, without the header. Bytes that are not UTF-8
// are read as Windows-1252. What has another number of fields than the header goes to
// reject. It returns the number of records, rejected ones included.
func (s *Stock) Lines(ctx context.Context, w io.Writer, reject func(ingest.Reject) error, progress func(int64)) (records int64, err error) {
	in, err := s.member.Open()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	lines := &lineReader{in: bufio.NewReaderSize(in, 1<<20), columns: len(s.Columns), delimiter: s.Delimiter}
	out := bufio.NewWriterSize(w, 1<<20)
	var unparsed int
	var number []byte
	for {
		if records%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return records, err
			}
			if progress != nil {
				progress(lines.read)
			}
		}
		record, line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return records, out.Flush()
		}
		if errors.Is(err, errLong) {
			return records, &ingest.RefusedError{Path: s.Label, Line: line, Reason: "line.long", Problem: "the line is longer than 1 MiB: a quotation mark is not closed, or it is no CSV", Advice: "Download the file again"}
		}
		if err != nil {
			return records, fmt.Errorf("read %q: %w", s.Label, err)
		}
		if line == 1 || len(record) == 0 {
			continue
		}
		records++
		if !utf8.Valid(record) {
			if record, err = charmap.Windows1252.NewDecoder().Bytes(record); err != nil {
				return records, fmt.Errorf("read %q: %w", s.Label, err)
			}
		}
		if got := fieldCount(record, s.Delimiter); got != len(s.Columns) {
			if unparsed++; unparsed > mostUnparsed {
				return records, &ingest.RefusedError{Path: s.Label, Line: line, Reason: "fields.count", Problem: fmt.Sprintf("more than %d of its lines have another number of fields than its header", mostUnparsed), Advice: "Download the file again"}
			}
			err := reject(ingest.Reject{
				Line: line, Reason: "fields.count", Raw: ingest.Cut(string(record), 64<<10),
				Message: fmt.Sprintf("this line has %d fields, the header has %d: a separator is lost or too many", got, len(s.Columns)),
			})
			if err != nil {
				return records, err
			}
			continue
		}
		number = append(strconv.AppendInt(number[:0], line, 10), s.Delimiter)
		if _, err := out.Write(number); err != nil {
			return records, err
		}
		if _, err := out.Write(record); err != nil {
			return records, err
		}
		if err := out.WriteByte('\n'); err != nil {
			return records, err
		}
	}
}

var errLong = errors.New("line too long")

// lineReader takes records apart: a line end inside quotation marks becomes a space.
type lineReader struct {
	in        *bufio.Reader
	columns   int
	delimiter byte
	line      int64 // of the last record's last line
	read      int64
	held      []byte
}

// next returns a record, valid until the next call, and the line on which it begins.
func (l *lineReader) next() (record []byte, line int64, err error) {
	part, err := l.part()
	if err != nil {
		return nil, l.line + 1, err
	}
	l.line++
	line = l.line
	if bytes.Count(part, quote)%2 == 0 {
		return part, line, nil
	}
	l.held = append(l.held[:0], part...)
	for {
		part, err = l.part()
		if errors.Is(err, io.EOF) {
			return l.held, line, nil
		}
		if err != nil {
			return nil, line, err
		}
		l.line++
		l.held = append(append(l.held, ' '), part...)
		if len(l.held) > longestLine {
			return nil, line, errLong
		}
		if bytes.Count(part, quote)%2 == 1 {
			return l.held, line, nil
		}
	}
}

var quote = []byte{'"'}

// part reads one physical line without its end.
func (l *lineReader) part() ([]byte, error) {
	part, err := l.in.ReadSlice('\n')
	l.read += int64(len(part))
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, errLong
	case errors.Is(err, io.EOF) && len(part) > 0:
	case err != nil:
		return nil, err
	}
	part = bytes.TrimSuffix(part, []byte{'\n'})
	return bytes.TrimSuffix(part, []byte{'\r'}), nil
}

// fieldCount counts the fields of a record.
func fieldCount(record []byte, delimiter byte) int {
	if bytes.IndexByte(record, '"') < 0 {
		return bytes.Count(record, []byte{delimiter}) + 1
	}
	count, inside := 1, false
	for _, c := range record {
		switch {
		case c == '"':
			inside = !inside
		case c == delimiter && !inside:
			count++
		}
	}
	if inside {
		return -1
	}
	return count
}
