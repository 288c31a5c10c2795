package fec

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"

	"github.com/encours/encours/ingest"
)

const (
	xmlDepth   = 16  // of elements inside one another; the schemas need 6
	xmlColumns = 500 // different elements that hold a value
)

// isXML tells an XML file by its first character.
func isXML(head []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(utf8BOM)), " \t\r\n")
	return len(text) > 1 && text[0] == '<' && (text[1] == '?' || text[1] == '!' || text[1] >= 'A' && text[1] <= 'z')
}

var (
	xmlEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)
	errTooLong  = errors.New("a text is too long")
)

// xmlCharset reads the charset that an XML file declares. ISO 8859-1 is read as
// windows-1252, which has the same characters and those that programs put in the
// gap of ISO 8859-1.
func xmlCharset(path string, head []byte, asked Charset) (Charset, error) {
	if asked != Auto && asked != "" {
		return asked, nil
	}
	m := xmlEncoding.FindSubmatch(bytes.TrimPrefix(head, []byte(utf8BOM)))
	if m == nil || bytes.HasPrefix(head, []byte(utf8BOM)) {
		return UTF8, nil
	}
	switch name := strings.ToLower(string(m[1])); name {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return UTF8, nil
	case "iso-8859-15", "latin-9", "latin9":
		return ISO885915, nil
	case "iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252":
		return Windows1252, nil
	case "cp850", "ibm850", "cp858", "ibm00858":
		return CP850, nil
	}
	return "", &ingest.RefusedError{
		Path: path, Reason: RefusedFormat, Problem: fmt.Sprintf("it declares the charset %q, which is not known", m[1]),
		Advice: "Save it as UTF-8, or name its charset: utf-8, iso-8859-15, windows-1252 or cp850",
	}
}

// tokenGuard gives a decoder its bytes one by one and stops it within a token
// that is too long, so that its memory is bounded.
type tokenGuard struct {
	src  *bufio.Reader
	left int   // bytes that the token may still have
	err  error // of the source, other than its end
}

func (g *tokenGuard) ReadByte() (byte, error) {
	if g.left <= 0 {
		return 0, errTooLong
	}
	g.left--
	c, err := g.src.ReadByte()
	g.note(err)
	return c, err
}

func (g *tokenGuard) note(err error) {
	if err != nil && err != io.EOF {
		g.err = err
	}
}

func (g *tokenGuard) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, errTooLong
	}
	n, err := g.src.Read(p[:min(len(p), g.left)])
	g.left -= n
	g.note(err)
	return n, err
}

// xmlTokens reads the tokens of an XML file: elements and texts only, well formed
// and of bounded depth and length. A document type is refused, as it can define
// entities that grow without bound.
type xmlTokens struct {
	path    string
	guard   *tokenGuard
	decoder *xml.Decoder
	longest int
	line    int // on which the token last returned starts
	depth   int
}

func newXMLTokens(path string, r io.Reader, charset Charset, longest int) *xmlTokens {
	for _, m := range charsetMaps {
		if m.name == charset {
			r = transform.NewReader(r, decoderOf(m.table))
		}
	}
	t := &xmlTokens{path: path, guard: &tokenGuard{src: bufio.NewReaderSize(r, 64<<10)}, longest: longest}
	if bom, err := t.guard.src.Peek(len(utf8BOM)); err == nil && string(bom) == utf8BOM {
		t.guard.src.Discard(len(utf8BOM)) // it was just peeked at
	}
	t.decoder = xml.NewDecoder(t.guard)
	// the bytes are UTF-8 already
	t.decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return t
}

func decoderOf(table *charmap.Charmap) transform.Transformer { return table.NewDecoder() }

// next returns an xml.StartElement, xml.EndElement or xml.CharData; io.EOF behind
// the last. What it returns is valid until the next call.
func (t *xmlTokens) next() (xml.Token, error) {
	for {
		t.line, _ = t.decoder.InputPos()
		t.guard.left = t.longest
		token, err := t.decoder.Token()
		var syntax *xml.SyntaxError
		switch {
		case err == io.EOF:
			return nil, io.EOF
		case t.guard.err != nil:
			return nil, t.guard.err
		case errors.Is(err, errTooLong):
			return nil, t.refuse("a text or a tag of it is longer than %d bytes", t.longest)
		case errors.As(err, &syntax):
			return nil, t.refuse("it is not well-formed XML (%s)", syntax.Msg)
		case err != nil: // of the decoder itself, such as another version of XML
			return nil, t.refuse("it cannot be read (%v)", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if t.depth++; t.depth > xmlDepth {
				return nil, t.refuse("its elements lie more than %d deep in one another", xmlDepth)
			}
			return token, nil
		case xml.EndElement:
			t.depth--
			return token, nil
		case xml.CharData:
			return token, nil
		case xml.Directive:
			return nil, t.refuse("it has a document type declaration (<!…>), which could define entities without bound")
		}
	}
}

func (t *xmlTokens) refuse(problem string, args ...any) error {
	return &ingest.RefusedError{
		Path: t.path, Reason: RefusedStructure,
		Problem: fmt.Sprintf("line %d: ", t.line) + fmt.Sprintf(problem, args...),
		Advice:  "Export it again in the form of the schemas formatA47A-I-VII-1, VIII-3, VIII-5 or VIII-7 of the tax office, or as text",
	}
}
