package stream

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestUntil(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in := Until(ctx, strings.NewReader("abc"))
	if n, err := in.Read(make([]byte, 2)); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	cancel()
	if _, err := in.Read(make([]byte, 2)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCounting(t *testing.T) {
	var told int64
	in := &Counting{In: iotest.OneByteReader(strings.NewReader("abcd")), Done: 3, Progress: func(done int64) { told = done }}
	if _, err := io.Copy(io.Discard, in); err != nil || told != 7 || in.Done != 7 {
		t.Errorf("%d told, %d done, %v", told, in.Done, err)
	}
}

// TestBounded: a record within the limit is read, one beyond it fails, and each counts
// for itself.
func TestBounded(t *testing.T) {
	long := errors.New("too long")
	in := &Bounded{In: iotest.OneByteReader(strings.NewReader("abcdefgh")), Limit: 3, Err: long}
	for range 2 {
		if _, err := io.ReadFull(in, make([]byte, 3)); err != nil {
			t.Fatal(err)
		}
		in.Reset()
	}
	in.Limit = 1
	if _, err := io.ReadAll(in); !errors.Is(err, long) {
		t.Error(err)
	}
}

func TestDigest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	// FIPS 180-2, appendix B.1
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	var told int64
	sum, size, err := Digest(t.Context(), path, func(done int64) { told = done })
	if sum != want || size != 3 || told != 3 || err != nil {
		t.Errorf("%s, %d, %d, %v", sum, size, told, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Digest(ctx, path, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, _, err := Digest(t.Context(), path+"y", nil); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
