package push

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
)

type parquetRow struct {
	ID       string `parquet:"document_id"`
	Issued   *int32 `parquet:"issue_date,date,optional"`
	Amount   int64  `parquet:"amount,decimal(3:18)"`
	Number   *int32 `parquet:"instalment,optional"`
	Disputed *bool  `parquet:"is_disputed,optional"`
}

func parquetFile[T any](t testing.TB, rows []T, options ...parquet.WriterOption) []byte {
	t.Helper()
	var out bytes.Buffer
	w := parquet.NewGenericWriter[T](&out, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func someRows() []parquetRow {
	yes, two, day := true, int32(2), int32(20_119)
	return []parquetRow{
		{ID: "F1", Issued: &day, Amount: 10_500, Disputed: &yes},
		{ID: "É=cmd", Amount: -5, Number: &two},
		{ID: "F3", Amount: 99_999_999_999_999_999},
	}
}

const someText = "1|F1|2025-01-31|10.500||true\n2|É=cmd||-0.01|2|\n3|F3||99999999999999.999||"

func TestParquet(t *testing.T) {
	want := strings.NewReplacer("10.500", "10.50", "99999999999999.999", "100000000000000.00").Replace(someText)
	for name, codec := range map[string]compress.Codec{
		"plain": &parquet.Uncompressed, "snappy": &parquet.Snappy, "gzip": &parquet.Gzip, "zstd": &parquet.Zstd,
	} {
		for _, version := range []int{1, 2} {
			got, err := decode(t, Parquet, parquetFile(t, someRows(), parquet.Compression(codec), parquet.DataPageVersion(version)), testLimits)
			if err != nil || got.text() != want {
				t.Errorf("%s, pages of version %d: %v\n%s\nwant\n%s", name, version, err, got.text(), want)
			}
		}
	}
}

func TestParquetRefused(t *testing.T) {
	type other struct {
		ID   string   `parquet:"document_id"`
		Tags []string `parquet:"amount,list"`
	}
	type float struct {
		ID     string  `parquet:"document_id"`
		Amount float32 `parquet:"amount"`
	}
	type unknown struct {
		ID string `parquet:"id"`
	}
	whole := parquetFile(t, someRows(), parquet.Compression(&parquet.Zstd))
	zeros := make([]parquetRow, 100)
	zeros[0].ID = strings.Repeat("0", 8<<20)
	lying := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(lying[len(lying)-8:], 1<<31-1)
	for _, c := range []struct {
		name string
		body []byte
		code string
	}{
		{"a list", parquetFile(t, []other{{ID: "a"}}), "parquet.type"},
		{"a short float", parquetFile(t, []float{{ID: "a"}}), "parquet.type"},
		{"another name", parquetFile(t, []unknown{{ID: "a"}}), "fields.unknown"},
		{"cut off", whole[:len(whole)-9], "parquet.invalid"},
		{"nothing", nil, "parquet.invalid"},
		{"text", []byte(`{"document_id":"F1"}`), "parquet.invalid"},
		{"a footer that is not there", lying, "parquet.invalid"},
		{"a page of eight megabytes in some kilobytes", parquetFile(t, zeros, parquet.Compression(&parquet.Zstd)), CodeTooLarge},
		{"too many rows", parquetFile(t, make([]parquetRow, 101)), CodeTooLarge},
		{"brotli", parquetFile(t, someRows(), parquet.Compression(&parquet.Brotli)), "parquet.compression"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(t, Parquet, c.body, testLimits)
			if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Code != c.code {
				t.Errorf("%v, want a refusal %s", err, c.code)
			}
		})
	}
}

// TestParquetDamaged changes every byte of a file: it is read or refused, never a
// crash, and a page that says less than it holds is found.
func TestParquetDamaged(t *testing.T) {
	whole := parquetFile(t, someRows(), parquet.Compression(&parquet.Snappy))
	for i := range whole {
		for _, change := range []byte{0x01, 0x80, 0xFF} {
			body := bytes.Clone(whole)
			body[i] ^= change
			_, err := decode(t, Parquet, body, testLimits)
			if _, ok := errors.AsType[*Refusal](err); err != nil && !ok {
				t.Fatalf("byte %d: not a refusal: %v", i, err)
			}
		}
	}
}

func FuzzParquet(f *testing.F) {
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Zstd, &parquet.Gzip} {
		f.Add(parquetFile(f, someRows(), parquet.Compression(codec)))
		f.Add(parquetFile(f, someRows(), parquet.Compression(codec), parquet.DataPageVersion(1)))
	}
	fuzzDecode(f, Parquet)
}
