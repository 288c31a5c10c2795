//go:build duckdb_arrow

package push

import (
	"bytes"
	"errors"
	"io"
	"math/big"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

const arrowBuilt = true

// arrowMagic begins and ends an IPC file; between them lies a stream, after the
// first one at a multiple of eight bytes.
const arrowMagic = "ARROW1"

// readArrow reads an IPC stream, or the stream that an IPC file holds.
func (s *sink) readArrow(body []byte) (err error) {
	defer recovered("arrow.invalid", "Arrow", &err)
	if bytes.HasPrefix(body, []byte(arrowMagic)) {
		if !bytes.HasSuffix(body, []byte(arrowMagic)) || len(body) < 8 {
			return refuse("arrow.invalid", "the Arrow file has no end: it was cut off")
		}
		body = body[8:]
	}
	stream, err := arrowFrames(body, s.limits)
	if err != nil {
		return err
	}
	// what comes unpacked is copied once more
	reader, err := ipc.NewReader(bytes.NewReader(stream), ipc.WithAllocator(&budget{left: s.limits.MaxBytes + 2*int64(len(body))}))
	if err != nil {
		return arrowRefusal(err)
	}
	defer reader.Release()
	fields := reader.Schema().Fields()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	places, err := s.place(names)
	if err != nil {
		return err
	}
	var number int64
	for reader.Next() {
		if err := s.arrowBatch(reader.RecordBatch(), names, places, &number); err != nil {
			return err
		}
	}
	if err := reader.Err(); err != nil && !errors.Is(err, io.EOF) {
		return arrowRefusal(err)
	}
	return nil
}

func arrowRefusal(err error) error {
	if errors.Is(err, errBudget) || strings.Contains(err.Error(), errBudget.Error()) {
		return budgetRefusal()
	}
	return refuse("arrow.invalid", "this is not a valid Arrow message: %v", err)
}

func (s *sink) arrowBatch(batch arrow.RecordBatch, names []string, places []int, number *int64) error {
	if batch.NumRows() > s.limits.MaxRows {
		return s.tooManyRows()
	}
	convert := make([]func(int) any, len(names))
	for i := range names {
		if int64(batch.Column(i).Len()) != batch.NumRows() {
			return refuse("arrow.invalid", "the column %q has not as many values as the others: the message is damaged", names[i])
		}
		if convert[i] = arrowKind(batch.Column(i)); convert[i] == nil {
			return refuse("arrow.type", "the column %q is of the type %s, which is not read here: write a text, a number, a date or a boolean",
				names[i], batch.Column(i).DataType())
		}
	}
	values := make([]any, len(names))
	raw := rawOf(names, values)
	for row := range int(batch.NumRows()) {
		*number++
		for i := range values {
			values[i] = nil
			if batch.Column(i).IsValid(row) {
				values[i] = convert[i](row)
			}
		}
		if err := s.add(*number, places, values, raw); err != nil {
			return err
		}
	}
	return nil
}

// arrowKind says how the values of an array are read; nil for a type that no field
// can take.
func arrowKind(values arrow.Array) func(int) any {
	switch a := values.(type) {
	case *array.Null:
		return func(int) any { return nil }
	case *array.Boolean:
		return func(i int) any { return a.Value(i) }
	case *array.String:
		return func(i int) any { return a.Value(i) }
	case *array.LargeString:
		return func(i int) any { return a.Value(i) }
	case *array.StringView:
		return func(i int) any { return a.Value(i) }
	case *array.Int8:
		return func(i int) any { return int64(a.Value(i)) }
	case *array.Int16:
		return func(i int) any { return int64(a.Value(i)) }
	case *array.Int32:
		return func(i int) any { return int64(a.Value(i)) }
	case *array.Int64:
		return func(i int) any { return a.Value(i) }
	case *array.Uint8:
		return func(i int) any { return int64(a.Value(i)) }
	case *array.Uint16:
		return func(i int) any { return int64(a.Value(i)) }
	case *array.Uint32:
		return func(i int) any { return int64(a.Value(i)) }
	case *array.Uint64:
		return func(i int) any { return new(big.Int).SetUint64(a.Value(i)).String() }
	case *array.Float64:
		return func(i int) any { return a.Value(i) }
	case *array.Date32:
		return func(i int) any { return a.Value(i).ToTime() }
	case *array.Date64:
		return func(i int) any { return a.Value(i).ToTime() }
	case *array.Timestamp:
		return arrowTimestamp(a)
	case *array.Decimal32:
		return arrowDecimal(a, func(i int) *big.Int { return big.NewInt(int64(a.Value(i))) })
	case *array.Decimal64:
		return arrowDecimal(a, func(i int) *big.Int { return big.NewInt(int64(a.Value(i))) })
	case *array.Decimal128:
		return arrowDecimal(a, func(i int) *big.Int { return a.Value(i).BigInt() })
	case *array.Decimal256:
		return arrowDecimal(a, func(i int) *big.Int { return a.Value(i).BigInt() })
	case *array.Dictionary:
		read := arrowKind(a.Dictionary())
		if read == nil {
			return nil
		}
		return func(i int) any {
			if at := a.GetValueIndex(i); a.Dictionary().IsValid(at) {
				return read(at)
			}
			return nil
		}
	}
	return nil
}

func arrowTimestamp(a *array.Timestamp) func(int) any {
	read, err := a.DataType().(*arrow.TimestampType).GetToTimeFunc()
	if err != nil {
		return nil
	}
	return func(i int) any { return read(a.Value(i)) }
}

// arrowDecimal reads unscaled integers as plain decimal text.
func arrowDecimal(a arrow.Array, unscaled func(int) *big.Int) func(int) any {
	t, ok := a.DataType().(arrow.DecimalType)
	if !ok || t.GetScale() < 0 || t.GetScale() > 76 {
		return nil
	}
	return func(i int) any { return decimalText(unscaled(i), int(t.GetScale())) }
}

// budget is an allocator that ends a message that takes too much.
type budget struct {
	memory.GoAllocator
	left int64
}

func (b *budget) take(size int) {
	if b.left -= int64(size); size < 0 || b.left < 0 {
		panic(errBudget)
	}
}

// Allocate implements memory.Allocator.
func (b *budget) Allocate(size int) []byte {
	b.take(size)
	return b.GoAllocator.Allocate(size)
}

// Reallocate implements memory.Allocator.
func (b *budget) Reallocate(size int, old []byte) []byte {
	b.take(size)
	return b.GoAllocator.Reallocate(size, old)
}
