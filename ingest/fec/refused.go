package fec

import (
	"strings"

	"github.com/encours/encours/ingest"
)

// Reasons of an ingest.RefusedError.
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
func refuseFormat(path string, head []byte, nuls, size int64) *ingest.RefusedError {
	text := strings.TrimPrefix(string(head[:min(len(head), 64)]), utf8BOM)
	for _, s := range signatures {
		if strings.HasPrefix(text, s.magic) {
			return &ingest.RefusedError{Path: path, Reason: RefusedFormat, Problem: s.what, Advice: s.advice}
		}
	}
	if len(text) >= 4 && (text[0] == 0) != (text[1] == 0) && (text[0] == 0) == (text[2] == 0) && (text[1] == 0) == (text[3] == 0) {
		return &ingest.RefusedError{
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
		return &ingest.RefusedError{
			Path: path, Reason: RefusedBinary,
			Problem: "it is a binary file, not text",
			Advice:  "Give the text FEC that the accounting software exports (18 columns separated by tabs or |)",
		}
	}
	return nil
}
