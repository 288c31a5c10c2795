package fec

import (
	"errors"
	"io"
	"slices"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/archive"
	"github.com/encours/encours/ingest/utf16"
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

// archives says how the archives of ledgers are read.
func archives() archive.Use {
	return archive.Use{One: "FEC", Content: "ledger", Sheet: "Save the sheet as tab-separated text", Refuse: func(r archive.Refusal) error {
		reason := map[archive.Kind]string{archive.Damaged: RefusedFormat, archive.Bounds: RefusedArchive, archive.Empty: RefusedEmpty}[r.Kind]
		return &ingest.RefusedError{Path: r.Path, Reason: reason, Problem: r.Problem, Advice: r.Advice}
	}}
}

// members lists the streams of a file, in the order of their names for an
// archive. Files that stand beside the ledger in an archive, such as the notice
// that the law asks for, are passed over with a warning.
func members(file string) (found []member, warnings []ingest.Warning, err error) {
	all, passed, err := archives().Members(file)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range all {
		found = append(found, member{path: m.Path, label: m.Label, name: m.Name, archived: m.Archived, open: m.Open})
	}
	slices.SortStableFunc(found, func(a, b member) int { return compareNatural(a.name, b.name) })
	for _, name := range passed {
		warnings = append(warnings, ingest.Warn("archive.document", name))
	}
	return found, warnings, nil
}

// readCloser reads from one and closes another.
type readCloser struct {
	io.Reader
	io.Closer
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
		return readCloser{utf16.NewReader(in, order), in}, nil
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
