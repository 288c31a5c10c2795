package fec

import (
	"bytes"
	"fmt"
	"io"

	"github.com/encours/encours/ingest/readahead"
)

const (
	firstBuffer = 256 << 10
	rawLimit    = 64 << 10 // bytes of a line that a reject keeps
)

// lineReader cuts a stream into lines in bounded memory. A line longer than max
// bytes is skipped over and only its head kept.
type lineReader struct {
	ahead   readahead.Buffer
	splitCR bool // a lone CR ends a line; false where the file has none
	max     int

	number int64 // of the line last returned, 1-based
	length int64 // its length in bytes, without its line end
	cut    bool  // it has no line end: the file stops in it
}

func newLineReader(src io.Reader, splitCR bool, longest int) *lineReader {
	return &lineReader{ahead: readahead.New(src, firstBuffer), splitCR: splitCR, max: longest}
}

// next returns the next line without its line end, valid until the next call;
// io.EOF after the last one. Where length exceeds max, only the head of the
// line is returned.
func (r *lineReader) next() ([]byte, error) {
	searched := 0
	for {
		stop, after, found := r.find(r.ahead.Start + searched)
		if found {
			line := r.ahead.Bytes[r.ahead.Start:stop]
			r.ahead.Start = after
			return r.took(line, int64(len(line)), false), nil
		}
		if r.ahead.EOF {
			if r.ahead.Start == r.ahead.End {
				return nil, io.EOF
			}
			line := r.ahead.Bytes[r.ahead.Start:r.ahead.End]
			r.ahead.Start = r.ahead.End
			return r.took(line, int64(len(line)), true), nil
		}
		if r.ahead.End-r.ahead.Start > r.max+2 {
			return r.skip()
		}
		searched = max(0, r.ahead.End-r.ahead.Start-2)
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

// took counts a line and cuts what is returned of one that is too long.
func (r *lineReader) took(line []byte, length int64, cut bool) []byte {
	r.number++
	r.length, r.cut = length, cut
	if length > int64(r.max) {
		return line[:min(len(line), rawLimit)]
	}
	return line
}

// skip runs to the end of a line that is longer than max.
func (r *lineReader) skip() ([]byte, error) {
	head := bytes.Clone(r.ahead.Bytes[r.ahead.Start:min(r.ahead.End, r.ahead.Start+rawLimit)])
	var length int64
	for {
		stop, after, found := r.find(r.ahead.Start)
		if found {
			length += int64(stop - r.ahead.Start)
			r.ahead.Start = after
			return r.took(head, length, false), nil
		}
		keep := min(2, r.ahead.End-r.ahead.Start) // may begin a CR CR LF
		if r.ahead.EOF {
			keep = 0
		}
		length += int64(r.ahead.End - r.ahead.Start - keep)
		r.ahead.Start = r.ahead.End - keep
		if r.ahead.EOF {
			return r.took(head, length, true), nil
		}
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

// find looks for a line end from an index on; stop is where the line stops and
// after where the next one starts.
func (r *lineReader) find(from int) (stop, after int, found bool) {
	if !r.splitCR {
		i := bytes.IndexByte(r.ahead.Bytes[from:r.ahead.End], '\n')
		if i < 0 {
			return 0, 0, false
		}
		stop = from + i
		after = stop + 1
		for n := 0; n < 2 && stop > r.ahead.Start && r.ahead.Bytes[stop-1] == '\r'; n++ {
			stop--
		}
		return stop, after, true
	}
	for i, c := range r.ahead.Bytes[from:r.ahead.End] {
		if c == '\n' {
			return from + i, from + i + 1, true
		}
		if c == '\r' {
			return r.afterCR(from + i)
		}
	}
	return 0, 0, false
}

// afterCR measures the line end that starts with the CR at an index: CR LF and
// CR CR LF are one line end. It is not found where more bytes are needed to
// tell.
func (r *lineReader) afterCR(at int) (stop, after int, found bool) {
	rest := r.ahead.Bytes[at+1 : r.ahead.End]
	switch {
	case len(rest) >= 1 && rest[0] == '\n':
		return at, at + 2, true
	case len(rest) >= 2 && rest[0] == '\r' && rest[1] == '\n':
		return at, at + 3, true
	case r.ahead.EOF || len(rest) >= 2 || (len(rest) == 1 && rest[0] != '\r'):
		return at, at + 1, true
	}
	return 0, 0, false
}

// fill reads more bytes behind those not yet consumed.
func (r *lineReader) fill() error {
	if err := r.ahead.Fill(); err != nil {
		return fmt.Errorf("read line %d: %w", r.number+1, err)
	}
	return nil
}
