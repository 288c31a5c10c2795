package fec

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/encours/encours/ingest/utf16"
)

const (
	// bombRatio and bombFloor bound what an archive may hold: more than bombFloor
	// bytes of content are taken only up to bombRatio times the compressed size.
	// Padded ledgers compress by 20 to 50.
	bombRatio = 100
	bombFloor = 64 << 20

	mostMembers = 1000
)

// member is one stream that may hold a FEC: a file on disk, what a gzip file
// holds, or one file of a ZIP archive. It can be opened any number of times.
type member struct {
	path     string // of the file on disk
	label    string // as messages name it
	name     string // the file name that may tell the SIREN and the year
	archived bool
	wide     Charset // UTF-16 that open gives as UTF-8; empty where the bytes are as they stand
	open     func() (io.ReadCloser, error)
}

// plain tells that open gives the bytes of the file as they lie on disk.
func (m member) plain() bool { return !m.archived && m.wide == "" }

// narrowed is the same stream, as UTF-8 where a mark says that it is UTF-16.
func (m member) narrowed() (member, error) {
	in, err := m.open()
	if err != nil {
		return m, err
	}
	head := make([]byte, 4)
	n, err := io.ReadFull(in, head)
	if err = errors.Join(notEnd(err), in.Close()); err != nil {
		return m, err
	}
	order, ok := utf16.Marked(head[:n])
	if !ok {
		return m, nil
	}
	open := m.open
	m.wide = Charset(utf16.Name(order))
	m.open = func() (io.ReadCloser, error) {
		in, err := open()
		if err != nil {
			return nil, err
		}
		return readCloser{utf16.NewReader(in, order), []io.Closer{in}}, nil
	}
	return m, nil
}

// notEnd is an error other than that a stream is at its end.
func notEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// members lists the streams of a file, in the order of their names for an
// archive. Files that stand beside the ledger in an archive, such as the notice
// that the law asks for, are passed over with a warning.
func members(file string) (found []member, warnings []string, err error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, nil, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, nil, err
	}
	magic := make([]byte, 4)
	n, err := io.ReadFull(in, magic)
	if notEnd(err) != nil {
		return nil, nil, err
	}
	switch magic := string(magic[:n]); {
	case strings.HasPrefix(magic, "\x1f\x8b"):
		return []member{gzipMember(file, info.Size())}, nil, nil
	case magic == "PK\x03\x04", magic == "PK\x05\x06":
		return zipMembers(file, in, info.Size())
	}
	return []member{{
		path: file, label: file, name: filepath.Base(file),
		open: func() (io.ReadCloser, error) { return os.Open(file) },
	}}, nil, nil
}

// readCloser reads from one and closes all, the last first.
type readCloser struct {
	io.Reader
	closers []io.Closer
}

func (r readCloser) Close() (err error) {
	for _, c := range slices.Backward(r.closers) {
		err = errors.Join(err, c.Close())
	}
	return err
}

func gzipMember(file string, size int64) member {
	return member{
		path: file, label: file, name: filepath.Base(file), archived: true,
		open: func() (io.ReadCloser, error) {
			in, err := os.Open(file)
			if err != nil {
				return nil, err
			}
			content, err := gunzip(file, in, size)
			if err != nil {
				return nil, errors.Join(err, in.Close())
			}
			return readCloser{content, []io.Closer{in}}, nil
		},
	}
}

// gunzip decompresses a stream of so many compressed bytes.
func gunzip(label string, in io.Reader, size int64) (io.Reader, error) {
	content, err := gzip.NewReader(bufio.NewReaderSize(in, 256<<10))
	if err != nil {
		return nil, damaged(label, err)
	}
	return guardBomb(label, content, size), nil
}

// zipMembers lists the files of a ZIP archive.
func zipMembers(file string, in io.ReaderAt, size int64) (found []member, warnings []string, err error) {
	// a section refuses offsets that a damaged directory makes up
	archive, err := zip.NewReader(io.NewSectionReader(in, 0, size), size)
	if err != nil {
		return nil, nil, damaged(file, err)
	}
	if len(archive.File) > mostMembers {
		return nil, nil, &RefusedError{
			Path: file, Reason: RefusedArchive, Problem: fmt.Sprintf("it holds %d files; at most %d are taken", len(archive.File), mostMembers),
			Advice: "Put only the FEC in the archive, or unzip it and load the files",
		}
	}
	var content uint64
	for i, f := range archive.File {
		base := path.Base(f.Name)
		switch {
		case f.Name == "[Content_Types].xml":
			return nil, nil, &RefusedError{
				Path: file, Reason: RefusedFormat, Problem: "it is an Excel workbook or another Office document",
				Advice: "Save the sheet as tab-separated text",
			}
		case f.FileInfo().IsDir(), strings.HasPrefix(f.Name, "__MACOSX/"), base == ".DS_Store", base == "Thumbs.db":
			continue
		case isDocument(base):
			warnings = append(warnings, fmt.Sprintf("%s in the archive is a document and no ledger: it was passed over", f.Name))
			continue
		case f.Flags&1 != 0:
			return nil, nil, &RefusedError{
				Path: file, Reason: RefusedArchive, Problem: "it is protected by a password",
				Advice: "Unzip it and load the file that it holds",
			}
		}
		content += min(f.UncompressedSize64, 1<<50)
		if content > uint64(contentLimit(size)) {
			return nil, nil, bombRefused(file, size)
		}
		found = append(found, zipMember(file, f.Name, i, size))
	}
	if len(found) == 0 {
		return nil, nil, &RefusedError{
			Path: file, Reason: RefusedEmpty, Problem: "the archive holds no file that could be a FEC",
			Advice: "Put the FEC in it and try again",
		}
	}
	slices.SortStableFunc(found, func(a, b member) int { return compareNatural(a.name, b.name) })
	return found, warnings, nil
}

func zipMember(file, name string, index int, size int64) member {
	m := member{path: file, label: file + ":" + name, name: path.Base(name), archived: true}
	m.open = func() (io.ReadCloser, error) {
		in, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		archive, err := zip.NewReader(io.NewSectionReader(in, 0, size), size)
		if err != nil {
			return nil, errors.Join(damaged(file, err), in.Close())
		}
		if index >= len(archive.File) || archive.File[index].Name != name {
			return nil, errors.Join(fmt.Errorf("open %q: the archive changed since it was listed", m.label), in.Close())
		}
		f := archive.File[index]
		content, err := f.Open()
		if err != nil {
			return nil, errors.Join(damaged(m.label, err), in.Close())
		}
		compressed := int64(min(f.CompressedSize64, uint64(size)))
		return readCloser{guardBomb(m.label, content, compressed), []io.Closer{in, content}}, nil
	}
	return m
}

// isDocument tells files that are no ledger by their ending: the notice that goes
// with a FEC, and checksums.
func isDocument(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf", ".doc", ".docx", ".odt", ".rtf", ".md", ".htm", ".html", ".png", ".jpg", ".jpeg", ".md5", ".sha1", ".sha256", ".sig", ".xsd":
		return true
	}
	return false
}

func contentLimit(compressed int64) int64 {
	if compressed > (1<<62)/bombRatio {
		return 1 << 62
	}
	return max(bombFloor, bombRatio*compressed)
}

func guardBomb(label string, content io.Reader, compressed int64) io.Reader {
	return &bombGuard{src: content, left: contentLimit(compressed), label: label, compressed: compressed}
}

// bombGuard stops a stream that is out of proportion to its compressed size.
type bombGuard struct {
	src        io.Reader
	left       int64
	label      string
	compressed int64
}

func (g *bombGuard) Read(p []byte) (int, error) {
	n, err := g.src.Read(p)
	if g.left -= int64(n); g.left < 0 {
		return 0, bombRefused(g.label, g.compressed)
	}
	if err != nil && err != io.EOF {
		err = damaged(g.label, err)
	}
	return n, err
}

func bombRefused(label string, compressed int64) error {
	return &RefusedError{
		Path: label, Reason: RefusedArchive,
		Problem: fmt.Sprintf("its %d compressed bytes hold more than %d times as many (and more than %d MB), as no ledger does", compressed, bombRatio, bombFloor>>20),
		Advice:  "If it is a true ledger, decompress it and load the file",
	}
}

func damaged(label string, err error) error {
	var system *os.PathError
	if errors.As(err, &system) {
		return err
	}
	return &RefusedError{
		Path: label, Reason: RefusedFormat, Problem: fmt.Sprintf("it is an archive (ZIP, gzip) or an Excel workbook that cannot be read (%v)", err),
		Advice: "Copy or compress it again; save a sheet as tab-separated text",
	}
}
