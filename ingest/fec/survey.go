package fec

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"
)

const (
	surveyBlock = 256 << 10
	scanStep    = 16 << 10 // small enough to stay in the fastest cache over the counts
)

// survey is what one pass over the bytes of a file finds out.
type survey struct {
	size   int64
	sha256 string
	head   []byte // the first bytes, up to headLimit
	nuls   int64
	ends   lineEnds
	bytes  byteEvidence
}

// surveyBytes reads a stream once: one goroutine hashes while another counts,
// over the same blocks. Memory is a few blocks whatever the size. With a headLimit
// of 0 no head is kept and a text of one line, such as JSON, is as good as any.
func surveyBytes(ctx context.Context, r io.Reader, headLimit int) (*survey, error) {
	s := &survey{}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	g, ctx := errgroup.WithContext(ctx)
	toHash, toScan := make(chan *block, 4), make(chan *block, 4)
	free := make(chan *block, 4)
	for range cap(free) {
		free <- &block{}
	}
	g.Go(func() error {
		defer close(toHash)
		defer close(toScan)
		return readBlocks(ctx, r, free, toHash, toScan)
	})
	g.Go(func() error {
		sum := sha256.New()
		for b := range toHash {
			sum.Write(b.data)
			b.readers.Done()
		}
		s.sha256 = hex.EncodeToString(sum.Sum(nil))
		return nil
	})
	g.Go(func() error {
		var endless error
		for b := range toScan {
			if endless == nil {
				s.scan(b.data, headLimit)
				endless = s.endless(headLimit)
			}
			b.readers.Done()
			if endless != nil && ctx.Err() == nil {
				stop(endless)
			}
		}
		if endless != nil {
			return endless
		}
		s.ends.flush()
		s.bytes.flush()
		return nil
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return s, nil
}

// block is a part of the stream; its buffer is free again once both readers are
// done with it.
type block struct {
	buf, data []byte
	readers   sync.WaitGroup
}

func readBlocks(ctx context.Context, r io.Reader, free chan *block, outs ...chan<- *block) error {
	var done int64
	for b := range free {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		b.readers.Wait()
		if b.buf == nil {
			b.buf = make([]byte, surveyBlock)
		}
		n, err := io.ReadFull(r, b.buf)
		b.data = b.buf[:n]
		done += int64(n)
		b.readers.Add(len(outs))
		for _, out := range outs {
			out <- b
		}
		free <- b
		switch {
		case err == nil:
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		default:
			return fmt.Errorf("read after byte %d: %w", done, err)
		}
	}
	return nil
}

// errOneLine says that the head of a text holds no line end, so that nothing can
// be read of it, however long it is.
var errOneLine = errors.New("the first line is too long")

func (s *survey) endless(headLimit int) error {
	if headLimit == 0 || len(s.head) < headLimit || s.ends.lf+s.ends.crlf+s.ends.crcrlf+s.ends.cr > 0 || isXML(s.head) || s.nuls > 0 {
		return nil
	}
	return errOneLine
}

// scan counts what a block holds.
func (s *survey) scan(b []byte, headLimit int) {
	s.size += int64(len(b))
	if room := headLimit - len(s.head); room > 0 {
		s.head = append(s.head, b[:min(room, len(b))]...)
	}
	for len(b) > 0 {
		part := b[:min(len(b), scanStep)]
		b = b[len(part):]
		s.nuls += countByte(part, 0)
		s.ends.scan(part)
		s.bytes.scan(part)
	}
}
