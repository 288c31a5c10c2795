// Package sample writes invented extracts of any size: the ledgers of a small French
// group, one FEC file per entity and fiscal year; what else such a group has of its
// customers and suppliers (files of counterparties, a CRM, the register, the gazette,
// ratings, covers and accounts); and the encours.yaml that describes them.
//
// Invariants: the same options give the same bytes on every machine (seeded generators,
// whole numbers only, no clock, no map order); the ledgers do not depend on the other
// extracts; every SIREN has a valid key but those that are meant to be wrong; every entry
// and every file balances to the cent; the opening of a year is the closing of the
// year before, account by account; a lettering group in capital letters nets to
// zero within its file. Memory grows with counterparties and open items, not with
// ledger lines.
package sample

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// ErrProjectExists is returned by Generate when the folder already holds an
// encours.yaml: a sample never replaces a project.
var ErrProjectExists = errors.New("the folder already holds an encours.yaml")

// Limits of Options.
const (
	maxEntities = 9
	maxYears    = 10
	maxInvoices = 50_000_000
)

// Options say what to generate. The zero value of every field but Invoices is
// usable: three entities, three fiscal years, the last one ending on 31 December
// 2025.
type Options struct {
	Invoices    int       // customer and supplier invoices in all files together, 1 to 50 million
	Seed        uint64    // another seed gives another group of the same kind
	Entities    int       // 1 to 9; 0 means 3
	Years       int       // 1 to 10; 0 means 3
	LastYearEnd time.Time // last day of the last fiscal year; zero means 2025-12-31
	BadLines    bool      // adds a few unreadable lines to one file, beside its balanced ledger
	MaxRejects  int       // rejects.max_lines in encours.yaml
	LedgersOnly bool      // no extract beside the ledgers
}

// Demo returns the options of the demonstration project: about 6,000 invoices over
// 2023 to 2025, with a few bad lines and a budget for them.
func Demo() Options {
	return Options{
		Invoices:    6000,
		Seed:        9,
		Entities:    3,
		Years:       3,
		LastYearEnd: time.Date(2025, time.December, 31, 0, 0, 0, 0, time.UTC),
		BadLines:    true,
		MaxRejects:  20,
	}
}

// Summary tells what Generate wrote.
type Summary struct {
	Project  string // path of encours.yaml
	Files    []File // by entity, then by fiscal year
	Extracts []Extract
	Lines    int64 // ledger lines in all files, without headers and bad lines
	Invoices int64 // equals Options.Invoices
}

// File is one FEC: one entity, one fiscal year.
type File struct {
	Entity    string // entity id of encours.yaml
	Siren     string
	Path      string // relative to the folder, slashes
	YearStart time.Time
	YearEnd   time.Time
	Lines     int64 // ledger lines, without the header and the bad lines
	Entries   int64
	Invoices  int64     // customer and supplier invoices booked in this year
	Debit     int64     // total of the debit column in cents; the credit column has the same
	Balances  []Balance // closing balances of the control accounts, always the same accounts in the same order
	BadLines  []BadLine // empty in most files
}

// Balance is the closing balance of one family of control accounts, in cents,
// debit less credit. The family 411 leaves out the retentions of 4117.
type Balance struct {
	Account string // 411, 4117, 413, 416, 418, 419, 401, 403, 404, 408 or 409
	Cents   int64
}

// BadLine is a line that no reader should accept. It comes on top of the balanced
// ledger, so the good lines still balance without it.
type BadLine struct {
	Line   int64 // as an editor counts, the header being line 1
	Column string
	Reason string
}

// Generate writes encours.yaml, extracts/<entity>/<SIREN>FEC<YYYYMMDD>.txt and, unless
// the options say otherwise, the other extracts under dir, which is created where it is
// missing. encours.yaml is written last: without
// it the extracts are not complete. progress, where not nil, is called from one
// goroutine at a time with the invoices booked so far and their total.
func Generate(ctx context.Context, dir string, opt Options, progress func(done, total int64)) (Summary, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return Summary{}, err
	}
	project := filepath.Join(dir, "encours.yaml")
	if _, err := os.Lstat(project); err == nil {
		return Summary{}, fmt.Errorf("generate sample in %q: %w", dir, ErrProjectExists)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return Summary{}, fmt.Errorf("generate sample in %q: %w", dir, err)
	}
	cal := newCalendar(opt.LastYearEnd, opt.Years)
	entities := planEntities(opt, cal)
	report := progressCounter(progress, int64(opt.Invoices))

	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	ledgers := make([]*simulation, len(entities))
	files := make([][]File, len(entities))
	for i, e := range entities {
		ledgers[i] = newSimulation(e, entities, opt, cal)
		group.Go(func() error {
			written, err := ledgers[i].run(groupCtx, dir, report)
			if err != nil {
				return fmt.Errorf("generate ledger of %q: %w", e.id, err)
			}
			files[i] = written
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return Summary{}, err
	}
	summary := Summary{Project: project}
	for _, written := range files {
		for _, f := range written {
			summary.Files = append(summary.Files, f)
			summary.Lines += f.Lines
			summary.Invoices += f.Invoices
		}
	}
	if !opt.LedgersOnly {
		x := &extracts{opt: opt, cal: cal, dir: dir, ledgers: ledgers}
		if err := x.write(ctx); err != nil {
			return Summary{}, err
		}
		summary.Extracts = x.done
	}
	if err := os.WriteFile(project, projectFile(opt, cal, ledgers), 0o644); err != nil {
		return Summary{}, fmt.Errorf("write project file %q: %w", project, err)
	}
	return summary, nil
}

func (o Options) withDefaults() (Options, error) {
	if o.Entities == 0 {
		o.Entities = 3
	}
	if o.Years == 0 {
		o.Years = 3
	}
	if o.LastYearEnd.IsZero() {
		o.LastYearEnd = time.Date(2025, time.December, 31, 0, 0, 0, 0, time.UTC)
	}
	y, m, d := o.LastYearEnd.Date()
	o.LastYearEnd = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	var wrong []string
	check := func(name string, value, low, high int) {
		if value < low || value > high {
			wrong = append(wrong, fmt.Sprintf("%s is %d, expected %d to %d", name, value, low, high))
		}
	}
	check("invoices", o.Invoices, 1, maxInvoices)
	check("entities", o.Entities, 1, maxEntities)
	check("years", o.Years, 1, maxYears)
	check("last year", y, 1990, 2090)
	check("max rejects", o.MaxRejects, 0, 1_000_000)
	if len(wrong) > 0 {
		return o, fmt.Errorf("sample options: %s", strings.Join(wrong, "; "))
	}
	return o, nil
}

// progressCounter adds the steps of all entities and passes the sum on.
func progressCounter(progress func(done, total int64), total int64) func(step int64) {
	if progress == nil {
		return func(int64) {}
	}
	var mu sync.Mutex
	var done int64
	return func(step int64) {
		mu.Lock()
		defer mu.Unlock()
		done += step
		progress(done, total)
	}
}
