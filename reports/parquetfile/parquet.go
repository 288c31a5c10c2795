// Package parquetfile writes a report as Parquet, compressed by zstd, with what it
// stands on in the key-value metadata of the file.
//
// Invariant: the types are those of the warehouse (DECIMAL, DATE, NULL), and a
// file is handed on only where its footer says as many rows as were announced.
package parquetfile

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/encours/encours/reports/table"
)

// Write writes the table to w, which it does not close: the Parquet file in which
// the table holds its rows, with a footer that also has the facts.
func Write(_ context.Context, t table.Table, w io.Writer) error {
	file, err := t.File()
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	defer file.Close() // it is only read
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	rows, err := parquet.OpenFile(file, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	if err := t.CheckRows(rows.NumRows()); err != nil {
		return err
	}
	if err := seal(w, file, info.Size(), rows.Metadata(), t.Facts); err != nil {
		return fmt.Errorf("write report %q: %w", t.Name, err)
	}
	return nil
}

// tail is the length of the footer and the magic number (Apache Parquet format,
// "File format"): the last eight bytes of a file.
const (
	tail  = 8
	magic = "PAR1"
)

// seal copies a Parquet file with the facts in its footer.
func seal(w io.Writer, file io.ReaderAt, size int64, about *format.FileMetaData, facts []table.Fact) error {
	var end [tail]byte
	if _, err := file.ReadAt(end[:], size-tail); err != nil {
		return err
	}
	pages := size - tail - int64(binary.LittleEndian.Uint32(end[:]))
	for _, fact := range facts {
		about.KeyValueMetadata = append(about.KeyValueMetadata, format.KeyValue{Key: fact.Name, Value: fact.Value})
	}
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), about)
	if err != nil {
		return fmt.Errorf("write its footer: %w", err)
	}
	footer = binary.LittleEndian.AppendUint32(footer, uint32(len(footer)))
	if _, err := io.Copy(w, io.NewSectionReader(file, 0, pages)); err != nil {
		return err
	}
	_, err = w.Write(append(footer, magic...))
	return err
}
