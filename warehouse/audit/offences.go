package audit

import (
	"context"
	"fmt"
	"io"

	"github.com/encours/encours/warehouse/duck"
)

// Checks lists every check of the audit, found or not, the worst first.
func (a *Audit) Checks() []Check { return a.checks }

// Offences is a select of every offence of a check over all batches: source_file,
// source_line, source_column, value, amountand line_count.
func (c Check) Offences() string {
	return `select batches.source_file, findings.source_line, findings.source_column, findings.value,
	findings.amount, findings.line_count
from ` + c.table() + ` as findings
inner join stg_landing__batches as batches on batches.batch_no = findings.batch_no`
}

// Copy streams the result of a query to read, in the format that options name, in
// bounded memory.
func (a *Audit) Copy(ctx context.Context, read func(io.Reader) error, options, query string, args ...any) error {
	return duck.PipeFrom(ctx, func(path string) error {
		_, err := a.conn.ExecContext(ctx, fmt.Sprintf("copy (%s) to %s (%s)", query, duck.Text(path), options), args...)
		return err
	}, read)
}

// CopyToFile writes the result of a query to a file.
func (a *Audit) CopyToFile(ctx context.Context, file, options, query string, args ...any) error {
	_, err := a.conn.ExecContext(ctx, fmt.Sprintf("copy (%s) to %s (%s)", query, duck.Text(file), options), args...)
	if err != nil {
		return fmt.Errorf("write %q: %w", file, err)
	}
	return nil
}
