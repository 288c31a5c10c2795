// Package jsonfile writes a report as one JSON object: {"meta": {…}, "rows": […]}.
//
// Invariant: amounts are JSON numbers with the exact digits of the warehouse; the
// object is complete or the writer was given an error; rows are never held in
// memory.
package jsonfile

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/encours/encours/reports/table"
)

// Write writes the table to w, which it does not close: one row per line. After
// an error what was written is not a report.
func Write(ctx context.Context, t table.Table, w io.Writer) error {
	head, err := Object(t.Facts)
	if err != nil {
		return fmt.Errorf("write head of report %q: %w", t.Name, err)
	}
	if _, err := fmt.Fprintf(w, "{\"meta\":%s,\"rows\":[", head); err != nil {
		return fmt.Errorf("write head of report %q: %w", t.Name, err)
	}
	rows := &list{w: w}
	err = t.Objects(ctx, func(r io.Reader) error {
		_, err := io.Copy(rows, r)
		return err
	})
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	if err := t.CheckRows(rows.ends); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\n]}\n"); err != nil {
		return fmt.Errorf("write end of report %q: %w", t.Name, err)
	}
	return nil
}

// Object writes facts as one JSON object, in their order.
func Object(facts []table.Fact) ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, fact := range facts {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(fact.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(fact.Value)
		if err != nil {
			return nil, err
		}
		if fact.IsNumber {
			value = []byte(fact.Value)
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// list makes a JSON list of the lines that DuckDB writes, one object each: a line
// end inside a text is escaped, so that every line end ends a row.
type list struct {
	w    io.Writer
	out  bytes.Buffer
	ends int64
	open bool // inside a row
}

func (l *list) Write(p []byte) (int, error) {
	l.out.Reset()
	for rest := p; len(rest) > 0; {
		if !l.open {
			if l.ends > 0 {
				l.out.WriteByte(',')
			}
			l.out.WriteByte('\n')
			l.open = true
		}
		line, after, ended := bytes.Cut(rest, []byte("\n"))
		l.out.Write(line)
		if ended {
			l.ends++
			l.open = false
		}
		rest = after
	}
	if _, err := l.w.Write(l.out.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}
