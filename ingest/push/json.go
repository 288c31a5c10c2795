package push

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/encours/encours/ingest"
)

// readNDJSON reads one object per line. Empty lines are passed over.
func (s *sink) readNDJSON(body []byte) error {
	if err := checkUTF8(body); err != nil {
		return err
	}
	var line int64
	for text := range bytes.Lines(body) {
		line++
		text = bytes.TrimSpace(text)
		if len(text) == 0 {
			continue
		}
		if err := checkJSON(text, line); err != nil {
			return err
		}
		if text[0] != '{' {
			return refuse("json.shape", "line %d is not an object: write one object per line, such as {\"document_id\": \"F-1\"}", line)
		}
		decoder := newDecoder(text)
		if _, err := decoder.Token(); err != nil { // the brace
			return fmt.Errorf("read line %d: %w", line, err)
		}
		if err := s.object(decoder, text, 0, line); err != nil {
			return err
		}
	}
	return nil
}

// readJSON reads an array of objects, or an object that has it as rows.
func (s *sink) readJSON(body []byte) error {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if err := checkUTF8(body); err != nil {
		return err
	}
	if err := checkJSON(body, 1); err != nil {
		return err
	}
	decoder := newDecoder(body)
	token, err := decoder.Token()
	if err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	if token == json.Delim('{') {
		if token, err = decoder.Token(); err != nil {
			return fmt.Errorf("read message: %w", err)
		}
		if token != "rows" {
			return errShape
		}
		if token, err = decoder.Token(); err != nil {
			return fmt.Errorf("read message: %w", err)
		}
		if token != json.Delim('[') {
			return errShape
		}
		if err := s.objects(decoder, body); err != nil {
			return err
		}
		if decoder.More() {
			return errShape
		}
		return nil
	}
	if token != json.Delim('[') {
		return errShape
	}
	return s.objects(decoder, body)
}

// errShape refuses JSON that is not a list of records.
var errShape = refuse("json.shape", "write an array of objects, or an object whose only field is \"rows\", with the array")

// objects reads the records of an array whose bracket has been read, and its end.
func (s *sink) objects(decoder *json.Decoder, body []byte) error {
	for number := int64(1); decoder.More(); number++ {
		token, err := decoder.Token()
		if err != nil {
			return fmt.Errorf("read record %d: %w", number, err)
		}
		if token != json.Delim('{') {
			return refuse("json.shape", "record %d is not an object", number)
		}
		if err := s.object(decoder, body, decoder.InputOffset()-1, number); err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	return nil
}

// object reads one record whose brace has been read; it began at start.
func (s *sink) object(decoder *json.Decoder, body []byte, start, line int64) error {
	var places []int
	var values []any
	var unknown []string
	bad := ingest.Reject{Line: line}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return fmt.Errorf("read record %d: %w", line, err)
		}
		name, _ := token.(string) // what More precedes in an object is a name
		value, nested, err := scalar(decoder)
		if err != nil {
			return fmt.Errorf("read record %d: %w", line, err)
		}
		place := s.column(name)
		switch {
		case place < 0:
			unknown = append(unknown, name)
			continue
		case nested && bad.Reason == "":
			bad.Column = name
			bad.Reason, bad.Message = explain(errNested)
		case slices.Contains(places, place) && bad.Reason == "":
			bad.Column, bad.Value = name, cut(display(value), maxValue)
			bad.Reason, bad.Message = explain(errRepeated)
		}
		places, values = append(places, place), append(values, value)
	}
	if _, err := decoder.Token(); err != nil { // the closing brace
		return fmt.Errorf("read record %d: %w", line, err)
	}
	if len(unknown) > 0 {
		return s.unknown(unknown, fmt.Sprintf(" (record %d)", line))
	}
	raw := func() string { return string(body[start:decoder.InputOffset()]) }
	if bad.Reason == "" {
		return s.add(line, places, values, raw)
	}
	if err := s.count(); err != nil {
		return err
	}
	bad.Raw = cut(raw(), maxRaw)
	return s.setAside(bad)
}

// scalar reads a single value; of a list or an object only that it is one.
func scalar(decoder *json.Decoder) (value any, nested bool, err error) {
	for depth := 0; ; {
		token, err := decoder.Token()
		if err != nil {
			return nil, false, err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			nested = true
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			if nested {
				token = nil
			}
			return token, nested, nil
		}
	}
}

func newDecoder(text []byte) *json.Decoder {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder
}

// checkJSON refuses what is not exactly one JSON value, and tells where it breaks.
func checkJSON(text []byte, line int64) error {
	var whole json.RawMessage
	err := json.Unmarshal(text, &whole)
	if err == nil {
		return nil
	}
	column := 1
	if at, ok := errors.AsType[*json.SyntaxError](err); ok {
		before := text[:min(max(at.Offset-1, 0), int64(len(text)))]
		line += int64(bytes.Count(before, []byte{'\n'}))
		column = utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	}
	return refuse("json.syntax", "line %d, column %d: this is not JSON: %v", line, column, err)
}

// checkUTF8 refuses text in another charset, and tells where it shows.
func checkUTF8(text []byte) error {
	if utf8.Valid(text) {
		return nil
	}
	line := 1
	for part := range bytes.Lines(text) {
		if !utf8.Valid(part) {
			break
		}
		line++
	}
	return refuse("charset", "line %d is not UTF-8: send the text in UTF-8", line)
}
