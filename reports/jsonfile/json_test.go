package jsonfile

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/encours/encours/reports/table/tabletest"
)

const want = `{"meta":{"encours_report":"awkward","filters":"a \"b\"; c, =d\n","rows":7},"rows":[
{"no":1,"customer_name":"=cmd|' /C calc'!A0","due_date":"2024-02-29","open_amount":-1234.50,"share_ratio":0.25,"is_late":true},
{"no":2,"customer_name":null,"due_date":null,"open_amount":null,"share_ratio":null,"is_late":null},
{"no":3,"customer_name":"","due_date":"1999-12-31","open_amount":0.00,"share_ratio":0.0,"is_late":false},
{"no":4,"customer_name":"Société \"É\", N° 1;\nbis","due_date":"2024-01-01","open_amount":0.10,"share_ratio":1.0,"is_late":true},
{"no":5,"customer_name":"＋33 1","due_date":"2024-01-01","open_amount":9999999999999999.99,"share_ratio":-0.000001,"is_late":true},
{"no":6,"customer_name":"-5","due_date":"2024-01-01","open_amount":-0.01,"share_ratio":0.0,"is_late":true},
{"no":7,"customer_name":"a=b","due_date":"2024-01-01","open_amount":-0.16,"share_ratio":0.0,"is_late":true}
]}
`

func TestWrite(t *testing.T) {
	var out bytes.Buffer
	if err := Write(t.Context(), tabletest.Held(t, tabletest.Awkward(t)), &out); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(out.Bytes()) || out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

// However the pipe cuts the lines, the list is the same.
func TestLinesCutAnywhere(t *testing.T) {
	const lines = "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n"
	for size := 1; size <= len(lines); size++ {
		var out bytes.Buffer
		l := &list{w: &out}
		for rest := lines; rest != ""; {
			n := min(size, len(rest))
			if _, err := l.Write([]byte(rest[:n])); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if got := out.String(); got != "\n{\"a\":1},\n{\"a\":2},\n{\"a\":3}" || l.ends != 3 {
			t.Errorf("by %d: %q, %d rows", size, got, l.ends)
		}
	}
}

func TestRowsAreCounted(t *testing.T) {
	awkward := tabletest.Held(t, tabletest.Awkward(t))
	awkward.Rows = 8
	if err := Write(t.Context(), awkward, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "7 written") {
		t.Errorf("error %v", err)
	}
}
