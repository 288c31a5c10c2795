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
	if _, err := io.WriteString(w, head(t.Facts)); err != nil {
		return fmt.Errorf("write head of report %q: %w", t.Name, err)
	}
	records := &counter{w: w}
	err := t.Source.Copy(ctx, func(r io.Reader) error {
		_, err := io.Copy(records, r)
		return err
	}, "format csv, header true", t.Neutral(), t.Args...)
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	return t.CheckRows(records.ends - 1)
}

// head writes the facts. A line that a reader could split is quoted as one field.
func head(facts []table.Fact) string {
	var out strings.Builder
	for _, fact := range facts {
		line := "# " + fact.Name + ": " + strings.Map(table.Visible, fact.Value)
		if strings.ContainsAny(line, `",;`) {
			line = `"` + strings.ReplaceAll(line, `"`, `""`) + `"`
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

// counter counts the records that pass: line ends outside quotes.
type counter struct {
	w      io.Writer
	ends   int64
	quoted bool
}

func (c *counter) Write(p []byte) (int, error) {
	for _, b := range p {
		switch {
		case b == '"':
			c.quoted = !c.quoted
		case b == '\n' && !c.quoted:
			c.ends++
		}
	}
	return c.w.Write(p)
}
