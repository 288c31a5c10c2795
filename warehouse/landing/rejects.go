package landing

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/parquet-go/parquet-go"
)

// Reject is one line of an extract that is kept because it could not become a
// row. Its fields are those of the readers of extracts: Line is 1-based in the
// file, File is the part of an extract of several files and else empty, Column and
// Value are empty where the whole line is at fault, Reason is a
// stable code, Message a sentence for the user, Raw the line.
type Reject struct {
	File    string
	Line    int64
	Column  string
	Value   string
	Reason  string
	Message string
	Raw     string
}

// rejectRow is a Reject in Parquet.
type rejectRow struct {
	SourceFile   string `parquet:"source_file,dict"`
	SourceLine   int64  `parquet:"source_line,delta"`
	SourceColumn string `parquet:"source_column,optional,dict"`
	Value        string `parquet:"value,optional"`
	Reason       string `parquet:"reason,dict"`
	Message      string `parquet:"message"`
	Raw          string `parquet:"raw"`
}

// rejectGroup bounds the memory of a rejectWriter: a row group is written once it
// holds so many bytes of text.
const rejectGroup = 4 << 20

// rejectWriter streams rejects to a file that it creates on the first one.
type rejectWriter struct {
	path, sourceFile string

	file    *os.File
	writer  *parquet.GenericWriter[rejectRow]
	count   int64
	pending int
}

func newRejectWriter(path, sourceFile string) *rejectWriter {
	return &rejectWriter{path: path, sourceFile: sourceFile}
}

// Write keeps one reject.
func (w *rejectWriter) Write(r Reject) error {
	if w.file == nil {
		file, err := os.OpenFile(w.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return fmt.Errorf("write rejects: %w", err)
		}
		w.file = file
		w.writer = parquet.NewGenericWriter[rejectRow](file, parquet.Compression(&parquet.Zstd))
	}
	file := w.sourceFile
	if r.File != "" {
		file = r.File
	}
	_, err := w.writer.Write([]rejectRow{{
		SourceFile: file, SourceLine: r.Line, SourceColumn: r.Column, Value: r.Value,
		Reason: r.Reason, Message: r.Message, Raw: r.Raw,
	}})
	w.count++
	w.pending += len(r.Value) + len(r.Message) + len(r.Raw)
	if err == nil && w.pending > rejectGroup {
		w.pending, err = 0, w.writer.Flush()
	}
	if err != nil {
		return fmt.Errorf("write rejects %q: %w", w.path, err)
	}
	return nil
}

// Close ends and syncs the file, if there is one.
func (w *rejectWriter) Close() error {
	if w.file == nil {
		return nil
	}
	err := w.writer.Close()
	if err := errors.Join(err, w.file.Sync(), w.file.Close()); err != nil {
		return fmt.Errorf("write rejects %q: %w", w.path, err)
	}
	return nil
}

// Rejects reads the rejected lines of a batch in the order of the file. It ends
// after the first error. A batch without rejects gives none; that the batch
// exists is for the caller to know.
func (z *Zone) Rejects(id string) iter.Seq2[Reject, error] {
	return func(yield func(Reject, error) bool) {
		path := z.rejectsPath(id)
		f, err := os.Open(path)
		if errors.Is(err, os.ErrNotExist) {
			return
		}
		if err != nil {
			yield(Reject{}, fmt.Errorf("read rejects: %w", err))
			return
		}
		defer f.Close()
		if err := readRejects(f, yield); err != nil && !errors.Is(err, errStopped) {
			yield(Reject{}, fmt.Errorf("read rejects %q: %w", path, err))
		}
	}
}

// errStopped says that the consumer of an iteration wants no more.
var errStopped = errors.New("stopped")

func readRejects(f *os.File, yield func(Reject, error) bool) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		return err
	}
	reader := parquet.NewGenericReader[rejectRow](file)
	defer reader.Close()
	rows := make([]rejectRow, 64)
	for {
		n, err := reader.Read(rows)
		for _, r := range rows[:n] {
			if !yield(Reject{
				File: r.SourceFile, Line: r.SourceLine, Column: r.SourceColumn, Value: r.Value,
				Reason: r.Reason, Message: r.Message, Raw: r.Raw,
			}, nil) {
				return errStopped
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
