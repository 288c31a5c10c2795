package arrowfile

import (
	"fmt"
	"math/big"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/encours/encours/reports/table"
)

// column appends a value of one column to its array.
type column func(to array.Builder, value parquet.Value)

// columnsOf returns how the columns of a Parquet file become Arrow, and the schema
// that they have there, with the facts in its metadata.
func columnsOf(file *parquet.File, facts []table.Fact) ([]column, *arrow.Schema, error) {
	var columns []column
	var fields []arrow.Field
	for _, leaf := range file.Root().Columns() {
		kind, put, err := typeOf(leaf)
		if err != nil {
			return nil, nil, err
		}
		columns = append(columns, func(to array.Builder, value parquet.Value) {
			if value.IsNull() {
				to.AppendNull()
				return
			}
			put(to, value)
		})
		fields = append(fields, arrow.Field{Name: leaf.Name(), Type: kind, Nullable: true})
	}
	var names, values []string
	for _, fact := range facts {
		names, values = append(names, fact.Name), append(values, fact.Value)
	}
	about := arrow.NewMetadata(names, values)
	return columns, arrow.NewSchema(fields, &about), nil
}

// typeOf is the Arrow type of a column that DuckDB wrote.
func typeOf(leaf *parquet.Column) (arrow.DataType, column, error) {
	stored := leaf.Type()
	if logical := stored.LogicalType(); logical != nil {
		switch kind := logical.Value.(type) {
		case *format.DecimalType:
			return &arrow.Decimal128Type{Precision: kind.Precision, Scale: kind.Scale}, putDecimal, nil
		case *format.DateType:
			return arrow.FixedWidthTypes.Date32, func(to array.Builder, value parquet.Value) {
				to.(*array.Date32Builder).Append(arrow.Date32(value.Int32()))
			}, nil
		}
	}
	switch {
	case stored.Kind() == parquet.ByteArray:
		return arrow.BinaryTypes.String, func(to array.Builder, value parquet.Value) {
			to.(*array.StringBuilder).Append(string(value.ByteArray()))
		}, nil
	case stored.Kind() == parquet.Boolean:
		return arrow.FixedWidthTypes.Boolean, func(to array.Builder, value parquet.Value) {
			to.(*array.BooleanBuilder).Append(value.Boolean())
		}, nil
	case stored.Kind() == parquet.Int32:
		return arrow.PrimitiveTypes.Int32, func(to array.Builder, value parquet.Value) {
			to.(*array.Int32Builder).Append(value.Int32())
		}, nil
	case stored.Kind() == parquet.Int64:
		return arrow.PrimitiveTypes.Int64, func(to array.Builder, value parquet.Value) {
			to.(*array.Int64Builder).Append(value.Int64())
		}, nil
	}
	return nil, nil, fmt.Errorf("column %q has the type %s, which no Arrow column is made of", leaf.Name(), stored)
}

// putDecimal takes the three ways in which Parquet keeps a decimal: 32 or 64 bits,
// or the bytes of an integer of any width, the most significant first.
func putDecimal(to array.Builder, value parquet.Value) {
	var number decimal128.Num
	switch value.Kind() {
	case parquet.Int32:
		number = decimal128.FromI64(int64(value.Int32()))
	case parquet.Int64:
		number = decimal128.FromI64(value.Int64())
	default:
		bytes := value.ByteArray()
		whole := new(big.Int).SetBytes(bytes)
		if len(bytes) > 0 && bytes[0]&0x80 != 0 {
			whole.Sub(whole, new(big.Int).Lsh(big.NewInt(1), uint(8*len(bytes))))
		}
		number = decimal128.FromBigInt(whole)
	}
	to.(*array.Decimal128Builder).Append(number)
}
