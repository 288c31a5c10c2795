//go:build duckdb_arrow

package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/parquet-go/parquet-go"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
)

func parquetPayment(t *testing.T) string {
	t.Helper()
	type payment struct {
		Side   string `parquet:"side"`
		ID     string `parquet:"payment_id"`
		Party  string `parquet:"counterparty_id"`
		Day    int32  `parquet:"payment_date,date"`
		Amount int64  `parquet:"amount,decimal(2:18)"`
	}
	var out bytes.Buffer
	w := parquet.NewGenericWriter[payment](&out)
	if _, err := w.Write([]payment{{"customer", "in parquet", "C1", 20_103, 1050}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func arrowPayment(t *testing.T) string {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "side", Type: arrow.BinaryTypes.String}, {Name: "payment_id", Type: arrow.BinaryTypes.String},
		{Name: "counterparty_id", Type: arrow.BinaryTypes.String}, {Name: "payment_date", Type: arrow.FixedWidthTypes.Date32},
		{Name: "amount", Type: arrow.PrimitiveTypes.Float64},
	}, nil)
	b := array.NewRecordBuilder(memory.NewGoAllocator(), schema)
	for i, text := range []string{"customer", "in arrow", "C1"} {
		b.Field(i).(*array.StringBuilder).Append(text)
	}
	b.Field(3).(*array.Date32Builder).Append(20_103)
	b.Field(4).(*array.Float64Builder).Append(10.5)
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	if err := errors.Join(w.Write(b.NewRecordBatch()), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestPushColumnar: Parquet and Arrow land as text does.
func TestPushColumnar(t *testing.T) {
	dir := newProject(t, "")
	token := newToken(t, dir, "--name", "erp", "--datasets", "payments")
	url := serveProcess(t, dir) + landAPI + "payments"
	for contentType, body := range map[string]string{
		"application/vnd.apache.parquet": parquetPayment(t), "application/vnd.apache.arrow.stream": arrowPayment(t), ndjson: onePay,
	} {
		if got, err := send(url, token, contentType, body); err != nil || got.status != 201 || got.Rows != 1 {
			t.Errorf("%s: %+v, %v", contentType, got, err)
		}
	}
	zone := landing.Open(filepath.Join(dir, "data"))
	batches, err := zone.Batches(t.Context())
	if err != nil || len(batches) != 3 {
		t.Fatalf("%d batches, %v", len(batches), err)
	}
	db, err := duck.Open(t.Context(), "", duck.Limits{MemoryBytes: 1 << 30, Threads: 1, TempDir: t.TempDir(), TempBytes: 1 << 30}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, b := range batches {
		var row string
		if err := db.QueryRowContext(t.Context(), "select concat_ws(' ', side, counterparty_id, payment_date, amount, entity_id, source_line) from read_parquet("+
			duck.Text(zone.Path(b))+")").Scan(&row); err != nil {
			t.Fatal(err)
		}
		if want := "customer C1 2025-01-15 10.50 ACME 1"; row != want {
			t.Errorf("%s: %s, want %s", b.SourceFile, row, want)
		}
	}
}
