package generation

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/privacy"
)

// rowGroupRows is small enough that a reader which filters on the sort key skips
// most of a large file by its statistics.
const rowGroupRows = 122_880

// dictionaryValues is how many different values of a column DuckDB tries to number
// in a row group before it writes them as they are.
const dictionaryValues = 1000

// publish writes every mart as one zstd Parquet file, sorted by the key that
// readers filter on, with what the figures stand on in its metadata.
func (b *builder) publish(ctx context.Context, conn *sql.Conn, models *graph.Graph) error {
	var persons int64
	if err := conn.QueryRowContext(ctx, privacy.Count(privacy.Persons)).Scan(&persons); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	for _, mart := range models.Marts() {
		b.step("publish " + mart.Name)
		folder := filepath.Join(b.folder, "parquet", mart.Name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("publish %s: %w", mart.Name, err)
		}
		rows := "select * from warehouse.main." + mart.Name
		if persons > 0 {
			var columns []string
			for _, column := range mart.Header.Columns {
				columns = append(columns, column.Name)
			}
			rows = privacy.Masked(rows, columns, privacy.Persons)
		}
		statement := fmt.Sprintf(
			"copy (%s order by %s) to %s (format parquet, compression zstd, row_group_size %d, dictionary_size_limit %d, kv_metadata {%s})",
			rows, strings.Join(mart.Header.Sort, ", "), duck.Text(filepath.Join(folder, mart.Name+".parquet")),
			rowGroupRows, dictionaryValues, b.metadata())
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("publish %s: %w", mart.Name, err)
		}
	}
	return nil
}

func (b *builder) metadata() string {
	knownAt := ""
	if !b.KnownAt.IsZero() {
		knownAt = b.KnownAt.UTC().Format(time.RFC3339)
	}
	pairs := [][2]string{
		{"encours_project", b.Project.Name},
		{"encours_as_of", b.AsOf.Format(time.DateOnly)},
		{"encours_known_on", b.manifest.KnownOn.Format(time.DateOnly)},
		{"encours_known_at", knownAt},
		{"encours_generation", b.manifest.Fingerprint},
		{"encours_version", b.Version},
	}
	var out []string
	for _, pair := range pairs {
		out = append(out, pair[0]+": "+duck.Text(pair[1]))
	}
	return strings.Join(out, ", ")
}
