package bodacc

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/archive"
	"github.com/encours/encours/ingest/stream"
)

// dataset is the one that notices give.
const dataset = "legal_events"

// File is a file of notices, or answers of the service that were fetched. It
// implements ingest.Shaped and can be converted any number of times.
type File struct {
	name    string
	sha256  string
	size    int64
	members []archive.Member
	passed  []string
}

// reader gives records one by one, io.EOF behind the last. The number is the line of
// the record in a CSV, else its rank.
type reader interface {
	next() (tree, int64, error)
}

func archives() archive.Use {
	return archive.Use{
		One: "file of notices", Content: "notices", Sheet: "Export the notices as CSV or JSON",
		Refuse: func(r archive.Refusal) error {
			return &ingest.RefusedError{Path: r.Path, Problem: r.Problem, Advice: r.Advice}
		},
	}
}

// Open looks at a file of notices: JSON or CSV of the open-data service, or XML of
// DILA, plain, in gzip or in a ZIP archive of any number of them. What cannot be one
// gives a *ingest.RefusedError, here or in Convert.
func Open(ctx context.Context, path string) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open notices: %w", err)
	case !info.Mode().IsRegular():
		return nil, &ingest.RefusedError{Path: path, Problem: "it is not a regular file", Advice: "Name the file itself: it is read twice"}
	case info.Size() == 0:
		return nil, &ingest.RefusedError{Path: path, Problem: "it is empty", Advice: "Export it again; the export may have failed"}
	}
	f := &File{name: path}
	if f.members, f.passed, err = archives().Members(path); err != nil {
		return nil, err
	}
	if f.sha256, f.size, err = stream.Digest(ctx, path, nil); err != nil {
		return nil, fmt.Errorf("read notices: %w", err)
	}
	return f, nil
}

// FromPages makes a file of answers of the open-data service as they came, in their
// order: each is an answer with results (version 2.1) or records (version 1), or a list
// of records. name stands in messages and as source_file. They give the rows that the
// same answers give from a file.
func FromPages(name string, pages [][]byte) *File {
	sum := sha256.New()
	f := &File{name: name}
	var readers [][]byte
	for _, page := range pages {
		sum.Write(page) // a hash never fails
		f.size += int64(len(page))
		readers = append(readers, page, []byte("\n"))
	}
	f.sha256 = hex.EncodeToString(sum.Sum(nil))
	f.members = []archive.Member{{
		Path: name, Label: name, Name: name,
		Open: func() (io.ReadCloser, error) {
			var all []io.Reader
			for _, r := range readers {
				all = append(all, bytes.NewReader(r))
			}
			return io.NopCloser(io.MultiReader(all...)), nil
		},
	}}
	return f
}

// Datasets are legal_events alone.
func (f *File) Datasets() []string { return []string{dataset} }

// Digest is the SHA-256 of the bytes on disk, or of the answers, and their number.
func (f *File) Digest() (string, int64) { return f.sha256, f.size }

// Notes name the gazette.
func (f *File) Notes() map[string]string { return map[string]string{"gazette": "BODACC"} }

// refused makes a refusal of what went wrong in reading.
func (f *File) refused(ctx context.Context, label string, err error) error {
	var refused *ingest.RefusedError
	if errors.As(err, &refused) || ctx.Err() != nil {
		return err
	}
	made := &ingest.RefusedError{Path: label, Problem: err.Error(), Advice: "Nothing of it is loaded; fetch it again, whole"}
	var missing missingError
	if errors.As(err, &missing) {
		made.Problem, made.Missing, made.Found = "it is no export of the notices of the BODACC", missing.missing, missing.found
		made.Advice = "Export the dataset annonces-commerciales with all its fields"
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		made.Problem = "it ends in the middle of a notice"
	}
	return made
}

// newReader tells the format by the first character that is no space.
func newReader(in io.Reader) (reader, error) {
	buffered := bufio.NewReaderSize(in, 64<<10)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		if _, err := buffered.Discard(3); err != nil {
			return nil, err
		}
	}
	head, err := buffered.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch trimmed := bytes.TrimLeft(head, " \t\r\n"); {
	case len(trimmed) == 0:
		return nil, errors.New("it holds nothing")
	case bytes.HasPrefix(trimmed, []byte("\x1f\x9d")):
		return nil, errors.New("it is compressed with compress (.taz or .Z): uncompress it and give the XML files in it")
	case bytes.IndexByte(head, 0) >= 0:
		return nil, errors.New("it is no text: give the JSON, CSV or XML files themselves, or a ZIP archive of them")
	case trimmed[0] == '{' || trimmed[0] == '[':
		return newJSON(buffered), nil
	case trimmed[0] == '<':
		return newXML(buffered), nil
	}
	return newCSV(buffered)
}
