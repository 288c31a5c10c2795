package parquetfile_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/encours/encours/reports/parquetfile"
	"github.com/encours/encours/reports/table/tabletest"
)

type row struct {
	No     int32   `parquet:"no"`
	Name   *string `parquet:"customer_name,optional"`
	Due    *int32  `parquet:"due_date,optional,date"`
	Amount *int64  `parquet:"open_amount,optional,decimal(2:18)"`
	IsLate *bool   `parquet:"is_late,optional"`
}

func TestWrite(t *testing.T) {
	awkward := tabletest.Held(t, tabletest.Awkward(t))
	var out bytes.Buffer
	if err := parquetfile.Write(t.Context(), awkward, &out); err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := file.Lookup("filters"); !ok || got != awkward.Facts[1].Value {
		t.Errorf("metadata %q", got)
	}
	rows, err := parquet.Read[row](bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || len(rows) != 7 {
		t.Fatal(len(rows), err)
	}
	if r := rows[1]; r.Name != nil || r.Due != nil || r.Amount != nil || r.IsLate != nil {
		t.Errorf("nulls: %+v", r)
	}
	got := fmt.Sprintf("%s %d %d %q %d", *rows[0].Name, *rows[0].Amount, *rows[0].Due, *rows[2].Name, *rows[4].Amount)
	if want := "=cmd|' /C calc'!A0 -123450 19782 \"\" 999999999999999999"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRowsAreCounted(t *testing.T) {
	awkward := tabletest.Held(t, tabletest.Awkward(t))
	awkward.Rows = 8
	var out bytes.Buffer
	if err := parquetfile.Write(t.Context(), awkward, &out); err == nil || !strings.Contains(err.Error(), "7 written") || out.Len() > 0 {
		t.Errorf("error %v, %d bytes written", err, out.Len())
	}
}
