package fec

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/encours/encours/ingest"
)

// endless gives head and then so many bytes of a line without end, and watches how
// much memory its reader uses.
type endless struct {
	head       *strings.Reader
	left       int64
	read       int64
	base, peak uint64
}

func newEndless(head string, size int64) *endless {
	return &endless{head: strings.NewReader(head), left: size, base: heap()}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func (e *endless) Read(p []byte) (int, error) {
	if n, err := e.head.Read(p); err == nil {
		return n, nil
	}
	if e.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), e.left))
	for i := range p[:n] {
		p[i] = 'x'
	}
	if e.read%(256<<20) > (e.read+int64(n))%(256<<20) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		e.peak = max(e.peak, m.HeapAlloc)
	}
	e.read += int64(n)
	e.left -= int64(n)
	return n, nil
}

const (
	twoGB  = 2 << 30
	budget = 64 << 20 // bytes of memory that any of these may use
)

func (e *endless) check(t *testing.T) {
	t.Helper()
	if e.peak > e.base+budget {
		t.Errorf("%d MB of memory were used at the peak", (e.peak-e.base)>>20)
	}
}

// refusal returns the refusal that err must be.
func refusal(t *testing.T, err error, reason string) *ingest.RefusedError {
	t.Helper()
	var refused *ingest.RefusedError
	if !errors.As(err, &refused) || refused.Reason != reason {
		t.Fatalf("error %v, want a refusal of reason %s", err, reason)
	}
	return refused
}

// TestTwoGigabyteLine: a line of 2 GB is refused as a header without being read,
// and rejected as a record, in bounded memory.
func TestTwoGigabyteLine(t *testing.T) {
	t.Run("header", func(t *testing.T) {
		in := newEndless("", twoGB)
		_, err := inspect(context.Background(), "long", in, Options{})
		refusal(t, err, RefusedHeader)
		in.check(t)
		if in.read > 64<<20 {
			t.Errorf("%d bytes were read before it was refused", in.read)
		}
	})
	t.Run("record", func(t *testing.T) {
		head := legalHeader + "\n" + legalLine + "\n"
		in := newEndless(head, twoGB)
		f, err := inspect(context.Background(), "long", in, Options{})
		if err != nil {
			t.Fatal(err)
		}
		in.check(t)
		in = newEndless(head, twoGB)
		var rejects []ingest.Reject
		stats, err := f.convert(context.Background(), in, io.Discard, func(r ingest.Reject) error {
			rejects = append(rejects, r)
			return nil
		}, nil)
		if err != nil || stats.Rows != 1 || len(rejects) != 1 || rejects[0].Reason != "line.too_long" || len(rejects[0].Raw) > rawLimit+200 {
			t.Errorf("stats %+v, %d rejects, %v", stats, len(rejects), err)
		}
		in.check(t)
	})
	t.Run("gzip", func(t *testing.T) {
		// stored without compression, so that the proportion of sizes is not what stops it
		in := newEndless(legalHeader+"\n", twoGB)
		pipe, w := io.Pipe()
		go func() {
			z, err := gzip.NewWriterLevel(w, gzip.NoCompression)
			if err == nil {
				_, err = io.Copy(z, in)
				err = errors.Join(err, z.Close())
			}
			w.CloseWithError(err)
		}()
		content, err := archives().Gunzip("long.gz", pipe, twoGB)
		if err != nil {
			t.Fatal(err)
		}
		f, err := inspect(context.Background(), "long.gz", content, Options{})
		if err != nil || f.Size != twoGB+int64(len(legalHeader))+1 {
			t.Fatalf("%v", err)
		}
		in.check(t)
	})
	t.Run("XML", func(t *testing.T) {
		in := newEndless("<comptabilite><exercice><DateCloture>", twoGB)
		_, err := inspectStream(context.Background(), member{label: "long.xml", open: func() (io.ReadCloser, error) {
			return io.NopCloser(newEndless("<comptabilite><exercice><DateCloture>", 64<<20)), nil
		}}, Options{})
		refusal(t, err, RefusedStructure)
		in.check(t)
		tokens := newXMLTokens("long.xml", in, UTF8, DefaultMaxLine)
		for err = nil; err == nil; _, err = tokens.next() {
		}
		refusal(t, err, RefusedStructure)
		in.check(t)
		if in.read > 4<<20 {
			t.Errorf("%d bytes were read before it was refused", in.read)
		}
	})
}

// TestCompressionBombs: what is out of proportion is refused, whether the archive
// tells its size or lies about it, and in bounded memory.
func TestCompressionBombs(t *testing.T) {
	dir := t.TempDir()
	lines := legalHeader + "\n" + strings.Repeat(legalLine+"\n", 4000)
	write := func(name string, make func(io.Writer) io.WriteCloser) string {
		path := filepath.Join(dir, name)
		out, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w := make(out)
		for range 200 {
			if _, err := io.WriteString(w, lines); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(w.Close(), out.Close()); err != nil {
			t.Fatal(err)
		}
		return path
	}
	paths := map[string]string{
		"gzip": write("bomb.gz", func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }),
		"zip":  write("bomb.zip", func(w io.Writer) io.WriteCloser { return newZipWriter(t, w) }),
	}
	paths["zip that lies about its size"] = lying(t, paths["zip"])
	for name, path := range paths {
		t.Run(name, func(t *testing.T) {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if content := int64(len(lines)) * 200; content < 100*info.Size() || content < (64<<20) {
				t.Fatalf("%d bytes in %d are no bomb", content, info.Size())
			}
			before := heap()
			_, err = InspectExtract(context.Background(), []string{path}, Options{})
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) || refused.Reason != RefusedArchive && !strings.Contains(name, "lies") {
				t.Errorf("not a refusal of an archive: %v", err)
			}
			if after := heap(); after > before+budget {
				t.Errorf("%d MB more memory", (after-before)>>20)
			}
		})
	}
	t.Run("well compressed, but small", func(t *testing.T) {
		path := filepath.Join(dir, "small.gz")
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, lines)
		z.Close()
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if l, err := readPath(t, path, Options{}); err != nil || l.stats.Rows != 4000 {
			t.Errorf("%d rows, %v", l.stats.Rows, err)
		}
	})
}

// lying copies an archive and writes a small size into its directory.
func lying(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	if at < 0 {
		t.Fatal("the archive has no directory")
	}
	copy(data[at+24:], "\x00\x10\x00\x00")
	to := strings.Replace(path, ".zip", "-lies.zip", 1)
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// zipWriter writes one file into an archive.
type zipWriter struct {
	io.Writer
	archive *zip.Writer
}

func newZipWriter(t *testing.T, w io.Writer) zipWriter {
	t.Helper()
	archive := zip.NewWriter(w)
	f, err := archive.Create("fec.txt")
	if err != nil {
		t.Fatal(err)
	}
	return zipWriter{f, archive}
}

func (w zipWriter) Close() error { return w.archive.Close() }

// TestBillionLaughs: entities that expand into one another are refused before any
// is expanded.
func TestBillionLaughs(t *testing.T) {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\"?>\n<!DOCTYPE comptabilite [\n<!ENTITY a0 \"ha\">\n")
	for i := range 30 {
		fmt.Fprintf(&b, "<!ENTITY a%d \"%s\">\n", i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
	}
	b.WriteString("]>\n<comptabilite><exercice><DateCloture>&a30;</DateCloture></exercice></comptabilite>")
	before := heap()
	_, err := tryRead(t, b.String(), Options{})
	if e := refusal(t, err, RefusedStructure); !strings.Contains(e.Error(), "document type declaration") {
		t.Errorf("the message is %v", e)
	}
	if after := heap(); after > before+budget {
		t.Errorf("%d MB more memory", (after-before)>>20)
	}
	line := "<comptabilite><exercice><journal><ecriture><ligne>" + strings.Repeat("<a>"+strings.Repeat("x", 1<<20)+"</a>", 8)
	_, err = tryRead(t, line, Options{})
	if e := refusal(t, err, RefusedStructure); !strings.Contains(e.Error(), "in all") {
		t.Errorf("many long texts: %v", e)
	}
	_, err = tryRead(t, strings.Repeat("<comptabilite>", 100_000), Options{})
	refusal(t, err, RefusedStructure)
}
