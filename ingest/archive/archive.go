// Package archive finds the streams of a file that may be compressed: the file itself,
// what a gzip file holds, or the files of a ZIP archive.
//
// Invariant: a stream never gives more than a hundred times its compressed bytes (from
// 64 MB on), whatever the archive says of itself, and no more than what is asked for is
// held in memory.
package archive

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
)

const mostMembers = 1000

// Kind is what is wrong with an archive.
type Kind int

// The kinds of refusals.
const (
	Damaged Kind = iota // it is none, or is cut, or is another format
	Bounds              // it holds too much, too many files, or is locked
	Empty               // it holds nothing that is looked for
)

// Refusal says why an archive is not read, in words for the person who made it.
type Refusal struct {
	Kind                  Kind
	Path, Problem, Advice string
}

// Use says what is looked for in an archive.
type Use struct {
	One       string // what the archive should hold, such as "FEC"
	Content   string // what it is full of, such as "ledger"
	Sheet     string // what to do with an Office document, such as "Save the sheet as CSV"
	Workbooks bool   // a workbook is a file to be read and not an archive

	// Refuse makes the error of a refusal; every refusal goes through it.
	Refuse func(Refusal) error
}

// Member is one stream. It can be opened any number of times.
type Member struct {
	Path     string // of the file on disk
	Label    string // as messages name it
	Name     string // of the file, or of the file in the archive; without .gz where that is all it is
	Archived bool
	Open     func() (io.ReadCloser, error)
}

// Members lists the streams of a file, in the order of the archive. passed names files
// of a ZIP archive that are documents, such as a notice, and no data.
func (u Use) Members(file string) (found []Member, passed []string, err error) {
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
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, err
	}
	switch magic := string(magic[:n]); {
	case strings.HasPrefix(magic, "\x1f\x8b"):
		return []Member{u.gzipMember(file, info.Size())}, nil, nil
	case magic == "PK\x03\x04", magic == "PK\x05\x06":
		return u.zipMembers(file, in, info.Size())
	}
	return []Member{Plain(file)}, nil, nil
}

// Plain is a file as it stands.
func Plain(file string) Member {
	return Member{
		Path: file, Label: file, Name: filepath.Base(file),
		Open: func() (io.ReadCloser, error) { return os.Open(file) },
	}
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

func (u Use) gzipMember(file string, size int64) Member {
	name := filepath.Base(file)
	if ext := filepath.Ext(name); strings.EqualFold(ext, ".gz") {
		name = strings.TrimSuffix(name, ext)
	}
	return Member{
		Path: file, Label: file, Name: name, Archived: true,
		Open: func() (io.ReadCloser, error) {
			in, err := os.Open(file)
			if err != nil {
				return nil, err
			}
			content, err := u.Gunzip(file, in, size)
			if err != nil {
				return nil, errors.Join(err, in.Close())
			}
			return readCloser{content, []io.Closer{in}}, nil
		},
	}
}

// Gunzip decompresses a stream of so many compressed bytes.
func (u Use) Gunzip(label string, in io.Reader, size int64) (io.Reader, error) {
	content, err := gzip.NewReader(bufio.NewReaderSize(in, 256<<10))
	if err != nil {
		return nil, u.damaged(label, err)
	}
	return u.guard(label, content, size), nil
}

// zipMembers lists the files of a ZIP archive.
func (u Use) zipMembers(file string, in io.ReaderAt, size int64) (found []Member, passed []string, err error) {
	// a section refuses offsets that a damaged directory makes up
	archive, err := zip.NewReader(io.NewSectionReader(in, 0, size), size)
	if err != nil {
		return nil, nil, u.damaged(file, err)
	}
	if u.Workbooks && slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == contentTypes }) {
		return []Member{Plain(file)}, nil, nil
	}
	if len(archive.File) > mostMembers {
		return nil, nil, u.Refuse(Refusal{
			Kind: Bounds, Path: file, Problem: fmt.Sprintf("it holds %d files; at most %d are taken", len(archive.File), mostMembers),
			Advice: "Put only the " + u.One + " in the archive, or unzip it and load the files",
		})
	}
	var content uint64
	for i, f := range archive.File {
		switch base := path.Base(f.Name); {
		case f.Name == contentTypes, f.Name == "mimetype":
			return nil, nil, u.Refuse(Refusal{Path: file, Problem: "it is an Excel workbook or another Office document", Advice: u.Sheet})
		case f.FileInfo().IsDir(), strings.HasPrefix(f.Name, "__MACOSX/"), base == ".DS_Store", base == "Thumbs.db":
			continue
		case isDocument(base):
			passed = append(passed, f.Name)
			continue
		case f.Flags&1 != 0:
			return nil, nil, u.Refuse(Refusal{
				Kind: Bounds, Path: file, Problem: "it is protected by a password",
				Advice: "Unzip it and load the file that it holds",
			})
		}
		content += min(f.UncompressedSize64, 1<<50)
		if content > uint64(contentLimit(size)) {
			return nil, nil, u.bomb(file, size)
		}
		found = append(found, u.zipMember(file, f.Name, i, size))
	}
	if len(found) == 0 {
		return nil, nil, u.Refuse(Refusal{
			Kind: Empty, Path: file, Problem: "the archive holds no file that could be a " + u.One,
			Advice: "Put the " + u.One + " in it and try again",
		})
	}
	return found, passed, nil
}

// contentTypes is in every file of Office.
const contentTypes = "[Content_Types].xml"

func (u Use) zipMember(file, name string, index int, size int64) Member {
	m := Member{Path: file, Label: file + ":" + name, Name: path.Base(name), Archived: true}
	m.Open = func() (io.ReadCloser, error) {
		in, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		archive, err := zip.NewReader(io.NewSectionReader(in, 0, size), size)
		if err != nil {
			return nil, errors.Join(u.damaged(file, err), in.Close())
		}
		if index >= len(archive.File) || archive.File[index].Name != name {
			return nil, errors.Join(fmt.Errorf("open %q: the archive changed since it was listed", m.Label), in.Close())
		}
		f := archive.File[index]
		content, err := f.Open()
		if err != nil {
			return nil, errors.Join(u.damaged(m.Label, err), in.Close())
		}
		compressed := int64(min(f.CompressedSize64, uint64(size)))
		// content holds nothing to give back, and closing it repeats what reading it tells: of
		// a damage ahead of what was read nobody has to hear
		return readCloser{u.guard(m.Label, content, compressed), []io.Closer{in}}, nil
	}
	return m
}

// isDocument tells files that hold no data by their ending: the notice that goes with
// an extract, and checksums.
func isDocument(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf", ".doc", ".docx", ".odt", ".rtf", ".md", ".htm", ".html", ".png", ".jpg", ".jpeg", ".md5", ".sha1", ".sha256", ".sig", ".xsd":
		return true
	}
	return false
}
