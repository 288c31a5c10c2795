package bodacc

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// needed are the columns without which an export tells nothing.
var needed = []string{"dateparution", "registre", "listepersonnes"}

// csvReader reads the export of the open-data service: nested fields are JSON.
type csvReader struct {
	rows    *csv.Reader
	columns []string
}

func newCSV(in io.Reader) (*csvReader, error) {
	buffered := bufio.NewReaderSize(in, 64<<10)
	head, err := buffered.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	first, _, _ := strings.Cut(string(head), "\n")
	rows := csv.NewReader(buffered)
	rows.Comma, rows.FieldsPerRecord = ';', -1
	for _, mark := range []rune{',', '\t'} {
		if strings.Count(first, string(mark)) > strings.Count(first, string(rows.Comma)) {
			rows.Comma = mark
		}
	}
	columns, err := rows.Read()
	if err != nil {
		return nil, err
	}
	r := &csvReader{rows: rows}
	known := map[string]bool{}
	for _, name := range columns {
		name = strings.ToLower(strings.TrimSpace(name))
		known[name] = true
		r.columns = append(r.columns, name)
	}
	var missing []string
	for _, name := range needed {
		if !known[name] {
			missing = append(missing, name)
		}
	}
	if len(missing) == len(needed) || !known["dateparution"] {
		return nil, missingError{missing, columns}
	}
	return r, nil
}

// missingError names columns that an export lacks.
type missingError struct{ missing, found []string }

func (e missingError) Error() string {
	return "it lacks columns that an export of the BODACC has: " + strings.Join(e.missing, ", ")
}

// fieldCount says that a line has not as many fields as the header.
type fieldCount struct{ have, want int }

func (e fieldCount) Error() string {
	return fmt.Sprintf("the line has %d fields and the header %d", e.have, e.want)
}

func (r *csvReader) next() (tree, int64, error) {
	cells, err := r.rows.Read()
	if err != nil {
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return nil, int64(parse.StartLine), fmt.Errorf("line %d: %w", parse.StartLine, parse.Err)
		}
		return nil, 0, err
	}
	line, _ := r.rows.FieldPos(0)
	record := map[string]any{}
	for i, cell := range cells {
		if i < len(r.columns) {
			if value := nested(cell, 0); value != nil {
				record[r.columns[i]] = value
			}
		}
	}
	if len(cells) != len(r.columns) {
		return record, int64(line), fieldCount{len(cells), len(r.columns)}
	}
	return record, int64(line), nil
}
