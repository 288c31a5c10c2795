package push

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/encours/encours/ingest"
)

// readCSV reads records of comma-separated fields under a header with their names.
// An empty field is no value.
func (s *sink) readCSV(body []byte) error {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if err := checkUTF8(body); err != nil {
		return err
	}
	reader := csv.NewReader(bytes.NewReader(body))
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return refuse("csv.header", "the message is empty: write the names of the fields in the first line")
	}
	if err != nil {
		return csvRefusal(err)
	}
	places, err := s.place(header)
	if err != nil {
		return err
	}
	values := make([]any, len(places))
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvRefusal(err)
		}
		line, _ := reader.FieldPos(0)
		raw := func() string { return strings.Join(record, ",") }
		if len(record) != len(places) {
			if err := s.count(); err != nil {
				return err
			}
			if err := s.setAside(ingest.Reject{
				Line: int64(line), Reason: "fields.count", Raw: cut(raw(), maxRaw),
				Message: fmt.Sprintf("the record has %d fields, the header has %d", len(record), len(places)),
			}); err != nil {
				return err
			}
			continue
		}
		for i, text := range record {
			values[i] = text
		}
		if err := s.add(int64(line), places, values, raw); err != nil {
			return err
		}
	}
}

// csvRefusal says where quotes are wrong.
func csvRefusal(err error) error {
	if at, ok := errors.AsType[*csv.ParseError](err); ok {
		return refuse("csv.syntax", "line %d, column %d: the quotes are wrong: double a quote inside a quoted field, and close it", at.Line, at.Column)
	}
	return err
}
