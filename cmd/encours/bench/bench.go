// Package bench measures the program on generated data: ingest, build, ageing at
// past dates, pages and exports, with peak memory, and the speed of plain DuckDB on
// the same file in the same run.
//
// Invariant: what is measured is the program itself, each phase in a process of its
// own; a figure is printed with what it is a ratio of, as machines differ.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/encours/encours/ingest/sample"
)

// Options are what a run needs.
type Options struct {
	Program  string // the binary to measure
	Folder   string // for the generated projects; about 1.2 GB per million invoices
	Invoices []int
	Out      io.Writer
	Log      func(format string, args ...any)
}

// size is what was measured for one number of invoices.
type size struct {
	invoices      int
	lines         int64
	bytes         int64
	ingest, build phase
	plain         time.Duration // one file, by plain DuckDB
	plainBytes    int64         // of that file
	ours          time.Duration // the same file, landed by ingest
	audited       time.Duration // ingest as a whole, with the audit of what landed
	ageingBuilt   time.Duration
	ageingAsOf    time.Duration
	coldPages     latencies // 20 clients, first pass: nobody has asked for these yet
	pages         latencies // the same pages again
	pastPages     latencies // the overview at a date that nobody has asked for yet
	decisions     latencies // answers about an order of one customer, over HTTP
	exports       map[string]phase
	plainExports  map[string]time.Duration // the same rows in the same order, copied by plain DuckDB
	exportRows    int64
	tables        map[string]phase // files of invoices
	push          time.Duration

	postgresIngest phase
	noPostgres     string // why it was not measured
}

// phase is one process that ran to its end.
type phase struct {
	wall time.Duration
	peak int64 // largest resident set, bytes
}

// Run measures every size and prints the tables.
func Run(ctx context.Context, o Options) error {
	var sizes []size
	for _, n := range o.Invoices {
		s, err := o.measure(ctx, n)
		if err != nil {
			return fmt.Errorf("measure %d invoices: %w", n, err)
		}
		sizes = append(sizes, s)
	}
	return o.print(sizes)
}

func (o Options) measure(ctx context.Context, invoices int) (size, error) {
	s := size{invoices: invoices, exports: map[string]phase{}, plainExports: map[string]time.Duration{}, tables: map[string]phase{}}
	dir := filepath.Join(o.Folder, strconv.Itoa(invoices))
	if err := os.RemoveAll(dir); err != nil {
		return s, err
	}
	o.Log("%d invoices: writing extracts", invoices)
	summary, err := sample.Generate(ctx, dir, sample.Options{Invoices: invoices, Seed: 1, LedgersOnly: true}, nil)
	if err != nil {
		return s, err
	}
	s.lines = summary.Lines
	for _, f := range summary.Files {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if err != nil {
			return s, err
		}
		s.bytes += info.Size()
	}
	steps := []struct {
		name string
		run  func() error
	}{
		{"one file, by plain DuckDB and by ingest", func() error { return o.compare(ctx, dir, summary, &s) }},
		{"ingest", func() (err error) { s.ingest, err = o.command(ctx, "ingest", "--project", dir); return err }},
		{"build", func() (err error) { s.build, err = o.command(ctx, "build", "--project", dir); return err }},
		{"ageing", func() error { return s.ageing(ctx, dir) }},
		{"pages", func() error { return o.serve(ctx, dir, &s) }},
		{"credit decisions", func() error { return o.decide(ctx, dir, &s) }},
		{"exports", func() error { return o.export(ctx, dir, &s) }},
		{"push", func() error { return o.pushed(ctx, dir, &s) }},
		{"files of invoices", func() error { return o.tables(ctx, dir, &s) }},
		{"invoices of PostgreSQL", func() error { return o.postgres(ctx, dir, &s) }},
	}
	for _, step := range steps {
		o.Log("%d invoices: %s", invoices, step.name)
		if err := step.run(); err != nil {
			return s, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return s, os.RemoveAll(dir)
}

// command runs the program to its end.
func (o Options) command(ctx context.Context, args ...string) (phase, error) {
	cmd := exec.CommandContext(ctx, o.Program, args...)
	var out strings.Builder
	cmd.Stderr = &out
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return phase{}, fmt.Errorf("encours %s: %w", strings.Join(args, " "), err)
	}
	peak := watchPeak(cmd.Process.Pid)
	err := cmd.Wait()
	p := phase{wall: time.Since(started), peak: peak()}
	if err != nil {
		return p, fmt.Errorf("encours %s: %w\n%s", strings.Join(args, " "), err, out.String())
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && p.peak == 0 {
		p.peak = usage.Maxrss * 1024
	}
	return p, nil
}

// watchPeak reads the largest resident set of a process until peak is called, from
// /proc where there is one (otherwise 0): what the system tells at its end counts what
// this process held when it started the other one.
func watchPeak(pid int) (peak func() int64) {
	done, result := make(chan struct{}), make(chan int64)
	go func() {
		var most int64
		for {
			if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err == nil {
				_, after, _ := strings.Cut(string(text), "VmHWM:")
				var kilobytes int64
				if _, err := fmt.Sscan(after, &kilobytes); err == nil {
					most = max(most, kilobytes<<10)
				}
			}
			select {
			case <-done:
				result <- most
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() int64 { close(done); return <-result }
}

// exportEntity has about four tenths of the items: of two million invoices, what a
// sheet holds.
const exportEntity = "BETA"

// export writes every item of an entity in each format.
func (o Options) export(ctx context.Context, dir string, s *size) error {
	for _, format := range []string{"csv", "parquet", "json", "xlsx"} {
		file := filepath.Join(dir, "items."+format)
		p, err := o.command(ctx, "report", "items", "--entity", exportEntity, "--project", dir, "-o", file)
		if err != nil {
			return err
		}
		s.exports[format] = p
		if format == "csv" || format == "parquet" {
			if s.plainExports[format], err = plainExport(ctx, dir, format); err != nil {
				return err
			}
		}
		if format == "csv" {
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			s.exportRows = int64(strings.Count(string(text), "\n") - strings.Count(string(text), "\n# ") - 2)
		}
	}
	return nil
}

func (o Options) print(sizes []size) error {
	w := tabwriter.NewWriter(o.Out, 0, 4, 1, ' ', 0)
	row := func(name string, cell func(size) string) {
		fmt.Fprintf(w, "| %s", name)
		for _, s := range sizes {
			fmt.Fprintf(w, "\t| %s", cell(s))
		}
		fmt.Fprintln(w, "\t|")
	}
	seconds := func(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
	millis := func(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1000) }
	megabytes := func(n int64) string { return fmt.Sprintf("%d MB", n>>20) }
	row("invoices", func(s size) string { return strconv.Itoa(s.invoices) })
	row("---", func(size) string { return "---" })
	row("ledger lines, extracts", func(s size) string { return fmt.Sprintf("%d, %s", s.lines, megabytes(s.bytes)) })
	row("ingest", func(s size) string { return seconds(s.ingest.wall) })
	row("ingest, peak memory", func(s size) string { return megabytes(s.ingest.peak) })
	row("one file landed: speed / plain DuckDB", func(s size) string {
		return fmt.Sprintf("%.2f (%s / %s)", s.plain.Seconds()/s.ours.Seconds(), seconds(s.plain), seconds(s.ours))
	})
	row("one file landed and audited: speed / plain DuckDB", func(s size) string {
		return fmt.Sprintf("%.2f (%s / %s)", s.plain.Seconds()/s.audited.Seconds(), seconds(s.plain), seconds(s.audited))
	})
	row("build", func(s size) string { return seconds(s.build.wall) })
	row("build / ingest", func(s size) string { return fmt.Sprintf("%.2f", s.build.wall.Seconds()/s.ingest.wall.Seconds()) })
	row("build, peak memory", func(s size) string { return megabytes(s.build.peak) })
	row("ageing, built mart", func(s size) string { return millis(s.ageingBuilt) })
	row("ageing, past dates", func(s size) string { return millis(s.ageingAsOf) })
	both := func(l latencies) string { return millis(l.at(50)) + ", " + millis(l.at(95)) }
	row("pages, 20 clients, never asked before: p50, p95", func(s size) string { return both(s.coldPages) })
	row("pages, 20 clients, again: p50, p95", func(s size) string { return both(s.pages) })
	row("overview at a new past date", func(s size) string { return millis(s.pastPages.at(50)) })
	row(fmt.Sprintf("credit decision, median and p95 of %d customers", decisions), func(s size) string { return both(s.decisions) })
	for _, format := range []string{"csv", "parquet", "json", "xlsx"} {
		row("export "+format+", per 1 M rows", func(s size) string {
			p := s.exports[format]
			text := fmt.Sprintf("%.1f s (%d rows, %s, %s", p.wall.Seconds()*1e6/float64(max(s.exportRows, 1)), s.exportRows, seconds(p.wall), megabytes(p.peak))
			if plain := s.plainExports[format]; plain > 0 {
				text += fmt.Sprintf(", %.2f times plain DuckDB, %s", p.wall.Seconds()/plain.Seconds(), seconds(plain))
			}
			return text + ")"
		})
	}
	for _, format := range tableFormats {
		row("ingest of a file of invoices, "+format, func(s size) string {
			p, rows := s.tables[format], s.invoices
			if format == "xlsx" {
				rows = min(rows, sheetRows)
			}
			return fmt.Sprintf("%s (%d rows, %s)", seconds(p.wall), rows, megabytes(p.peak))
		})
	}
	row("ingest of a query of invoices, postgres", size.postgresCell)
	row(fmt.Sprintf("push, %d messages of %d rows, %d clients", pushMessages, pushRows, pushClients), func(s size) string { return seconds(s.push) })
	for i := 1; i < len(sizes); i++ {
		a, b := sizes[i-1], sizes[i]
		fmt.Fprintf(w, "\n%d times the invoices take %.1f times the ingest and %.1f times the build\n", b.invoices/a.invoices,
			b.ingest.wall.Seconds()/a.ingest.wall.Seconds(), b.build.wall.Seconds()/a.build.wall.Seconds())
	}
	printBudgets(w, sizes[len(sizes)-1])
	fmt.Fprintf(w, "\n%d cores, %s/%s, %s\n", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	return errors.Join(w.Flush())
}
