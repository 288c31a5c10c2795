package fec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/encours/encours/ingest"
)

// TestLinesInPieces reads every mixture of line ends one byte at a time, half
// at a time and whole: the lines must be the same.
func TestLinesInPieces(t *testing.T) {
	text := "a\nb\r\nc\r\r\nd\re\r\r\r\nf\r\rg\n\nh\r"
	want := "1:a 2:b 3:c 4:d 5:e 6: 7:f 8: 9:g 10: 11:h"
	for name, r := range map[string]io.Reader{
		"whole":   strings.NewReader(text),
		"by byte": iotest.OneByteReader(strings.NewReader(text)),
		"by half": iotest.HalfReader(strings.NewReader(text)),
		"eof":     iotest.DataErrReader(strings.NewReader(text)),
	} {
		var got []string
		lines := newLineReader(r, true, 100)
		for {
			line, err := lines.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(name, err)
			}
			got = append(got, fmt.Sprintf("%d:%s", lines.number, line))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestLongLinesInPieces runs over too long lines whose line ends arrive byte by
// byte.
func TestLongLinesInPieces(t *testing.T) {
	x := strings.Repeat("x", 50)
	for _, end := range []string{"\n", "\r\n", "\r\r\n", "\r"} {
		text := x + end + "a" + end + x + end + "b" + end
		lines := newLineReader(iotest.OneByteReader(strings.NewReader(text)), end == "\r", 10)
		var got []string
		for {
			line, err := lines.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%d:%d:%c", lines.number, lines.length, line[0]))
		}
		if want := "1:50:x 2:1:a 3:50:x 4:1:b"; strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", end, got, want)
		}
	}
}

// TestSplitEveryByte puts every byte at every place of a short line and
// compares with a plain reading.
func TestSplitEveryByte(t *testing.T) {
	for size := 0; size <= 20; size++ {
		for at := range size {
			for c := range 256 {
				line := bytes.Repeat([]byte("a"), size)
				line[0], line[at] = '|', byte(c)
				want := bytes.Split(line, []byte("|"))
				fields, count, dirty := splitFields(make([][]byte, 0, 30), line, '|')
				if count != len(want) || !slices.EqualFunc(fields, want, bytes.Equal) {
					t.Fatalf("%q gives %q, want %q", line, fields, want)
				}
				if (dirty&dirtyHigh != 0) != (c >= 0x80) || (dirty&dirtyControl != 0) != (c < 0x20) {
					t.Fatalf("%q: marks %b", line, dirty)
				}
			}
		}
	}
}

func TestLineEndsAcrossBlocks(t *testing.T) {
	text := "a\nb\r\nc\r\r\nd\re\r\r\r\nf\r\r"
	var whole, pieces lineEnds
	whole.scan([]byte(text))
	whole.flush()
	for i := range text {
		pieces.scan([]byte(text[i : i+1]))
	}
	pieces.flush()
	if want := (lineEnds{lf: 1, crlf: 1, crcrlf: 2, cr: 4}); whole != want || pieces != want {
		t.Errorf("whole %+v, pieces %+v, want %+v", whole, pieces, want)
	}
}

func TestTooLongLine(t *testing.T) {
	for _, c := range []struct {
		name, end string
		length    int
	}{
		{"by one byte", "\n", 5001}, {"beyond the buffer", "\n", 3 << 20}, {"CRLF", "\r\n", 3<<20 + 1},
		{"CR CR LF", "\r\r\n", 3<<20 + 2}, {"CR", "\r", 1 << 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			long := strings.Repeat("x", c.length)
			l := read(t, legalHeader+c.end+legalLine+c.end+long+c.end+legalLine+c.end, Options{MaxLine: 5000})
			if len(l.rows) != 2 || !strings.HasPrefix(l.rows[1], "4|") || len(l.rejects) != 1 {
				t.Fatalf("%d rows, %d rejects", len(l.rows), len(l.rejects))
			}
			r := l.rejects[0]
			if r.Line != 3 || r.Reason != "line.too_long" || !strings.Contains(r.Message, fmt.Sprint(c.length)) {
				t.Errorf("reject of line %d: %s %s", r.Line, r.Reason, r.Message)
			}
			if c.length > rawLimit && (len(r.Raw) > rawLimit+100 || !strings.HasSuffix(r.Raw, fmt.Sprintf("(cut here: the line is %d bytes long)", c.length))) {
				t.Errorf("raw has %d bytes and ends %q", len(r.Raw), r.Raw[len(r.Raw)-60:])
			}
		})
	}
	t.Run("just short enough", func(t *testing.T) {
		line := with("EcritureLib", strings.Repeat("x", 5000-len(with("EcritureLib", ""))))
		for _, end := range []string{"\n", "\r\r\n", "\r"} {
			if l := read(t, legalHeader+end+line+end, Options{MaxLine: 5000}); len(l.rows) != 1 {
				t.Errorf("%q: rejects %+v", end, l.rejects)
			}
		}
	})
	t.Run("without end", func(t *testing.T) {
		l := read(t, legalHeader+"\n"+legalLine+"\n"+strings.Repeat("x", 1<<20), Options{MaxLine: 5000})
		if len(l.rows) != 1 || len(l.rejects) != 1 || l.rejects[0].Reason != "line.too_long" {
			t.Errorf("%d rows, %d rejects", len(l.rows), len(l.rejects))
		}
	})
}

// TestBoundedMemory reads a good line, a line of 300 MB and another good line
// from a generator; all that is allocated in both passes stays small.
func TestBoundedMemory(t *testing.T) {
	const long = 300 << 20
	stream := func() io.Reader {
		return io.MultiReader(strings.NewReader(legalHeader+"\n"+legalLine+"\n"),
			io.LimitReader(sameByte('x'), long), strings.NewReader("\n"+legalLine+"\n"))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f, err := inspect(context.Background(), "long", stream(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var rejects []ingest.Reject
	var out bytes.Buffer
	stats, err := f.convert(context.Background(), stream(), &out, func(r ingest.Reject) error { rejects = append(rejects, r); return nil }, nil)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if stats.Rows != 2 || len(rejects) != 1 || rejects[0].Line != 3 || !strings.Contains(rejects[0].Message, fmt.Sprint(long)) {
		t.Errorf("stats %+v, %d rejects", stats, len(rejects))
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
		t.Errorf("%d MB were allocated", used>>20)
	}
}

type sameByte byte

func (b sameByte) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

func TestProgress(t *testing.T) {
	data := ledger(2<<20, false)
	f, err := inspect(context.Background(), "p", bytes.NewReader(data), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var calls int
	var last int64
	_, err = f.convert(context.Background(), bytes.NewReader(data), io.Discard, func(ingest.Reject) error { return nil }, func(done int64) {
		if done < last {
			t.Errorf("progress goes back from %d to %d", last, done)
		}
		calls, last = calls+1, done
	})
	if err != nil || calls < 4 || last != int64(len(data)) {
		t.Errorf("%d calls, last %d of %d, %v", calls, last, len(data), err)
	}
}

func TestReadError(t *testing.T) {
	boom := errors.New("disk gone")
	broken := func() io.Reader {
		return io.MultiReader(strings.NewReader(legalHeader+"\n"+legalLine+"\n"), iotest.ErrReader(boom))
	}
	if _, err := inspect(context.Background(), "b", broken(), Options{}); !errors.Is(err, boom) {
		t.Errorf("inspect: %v", err)
	}
	f, err := inspect(context.Background(), "b", strings.NewReader(legalHeader+"\n"+legalLine+"\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.convert(context.Background(), broken(), io.Discard, func(ingest.Reject) error { return nil }, nil); !errors.Is(err, boom) {
		t.Errorf("convert: %v", err)
	}
}
