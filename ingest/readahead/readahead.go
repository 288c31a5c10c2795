// Package readahead holds the part of a stream that a reader of records has read and
// not consumed yet.
//
// Invariant: memory grows only while one record needs it: what is consumed is
// overwritten, and the reader bounds the record.
package readahead

import (
	"errors"
	"io"
)

// Buffer is what lies ahead: Bytes[Start:End]. The reader moves Start on as it
// consumes; what it took from Bytes is valid until the next Fill.
type Buffer struct {
	Bytes      []byte
	Start, End int
	EOF        bool // nothing follows End

	source io.Reader
}

// New returns an empty buffer of a size in bytes over a stream.
func New(source io.Reader, size int) Buffer {
	return Buffer{Bytes: make([]byte, size), source: source}
}

// Fill reads more bytes behind End, or sets EOF. It moves what is not consumed to the
// front, and doubles the buffer where that fills it.
func (b *Buffer) Fill() error {
	if b.Start > 0 {
		copy(b.Bytes, b.Bytes[b.Start:b.End])
		b.End -= b.Start
		b.Start = 0
	}
	if b.End == len(b.Bytes) {
		b.Bytes = append(b.Bytes, make([]byte, len(b.Bytes))...)
	}
	for range 100 {
		n, err := b.source.Read(b.Bytes[b.End:])
		b.End += n
		switch {
		case errors.Is(err, io.EOF):
			b.EOF = true
			return nil
		case err != nil:
			return err
		case n > 0:
			return nil
		}
	}
	return io.ErrNoProgress
}
