package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/encours/encours/ingest/database/privateserver"
)

const postgresYAML = `version: 1
name: postgres
entities: [{ id: A, name: A }]
sources:
  - name: erp
    kind: sql
    entity: A
    driver: postgres
    connection_file: erp.dsn
    queries: [{ dataset: invoices, file: invoices.sql }]
`

const postgresQuery = `select 'customer' as side, document as document_id, 1 as instalment, customer as counterparty_id,
    'invoice' as document_type, issued as issue_date, due as due_date, 'EUR' as currency, amount from invoices
`

// postgresTable holds the invoices of the CSV file.
const postgresTable = `create table invoices as
	select 'F' || i as document, 'C' || i %% 20000 as customer, date '2024-01-01' + (i %% 700)::int as issued,
		date '2024-01-31' + (i %% 700)::int as due, (i * 7919 %% 9000000 / 100.0)::numeric(18, 2) as amount
	from generate_series(0::bigint, %d - 1) as i`

// postgres streams as many invoices out of a private PostgreSQL server. Where there is
// none on this machine the row of the figure says so.
func (o Options) postgres(ctx context.Context, dir string, s *size) (err error) {
	server, err := privateserver.Postgres(ctx)
	if missing, ok := errors.AsType[*privateserver.MissingError](err); ok {
		s.noPostgres = missing.Error()
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	for _, statement := range []string{fmt.Sprintf(postgresTable, s.invoices), "analyze invoices"} {
		if _, err := server.Admin.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("fill the table: %w", err)
		}
	}
	folder := filepath.Join(dir, "postgres")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{"encours.yaml": postgresYAML, "invoices.sql": postgresQuery, "erp.dsn": server.DSN + "\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	if s.postgresIngest, err = o.command(ctx, "ingest", "--project", folder); err != nil {
		return err
	}
	return os.RemoveAll(folder)
}

// postgresCell is the figure of the table of results.
func (s size) postgresCell() string {
	if s.noPostgres != "" {
		return "not measured: " + s.noPostgres
	}
	p := s.postgresIngest
	return fmt.Sprintf("%.2f s (%d rows, %d MB, %.2f times the CSV file)", p.wall.Seconds(), s.invoices, p.peak>>20,
		p.wall.Seconds()/s.tables["csv"].wall.Seconds())
}
