package bodacc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// jsonReader reads records one by one: of a list; of the answers of the open-data
// service, whatever their version (records, results); of lines of one record each; or
// of several answers one behind the other.
type jsonReader struct {
	decoder *json.Decoder
	inList  bool // the decoder stands in a list of records
	inPage  bool // that list is in an answer
	count   int64
	found   bool // a list or a record was seen
}

func newJSON(in io.Reader) *jsonReader {
	decoder := json.NewDecoder(in)
	decoder.UseNumber()
	return &jsonReader{decoder: decoder}
}

func (r *jsonReader) next() (tree, int64, error) {
	for {
		switch {
		case r.inList && r.decoder.More():
			var value any
			if err := r.decoder.Decode(&value); err != nil {
				return nil, 0, unexpected(err)
			}
			return r.made(value)
		case r.inList:
			if _, err := r.decoder.Token(); err != nil { // ]
				return nil, 0, unexpected(err)
			}
			r.inList = false
			if r.inPage {
				record, err := r.page(nil)
				if err != nil || record != nil {
					return record, r.count, err
				}
			}
		default:
			token, err := r.decoder.Token()
			if errors.Is(err, io.EOF) && !r.found {
				return nil, 0, errors.New("it holds no notices")
			}
			if err != nil {
				return nil, 0, err
			}
			switch token {
			case json.Delim('['):
				r.inList, r.inPage, r.found = true, false, true
			case json.Delim('{'):
				record, err := r.page(map[string]any{})
				if err != nil || record != nil {
					return record, r.count, err
				}
			default:
				return nil, 0, fmt.Errorf("it holds %v where a notice or a list of them is expected", token)
			}
		}
	}
}

// page reads an object: an answer, in whose list it stops, or a record. fields are
// those read so far; nil behind the list of an answer.
func (r *jsonReader) page(fields map[string]any) (tree, error) {
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return nil, unexpected(err)
		}
		name, _ := token.(string)
		if name == "records" || name == "results" {
			token, err := r.decoder.Token()
			if err != nil {
				return nil, unexpected(err)
			}
			if token != json.Delim('[') {
				return nil, fmt.Errorf("its %s are no list", name)
			}
			r.inList, r.inPage, r.found = true, true, true
			return nil, nil
		}
		var value any
		if err := r.decoder.Decode(&value); err != nil {
			return nil, unexpected(err)
		}
		if fields != nil {
			fields[name] = value
		}
	}
	if _, err := r.decoder.Token(); err != nil { // }
		return nil, unexpected(err)
	}
	r.inPage = false
	if fields == nil {
		return nil, nil
	}
	if message, ok := fields["error_code"]; ok {
		return nil, fmt.Errorf("it is an error of the service and no answer (%v: %v)", message, fields["message"])
	}
	if len(fields) == 0 {
		return nil, nil
	}
	r.found = true
	record, _, err := r.made(fields)
	return record, err
}

// made is a record without what the service wraps it in.
func (r *jsonReader) made(value any) (tree, int64, error) {
	r.count++
	for range 2 {
		object, ok := value.(map[string]any)
		if !ok {
			break
		}
		if inner, wrapped := object["record"].(map[string]any); wrapped {
			value = inner
		} else if inner, wrapped := object["fields"].(map[string]any); wrapped {
			value = inner
		}
	}
	record := plain(value, 0)
	if _, ok := record.(map[string]any); !ok {
		record = map[string]any{"value": record}
	}
	return record, r.count, nil
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
