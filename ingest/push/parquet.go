package push

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// readParquet reads a file of flat columns. The library trusts much of what a file
// says of itself: sizes are checked before, and a panic refuses the message.
func (s *sink) readParquet(body []byte) (err error) {
	defer recovered("parquet.invalid", "Parquet", &err)
	if !hasFooter(body) {
		return refuse("parquet.invalid", "this is not a whole Parquet file: its beginning or its end is missing")
	}
	file, err := parquet.OpenFile(bytes.NewReader(body), int64(len(body)),
		parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.SkipMagicBytes(false))
	if err != nil {
		return refuse("parquet.invalid", "this is not a whole Parquet file: %v", err)
	}
	if file.NumRows() > s.limits.MaxRows {
		return s.tooManyRows()
	}
	fields := file.Root().Columns()
	names := make([]string, len(fields))
	for i, c := range fields {
		names[i] = c.Name()
	}
	places, err := s.place(names)
	if err != nil {
		return err
	}
	convert := make([]func(parquet.Value) any, len(fields))
	for i, c := range fields {
		if convert[i] = parquetKind(c); convert[i] == nil {
			return refuse("parquet.type", "the column %q is of the type %s, which is not read here: write a text, a number, a date or a boolean", c.Name(), c)
		}
	}
	if err := checkPages(file, body, s.limits); err != nil {
		return err
	}
	return s.parquetRows(file, names, places, convert)
}

// hasFooter says whether a file has its marks at both ends, and room for the footer
// that it says it has.
func hasFooter(body []byte) bool {
	const mark = "PAR1"
	if len(body) < 12 || string(body[:4]) != mark || string(body[len(body)-4:]) != mark {
		return false
	}
	return int64(binary.LittleEndian.Uint32(body[len(body)-8:])) <= int64(len(body)-12)
}

// recovered turns a panic of a library over a damaged message into a refusal.
func recovered(code, what string, err *error) {
	if cause := recover(); cause != nil {
		if limit, ok := cause.(error); ok && errors.Is(limit, errBudget) {
			*err = refuse(CodeTooLarge, "the message unpacks to more than push.max_body of encours.yaml allows: send it in parts")
			return
		}
		*err = refuse(code, "this is not a valid %s message: it is damaged", what)
	}
}

// errBudget says that a message unpacks to more than is allowed.
var errBudget = errors.New("the budget is used up")

func (s *sink) parquetRows(file *parquet.File, names []string, places []int, convert []func(parquet.Value) any) error {
	buffer := make([]parquet.Row, 64)
	values := make([]any, len(names))
	raw := rawOf(names, values)
	var number int64
	for _, group := range file.RowGroups() {
		rows := group.Rows()
		for {
			n, err := rows.ReadRows(buffer)
			for _, row := range buffer[:n] {
				number++
				clear(values)
				for _, v := range row {
					if !v.IsNull() {
						values[v.Column()] = convert[v.Column()](v)
					}
				}
				if err := s.add(number, places, values, raw); err != nil {
					return errors.Join(err, rows.Close())
				}
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return errors.Join(refuse("parquet.invalid", "record %d: the file is damaged: %v", number+1, err), rows.Close())
			}
		}
		if err := rows.Close(); err != nil {
			return fmt.Errorf("read message: %w", err)
		}
	}
	if number != file.NumRows() {
		return refuse("parquet.invalid", "the file says that it has %d records and has %d: it is damaged", file.NumRows(), number)
	}
	return nil
}

// parquetKind says how the values of a column are read; nil for a type that no
// field can take. Values are copied: a row is gone when the next ones are read.
func parquetKind(c *parquet.Column) func(parquet.Value) any {
	if !c.Leaf() || c.Repeated() {
		return nil
	}
	if t := c.Type().LogicalType(); t != nil {
		switch t := t.Value.(type) {
		case *format.DateType:
			return parquetDate
		case *format.TimestampType:
			return parquetTimestamp(t)
		case *format.DecimalType:
			return parquetDecimal(c.Type().Kind(), int(t.Scale))
		case *format.IntType:
			if !t.IsSigned {
				return parquetUnsigned(c.Type().Kind())
			}
		case *format.TimeType, *format.BsonType, *format.UUIDType, *format.Float16Type:
			return nil
		}
	} else if t := c.Type().ConvertedType(); t != nil {
		switch *t {
		case deprecated.Date:
			return parquetDate
		case deprecated.UTF8, deprecated.Enum, deprecated.Json,
			deprecated.Int8, deprecated.Int16, deprecated.Int32, deprecated.Int64:
		default:
			return nil
		}
	}
	switch c.Type().Kind() {
	case parquet.Boolean:
		return func(v parquet.Value) any { return v.Boolean() }
	case parquet.Int32:
		return func(v parquet.Value) any { return int64(v.Int32()) }
	case parquet.Int64:
		return func(v parquet.Value) any { return v.Int64() }
	case parquet.Double:
		return func(v parquet.Value) any { return v.Double() }
	case parquet.ByteArray:
		return func(v parquet.Value) any { return string(v.ByteArray()) }
	}
	return nil // a FLOAT has too few digits for money, the rest has no meaning here
}
