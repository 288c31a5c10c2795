package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/encours/encours/ingest/sample"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/runs"
)

// rounds is how often the two are measured in turn; the best of each counts.
const rounds = 3

// compare loads the largest extract by ingest and by plain DuckDB, in turn. The time
// until it has landed is that of the command less that of the audit which follows.
func (o Options) compare(ctx context.Context, dir string, summary sample.Summary, s *size) error {
	var largest sample.File
	for _, f := range summary.Files {
		if f.Lines > largest.Lines {
			largest = f
		}
	}
	file := filepath.Join(dir, filepath.FromSlash(largest.Path))
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	s.plainBytes = info.Size()
	for range rounds {
		plain, err := o.command(ctx, "bench", "--plain", file)
		if err != nil {
			return err
		}
		scratch := filepath.Join(dir, "compare")
		if err := os.MkdirAll(scratch, 0o755); err != nil {
			return err
		}
		yaml := "version: 1\nname: compare\nentities:\n  - id: A\n    name: A\n"
		if err := os.WriteFile(filepath.Join(scratch, "encours.yaml"), []byte(yaml), 0o644); err != nil {
			return err
		}
		ours, err := o.command(ctx, "ingest", "--project", scratch, "--kind", "fec",
			"--fiscal-year-start", largest.YearStart.Format(time.DateOnly), file)
		if err != nil {
			return err
		}
		last, err := runs.Open(filepath.Join(scratch, "data")).Last()
		if err != nil {
			return err
		}
		audit := time.Duration(last["fec"].Audit * float64(time.Second))
		s.plain, s.ours, s.audited = best(s.plain, plain.wall), best(s.ours, ours.wall-audit), best(s.audited, ours.wall)
		if err := os.RemoveAll(scratch); err != nil {
			return err
		}
	}
	return nil
}

func best(a, b time.Duration) time.Duration {
	if a == 0 {
		return b
	}
	return min(a, b)
}

// Plain reads a tab-separated UTF-8 FEC with DuckDB alone, typed, and writes it as
// zstd Parquet: what a person would do by hand, without any of our checks.
func Plain(ctx context.Context, file string) (err error) {
	temp, err := os.MkdirTemp(filepath.Dir(file), "plain-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	db, err := duck.Open(ctx, "", duck.Limits{MemoryBytes: 4 << 30, TempDir: temp, TempBytes: 50 << 30}, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	text, err := firstLine(file)
	if err != nil {
		return err
	}
	var columns []string
	for name := range strings.SplitSeq(text, "\t") {
		kind := "varchar"
		switch name {
		case "EcritureDate", "PieceDate", "DateLet", "ValidDate", "DateEcheance":
			kind = "date"
		case "Debit", "Credit", "Montantdevise":
			kind = "decimal(18, 2)"
		}
		columns = append(columns, duck.Text(name)+": "+duck.Text(kind))
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf(`copy (
		select * from read_csv(%s, delim = '\t', quote = '', escape = '', header = true, auto_detect = false,
			nullstr = '', decimal_separator = ',', dateformat = '%%Y%%m%%d', columns = {%s})
		) to %s (format parquet, compression zstd)`,
		duck.Text(file), strings.Join(columns, ", "), duck.Text(filepath.Join(temp, "plain.parquet"))))
	return err
}

// plainExport copies the items that are exported, sorted, by DuckDB alone: no sums, no
// hash, no manifest, nothing made durable.
func plainExport(ctx context.Context, dir, format string) (took time.Duration, err error) {
	data := filepath.Join(dir, "data")
	file := filepath.Join(dir, "plain."+format)
	defer func() { err = errors.Join(err, os.Remove(file)) }()
	started := time.Now()
	db, err := duck.Open(ctx, filepath.Join(data, "current", "warehouse.duckdb"), duck.Limits{
		MemoryBytes: 4 << 30, TempDir: filepath.Join(data, "tmp"), TempBytes: 50 << 30,
	}, true)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, fmt.Sprintf(`copy (
		select fct_items.* exclude (counterparty_id), counterparty_id, counterparty_name
		from fct_items inner join dim_counterparties using (entity_id, side, counterparty_id)
		where entity_id = %s and side = 'customer'
		order by entity_id, counterparty_id, item_id
		) to %s (format %s)`, duck.Text(exportEntity), duck.Text(file), format))
	return time.Since(started), err
}

func firstLine(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	head := make([]byte, 4096)
	n, err := f.Read(head)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(head[:n]), "\n")
	return strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), "\r"), nil
}
