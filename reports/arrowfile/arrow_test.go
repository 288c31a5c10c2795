package arrowfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/encours/encours/reports/arrowfile"
	"github.com/encours/encours/reports/table/tabletest"
)

const want = `[1 2 3 4 5 6 7]
["=cmd|' /C calc'!A0" (null) "" "Société \"É\", N° 1;\nbis" "＋33 1" "-5" "a=b"]
[2024-02-29 (null) 1999-12-31 2024-01-01 2024-01-01 2024-01-01 2024-01-01]
[-1234.5 (null) 0 0.1 9999999999999999.99 -0.01 -0.16]
[0.25 (null) 0 1 -1e-06 0 0]
[true (null) false true true true true]
`

func TestWrite(t *testing.T) {
	awkward := tabletest.Held(t, tabletest.Awkward(t))
	var out bytes.Buffer
	if err := arrowfile.Write(t.Context(), awkward, &out); err != nil {
		t.Fatal(err)
	}
	file, err := ipc.NewFileReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	about := file.Schema().Metadata()
	if got, ok := about.GetValue("filters"); !ok || got != "a \"b\"; c, =d\n" {
		t.Errorf("filters %q", got)
	}
	if file.NumRecords() != 1 {
		t.Fatalf("%d record batches", file.NumRecords())
	}
	record, err := file.RecordBatch(0)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for i := range int(record.NumCols()) {
		column := record.Column(i)
		if strings.Contains(column.DataType().String(), "decimal") || column.DataType().Name() == "date32" {
			var values []string
			for row := range column.Len() {
				values = append(values, column.ValueStr(row))
			}
			fmt.Fprintln(&got, values)
			continue
		}
		fmt.Fprintln(&got, column)
	}
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

// TestAnErrorLeavesNoFooter: what was written before an error cannot be opened.
func TestAnErrorLeavesNoFooter(t *testing.T) {
	for name, rows := range map[string]int64{"fewer": 6, "more": 8} {
		t.Run(name, func(t *testing.T) {
			awkward := tabletest.Held(t, tabletest.Awkward(t))
			awkward.Rows = rows
			var out bytes.Buffer
			if err := arrowfile.Write(t.Context(), awkward, &out); err == nil || !strings.Contains(err.Error(), "7 written") {
				t.Fatalf("error %v", err)
			}
			if file, err := ipc.NewFileReader(bytes.NewReader(out.Bytes())); err == nil {
				t.Errorf("half a file opens: %d", file.NumRecords())
			}
		})
	}
	full := errors.New("full")
	if err := arrowfile.Write(t.Context(), tabletest.Held(t, tabletest.Awkward(t)), failing{full}); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

// TestManyRowsAreManyBatches: a large report is not one batch.
func TestManyRowsAreManyBatches(t *testing.T) {
	big := tabletest.Awkward(t)
	big.Args, big.Columns = nil, big.Columns[:1]
	big.Query = "select cast(i as bigint) as no from range(300000) as r(i)"
	var out bytes.Buffer
	if err := arrowfile.Write(t.Context(), tabletest.Held(t, big), &out); err != nil {
		t.Fatal(err)
	}
	file, err := ipc.NewFileReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if file.NumRecords() < 3 {
		t.Errorf("%d batches", file.NumRecords())
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
