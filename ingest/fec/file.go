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
	SHA256    string // of the bytes, lower-case hexadecimal; of an archive or UTF-16, of the text in it
	Charset   Charset
	Evidence  string   // why this charset
	Separator byte     // between fields: tab, | or ;
	LineEnd   string   // LF, CRLF, CR, CR CR LF, none, or mixed with the count of each
	Columns   []string // of the header, in the order of the file
	Missing   []string // legal columns that the header lacks; never one that a row needs
	Extra     []string // columns beyond the legal ones, in the order of the canonical stream
	DueDate   string   // the one of Extra that tells due dates; empty where there is none
	Warnings  []ingest.Warning

	// CashBasis tells a book of receipts and payments (VIII-5 and VIII-7), which
	// knows no invoice before it is paid. Regime names the columns of the law
	// that the file has: VII-1, VIII-5 or VIII-7; VIII-3 has those of VII-1.
	CashBasis bool
	Regime    string
	// YearEnd is the DateCloture of an XML file, at midnight UTC; zero elsewhere.
	YearEnd time.Time
	// Name is the file name that may tell SIREN and year: inside an archive, that
	// of the file in it. Label is Path, and the file in the archive behind it.
	Name, Label string

	member     member
	diskSize   int64
	xml        *xmlShape // nil for text
	quoted     bool      // fields may be wrapped in quotation marks
	stream     []int     // fields of the extra columns, in the order of the stream
	firstLine  []byte    // the first record, to know a part given twice
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
// out how it is to be read. A file that is not a FEC gives a *ingest.RefusedError; a file
// that cannot be read gives the error of the system. A gzip file, and a ZIP
// archive of one file, are read as what they hold.
func Inspect(ctx context.Context, path string, o Options) (*File, error) {
	info, err := regularFile(path)
	if err != nil {
		return nil, err
	}
	found, warnings, err := members(path)
	if err != nil {
		return nil, wrapRead(path, err)
	}
	if len(found) > 1 {
		return nil, &ingest.RefusedError{
			Path: path, Reason: RefusedArchive, Problem: fmt.Sprintf("the archive holds %d files", len(found)),
			Advice: "Unzip it and name the file",
		}
	}
	f, err := inspectMember(ctx, found[0], info, o)
	if err != nil {
		return nil, err
	}
	f.Warnings = append(warnings, f.Warnings...)
	return f, nil
}

// regularFile refuses what cannot be read twice.
func regularFile(path string) (os.FileInfo, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("inspect FEC: %w", err)
	case info.IsDir():
		return nil, &ingest.RefusedError{
			Path: path, Reason: RefusedNotAFile, Problem: "it is a directory",
			Advice: "Name the file itself, or a pattern such as " + strings.TrimRight(path, "/") + "/*.txt",
		}
	case !info.Mode().IsRegular():
		return nil, &ingest.RefusedError{
			Path: path, Reason: RefusedNotAFile, Problem: "it is not a regular file",
			Advice: "Copy the extract to a file first: it is read twice",
		}
	}
	return info, nil
}

// inspectMember inspects one stream of a file that is like info on disk.
func inspectMember(ctx context.Context, m member, info os.FileInfo, o Options) (*File, error) {
	f, err := inspectStream(ctx, m, o)
	if err != nil {
		return nil, err
	}
	if after, err := os.Stat(m.path); err != nil {
		return nil, fmt.Errorf("inspect FEC: %w", err)
	} else if after.Size() != info.Size() || !after.ModTime().Equal(info.ModTime()) || f.member.plain() && f.Size != info.Size() {
		return nil, fmt.Errorf("inspect FEC %q: the file changed while it was read", m.path)
	}
	f.modified, f.diskSize = info.ModTime(), info.Size()
	return f, nil
}

// inspectStream reads a stream once for its bytes and, where it is XML, once more
// for its elements.
func inspectStream(ctx context.Context, m member, o Options) (f *File, err error) {
	if m, err = m.narrowed(); err != nil {
		return nil, wrapRead(m.path, err)
	}
	if m.wide != "" {
		o.Charset = string(UTF8) // what narrowed makes of it
	}
	read := func(use func(io.Reader) error) error {
		in, err := m.open()
		if err != nil {
			return wrapRead(m.path, err)
		}
		return errors.Join(use(in), in.Close())
	}
	err = read(func(in io.Reader) (err error) {
		f, err = inspect(ctx, m.label, in, o)
		return err
	})
	if err == nil && f.xml != nil {
		err = read(func(in io.Reader) error { return f.inspectXML(ctx, in) })
	}
	if err != nil {
		return nil, err
	}
	f.member, f.Path, f.Label, f.Name = m, m.path, m.label, m.name
	if m.wide != "" {
		choice := charsetChoice{charset: m.wide, evidence: "byte order mark"}
		f.Charset, f.Evidence, f.Warnings = choice.charset, choice.evidence, append(choice.lawful(), f.Warnings...)
	}
	return f, nil
}

// inspect is Inspect over any stream of bytes.
func inspect(ctx context.Context, path string, r io.Reader, o Options) (*File, error) {
	asked, err := ParseCharset(o.Charset)
	if err != nil {
		return nil, err
	}
	f := &File{Path: path, Label: path, maxLine: o.MaxLine, part: max(o.Part, 1)}
	if f.maxLine <= 0 {
		f.maxLine = DefaultMaxLine
	}
	s, err := surveyBytes(ctx, r, f.maxLine+rawLimit)
	if errors.Is(err, errOneLine) {
		return nil, f.endless()
	}
	if err != nil {
		return nil, wrapRead(path, err)
	}
	if len(bytes.Trim(s.head, " \t\r\n\x1a")) == 0 && s.size == int64(len(s.head)) || s.size == 0 {
		return nil, &ingest.RefusedError{
			Path: path, Reason: RefusedEmpty, Problem: "it is empty",
			Advice: "Export it again; the export may have failed or the disk been full",
		}
	}
	if refused := refuseFormat(path, s.head, s.nuls, s.size); refused != nil {
		return nil, refused
	}
	if isXML(s.head) {
		f.Size, f.SHA256, f.LineEnd = s.size, s.sha256, s.ends.String()
		f.xml = &xmlShape{asked: asked, head: s.head[:min(len(s.head), 1024)]}
		return f, nil
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
			return f.endless()
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
	raw := f.sample(lines)
	f.quoted = f.layout.quoted || f.readQuoted(raw)
	sample := f.fieldsOf(raw)
	f.Warnings = append(f.Warnings, f.layout.warnings()...)
	if f.quoted {
		f.Warnings = append(f.Warnings, ingest.Warn("quotes"))
	}
	f.Warnings = append(f.Warnings, f.layout.findDueDate(sample)...)
	f.Separator = f.layout.sep
	f.settle(!f.layout.anyAccount(sample))
	if len(raw) > 0 {
		f.firstLine = raw[0]
	}
	return nil
}

// endless refuses a file whose first line is too long to be a header.
func (f *File) endless() error {
	return &ingest.RefusedError{
		Path: f.Path, Reason: RefusedHeader,
		Problem: fmt.Sprintf("its first line is longer than %d bytes, so it cannot name the columns of a FEC", f.maxLine),
		Advice:  "Give the text FEC that the accounting software exports",
	}
}

// settle fills what follows from the layout.
func (f *File) settle(noAccounts bool) {
	f.Columns = f.layout.names
	f.Missing = f.layout.missing
	f.Extra = f.layout.extraNames()
	f.stream = f.layout.extra
	if f.layout.dueDate >= 0 {
		f.DueDate = f.layout.names[f.layout.dueDate]
	}
	f.readRegime(noAccounts)
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

// sample keeps the first lines behind the header that hold anything.
func (f *File) sample(lines *lineReader) [][]byte {
	var sample [][]byte
	for len(sample) < sampleLines {
		line, err := lines.next()
		if err != nil || lines.cut || lines.length > int64(f.maxLine) {
			break
		}
		if len(trimText(line)) > 0 {
			sample = append(sample, bytes.Clone(line))
		}
	}
	return sample
}

// fieldsOf cuts lines into fields.
func (f *File) fieldsOf(lines [][]byte) [][][]byte {
	var all [][][]byte
	for _, line := range lines {
		if f.quoted {
			if fields, _, _, ok, _ := splitQuoted(make([][]byte, 0, len(f.layout.names)+8), line, f.layout.sep, nil); ok {
				all = append(all, fields)
				continue
			}
		}
		all = append(all, bytes.Split(line, []byte{f.layout.sep}))
	}
	return all
}

func (f *File) lines(r io.Reader) *lineReader { return newLineReader(r, f.splitCR, f.maxLine) }
