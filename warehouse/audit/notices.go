package audit

import (
	"errors"
	"fmt"
	"os"

	"github.com/parquet-go/parquet-go"
)

// noticeGroup bounds the memory of a NoticeWriter.
const noticeGroup = 100_000

// NoticeWriter keeps what the reader of one extract noticed, line by line, in
// bounded memory.
type NoticeWriter struct {
	path    string
	file    *os.File
	writer  *parquet.GenericWriter[noticeRow]
	pending int
}

type noticeRow struct {
	Check  string `parquet:"check_id,dict"`
	Line   int64  `parquet:"source_line,delta"`
	Column string `parquet:"source_column,dict"`
	Value  string `parquet:"value"`
}

// CreateNotices makes the file, which must not exist. The caller closes it.
func CreateNotices(path string) (*NoticeWriter, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("keep notices: %w", err)
	}
	return &NoticeWriter{path: path, file: file, writer: parquet.NewGenericWriter[noticeRow](file, parquet.Compression(&parquet.Zstd))}, nil
}

// Write keeps one notice; line 0 is the file.
func (w *NoticeWriter) Write(check string, line int64, column, value string) error {
	_, err := w.writer.Write([]noticeRow{{check, line, column, value}})
	if w.pending++; err == nil && w.pending >= noticeGroup {
		w.pending, err = 0, w.writer.Flush()
	}
	if err != nil {
		return fmt.Errorf("keep notices %q: %w", w.path, err)
	}
	return nil
}

// Path returns the file.
func (w *NoticeWriter) Path() string { return w.path }

// Close ends the file.
func (w *NoticeWriter) Close() error {
	if err := errors.Join(w.writer.Close(), w.file.Close()); err != nil {
		return fmt.Errorf("keep notices %q: %w", w.path, err)
	}
	return nil
}
