//go:build duckdb_arrow

package push

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// seekable lets the writer of files count its bytes.
type seekable struct{ bytes.Buffer }

func (s *seekable) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return 0, errors.ErrUnsupported
	}
	return int64(s.Len()), nil
}

func arrowSchema() *arrow.Schema {
	return arrow.NewSchema([]arrow.Field{
		{Name: "document_id", Type: &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}},
		{Name: "issue_date", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		{Name: "amount", Type: &arrow.Decimal128Type{Precision: 18, Scale: 3}},
		{Name: "instalment", Type: arrow.PrimitiveTypes.Uint16, Nullable: true},
		{Name: "is_disputed", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	}, nil)
}

func arrowBatch(t testing.TB, id string) arrow.RecordBatch {
	t.Helper()
	b := array.NewRecordBuilder(memory.NewGoAllocator(), arrowSchema())
	ids := b.Field(0).(*array.BinaryDictionaryBuilder)
	for _, text := range []string{"F1", id, "F3"} {
		if err := ids.AppendString(text); err != nil {
			t.Fatal(err)
		}
	}
	b.Field(1).(*array.Date32Builder).Append(arrow.Date32FromTime(time.Date(2025, 1, 31, 0, 0, 0, 0, time.UTC)))
	b.Field(1).AppendNulls(2)
	b.Field(2).(*array.Decimal128Builder).AppendValues([]decimal128.Num{
		decimal128.FromI64(10_500), decimal128.FromI64(-5), decimal128.FromI64(99_999_999_999_999_999),
	}, nil)
	b.Field(3).(*array.Uint16Builder).AppendValues([]uint16{0, 2, 0}, []bool{false, true, false})
	b.Field(4).(*array.BooleanBuilder).AppendValues([]bool{true, false, false}, []bool{true, false, false})
	return b.NewRecordBatch()
}

func arrowStream(t testing.TB, id string, options ...ipc.Option) []byte {
	t.Helper()
	var out bytes.Buffer
	w := ipc.NewWriter(&out, append(options, ipc.WithSchema(arrowSchema()))...)
	if err := errors.Join(w.Write(arrowBatch(t, id)), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func arrowFile(t testing.TB) []byte {
	t.Helper()
	var out seekable
	w, err := ipc.NewFileWriter(&out, ipc.WithSchema(arrowSchema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(arrowBatch(t, "É=cmd")), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestArrow(t *testing.T) {
	want := strings.NewReplacer("10.500", "10.50", "99999999999999.999", "100000000000000.00").Replace(someText)
	for name, body := range map[string][]byte{
		"stream": arrowStream(t, "É=cmd"), "zstd": arrowStream(t, "É=cmd", ipc.WithZstd()),
		"lz4": arrowStream(t, "É=cmd", ipc.WithLZ4()), "file": arrowFile(t),
	} {
		if got, err := decode(t, Arrow, body, testLimits); err != nil || got.text() != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got.text(), want)
		}
	}
}

func TestArrowRefused(t *testing.T) {
	stream, file := arrowStream(t, "F2"), arrowFile(t)
	for _, c := range []struct {
		name   string
		body   []byte
		limits Limits
		code   string
	}{
		{"a stream cut off", stream[:len(stream)-30], testLimits, "arrow.invalid"},
		{"a file cut off", file[:len(file)-1], testLimits, "arrow.invalid"},
		{"nothing", nil, testLimits, "arrow.invalid"},
		{"text", []byte(`[{"document_id":"F1"}]`), testLimits, "arrow.invalid"},
		{"eight megabytes in some kilobytes", arrowStream(t, strings.Repeat("0", 8<<20), ipc.WithZstd()), testLimits, CodeTooLarge},
		{"too many rows", stream, Limits{MaxRows: 2, MaxBytes: 1 << 20}, CodeTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(t, Arrow, c.body, c.limits)
			if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Code != c.code {
				t.Errorf("%v, want a refusal %s", err, c.code)
			}
		})
	}
}

func FuzzArrow(f *testing.F) {
	f.Add(arrowStream(f, "F2"))
	f.Add(arrowStream(f, "F2", ipc.WithZstd()))
	f.Add(arrowStream(f, "F2", ipc.WithLZ4()))
	f.Add(arrowFile(f))
	fuzzDecode(f, Arrow)
}
