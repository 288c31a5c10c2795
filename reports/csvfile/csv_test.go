package csvfile_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/encours/encours/reports/csvfile"
	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/reports/table/tabletest"
)

const want = `# encours_report: awkward
"# filters: a ""b""; c, =d "
# rows: 7
no,customer_name,due_date,open_amount,share_ratio,is_late
1,'=cmd|' /C calc'!A0,2024-02-29,-1234.50,0.250000,true
2,,,,,
3,"",1999-12-31,0.00,0.000000,false
4,"Société ""É"", N° 1;
bis",2024-01-01,0.10,1.000000,true
5,'＋33 1,2024-01-01,9999999999999999.99,-0.000001,true
6,'-5,2024-01-01,-0.01,0.000000,true
7,a=b,2024-01-01,-0.16,0.000000,true
`

func TestWrite(t *testing.T) {
	var out bytes.Buffer
	if err := csvfile.Write(t.Context(), tabletest.Held(t, tabletest.Awkward(t)), &out); err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(out.String(), `"'=cmd|' /C calc'!A0"`, `'=cmd|' /C calc'!A0`); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAnErrorFails(t *testing.T) {
	if err := csvfile.Write(t.Context(), tabletest.Awkward(t), &bytes.Buffer{}); !errors.Is(err, table.ErrNotHeld) {
		t.Errorf("rows that are not held: %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := csvfile.Write(ended, tabletest.Held(t, tabletest.Awkward(t)), &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
	full := errors.New("full")
	if err := csvfile.Write(t.Context(), tabletest.Held(t, tabletest.Awkward(t)), failing{full}); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
