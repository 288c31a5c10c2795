// Package csvfile writes a report as CSV (RFC 4180, UTF-8, LF): first a line per
// fact that begins with "# ", then the header, then the rows.
//
// Invariant: equal tables give equal bytes; no text becomes a formula when the
// file is opened in a spreadsheet; NULL is an empty field and an empty text "".
package csvfile

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/encours/encours/reports/table"
)

// Write writes the table to w, which it does not close. After an error what was
// written is not a report.
func Write(ctx context.Context, t table.Table, w io.Writer) error {
	if _, err := io.WriteString(w, head(t)); err != nil {
		return fmt.Errorf("write head of report %q: %w", t.Name, err)
	}
	err := t.Records(func(r io.Reader) error {
		_, err := io.CopyBuffer(w, reading{ctx, r}, make([]byte, 256<<10))
		return err
	})
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	return nil
}

// reading reads until its context ends.
type reading struct {
	ctx context.Context
	r   io.Reader
}

func (r reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// head writes the facts and the names of the columns, which need no quotes. A line
// that a reader could split is quoted as one field.
func head(t table.Table) string {
	var out strings.Builder
	for _, fact := range t.Facts {
		line := "# " + fact.Name + ": " + strings.Map(table.Visible, fact.Value)
		if strings.ContainsAny(line, `",;`) {
			line = `"` + strings.ReplaceAll(line, `"`, `""`) + `"`
		}
		out.WriteString(line + "\n")
	}
	for i, c := range t.Columns {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(c.Name)
	}
	out.WriteByte('\n')
	return out.String()
}
