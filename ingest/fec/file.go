package fec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
)

const (
	// DefaultMaxLine is the length in bytes above which a line is rejected.
	DefaultMaxLine = 1 << 20

	sampleLines = 1000
)

// Options says how to read a file. The zero value finds everything out.
type Options struct {
	// Charset is auto (or empty) or a name that ParseCharset takes.
	Charset string
	// MaxLine is the longest line that is read, in bytes; 0 is DefaultMaxLine.
	MaxLine int
	// Part is the number of this file where an extract is split; 0 is 1.
	Part int
}

// File is what Inspect found out about a FEC. Its fields are not to be changed.
type File struct {
	Path      string
	Size      int64  // in bytes
	SHA256    string // of the bytes, lower-case hexadecimal
	Charset   Charset
	Evidence  string   // why this charset
	Separator byte     // between fields: tab, | or ;
	LineEnd   string   // LF, CRLF, CR, CR CR LF, none, or mixed with the count of each
	Columns   []string // of the header, in the order of the file
	Missing   []string // legal columns that the header lacks; never one that a row needs
	Extra     []string // columns beyond the legal ones, in the order of the canonical stream
	DueDate   string   // the one of Extra that tells due dates; empty where there is none
	Warnings  []string // English sentences without a full stop

	layout     *layout
	decoder    decoder
	headerLine int64
	splitCR    bool
	bom        bool
	maxLine    int
	part       int
	modified   time.Time
	notify     func(ingest.Notice) error
}

// Inspect reads the file once, from end to end and in bounded memory, and finds
// out how it is to be read. A file that is not a text FEC gives a
// *RefusedError; a file that cannot be read gives the error of the system.
func Inspect(ctx context.Context, path string, o Options) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("inspect FEC: %w", err)
	case info.IsDir():
		return nil, &RefusedError{
			Path: path, Reason: RefusedNotAFile, Problem: "it is a directory",
			Advice: "Name the file itself, or a pattern such as " + strings.TrimRight(path, "/") + "/*.txt",
		}
	case !info.Mode().IsRegular():
		return nil, &RefusedError{
			Path: path, Reason: RefusedNotAFile, Problem: "it is not a regular file",
			Advice: "Copy the extract to a file first: it is read twice",
		}
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("inspect FEC: %w", err)
	}
	defer in.Close()
	f, err := inspect(ctx, path, in, o)
	if err != nil {
		return nil, err
	}
	if f.Size != info.Size() {
		return nil, fmt.Errorf("inspect FEC %q: the file changed while it was read", path)
	}
	f.modified = info.ModTime()
	return f, nil
}

// inspect is Inspect over any stream of bytes.
func inspect(ctx context.Context, path string, r io.Reader, o Options) (*File, error) {
	asked, err := ParseCharset(o.Charset)
	if err != nil {
		return nil, err
	}
	f := &File{Path: path, maxLine: o.MaxLine, part: max(o.Part, 1)}
	if f.maxLine <= 0 {
		f.maxLine = DefaultMaxLine
	}
	s, err := surveyBytes(ctx, r, f.maxLine+rawLimit)
	if err != nil {
		return nil, fmt.Errorf("inspect FEC %q: %w", path, err)
	}
	if len(bytes.Trim(s.head, " \t\r\n\x1a")) == 0 && s.size == int64(len(s.head)) || s.size == 0 {
		return nil, &RefusedError{
			Path: path, Reason: RefusedEmpty, Problem: "it is empty",
			Advice: "Export it again; the export may have failed or the disk been full",
		}
	}
	if refused := refuseFormat(path, s.head, s.nuls, s.size); refused != nil {
		return nil, refused
	}
	choice := chooseCharset(asked, s)
	f.Size, f.SHA256, f.LineEnd = s.size, s.sha256, s.ends.String()
	f.Charset, f.Evidence, f.Warnings = choice.charset, choice.evidence, append(choice.warnings, choice.lawful()...)
	f.splitCR = s.ends.cr > 0
	f.bom = bytes.HasPrefix(s.head, []byte(utf8BOM))
	f.decoder = newDecoder(f.Charset)
	if err := f.readHead(s.head); err != nil {
		return nil, err
	}
	return f, nil
}

// readHead maps the header, which is the first line that is not blank, and
// looks at the first lines after it.
func (f *File) readHead(head []byte) error {
	lines := f.lines(bytes.NewReader(head))
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) || lines.length > int64(f.maxLine) {
			return &RefusedError{
				Path: f.Path, Reason: RefusedHeader,
				Problem: fmt.Sprintf("its first line is longer than %d bytes, so it cannot name the columns of a FEC", f.maxLine),
				Advice:  "Give the text FEC that the accounting software exports",
			}
		}
		if err != nil {
			return err
		}
		if lines.number == 1 && f.bom {
			line = line[len(utf8BOM):]
		}
		if len(trimText(line)) == 0 {
			continue
		}
		f.headerLine = lines.number
		if f.layout, err = readHeader(f.Path, f.headerText(line)); err != nil {
			return err
		}
		break
	}
	f.Warnings = append(f.Warnings, f.layout.warnings()...)
	f.Warnings = append(f.Warnings, f.layout.findDueDate(f.sample(lines))...)
	f.Separator = f.layout.sep
	f.Columns = f.layout.names
	f.Missing = f.layout.missing
	f.Extra = f.layout.extraNames()
	if f.layout.dueDate >= 0 {
		f.DueDate = f.layout.names[f.layout.dueDate]
	}
	return nil
}

// headerText decodes the header; control characters in it become spaces.
func (f *File) headerText(line []byte) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' {
			return ' '
		}
		return r
	}, f.decoder.text(line))
}

// sample cuts the first lines into fields.
func (f *File) sample(lines *lineReader) [][][]byte {
	var sample [][][]byte
	for len(sample) < sampleLines {
		line, err := lines.next()
		if err != nil || lines.cut || lines.length > int64(f.maxLine) {
			break
		}
		sample = append(sample, bytes.Split(bytes.Clone(line), []byte{f.layout.sep}))
	}
	return sample
}

func (f *File) lines(r io.Reader) *lineReader { return newLineReader(r, f.splitCR, f.maxLine) }
