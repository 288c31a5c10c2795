package bench

import (
	"fmt"
	"io"
	"time"
)

// referenceSpeed is how fast plain DuckDB lands a ledger on the machine for which the
// budgets in seconds were set, in bytes per second: 327 MB in 2.40 s, 2 cores.
const referenceSpeed = 136e6

// budget is a time that a piece of work may take on that machine.
type budget struct {
	work  string
	limit time.Duration
	took  func(size) time.Duration
}

func budgets() []budget {
	list := []budget{
		{"ageing, built mart", 20 * time.Millisecond, func(s size) time.Duration { return s.ageingBuilt }},
		{"ageing, past dates", 300 * time.Millisecond, func(s size) time.Duration { return s.ageingAsOf }},
		{"pages never asked before, p95", 100 * time.Millisecond, func(s size) time.Duration { return s.coldPages.at(95) }},
		{"pages again, p95", 100 * time.Millisecond, func(s size) time.Duration { return s.pages.at(95) }},
		{"credit decision, median", 50 * time.Millisecond, func(s size) time.Duration { return s.decisions.at(50) }},
	}
	for _, export := range []struct {
		format string
		limit  time.Duration
	}{{"csv", 3 * time.Second}, {"parquet", 3 * time.Second}, {"xlsx", 30 * time.Second}} {
		list = append(list, budget{"export " + export.format + " of 1 M rows", export.limit, func(s size) time.Duration {
			return time.Duration(float64(s.exports[export.format].wall) * 1e6 / float64(max(s.exportRows, 1)))
		}})
	}
	return list
}

// slowness is how many times as long as the reference machine this one took for the
// same work of plain DuckDB.
func (s size) slowness() float64 {
	if s.plainBytes == 0 || s.plain == 0 {
		return 1
	}
	return referenceSpeed / (float64(s.plainBytes) / s.plain.Seconds())
}

// printBudgets sets what was measured for the largest size beside its budgets, as it
// was and at the speed of the reference machine.
func printBudgets(w io.Writer, s size) {
	factor := s.slowness()
	fmt.Fprintf(w, "\nBudgets at %d invoices. Plain DuckDB took %.2f times as long as on the machine for which they were set.\n", s.invoices, factor)
	fmt.Fprintf(w, "| work\t| budget\t| here\t| here / %.2f\t|\n| ---\t| ---\t| ---\t| ---\t|\n", factor)
	for _, b := range budgets() {
		took := b.took(s)
		scaled := time.Duration(float64(took) / factor)
		verdict := "inside"
		if scaled > b.limit {
			verdict = "OVER"
		}
		fmt.Fprintf(w, "| %s\t| %s\t| %s\t| %s, %s\t|\n", b.work, short(b.limit), short(took), short(scaled), verdict)
	}
}

// short writes a time with three digits or so.
func short(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
