// Package stream holds the readers that every ingester puts around a file: one that ends
// with its context, one that tells how far it is, one that bounds the memory of a record,
// and the digest of a file.
package stream

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// Until returns a reader that fails with the error of the context once it has ended.
func Until(ctx context.Context, in io.Reader) io.Reader { return contextReader{ctx, in} }

type contextReader struct {
	ctx context.Context
	in  io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.in.Read(p)
}

// Counting counts the bytes that are read.
type Counting struct {
	In       io.Reader
	Done     int64
	Progress func(done int64) // told after every read; nil is allowed
}

// Read implements io.Reader.
func (c *Counting) Read(p []byte) (int, error) {
	n, err := c.In.Read(p)
	c.Done += int64(n)
	if c.Progress != nil {
		c.Progress(c.Done)
	}
	return n, err
}

// Bounded fails with Err when more than Limit bytes are read without a call of Reset
// between, so that a record that never ends does not fill the memory.
type Bounded struct {
	In    io.Reader
	Limit int64
	Err   error
	used  int64
}

// Read implements io.Reader.
func (b *Bounded) Read(p []byte) (int, error) {
	if b.used > b.Limit {
		return 0, b.Err
	}
	n, err := b.In.Read(p)
	b.used += int64(n)
	return n, err
}

// Reset begins another record.
func (b *Bounded) Reset() { b.used = 0 }

// Digest hashes the bytes of a file: SHA-256 in hexadecimal, and how many they are.
func Digest(ctx context.Context, path string, progress func(done int64)) (sha256Text string, size int64, err error) {
	in, err := os.Open(path)
	if err != nil {
		return "", 0, fmt.Errorf("hash file: %w", err)
	}
	defer in.Close()
	sum := sha256.New()
	size, err = io.CopyBuffer(sum, &Counting{In: Until(ctx, in), Progress: progress}, make([]byte, 1<<20))
	if err != nil {
		return "", size, fmt.Errorf("hash file %q: %w", path, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), size, nil
}
