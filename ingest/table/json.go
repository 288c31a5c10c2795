package table

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
	"github.com/encours/encours/ingest/stream"
)

const (
	maxObject = 16 << 20 // bytes of one record of JSON
	maxKeys   = 4000
	maxDepth  = 8
)

// keys numbers the keys of objects as columns, in the order in which they are met;
// those of one object by name. Nested keys are joined by dots.
type keys struct {
	names []string
	at    map[string]int
}

func newKeys() *keys { return &keys{at: map[string]int{}} }

// cells lays the values of an object out by column.
func (k *keys) cells(cells []cell, object map[string]any) ([]cell, error) {
	for i := range cells {
		cells[i] = cell{}
	}
	return k.fill(cells, object, "", 0)
}

func (k *keys) fill(cells []cell, object map[string]any, prefix string, depth int) ([]cell, error) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		value := object[name]
		if nested, ok := value.(map[string]any); ok && depth < maxDepth {
			var err error
			if cells, err = k.fill(cells, nested, prefix+name+".", depth+1); err != nil {
				return nil, err
			}
			continue
		}
		at, known := k.at[prefix+name]
		if !known {
			if at = len(k.names); at == maxKeys {
				return nil, fmt.Errorf("its records have more than %d different keys", maxKeys)
			}
			k.at[prefix+name] = at
			k.names = append(k.names, prefix+name)
		}
		for len(cells) <= at {
			cells = append(cells, cell{})
		}
		cells[at] = jsonCell(value)
	}
	return cells, nil
}

func jsonCell(value any) cell {
	switch v := value.(type) {
	case nil:
		return cell{}
	case string:
		return cell{text, v}
	case bool:
		return cell{boolean, strconv.FormatBool(v)}
	case json.Number:
		plain, err := canonical.PlainNumber(v.String())
		if err != nil {
			return cell{text, v.String()}
		}
		return cell{number, plain}
	}
	compact, err := json.Marshal(value) // a list: it came from JSON and goes back to it
	if err != nil {
		return cell{fault, err.Error()}
	}
	return cell{text, string(compact)}
}

// ndjsonReader reads one object per line.
type ndjsonReader struct {
	lines *csvReader // as one field per line
	keys  *keys
}

func newNDJSON(in io.Reader, closer io.Closer, k *keys) *ndjsonReader {
	// a delimiter that JSON cannot hold unescaped
	return &ndjsonReader{lines: newCSV(in, closer, dialect{delimiter: "\x00"}), keys: k}
}

func (r *ndjsonReader) close() error { return r.lines.close() }

func (r *ndjsonReader) next(out *row) error {
	kept := out.cells
	var line row
	if err := r.lines.next(&line); err != nil {
		return err
	}
	out.line, out.fault, out.raw, out.cells = line.line, line.fault, line.raw, kept[:0]
	if out.fault != nil || line.blank() {
		return nil
	}
	object, err := decodeObject(line.cells[0].text)
	if err == nil {
		out.cells, err = r.keys.cells(kept, object)
	}
	if err != nil {
		out.cells = out.cells[:0]
		out.fault = &ingest.Reject{Reason: "json.invalid", Message: fmt.Sprintf("the line is not one object of JSON (%v): correct it, or export again", err)}
	}
	return nil
}

func decodeObject(s string) (map[string]any, error) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil {
		return nil, noEOF(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more follows the object")
	}
	if object == nil {
		return nil, errors.New("it is null")
	}
	return object, nil
}

// jsonReader reads the objects of a list; the line of a record is its number.
type jsonReader struct {
	d      *json.Decoder
	closer io.Closer
	bound  *stream.Bounded
	keys   *keys
	number int64
}

func newJSON(in io.Reader, closer io.Closer, k *keys, path string) (*jsonReader, error) {
	bound := &stream.Bounded{In: in, Limit: maxObject, Err: errTooLong}
	d := json.NewDecoder(bound)
	d.UseNumber()
	r := &jsonReader{d: d, closer: closer, bound: bound, keys: k}
	return r, r.enter(path)
}

func (r *jsonReader) close() error { return r.closer.Close() }

// enter goes down to the list that a path names.
func (r *jsonReader) enter(path string) error {
	for _, name := range strings.FieldsFunc(path, func(c rune) bool { return c == '.' }) {
		if err := r.open('{', path); err != nil {
			return err
		}
		var others []string
		for {
			if !r.d.More() {
				return fmt.Errorf("it has no key %q (of %s); the keys there are: %s", name, path, ingest.QuoteNames(others))
			}
			key, err := r.d.Token()
			if err != nil {
				return noEOF(err)
			}
			if key == name {
				break
			}
			others = append(others, fmt.Sprint(key))
			var skipped json.RawMessage
			if err := r.d.Decode(&skipped); err != nil {
				return noEOF(err)
			}
			r.bound.Reset()
		}
	}
	return r.open('[', path)
}

func (r *jsonReader) open(want json.Delim, path string) error {
	token, err := r.d.Token()
	switch {
	case err != nil:
		return noEOF(err)
	case token == want:
		return nil
	case want == '[' && token == json.Delim('{') && path == "":
		var names []string
		for r.d.More() && len(names) < 20 {
			key, err := r.d.Token()
			if err != nil {
				break
			}
			names = append(names, fmt.Sprint(key))
			var skipped json.RawMessage
			if err := r.d.Decode(&skipped); err != nil {
				break
			}
		}
		return fmt.Errorf("it is one object and not a list: name the list by the key records; the keys of the object are: %s", ingest.QuoteNames(names))
	}
	return fmt.Errorf("there is no list of objects at %q", path)
}

func (r *jsonReader) next(out *row) error {
	out.fault, out.raw = nil, ""
	r.bound.Reset()
	if !r.d.More() {
		if _, err := r.d.Token(); err != nil { // the end of the list, or of a file cut short
			return fmt.Errorf("after record %d: %w", r.number, noEOF(err))
		}
		return io.EOF
	}
	r.number++
	out.line = r.number
	var raw json.RawMessage
	if err := r.d.Decode(&raw); err != nil {
		return fmt.Errorf("record %d, byte %d: %w", r.number, r.d.InputOffset(), noEOF(err))
	}
	object, err := decodeObject(string(raw))
	if err == nil {
		out.cells, err = r.keys.cells(out.cells, object)
	}
	if err != nil {
		out.cells, out.raw = out.cells[:0], ingest.Cut(string(bytes.ToValidUTF8(raw, []byte("\uFFFD"))), rawLimit)
		out.fault = &ingest.Reject{Reason: "json.invalid", Message: fmt.Sprintf("the record is not an object (%v): correct it, or export again", err)}
	}
	return nil
}
