package verify

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/encours/encours/reports/table"
)

// openCSV reads the facts in the lines above the header, and the header.
func openCSV(file *os.File) (export, error) {
	e := export{facts: map[string]string{}}
	in := bufio.NewReaderSize(file, 1<<16)
	for {
		head, err := in.Peek(3)
		if err != nil && !errors.Is(err, io.EOF) {
			return e, err
		}
		if !strings.HasPrefix(string(head), "# ") && !strings.HasPrefix(string(head), `"# `) {
			break
		}
		line, err := in.ReadString('\n')
		if err != nil {
			return e, ErrNoManifest
		}
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, `"`) {
			line = strings.ReplaceAll(strings.TrimSuffix(line[1:], `"`), `""`, `"`)
		}
		name, value, _ := strings.Cut(strings.TrimPrefix(line, "# "), ": ")
		e.facts[name] = value
	}
	records := csv.NewReader(in)
	records.ReuseRecord = true
	header, err := records.Read()
	if err != nil {
		return e, ErrNoManifest
	}
	e.columns = append([]string{}, header...)
	e.rows = func(ctx context.Context, _ []table.Column, each func([]string)) error {
		for ctx.Err() == nil {
			record, err := records.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			each(record)
		}
		return ctx.Err()
	}
	return e, nil
}

// openJSON reads the object meta, which comes first.
func openJSON(file *os.File) (export, error) {
	e := export{}
	decoder := json.NewDecoder(bufio.NewReaderSize(file, 1<<16))
	decoder.UseNumber()
	var meta json.RawMessage
	if err := expect(decoder, json.Delim('{'), "meta"); err != nil {
		return e, ErrNoManifest
	}
	err := decoder.Decode(&meta)
	if err == nil {
		e.facts, err = objectFacts(meta)
	}
	if err == nil {
		err = expect(decoder, "rows", json.Delim('['))
	}
	if err != nil {
		return e, fmt.Errorf("%w: %w", ErrNoManifest, err)
	}
	e.rows = func(ctx context.Context, columns []table.Column, each func([]string)) error {
		values := make([]string, len(columns))
		for decoder.More() && ctx.Err() == nil {
			if err := readObject(decoder, columns, values); err != nil {
				return err
			}
			each(values)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return expect(decoder, json.Delim(']'), json.Delim('}'))
	}
	return e, nil
}

// readObject reads one row, whose names must be those of the columns, in order.
func readObject(decoder *json.Decoder, columns []table.Column, values []string) error {
	if err := expect(decoder, json.Delim('{')); err != nil {
		return err
	}
	for i, c := range columns {
		if err := expect(decoder, c.Name); err != nil {
			return err
		}
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		switch value := token.(type) {
		case nil:
			values[i] = ""
		case string:
			values[i] = value
			if c.Kind == table.Text {
				values[i] = table.Neutral(value)
			}
		case json.Number:
			values[i] = padded(value.String(), c)
		default:
			values[i] = fmt.Sprint(value)
		}
	}
	return expect(decoder, json.Delim('}'))
}

// padded writes a number with the decimals of its column: JSON may leave the last
// zeros out.
func padded(text string, c table.Column) string {
	units, decimals, _ := strings.Cut(text, ".")
	if c.Kind != table.Decimal || strings.ContainsAny(text, "eE") {
		return text
	}
	for len(decimals) > c.Scale && decimals[len(decimals)-1] == '0' {
		decimals = decimals[:len(decimals)-1]
	}
	return units + "." + decimals + strings.Repeat("0", max(c.Scale-len(decimals), 0))
}

func expect(decoder *json.Decoder, tokens ...json.Token) error {
	for _, want := range tokens {
		got, err := decoder.Token()
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("at byte %d: %v, want %v", decoder.InputOffset(), got, want)
		}
	}
	return nil
}
