package canonical

import (
	"bufio"
	"fmt"
	"io"

	"github.com/encours/encours/ingest"
)

// Writer writes rows that are given by the names of their fields, and rejects what
// cannot be one. Use it from one goroutine, and call Flush at the end.
type Writer struct {
	out     *bufio.Writer
	record  *Record
	index   map[string]int
	reject  func(ingest.Reject) error
	line    []byte
	Rows    int64
	Rejects int64
}

// NewWriter returns a writer of rows of these fields.
func NewWriter(w io.Writer, fields []ingest.Field, reject func(ingest.Reject) error) (*Writer, error) {
	columns, err := Columns(fields)
	if err != nil {
		return nil, err
	}
	made := &Writer{out: bufio.NewWriterSize(w, 1<<17), record: NewRecord(columns, 0), index: map[string]int{}, reject: reject}
	for i, field := range fields {
		made.index[field.Name] = i
	}
	return made, nil
}

// Write writes one row: a value per field, as Record.SetValue takes them; a field
// that is not given has no value. at says where the row comes from: its File, Line
// and Raw go into a reject. A name that is no field is an error of the caller.
func (w *Writer) Write(at ingest.Reject, values map[string]any) error {
	w.record.Reset()
	for name, value := range values {
		column, ok := w.index[name]
		if !ok {
			return fmt.Errorf("write row: internal error: there is no field %q", name)
		}
		if w.record.columns[column].LeftOut {
			continue
		}
		if err := w.record.SetValue(column, value); err != nil {
			return w.Reject(at, name, fmt.Sprint(value), "value.invalid", err.Error())
		}
	}
	if missing := w.record.Missing(); missing >= 0 {
		return w.Reject(at, w.record.columns[missing].Name, "", "value.missing", ErrRequired.Error())
	}
	w.line = w.record.Append(w.line[:0], at.Line)
	if _, err := w.out.Write(w.line); err != nil {
		return err
	}
	w.Rows++
	return nil
}

// Reject counts and hands on a row that cannot be one.
func (w *Writer) Reject(at ingest.Reject, column, value, reason, message string) error {
	at.Column, at.Value, at.Reason, at.Message = column, value, reason, message
	w.Rejects++
	return w.reject(at)
}

// Flush writes what is held back.
func (w *Writer) Flush() error {
	return w.out.Flush()
}
