package bench

import (
	"strings"
	"testing"
	"time"
)

// TestBudgets: on a machine half as fast as the reference one, 5 s for a million rows
// count as 2.5 s.
func TestBudgets(t *testing.T) {
	s := size{
		invoices: 2_000_000, plainBytes: 327e6, exportRows: 500_000,
		ageingAsOf: 700 * time.Millisecond, exports: map[string]phase{"csv": {wall: 2500 * time.Millisecond}},
	}
	s.plain = time.Duration(2 * float64(s.plainBytes) / referenceSpeed * float64(time.Second))
	var out strings.Builder
	printBudgets(&out, s)
	for _, want := range []string{
		"took 2.00 times as long",
		"| export csv of 1 M rows\t| 3.0 s\t| 5.0 s\t| 2.5 s, inside\t|",
		"| ageing, past dates\t| 300 ms\t| 700 ms\t| 350 ms, OVER\t|",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
