package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/parquet-go/parquet-go"

	"github.com/encours/encours/reports/table"
)

// openParquet reads the facts in the metadata of the footer.
func openParquet(file *os.File) (export, error) {
	e := export{facts: map[string]string{}}
	info, err := file.Stat()
	if err != nil {
		return e, err
	}
	source, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		return e, fmt.Errorf("it is no whole Parquet file: %w", err)
	}
	for _, pair := range source.Metadata().KeyValueMetadata {
		e.facts[pair.Key] = pair.Value
	}
	for _, column := range source.Root().Columns() {
		e.columns = append(e.columns, column.Name())
	}
	e.rows = func(ctx context.Context, columns []table.Column, each func([]string)) error {
		for _, group := range source.RowGroups() {
			rows := group.Rows()
			err := parquetRows(ctx, rows, columns, each)
			if err = errors.Join(err, rows.Close()); err != nil {
				return err
			}
		}
		return nil
	}
	return e, nil
}

func parquetRows(ctx context.Context, rows parquet.Rows, columns []table.Column, each func([]string)) error {
	buffer, values := make([]parquet.Row, 512), make([]string, len(columns))
	for ctx.Err() == nil {
		n, err := rows.ReadRows(buffer)
		for _, row := range buffer[:n] {
			for _, value := range row {
				values[value.Column()] = parquetText(value, columns[value.Column()])
			}
			each(values)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func parquetText(value parquet.Value, c table.Column) string {
	if value.IsNull() {
		return ""
	}
	whole := new(big.Int)
	switch value.Kind() {
	case parquet.Boolean:
		return strconv.FormatBool(value.Boolean())
	case parquet.Int32:
		whole.SetInt64(int64(value.Int32()))
	case parquet.Int64:
		whole.SetInt64(value.Int64())
	default:
		if c.Kind == table.Text {
			return table.Neutral(string(value.ByteArray()))
		}
		bytes := value.ByteArray() // a wide decimal, the most significant byte first
		whole.SetBytes(bytes)
		if len(bytes) > 0 && bytes[0]&0x80 != 0 {
			whole.Sub(whole, new(big.Int).Lsh(big.NewInt(1), uint(8*len(bytes))))
		}
	}
	if c.Kind == table.Date {
		return dayText(whole.Int64())
	}
	return table.Fixed(whole, c.Scale)
}

func dayText(days int64) string { return time.Unix(days*86_400, 0).UTC().Format(time.DateOnly) }

// openArrow reads the facts in the metadata of the schema.
func openArrow(file *os.File) (export, error) {
	e := export{facts: map[string]string{}}
	source, err := ipc.NewFileReader(file)
	if err != nil {
		return e, fmt.Errorf("it is no whole Arrow file: %w", err)
	}
	about := source.Schema().Metadata()
	for i, name := range about.Keys() {
		e.facts[name] = about.Values()[i]
	}
	for _, field := range source.Schema().Fields() {
		e.columns = append(e.columns, field.Name)
	}
	e.rows = func(ctx context.Context, columns []table.Column, each func([]string)) (err error) {
		defer func() { err = errors.Join(err, source.Close()) }()
		for i := range source.NumRecords() {
			if err := ctx.Err(); err != nil {
				return err
			}
			batch, err := source.RecordBatch(i)
			if err != nil {
				return err
			}
			if err := arrowRows(batch, columns, each); err != nil {
				return err
			}
		}
		return nil
	}
	return e, nil
}

func arrowRows(batch arrow.RecordBatch, columns []table.Column, each func([]string)) error {
	values := make([]string, len(columns))
	for row := range int(batch.NumRows()) {
		for i, c := range columns {
			text, err := arrowText(batch.Column(i), row, c)
			if err != nil {
				return err
			}
			values[i] = text
		}
		each(values)
	}
	return nil
}

func arrowText(column arrow.Array, row int, c table.Column) (string, error) {
	if column.IsNull(row) {
		return "", nil
	}
	switch values := column.(type) {
	case *array.String:
		return table.Neutral(values.Value(row)), nil
	case *array.Boolean:
		return strconv.FormatBool(values.Value(row)), nil
	case *array.Date32:
		return dayText(int64(values.Value(row))), nil
	case *array.Int32:
		return strconv.FormatInt(int64(values.Value(row)), 10), nil
	case *array.Int64:
		return strconv.FormatInt(values.Value(row), 10), nil
	case *array.Decimal128:
		return table.Fixed(values.Value(row).BigInt(), c.Scale), nil
	}
	return "", fmt.Errorf("column %s has the type %s, which no export has", c.Name, column.DataType())
}
