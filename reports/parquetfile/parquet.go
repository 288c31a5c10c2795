// Package parquetfile writes a report as Parquet, compressed by zstd, with what it
// stands on in the key-value metadata of the file.
//
// Invariant: the types are those of the warehouse (DECIMAL, DATE, NULL), and a
// file is handed on only after its footer says as many rows as were announced.
package parquetfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/warehouse/duck"
)

// Write writes the table to w, which it does not close. The file is made in the
// temporary folder of the table first: a Parquet file cannot be streamed.
func Write(ctx context.Context, t table.Table, w io.Writer) (err error) {
	folder, err := os.MkdirTemp(t.TempDir, "parquet-")
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "report.parquet")
	options := "format parquet, compression zstd, kv_metadata {" + metadata(t.Facts) + "}"
	if err := t.Source.CopyToFile(ctx, path, options, t.Plain(), t.Args...); err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	defer file.Close() // it was only read
	if err := check(t, file); err != nil {
		return err
	}
	if _, err := io.Copy(w, file); err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	return nil
}

func metadata(facts []table.Fact) string {
	var pairs []string
	for _, fact := range facts {
		pairs = append(pairs, duck.Ident(fact.Name)+": "+duck.Text(fact.Value))
	}
	return strings.Join(pairs, ", ")
}

// check reads the footer.
func check(t table.Table, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("verify report %q: %w", t.Name, err)
	}
	written, err := parquet.OpenFile(file, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return fmt.Errorf("verify report %q: %w", t.Name, err)
	}
	if err := t.CheckRows(written.NumRows()); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("verify report %q: %w", t.Name, err)
	}
	return nil
}
