package fec

import (
	"fmt"
	"strings"
)

// Reasons of a RefusedError.
const (
	RefusedEmpty     = "file.empty"
	RefusedNotAFile  = "file.not_regular"
	RefusedBinary    = "file.binary"
	RefusedFormat    = "file.format"
	RefusedArchive   = "file.archive"
	RefusedStructure = "file.structure"
	RefusedParts     = "file.parts"
	RefusedHeader    = "header.unknown"
	RefusedDuplicate = "header.duplicate"
)

// RefusedError says that a file as a whole cannot be read as a FEC. Its text is
// meant for the person who made the extract.
type RefusedError struct {
	Path    string   // the file as the caller named it
	Reason  string   // one of the Refused constants
	Problem string   // what is wrong, one sentence
	Advice  string   // what to do, one sentence
	Missing []string // legal columns that the header lacks
	Found   []string // column names that the header has
}

// Error names the file, what is wrong with it, the columns concerned and what
// to do.
func (e *RefusedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s is refused: %s.", e.Path, e.Problem)
	if len(e.Missing) > 0 {
		fmt.Fprintf(&b, " Missing: %s.", strings.Join(e.Missing, ", "))
	}
	if len(e.Found) > 0 {
		fmt.Fprintf(&b, " Found: %s.", quoteNames(e.Found))
	}
	fmt.Fprintf(&b, " %s.", e.Advice)
	return b.String()
}

// quoteNames lists names for a message; a long list or a long name is cut with
// a mark that says so.
func quoteNames(names []string) string {
	const most, longest = 40, 40
	var quoted []string
	for i, name := range names {
		if i == most {
			quoted = append(quoted, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		quoted = append(quoted, fmt.Sprintf("%q", cutText(name, longest)))
	}
	return strings.Join(quoted, ", ")
}

// cutText shortens a text to at most n bytes, on a character boundary, and
// marks the cut.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}

// signatures are the first bytes of formats that are often taken for a text
// FEC.
var signatures = []struct{ magic, what, advice string }{
	{"PK\x03\x04", "it is an archive inside an archive", "Unzip it, and load the FEC that it holds"},
	{"\x1f\x8b", "it is an archive inside an archive", "Decompress it, and load the FEC that it holds"},
	{"7z\xbc\xaf\x27\x1c", "it is compressed (7z)", "Decompress it first"},
	{"Rar!", "it is compressed (RAR)", "Decompress it first"},
	{"%PDF", "it is a PDF document", "Ask the accounting software for the text FEC, not for its printed form"},
	{"\xd0\xcf\x11\xe0", "it is an Excel or Word document", "Save the sheet as tab-separated text"},
	{"PAR1", "it is a Parquet file", "Give the text FEC instead"},
	{"\xff\xfe\x00\x00", "its text is UTF-32", "Save it as UTF-8 text"},
	{"\x00\x00\xfe\xff", "its text is UTF-32", "Save it as UTF-8 text"},
}

// refuseFormat recognises a file that is not text from its first bytes and from
// the number of NUL bytes in the whole of it; nil means text. A few control
// characters do not make a file binary: they become spaces.
func refuseFormat(path string, head []byte, nuls, size int64) *RefusedError {
	text := strings.TrimPrefix(string(head[:min(len(head), 64)]), utf8BOM)
	for _, s := range signatures {
		if strings.HasPrefix(text, s.magic) {
			return &RefusedError{Path: path, Reason: RefusedFormat, Problem: s.what, Advice: s.advice}
		}
	}
	if len(text) >= 4 && (text[0] == 0) != (text[1] == 0) && (text[0] == 0) == (text[2] == 0) && (text[1] == 0) == (text[3] == 0) {
		return &RefusedError{
			Path: path, Reason: RefusedBinary, Problem: "its text seems to be UTF-16 and has no byte order mark",
			Advice: "Save it as UTF-8 text, or as Unicode text with its mark",
		}
	}
	first := head[:min(len(head), 8192)]
	control := 0
	for _, b := range first {
		if b < 0x20 && (b < '\t' || b > '\r') && b != 0x1A {
			control++
		}
	}
	if control*20 > len(first) || nuls*100 > size {
		return &RefusedError{
			Path: path, Reason: RefusedBinary,
			Problem: "it is a binary file, not text",
			Advice:  "Give the text FEC that the accounting software exports (18 columns separated by tabs or |)",
		}
	}
	return nil
}
