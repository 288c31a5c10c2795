// Package utf16 reads UTF-16 text, which Excel calls Unicode text, as UTF-8.
//
// Invariant: what is no character never becomes one. Half a surrogate pair and a byte
// left over at the end come out as bytes that are not UTF-8, so that the reader of the
// text rejects the line that holds them.
package utf16

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Name is the charset of a byte order.
func Name(order binary.ByteOrder) string {
	if order == binary.BigEndian {
		return "utf-16be"
	}
	return "utf-16le"
}

// Marked tells the byte order that a mark at the start of a file names; false where
// there is none. It wants four bytes, as the mark of UTF-32 begins like one of UTF-16.
func Marked(head []byte) (binary.ByteOrder, bool) {
	switch {
	case len(head) < 2:
		return nil, false
	case head[0] == 0xFE && head[1] == 0xFF:
		return binary.BigEndian, true
	case head[0] == 0xFF && head[1] == 0xFE && (len(head) < 4 || head[2] != 0 || head[3] != 0):
		return binary.LittleEndian, true
	}
	return nil, false
}

const (
	block = 64 << 10
	// mostPerUnit is how many bytes of UTF-8 one unit of two bytes becomes at most.
	mostPerUnit = 3
)

// reader transcodes in blocks.
type reader struct {
	src     io.Reader
	order   binary.ByteOrder
	in      []byte // read, not transcoded yet
	out     []byte // transcoded
	done    int    // bytes of out that were given
	started bool
	err     error // of src, once in is used up
}

// NewReader gives the text of src, a stream of UTF-16 in that order, as UTF-8 without
// its byte order mark. Memory is bounded.
func NewReader(src io.Reader, order binary.ByteOrder) io.Reader {
	return &reader{src: src, order: order, in: make([]byte, 0, block), out: make([]byte, 0, block/2*mostPerUnit)}
}

func (r *reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for r.done == len(r.out) {
		if r.err != nil {
			return 0, r.err
		}
		r.fill()
	}
	n := copy(p, r.out[r.done:])
	r.done += n
	return n, nil
}

// fill reads a block and transcodes what is whole of it.
func (r *reader) fill() {
	n, err := io.ReadFull(r.src, r.in[len(r.in):cap(r.in)])
	r.in = r.in[:len(r.in)+n]
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("read UTF-16 text: %w", err)
	}
	r.err = err
	r.out, r.done = r.out[:0], 0
	used := r.transcode()
	r.in = r.in[:copy(r.in, r.in[used:])]
}

// transcode returns how many bytes it used; those that may begin a pair stay unless
// the text ends.
func (r *reader) transcode() int {
	i := 0
	for ; i+1 < len(r.in); i += 2 {
		c := rune(r.order.Uint16(r.in[i:]))
		switch first := !r.started; {
		case first && c == 0xFEFF:
		case !utf16.IsSurrogate(c):
			r.out = utf8.AppendRune(r.out, c)
		case i+3 >= len(r.in) && r.err == nil:
			return i
		default:
			whole := rune(utf8.RuneError)
			if i+3 < len(r.in) {
				whole = utf16.DecodeRune(c, rune(r.order.Uint16(r.in[i+2:])))
			}
			if whole == utf8.RuneError {
				r.out = append(r.out, 0xE0|byte(c>>12), 0x80|byte(c>>6)&0x3F, 0x80|byte(c)&0x3F)
				break
			}
			r.out = utf8.AppendRune(r.out, whole)
			i += 2
		}
		r.started = true
	}
	if i < len(r.in) && r.err != nil {
		r.out = append(r.out, 0xFF)
		i++
	}
	return i
}
