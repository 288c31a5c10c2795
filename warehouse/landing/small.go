package landing

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	schema "github.com/encours/encours/sql"
)

// rowFile writes the canonical stream of one dataset as Parquet, without DuckDB:
// for batches too small to be worth an instance of it. Its types are those that
// DuckDB writes for the same contract.
type rowFile struct {
	columns  []rowColumn // of the stream, in its order
	constant []parquet.Value
	width    int // columns of the file
	writer   *parquet.GenericWriter[any]
	pending  []parquet.Row
	partial  []byte // of a record that has not ended
	rows     int64
}

// rowColumn is one field of the stream with its place in the file.
type rowColumn struct {
	schema.Column
	index         int
	digits, scale int // of a decimal
}

// newRowFile derives the file from the schema of the dataset.
func newRowFile(to io.Writer, contract schema.Table, b Batch) (*rowFile, error) {
	group := parquet.Group{}
	for _, c := range contract.Columns {
		if c.Name == "fiscal_year_start" {
			continue // known once the extract is read: it stands in the manifest
		}
		node, err := rowNode(c)
		if err != nil {
			return nil, err
		}
		group[c.Name] = node
	}
	file := parquet.NewSchema(contract.Name, group)
	f := &rowFile{width: len(file.Columns())}
	for _, c := range contract.Columns {
		leaf, ok := file.Lookup(c.Name)
		switch c.Name {
		case "fiscal_year_start":
		case "extra":
			for _, name := range []string{"key", "value"} {
				leaf, _ := file.Lookup("extra", "key_value", name)
				f.constant = append(f.constant, parquet.NullValue().Level(0, 0, leaf.ColumnIndex))
			}
		case "entity_id", "batch_id", "source_file":
			text := map[string]string{"entity_id": b.EntityID, "batch_id": b.ID, "source_file": b.SourceFile}[c.Name]
			f.constant = append(f.constant, f.level(parquet.ByteArrayValue([]byte(text)), c.NotNull, leaf.ColumnIndex))
		default:
			if !ok {
				return nil, fmt.Errorf("lay out dataset %q: internal error: no column %s", contract.Name, c.Name)
			}
			column := rowColumn{Column: c, index: leaf.ColumnIndex}
			column.digits, column.scale, _ = decimalType(c.Type)
			f.columns = append(f.columns, column)
		}
	}
	f.writer = parquet.NewGenericWriter[any](to, file, parquet.Compression(&parquet.Zstd))
	return f, nil
}

// rowNode is the Parquet type of a column.
func rowNode(c schema.Column) (parquet.Node, error) {
	var node parquet.Node
	digits, scale, isDecimal := decimalType(c.Type)
	switch {
	case c.Type == "varchar":
		node = parquet.String()
	case c.Type == "date":
		node = parquet.Date()
	case c.Type == "boolean":
		node = parquet.Leaf(parquet.BooleanType)
	case c.Type == "integer":
		node = parquet.Int(32)
	case c.Type == "bigint":
		node = parquet.Int(64)
	case c.Type == "map(varchar, varchar)":
		node = parquet.Map(parquet.String(), parquet.Optional(parquet.String()))
	case isDecimal && digits <= 9:
		node = parquet.Decimal(scale, digits, parquet.Int32Type)
	case isDecimal && digits <= 18:
		node = parquet.Decimal(scale, digits, parquet.Int64Type)
	default:
		return nil, fmt.Errorf("lay out column %q: internal error: no type %s", c.Name, c.Type)
	}
	if !c.NotNull {
		node = parquet.Optional(node)
	}
	return node, nil
}

func decimalType(name string) (digits, scale int, ok bool) {
	_, err := fmt.Sscanf(name, "decimal(%d, %d)", &digits, &scale)
	return digits, scale, err == nil
}

func (f *rowFile) level(v parquet.Value, required bool, index int) parquet.Value {
	if required {
		return v.Level(0, 0, index)
	}
	return v.Level(0, 1, index)
}

// Write takes a part of the stream; records may be cut anywhere.
func (f *rowFile) Write(p []byte) (int, error) {
	taken := len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			f.partial = append(f.partial, p...)
			break
		}
		record := p[:end]
		if len(f.partial) > 0 {
			record = append(f.partial, record...)
			f.partial = nil
		}
		if err := f.add(string(record)); err != nil {
			return 0, err
		}
		p = p[end+1:]
	}
	return taken, nil
}

// add takes one record.
func (f *rowFile) add(record string) error {
	fields := strings.Split(record, "\x1f")
	if len(fields) != len(f.columns) {
		return fmt.Errorf("internal error: record %d of the canonical stream has %d fields and needs %d", f.rows+1, len(fields), len(f.columns))
	}
	row := make(parquet.Row, f.width)
	for _, v := range f.constant {
		row[v.Column()] = v
	}
	for i, c := range f.columns {
		value, err := c.value(fields[i])
		if err != nil {
			return fmt.Errorf("internal error: record %d of the canonical stream was not accepted in column %q: %w", f.rows+1, c.Name, err)
		}
		if value.IsNull() {
			row[c.index] = value.Level(0, 0, c.index)
			continue
		}
		row[c.index] = f.level(value, c.NotNull, c.index)
	}
	f.rows++
	f.pending = append(f.pending, row)
	if len(f.pending) >= 1000 {
		return f.flush()
	}
	return nil
}

func (f *rowFile) flush() error {
	_, err := f.writer.WriteRows(f.pending)
	f.pending = f.pending[:0]
	return err
}

// Close writes what is pending and the footer.
func (f *rowFile) Close() error {
	if len(f.partial) > 0 {
		return fmt.Errorf("internal error: record %d of the canonical stream does not end", f.rows+1)
	}
	if err := f.flush(); err != nil {
		return err
	}
	return f.writer.Close()
}

// value reads one field of the stream; an empty one is null.
func (c rowColumn) value(text string) (parquet.Value, error) {
	switch {
	case text == "" && c.NotNull:
		return parquet.Value{}, fmt.Errorf("it is empty")
	case text == "":
		return parquet.NullValue(), nil
	case c.Type == "varchar":
		return parquet.ByteArrayValue([]byte(text)), nil
	case c.Type == "date":
		day, err := time.Parse(time.DateOnly, text)
		return parquet.Int32Value(int32(day.Unix() / (24 * 60 * 60))), err
	case c.Type == "boolean":
		yes, err := strconv.ParseBool(text)
		return parquet.BooleanValue(yes), err
	case c.Type == "integer":
		n, err := strconv.ParseInt(text, 10, 32)
		return parquet.Int32Value(int32(n)), err
	case c.Type == "bigint":
		n, err := strconv.ParseInt(text, 10, 64)
		return parquet.Int64Value(n), err
	}
	n, err := unscaled(text, c.digits, c.scale)
	if c.digits <= 9 {
		return parquet.Int32Value(int32(n)), err
	}
	return parquet.Int64Value(n), err
}

// unscaled reads plain decimal text as a count of units of the last digit.
func unscaled(text string, digits, scale int) (int64, error) {
	whole, fraction, _ := strings.Cut(text, ".")
	if len(fraction) > scale {
		return 0, fmt.Errorf("%q has more than %d decimals", text, scale)
	}
	n, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", scale-len(fraction)), 10, 64)
	if err != nil {
		return 0, err
	}
	if limit := int64(math.Pow10(digits)); n <= -limit || n >= limit {
		return 0, fmt.Errorf("%q has more than %d digits", text, digits)
	}
	return n, nil
}
