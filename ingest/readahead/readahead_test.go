package readahead

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestFill(t *testing.T) {
	b := New(strings.NewReader("abcdefghij"), 4)
	steps := []struct {
		name    string
		consume int
		want    string
		size    int
	}{
		{"first", 0, "abcd", 4},
		{"what is consumed makes room", 3, "defg", 4},
		{"a full buffer doubles", 0, "defghij", 8},
		{"the end", 0, "defghij", 8},
	}
	for _, s := range steps {
		b.Start += s.consume
		if err := b.Fill(); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if got := string(b.Bytes[b.Start:b.End]); got != s.want || len(b.Bytes) != s.size {
			t.Errorf("%s: %q in %d bytes, want %q in %d", s.name, got, len(b.Bytes), s.want, s.size)
		}
	}
	if !b.EOF {
		t.Error("the end of the stream was not seen")
	}
}

func TestFillErrors(t *testing.T) {
	broken := errors.New("disk gone")
	for _, c := range []struct {
		name   string
		source io.Reader
		want   error
	}{
		{"a broken stream", iotest.ErrReader(broken), broken},
		{"a stream that gives nothing", nothing{}, io.ErrNoProgress},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := New(c.source, 4)
			if err := b.Fill(); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, nil }
