package table

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/archive"
	"github.com/encours/encours/ingest/canonical"
	"github.com/encours/encours/ingest/stream"
)

// File is what Inspect found out about a table. Its fields are not to be changed.
type File struct {
	Path      string
	Member    string // name of the file in an archive; empty where it is none
	Size      int64  // on disk
	Content   int64  // what progress counts up to: of a text, its bytes once decompressed
	SHA256    string // of the bytes on disk, lower-case hexadecimal
	Format    string // one of Formats
	Charset   string // of a text file
	Evidence  string // why this charset
	Delimiter string // of a CSV
	Sheet     string // of a workbook
	Header    int64  // the line of the names of the columns; 0 where the format has none
	Columns   []string
	Extra     []string // names of the kept columns, in the order of the canonical stream
	Records   int64
	Remarks   []string // how values are read, and what decided it
	Warnings  []string

	member   archive.Member
	spec     Spec
	fields   []canonical.Column
	from1904 bool // the workbook counts days from 1904
	charset  charset
	dialect  dialect
	keys     *keys
	patterns []*regexp.Regexp
	bindings []*binding
	keep     []int
	modified time.Time
}

// Inspect reads a table once, from end to end and in bounded memory, and finds out
// how Convert has to read it. fields are those of the dataset. A file that cannot be
// loaded as a whole gives a *ingest.RefusedError; a spec that no file can satisfy, an error
// that names the key.
func Inspect(ctx context.Context, path string, spec Spec, fields []ingest.Field) (*File, error) {
	f, err := open(ctx, path, spec)
	if err != nil {
		return nil, err
	}
	if f.fields, err = canonical.Columns(fields); err != nil {
		return nil, fmt.Errorf("inspect table %q: %w", path, err)
	}
	if err := f.spec.fits(f.fields); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := f.survey(ctx); err != nil {
		return nil, f.refused(err)
	}
	return f, nil
}

// open finds out the format of a file and, of a text, its charset and dialect.
func open(ctx context.Context, path string, spec Spec) (*File, error) {
	if err := spec.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("inspect table: %w", err)
	case !info.Mode().IsRegular():
		return nil, &ingest.RefusedError{Path: path, Problem: "it is not a regular file", Advice: "Name the file itself: it is read twice"}
	}
	f := &File{Path: path, Format: spec.Format, spec: spec, Size: info.Size(), modified: info.ModTime()}
	if err := f.chooseMember(); err != nil {
		return nil, err
	}
	if f.Format == "" {
		if f.Format, err = formatOf(path, f.member.Name); err != nil {
			return nil, err
		}
	}
	for _, pattern := range spec.SkipRowsMatching {
		f.patterns = append(f.patterns, regexp.MustCompile(pattern)) // checked by spec.check
	}
	if f.isText() {
		if err := f.chooseCharset(ctx, spec.Charset); err != nil {
			return nil, err
		}
		if f.member.Archived {
			if err := f.digest(ctx); err != nil {
				return nil, err
			}
		}
		f.Charset = f.charset.name
		if f.Format == "csv" {
			if err := f.chooseDialect(spec); err != nil {
				return nil, err
			}
			f.Delimiter = f.dialect.delimiter
		}
		return f, nil
	}
	err = f.digest(ctx)
	f.Content = f.Size
	return f, err
}

func (f *File) isText() bool { return f.Format != "xlsx" && f.Format != "parquet" }

// formatOf tells the format by the end of the name of a file, or of the one in an
// archive.
func formatOf(path, name string) (string, error) {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".csv", ".txt", ".tsv", ".tab":
		return "csv", nil
	case ".xlsx", ".xlsm":
		return "xlsx", nil
	case ".json":
		return "json", nil
	case ".ndjson", ".jsonl":
		return "ndjson", nil
	case ".parquet":
		return "parquet", nil
	default:
		return "", &ingest.RefusedError{Path: path, Problem: fmt.Sprintf("its name does not tell its format (%q)", ext),
			Advice: "Give the key format: " + strings.Join(formats, ", ")}
	}
}

// digest hashes the bytes on disk.
func (f *File) digest(ctx context.Context) error {
	sum, size, err := stream.Digest(ctx, f.Path, nil)
	if err != nil {
		return fmt.Errorf("inspect table: %w", err)
	}
	f.SHA256, f.Size = sum, size
	if f.Size == 0 {
		return &ingest.RefusedError{Path: f.Path, Problem: "it is empty", Advice: "Export it again; the export may have failed"}
	}
	return nil
}

// refused makes a refusal of what went wrong in reading the content of the file.
func (f *File) refused(err error) error {
	var refused *ingest.RefusedError
	if errors.As(err, &refused) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &ingest.RefusedError{Path: f.Path, Problem: err.Error(), Advice: "Nothing of it is loaded; export it again, or correct the mapping"}
}

// reader opens the records of the file from its first on. progress may be nil.
func (f *File) reader(ctx context.Context, progress func(int64)) (rows, error) {
	switch f.Format {
	case "xlsx":
		path, err := f.unpacked()
		if err != nil {
			return nil, err
		}
		r, name, err := openSheet(path, f.spec.Sheet)
		if err != nil {
			return nil, errors.Join(err, f.dropUnpacked(path))
		}
		f.Sheet, f.from1904 = name, r.book.from1904
		return f.dropping(path, r), nil
	case "parquet":
		path, err := f.unpacked()
		if err != nil {
			return nil, err
		}
		r, names, leftOut, err := openParquet(path)
		if err != nil {
			return nil, errors.Join(err, f.dropUnpacked(path))
		}
		if f.Columns == nil && len(leftOut) > 0 {
			f.Remarks = append(f.Remarks, "columns that repeat are left out: "+ingest.QuoteNames(leftOut))
		}
		f.Columns = names
		return f.dropping(path, r), nil
	}
	file, err := f.member.Open()
	if err != nil {
		return nil, err
	}
	in := f.charset.decode(&stream.Counting{In: stream.Until(ctx, file), Progress: progress})
	switch f.Format {
	case "ndjson":
		return newNDJSON(in, file, f.objectKeys()), nil
	case "json":
		r, err := newJSON(in, file, f.objectKeys(), f.spec.Records)
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		return r, nil
	}
	return newCSV(in, file, f.dialect), nil
}

// objectKeys are shared by both passes, so that a key keeps its column.
func (f *File) objectKeys() *keys {
	if f.keys == nil {
		f.keys = newKeys()
	}
	return f.keys
}
