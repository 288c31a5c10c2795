// Package warehousetest makes small real projects for tests: a ledger of a few
// lines, landed and built as the program does it.
package warehousetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// Project is a project in a temporary folder, with one entity ACME.
type Project struct {
	*project.Project
	Zone   *landing.Zone
	Store  *generation.Store
	Limits duck.Limits
	now    time.Time
}

// New makes a project. more is YAML below the entity.
func New(t testing.TB, more string) *Project {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, project.FileName)
	text := "version: 1\nname: Test\nentities:\n  - id: ACME\n    name: Acme SAS\n" + more
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := project.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return &Project{
		Project: p, Zone: landing.Open(p.DataDir()), Store: generation.NewStore(p.DataDir()),
		Limits: duck.Limits{MemoryBytes: 512 << 20, Threads: 1, TempDir: filepath.Join(dir, "tmp"), TempBytes: 1 << 30},
		now:    time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
}

// Line is a ledger line: day, entry, account, customer or supplier, reference,
// debit, credit, lettering code.
type Line struct {
	Day, Entry, Account, Aux, Ref, Debit, Credit, Code string
}

// Sale is an invoice of a customer.
func Sale(day, customer, ref, amount string) []Line {
	return []Line{
		{day, ref, "411000", customer, ref, amount, "0.00", ""},
		{day, ref, "707000", "", ref, "0.00", amount, ""},
	}
}

// Land lands the lines as one ledger of the calendar year of the first line, and
// returns its batch.
func (p *Project) Land(t testing.TB, lines ...Line) landing.Batch {
	t.Helper()
	var text strings.Builder
	for i, l := range lines {
		fields := []string{
			fmt.Sprint(i + 2), "1", "OD", "Opérations", l.Entry, l.Day, l.Account, "Compte", l.Aux, l.Aux, l.Ref, l.Day, "Texte " + l.Ref,
			l.Debit, l.Credit, l.Code, "", "", "", "", "",
		}
		text.WriteString(strings.Join(fields, "\x1f") + "\n")
	}
	db, err := duck.Open(t.Context(), "", p.Limits, false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	sum := sha256.Sum256([]byte(text.String()))
	p.now = p.now.Add(time.Hour)
	staged, err := p.Zone.Stage(t.Context(), db, landing.Table{
		Dataset: landing.LedgerDataset, EntityID: "ACME", Source: "fec", SourcePath: "ledger.txt",
		SHA256: hex.EncodeToString(sum[:]), Size: int64(text.Len()), LoadedAt: p.now,
	}, func(w io.Writer, _ func(landing.Reject) error) error {
		_, err := io.WriteString(w, text.String())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	first, last := lines[0].Day, lines[0].Day
	for _, l := range lines {
		first, last = min(first, l.Day), max(last, l.Day)
	}
	batch, err := staged.Commit(landing.Facts{
		Mode: landing.Full, FiscalYearStart: day(t, first[:4]+"-01-01"), FirstDate: day(t, first), LastDate: day(t, last),
	})
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

func day(t testing.TB, text string) *landing.Date {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	date := landing.NewDate(d)
	return &date
}

// Options are those of a build of the project.
func (p *Project) Options() generation.Options {
	return generation.Options{
		Project: p.Project, Zone: p.Zone, Limits: p.Limits, Version: "test",
		Clock: func() time.Time { p.now = p.now.Add(time.Minute); return p.now },
	}
}

// Build builds the project.
func (p *Project) Build(t testing.TB) generation.Result {
	t.Helper()
	result, err := p.Store.Build(t.Context(), p.Options())
	if err != nil {
		t.Fatal(err)
	}
	return result
}
