package table

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// parquetReader streams the rows of a Parquet file; the line of a record is its
// number. Columns that repeat are left out.
type parquetReader struct {
	file    *os.File
	groups  []parquet.RowGroup
	rows    parquet.Rows
	buf     []parquet.Row
	have    []parquet.Row // of buf, not returned yet
	columns []parquetColumn
	number  int64
}

type parquetColumn struct {
	name string
	at   int // among the columns that are read; -1: left out
	read func(parquet.Value) cell
}

const maxRowGroup = 4 << 30 // uncompressed bytes

func openParquet(path string) (r *parquetReader, names, leftOut []string, err error) {
	defer recovered(&err)
	in, err := os.Open(path)
	if err != nil {
		return nil, nil, nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, in.Close())
		}
	}()
	info, err := in.Stat()
	if err != nil {
		return nil, nil, nil, err
	}
	file, err := parquet.OpenFile(in, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, nil, nil, fmt.Errorf("it is not a Parquet file: %w", err)
	}
	for _, group := range file.Metadata().RowGroups {
		if group.TotalByteSize > maxRowGroup {
			return nil, nil, nil, fmt.Errorf("a row group of %d bytes: %w", group.TotalByteSize, errPacked)
		}
	}
	r = &parquetReader{file: in, groups: file.RowGroups(), buf: make([]parquet.Row, 256)}
	for _, path := range file.Schema().Columns() {
		leaf, _ := file.Schema().Lookup(path...)
		c := parquetColumn{name: strings.Join(path, "."), at: -1}
		if leaf.MaxRepetitionLevel > 0 {
			leftOut = append(leftOut, c.name)
		} else {
			c.at, c.read = len(names), parquetCell(leaf.Node.Type())
			names = append(names, c.name)
		}
		r.columns = append(r.columns, c)
	}
	return r, names, leftOut, nil
}

// recovered makes an error of a panic of the Parquet library on a damaged file.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = errors.Join(*err, fmt.Errorf("the Parquet file is damaged: %v", p))
	}
}

func (r *parquetReader) close() (err error) {
	defer recovered(&err)
	if r.rows != nil {
		err = r.rows.Close()
	}
	return errors.Join(err, r.file.Close())
}

func (r *parquetReader) next(out *row) (err error) {
	defer recovered(&err)
	out.fault, out.raw = nil, ""
	for len(r.have) == 0 {
		if r.rows == nil {
			if len(r.groups) == 0 {
				return io.EOF
			}
			r.rows, r.groups = r.groups[0].Rows(), r.groups[1:]
		}
		n, err := r.rows.ReadRows(r.buf)
		r.have = r.buf[:n]
		if errors.Is(err, io.EOF) {
			err = r.rows.Close()
			r.rows = nil
		}
		if err != nil {
			return fmt.Errorf("after record %d: %w", r.number, err)
		}
	}
	values := r.have[0]
	r.have = r.have[1:]
	r.number++
	out.line = r.number
	out.cells = out.cells[:0]
	for _, v := range values {
		i := v.Column()
		if i < 0 || i >= len(r.columns) || r.columns[i].at < 0 {
			continue
		}
		c := r.columns[i]
		for len(out.cells) <= c.at {
			out.cells = append(out.cells, cell{})
		}
		if !v.IsNull() {
			out.cells[c.at] = c.read(v)
		}
	}
	return nil
}

// parquetCell reads the values of a column by its type.
func parquetCell(t parquet.Type) func(parquet.Value) cell {
	var logical format.LogicalTypeValue
	if l := t.LogicalType(); l != nil {
		logical = l.Value
	}
	switch l := logical.(type) {
	case *format.DecimalType:
		return func(v parquet.Value) cell { return cell{number, decimalText(v, int(l.Scale))} }
	case *format.DateType:
		return func(v parquet.Value) cell { return dayCell(time.Unix(int64(v.Int32())*86400, 0)) }
	case *format.TimestampType:
		unit := time.Nanosecond
		switch l.Unit.Value.(type) {
		case *format.MilliSeconds:
			unit = time.Millisecond
		case *format.MicroSeconds:
			unit = time.Microsecond
		}
		return func(v parquet.Value) cell {
			n := v.Int64()
			perSecond := int64(time.Second / unit)
			return dayCell(time.Unix(n/perSecond, n%perSecond*int64(unit)))
		}
	case *format.IntType:
		if !l.IsSigned {
			return func(v parquet.Value) cell {
				if v.Kind() == parquet.Int32 {
					return cell{number, strconv.FormatUint(uint64(v.Uint32()), 10)}
				}
				return cell{number, strconv.FormatUint(v.Uint64(), 10)}
			}
		}
	case *format.UUIDType:
		return func(v parquet.Value) cell { return cell{text, hex.EncodeToString(v.ByteArray())} }
	}
	return plainParquet
}

func dayCell(t time.Time) cell { return cell{day, t.UTC().Format(time.DateOnly)} }

func plainParquet(v parquet.Value) cell {
	switch v.Kind() {
	case parquet.Boolean:
		return cell{boolean, strconv.FormatBool(v.Boolean())}
	case parquet.Int32:
		return cell{number, strconv.FormatInt(int64(v.Int32()), 10)}
	case parquet.Int64:
		return cell{number, strconv.FormatInt(v.Int64(), 10)}
	case parquet.Int96:
		return int96Cell(v.Int96())
	case parquet.Float:
		return floatCell(float64(v.Float()), 32)
	case parquet.Double:
		return floatCell(v.Double(), 64)
	}
	if b := v.ByteArray(); utf8.Valid(b) {
		return cell{text, string(b)}
	}
	return cell{fault, "bytes that are no text"}
}

// int96Cell is a time stamp of old writers: nanoseconds and a Julian day.
func int96Cell(v deprecated.Int96) cell {
	const unixEpoch = 2440588
	return dayCell(time.Unix((int64(v[2])-unixEpoch)*86400, 0))
}

func floatCell(v float64, bits int) cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return cell{fault, strconv.FormatFloat(v, 'g', -1, bits)}
	}
	return cell{number, strconv.FormatFloat(v, 'f', -1, bits)}
}

// decimalText is a DECIMAL, whatever type stores it.
func decimalText(v parquet.Value, scale int) string {
	unscaled := new(big.Int)
	switch v.Kind() {
	case parquet.Int32:
		unscaled.SetInt64(int64(v.Int32()))
	case parquet.Int64:
		unscaled.SetInt64(v.Int64())
	default:
		b := v.ByteArray()
		unscaled.SetBytes(b)
		if len(b) > 0 && b[0] >= 0x80 { // two's complement
			unscaled.Sub(unscaled, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
	}
	digits := new(big.Int).Abs(unscaled).String()
	if scale > 0 {
		if missing := scale + 1 - len(digits); missing > 0 {
			digits = strings.Repeat("0", missing) + digits
		}
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if unscaled.Sign() < 0 {
		digits = "-" + digits
	}
	return digits
}
