package table

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/fec"
	"github.com/encours/encours/ingest/utf16"
)

// charset is a character set of a text file.
type charset struct {
	name     string
	encoding encoding.Encoding // nil: UTF-8
}

// The charsets of text files. The order of UTF-32 before UTF-16 matters: the mark of
// one begins with that of the other.
var charsets = []charset{
	{"utf-8", nil},
	{"iso-8859-1", charmap.ISO8859_1}, {"iso-8859-15", charmap.ISO8859_15},
	{"windows-1252", charmap.Windows1252}, {"cp850", charmap.CodePage858},
	{"utf-32le", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)}, {"utf-32be", utf32.UTF32(utf32.BigEndian, utf32.UseBOM)},
	{"utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}, {"utf-16be", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
}

// Charsets lists the charsets that a CSV may be in.
func Charsets() []string {
	names := []string{"auto"}
	for _, c := range charsets {
		names = append(names, c.name)
	}
	return names
}

func charsetOf(name string) (charset, bool) {
	for _, c := range charsets {
		if c.name == name {
			return c, true
		}
	}
	return charset{}, false
}

// byteOrderMark is the charset that the first bytes name.
func byteOrderMark(head []byte) (charset, bool) {
	if name := shortMark(head); name != "" {
		return charsetOf(name)
	}
	for _, m := range []struct{ mark, name string }{
		{"\xff\xfe\x00\x00", "utf-32le"}, {"\x00\x00\xfe\xff", "utf-32be"},
		{"\xff\xfe", "utf-16le"}, {"\xfe\xff", "utf-16be"}, {"\xef\xbb\xbf", "utf-8"},
	} {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			return charsetOf(m.name)
		}
	}
	// text without a mark: every other byte of its first characters is zero
	if len(head) >= 8 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0 {
		return charsetOf("utf-16le")
	}
	if len(head) >= 8 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0 {
		return charsetOf("utf-16be")
	}
	return charset{}, false
}

// shortMark tells whether UTF-32 text follows a mark of two bytes, of either order, as
// exports of Salesforce begin; empty where it does not.
func shortMark(head []byte) string {
	if len(head) < 10 || head[0]^head[1] != 0xfe^0xff || head[0] < 0xfe {
		return ""
	}
	zeros := func(b []byte) bool { return b[0] == 0 && b[1] == 0 && b[2] == 0 }
	switch b := head[2:10]; {
	case zeros(b[:3]) && b[3] != 0 && zeros(b[4:7]) && b[7] != 0:
		return "utf-32be"
	case b[0] != 0 && zeros(b[1:4]) && b[4] != 0 && zeros(b[5:8]):
		return "utf-32le"
	}
	return ""
}

// decode is the text of a stream in UTF-8, without a byte order mark.
func (c charset) decode(in io.Reader) io.Reader {
	switch {
	case c.name == "utf-16le":
		in = utf16.NewReader(in, binary.LittleEndian)
	case c.name == "utf-16be":
		in = utf16.NewReader(in, binary.BigEndian)
	case strings.HasPrefix(c.name, "utf-32"):
		marked := bufio.NewReader(in)
		in = marked
		// an error of Peek comes again with the first read
		if head, _ := marked.Peek(10); shortMark(head) != "" {
			_, _ = marked.Discard(2) // they are in the buffer
		}
		in = transform.NewReader(in, c.encoding.NewDecoder())
	case c.encoding != nil:
		in = transform.NewReader(in, c.encoding.NewDecoder())
	}
	return &markSkipper{in: in}
}

// markSkipper drops a byte order mark at the start of UTF-8 text.
type markSkipper struct {
	in      io.Reader
	started bool
	head    []byte
}

func (m *markSkipper) Read(p []byte) (int, error) {
	if !m.started {
		m.started = true
		head := make([]byte, 3)
		n, err := io.ReadFull(m.in, head)
		if err != nil && n == 0 {
			return 0, err
		}
		m.head = bytes.TrimPrefix(head[:n], []byte("\xef\xbb\xbf"))
	}
	if len(m.head) > 0 {
		n := copy(p, m.head)
		m.head = m.head[n:]
		return n, nil
	}
	return m.in.Read(p)
}

// chooseCharset finds the charset of a text file and fills what a pass over its bytes
// tells.
func (f *File) chooseCharset(ctx context.Context, asked string) error {
	head, err := f.head(64)
	if err != nil {
		return err
	}
	if len(head) == 0 {
		return &ingest.RefusedError{Path: f.Path, Problem: "it is empty", Advice: "Export it again; the export may have failed"}
	}
	if what, found := binaryFormat(head); found {
		return &ingest.RefusedError{Path: f.Path, Problem: "it is " + what + " and not text", Advice: "Give the file itself, or its format by the key format"}
	}
	marked, hasMark := byteOrderMark(head)
	wide := hasMark && strings.HasPrefix(marked.name, "utf-") && marked.name != "utf-8"
	in, err := f.member.Open()
	if err != nil {
		return f.unread(err)
	}
	defer in.Close()
	survey, err := fec.SurveyText(ctx, in, fec.Auto)
	if err != nil {
		return f.unread(err)
	}
	if !f.member.Archived {
		f.Size = survey.Size
	}
	f.SHA256, f.Content, f.dialect.onlyCR = survey.SHA256, survey.Size, survey.OnlyCR && !wide
	switch {
	case asked != "" && asked != "auto":
		c, ok := charsetOf(asked)
		if !ok {
			return fmt.Errorf("charset %q is not known: use %s", asked, strings.Join(Charsets(), ", "))
		}
		f.charset, f.Evidence = c, "as asked for"
	case hasMark:
		f.charset, f.Evidence = marked, "byte order mark or zero bytes"
	default:
		f.charset, _ = charsetOf(string(survey.Charset))
		f.Evidence, f.Warnings = survey.Evidence, append(f.Warnings, ingest.English(survey.Warnings)...)
	}
	if survey.NULs*100 > survey.Size && f.charset.name != "utf-16le" && f.charset.name != "utf-16be" && !strings.HasPrefix(f.charset.name, "utf-32") {
		return &ingest.RefusedError{Path: f.Path, Problem: "it is not text", Advice: "Export it as CSV"}
	}
	return nil
}

// head is the first bytes of the content.
func (f *File) head(most int) ([]byte, error) {
	in, err := f.member.Open()
	if err != nil {
		return nil, f.unread(err)
	}
	head := make([]byte, most)
	n, err := io.ReadFull(in, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, f.unread(err)
	}
	return head[:n], nil
}

// unread says that the content of the file cannot be read.
func (f *File) unread(err error) error {
	var refused *ingest.RefusedError
	if errors.As(err, &refused) {
		return refused
	}
	return fmt.Errorf("inspect table %q: %w", f.Path, err)
}

// binaryFormat recognises files that are not text by their first bytes.
func binaryFormat(head []byte) (string, bool) {
	for _, m := range []struct{ mark, what string }{
		{"PK\x03\x04", "a ZIP archive or a workbook (.xlsx)"}, {"\x1f\x8b", "a gzip file"},
		{"\xd0\xcf\x11\xe0", "a workbook of old Excel (.xls): save it as .xlsx"},
		{"PAR1", "a Parquet file"}, {"%PDF", "a PDF"}, {"BZh", "a bzip2 file"}, {"\x28\xb5\x2f\xfd", "a zstd file"},
	} {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			return m.what, true
		}
	}
	return "", false
}
