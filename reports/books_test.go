package reports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

// The project of the tests: two entities in the currency of the group, one in
// another, one without a ledger.
const projectYAML = `version: 1
name: Groupe d'essai
currency: EUR
entities:
  - id: ALPHA
    name: Alpha SAS
    payment_terms: { customer: { default: "NET 30" }, supplier: { default: "NET 30" } }
  - id: BETA
    name: Bêta SARL
    payment_terms: { customer: { default: "NET 30" } }
  - { id: CHUR, name: Chur AG, currency: CHF }
  - { id: NONE, name: Sans comptabilité }
intercompany:
  - { entity: ALPHA, side: customer, counterparties: ["IC*"] }
`

const formula = `=cmd|' /C calc'!A0`

// The ledgers, one entry per line: date, account, code, name, reference, amount
// (positive: debit of the third party) and lettering. At 2024-12-31:
//
//	C1  1000.00, 61 days late · 500.00 not due · credit 200.00 of 41 days ago
//	C2   300.10, 1 day late; its name is a formula
//	C3    50.00, paid on 20 December; letters with an accent
//	ICB  700.00, not due, intercompany
//	F1   400.00 owed to a supplier, 52 days late
//	BETA: C1 250.00, not due · CHUR: C9 90.00 CHF
var ledgers = map[string]string{
	"ALPHA": `
2024-10-01|411000|C1|Client Un|F1|1000.00|
2024-10-10|401000|F1|Fournisseur|S1|-400.00|
2024-11-20|411000|C1|Client Un|VIR|-200.00|
2024-11-30|411000|C2|` + strings.ReplaceAll(formula, "|", "¦") + `|F3|300.10|
2024-12-01|411000|C3|Société Éléphant|F4|50.00|AA
2024-12-10|411000|ICB|Bêta SARL|F5|700.00|
2024-12-15|411000|C1|Client Un|F2|500.00|
2024-12-20|411000|C3|Société Éléphant|VIR F4|-50.00|AA
2024-12-31|512000|||SOLDE|10.00|`,
	"BETA": `
2024-12-05|411000|C1|Client bêta|B1|250.00|
2024-12-31|512000|||SOLDE|10.00|`,
	"CHUR": `
2024-12-05|411000|C9|Kunde|K1|90.00|
2024-12-31|512000|||SOLDE|10.00|`,
}

// books is a project on disk.
type books struct {
	dir     string
	zone    *landing.Zone
	store   *generation.Store
	limits  duck.Limits
	loaded  time.Time
	pool    *session.Pool
	service *Service
}

// newBooks lands the ledgers and builds a generation.
func newBooks(dir string) (*books, error) {
	b := &books{
		dir: dir, zone: landing.Open(filepath.Join(dir, "data")), store: generation.NewStore(filepath.Join(dir, "data")),
		limits: duck.Limits{MemoryBytes: 1 << 30, Threads: 1, TempDir: filepath.Join(dir, "tmp"), TempBytes: 1 << 30},
		loaded: time.Date(2025, 1, 15, 8, 0, 0, 0, time.UTC),
	}
	if err := os.WriteFile(filepath.Join(dir, project.FileName), []byte(projectYAML), 0o644); err != nil {
		return nil, err
	}
	for _, entity := range []string{"ALPHA", "BETA", "CHUR"} {
		if err := b.land(entity, ledgers[entity]); err != nil {
			return nil, err
		}
	}
	if err := b.build(); err != nil {
		return nil, err
	}
	b.pool = session.NewPool(b.store, b.limits)
	b.service = NewService(b.pool, Options{Zone: b.zone, TempDir: b.limits.TempDir})
	return b, nil
}

// land loads a ledger as a full batch of the fiscal year 2024, one rejected line
// beside it.
func (b *books) land(entity, entries string) (err error) {
	ctx := context.Background()
	db, err := duck.Open(ctx, "", b.limits, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	sum := sha256.Sum256([]byte(entries))
	b.loaded = b.loaded.Add(time.Second)
	staged, err := b.zone.Stage(ctx, db, landing.Table{
		Dataset: landing.LedgerDataset, EntityID: entity, Source: "compta", SourcePath: entity + "FEC20241231.txt",
		SHA256: hex.EncodeToString(sum[:]), Size: int64(len(entries)), LoadedAt: b.loaded,
	}, func(w io.Writer, reject func(landing.Reject) error) error {
		if _, err := io.WriteString(w, canonical(entries)); err != nil {
			return err
		}
		return reject(landing.Reject{Line: 99, Column: "Debit", Value: "abc", Reason: "amount.invalid", Message: "no amount"})
	})
	if err != nil {
		return err
	}
	day := func(text string) *landing.Date {
		d, _ := time.Parse(time.DateOnly, text)
		date := landing.NewDate(d)
		return &date
	}
	_, err = staged.Commit(landing.Facts{
		Mode: landing.Full, FiscalYearStart: day("2024-01-01"), FirstDate: day("2024-10-01"), LastDate: day("2024-12-31"),
		ExtractDate: day("2025-01-10"), ToolVersion: "test",
	})
	return err
}

// canonical writes entries as the canonical stream: the third party on an odd
// line, its counterpart on the next.
func canonical(entries string) string {
	var out strings.Builder
	for i, entry := range strings.Split(strings.TrimSpace(entries), "\n") {
		f := strings.Split(entry, "|")
		debit, credit := f[5], "0.00"
		if amount, negative := strings.CutPrefix(f[5], "-"); negative {
			debit, credit = "0.00", amount
		}
		counterpart := map[bool]string{true: "707000", false: "512000"}[strings.HasPrefix(f[4], "F") || strings.HasPrefix(f[4], "B")]
		if strings.HasPrefix(f[1], "401") {
			counterpart = "607000"
		}
		matched := ""
		if f[6] != "" {
			matched = "2024-12-31"
		}
		write := func(line int, values ...any) {
			fmt.Fprintf(&out, "%d\x1f1\x1fOD\x1fOpérations\x1fE%d\x1f%s", line, i+1, f[0])
			for _, v := range values {
				fmt.Fprintf(&out, "\x1f%v", v)
			}
			out.WriteString("\n")
		}
		name := strings.ReplaceAll(f[3], "¦", "|")
		write(2*i+2, f[1], "Tiers", f[2], name, f[4], f[0], "Écriture "+f[4], debit, credit, f[6], matched, "", "", "", "")
		write(2*i+3, counterpart, "Contrepartie", "", "", f[4], f[0], "Écriture "+f[4], credit, debit, "", "", "", "", "", "")
	}
	return out.String()
}

func (b *books) build() error {
	p, err := project.Load(filepath.Join(b.dir, project.FileName))
	if err != nil {
		return err
	}
	_, err = b.store.Build(context.Background(), generation.Options{
		Project: p, Zone: b.zone, Limits: b.limits, Version: "test", Clock: func() time.Time { return b.loaded },
	})
	return err
}

// sharedDir holds the shared books while the tests run.
var sharedDir string

// sharedBooks are built once; tests that change something make their own.
var sharedBooks = sync.OnceValues(func() (*books, error) { return newBooks(sharedDir) })

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "encours-reports-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	sharedDir = dir
	code := m.Run()
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func ownBooks(t *testing.T) *books {
	t.Helper()
	b, err := newBooks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.pool.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// open opens a view of the shared books.
func open(t *testing.T, sel Selection) *View {
	t.Helper()
	b, err := sharedBooks()
	if err != nil {
		t.Fatal(err)
	}
	return b.open(t, sel)
}

func (b *books) open(t *testing.T, sel Selection) *View {
	t.Helper()
	v, err := b.service.Open(t.Context(), sel)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func on(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return day
}
