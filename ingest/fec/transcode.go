package fec

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Charset names a character set of a file.
type Charset string

// The charsets that a FEC is read in. CP850 includes its euro variant CP858,
// which differs from it by one character only: 0xD5 is the euro sign.
const (
	Auto        Charset = "auto"
	UTF8        Charset = "utf-8"
	ISO885915   Charset = "iso-8859-15"
	Windows1252 Charset = "windows-1252"
	CP850       Charset = "cp850"

	// UTF-16 is known by its byte order mark only; it is not a charset to ask for.
	UTF16LE Charset = "utf-16le"
	UTF16BE Charset = "utf-16be"
)

const utf8BOM = "\xef\xbb\xbf"

// ParseCharset reads the name of a charset in any case; an empty name is Auto.
func ParseCharset(name string) (Charset, error) {
	switch c := Charset(strings.ToLower(strings.TrimSpace(name))); c {
	case "":
		return Auto, nil
	case Auto, UTF8, ISO885915, Windows1252, CP850:
		return c, nil
	}
	return "", fmt.Errorf("charset %q is not known: use auto, utf-8, iso-8859-15, windows-1252 or cp850", name)
}

// charsetMaps are the 8-bit charsets in the order in which equal evidence
// prefers them: the one that the law names comes first.
var charsetMaps = []struct {
	name  Charset
	table *charmap.Charmap
}{
	{ISO885915, charmap.ISO8859_15},
	{Windows1252, charmap.Windows1252},
	{CP850, charmap.CodePage858},
}

// decoder turns the bytes of a line into UTF-8 text.
type decoder struct {
	high *[128][]byte // UTF-8 form of each byte from 0x80; nil where the file is UTF-8
}

func newDecoder(c Charset) decoder {
	for _, m := range charsetMaps {
		if m.name != c {
			continue
		}
		var high [128][]byte
		for i := range high {
			high[i] = []byte(string(m.table.DecodeByte(byte(0x80 + i))))
		}
		return decoder{&high}
	}
	return decoder{}
}

// valid tells whether bytes are text in the charset of the decoder.
func (d decoder) valid(b []byte) bool { return d.high != nil || utf8.Valid(b) }

// appendClean appends the line as UTF-8 to dst, with every control character
// but the separator replaced by a space; replaced counts those. The line is
// valid.
func (d decoder) appendClean(dst, line []byte, sep byte) (res []byte, replaced int64) {
	for _, c := range line {
		switch {
		case c >= 0x80 && d.high != nil:
			dst = append(dst, d.high[c-0x80]...)
		case c < 0x20 && c != sep:
			dst = append(dst, ' ')
			replaced++
		default:
			dst = append(dst, c)
		}
	}
	return dst, replaced
}

// text decodes bytes for a person: nothing is replaced, and bytes that are not
// valid UTF-8 are shown as \xNN.
func (d decoder) text(b []byte) string {
	if d.high == nil && utf8.Valid(b) {
		return string(b)
	}
	var s bytes.Buffer
	for len(b) > 0 {
		if d.high != nil {
			if b[0] < 0x80 {
				s.WriteByte(b[0])
			} else {
				s.Write(d.high[b[0]-0x80])
			}
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n <= 1 {
			fmt.Fprintf(&s, `\x%02X`, b[0])
		} else {
			s.Write(b[:n])
		}
		b = b[n:]
	}
	return s.String()
}
