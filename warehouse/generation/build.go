package generation

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/audit"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/durable"
	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// ErrNothingKnown says that no extract counts at the known-at instant asked for.
var ErrNothingKnown = errors.New("nothing is known: no extract had been loaded by then")

// ChecksFailedError says that a build was stopped by its checks: the generation
// that served before still serves.
type ChecksFailedError struct {
	Results []CheckResult // those that failed
}

func (e *ChecksFailedError) Error() string {
	var names []string
	for _, r := range e.Results {
		names = append(names, fmt.Sprintf("%s (%d rows): %s%s", r.Name, r.Rows, r.Sentence, r.first()))
	}
	return "checks failed, the generation before still serves:\n  " + strings.Join(names, "\n  ")
}

// Options are what a build is asked for.
type Options struct {
	Project *project.Project
	Zone    *landing.Zone
	Limits  duck.Limits
	AsOf    time.Time // zero: that of the project, else the earliest of the entities' last entry dates
	KnownAt time.Time // zero: every batch
	Version string
	Clock   func() time.Time
	// Progress is told each step before it starts; nil is allowed.
	Progress func(done, total int, step string)
}

// Result is what a build made.
type Result struct {
	Manifest Manifest
	// LastDates are the last entry dates of the entities, where they differ: the
	// as-of date is the earliest of them.
	LastDates map[string]time.Time
	Removed   []string // generations that were cleaned up
}

// Build makes a new generation out of the landing zone and switches to it. It
// must run under the writer's lock. It returns ErrNothingKnown where there is
// nothing to build from and *ChecksFailedError where a check stopped the switch;
// after any error the generation that served before still serves.
func (s *Store) Build(ctx context.Context, o Options) (Result, error) {
	if _, err := s.Sweep(o.Project.Build.KeepGenerations); err != nil {
		return Result{}, err
	}
	b := builder{Options: o, started: o.Clock()}
	if err := b.plan(ctx); err != nil {
		return Result{}, err
	}
	if err := os.MkdirAll(s.generations(), 0o755); err != nil {
		return Result{}, fmt.Errorf("make the folder of generations: %w", err)
	}
	temp, err := os.MkdirTemp(s.generations(), buildPrefix)
	if err != nil {
		return Result{}, fmt.Errorf("make the folder of a build: %w", err)
	}
	b.folder = temp
	if err := b.make(ctx); err != nil {
		return Result{}, errors.Join(err, os.RemoveAll(temp))
	}
	id, err := s.nextID(b.manifest.Fingerprint)
	if err != nil {
		return Result{}, errors.Join(err, os.RemoveAll(temp))
	}
	if err := s.install(id, &b); err != nil {
		return Result{}, errors.Join(err, os.RemoveAll(temp))
	}
	removed, err := s.Sweep(o.Project.Build.KeepGenerations)
	return Result{Manifest: b.manifest, LastDates: b.lastDates, Removed: removed}, err
}

// IsFresh says whether the current generation is what a build with these options
// would make.
func (s *Store) IsFresh(ctx context.Context, o Options) (fresh bool, err error) {
	id, err := s.CurrentID()
	if errors.Is(err, ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	current, err := s.Manifest(id)
	if err != nil {
		return false, err
	}
	b := builder{Options: o}
	if err := b.plan(ctx); err != nil {
		return false, err
	}
	db, err := duck.Open(ctx, "", o.Limits, false)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	models, err := graph.Embedded(ctx, db)
	if err != nil {
		return false, err
	}
	b.manifest.ModelsHash = models.Fingerprint()
	return b.fingerprint() == current.Fingerprint, nil
}

// install makes the folder durable, gives it its name and switches to it.
func (s *Store) install(id string, b *builder) error {
	b.step("")
	b.manifest.ID = id
	b.manifest.BuiltAt = b.Clock().UTC()
	b.manifest.Duration = b.manifest.BuiltAt.Sub(b.started).Seconds()
	if err := os.WriteFile(filepath.Join(b.folder, holdFile), nil, 0o644); err != nil {
		return fmt.Errorf("write hold file: %w", err)
	}
	if err := b.manifest.write(b.folder); err != nil {
		return err
	}
	if err := os.Chmod(b.folder, 0o755); err != nil {
		return fmt.Errorf("open the folder of generation %q: %w", id, err)
	}
	if err := syncTree(b.folder); err != nil {
		return fmt.Errorf("make generation %q durable: %w", id, err)
	}
	if err := os.Rename(b.folder, s.folder(id)); err != nil {
		return fmt.Errorf("install generation %q: %w", id, err)
	}
	if err := durable.Sync(s.generations()); err != nil {
		return fmt.Errorf("install generation %q: %w", id, err)
	}
	return s.switchTo(id)
}

// builder is one build on its way.
type builder struct {
	Options
	started   time.Time
	folder    string
	known     []landing.Batch
	live      []landing.Batch
	refs      []reference
	documents []factoredList
	decided   decided
	lastDates map[string]time.Time
	manifest  Manifest
	done      int
	total     int
	stepStart time.Time
	// compression is that of the tables made now
	compression string
}

// step ends the step before and begins another; an empty name only ends.
func (b *builder) step(name string) {
	now := time.Now()
	if n := len(b.manifest.Steps); n > 0 && b.manifest.Steps[n-1].Seconds == 0 {
		b.manifest.Steps[n-1].Seconds = now.Sub(b.stepStart).Seconds()
	}
	b.stepStart = now
	if name == "" {
		return
	}
	b.manifest.Steps = append(b.manifest.Steps, StepFacts{Name: name})
	if b.Progress != nil {
		b.Progress(b.done, b.total, name)
	}
	b.done++
}

// plan decides what the build stands on.
func (b *builder) plan(ctx context.Context) error {
	all, err := b.Zone.Batches(ctx)
	if err != nil {
		return err
	}
	var at *time.Time
	if !b.KnownAt.IsZero() {
		at = &b.KnownAt
	}
	b.known = landing.Known(all, at)
	b.live = landing.Live(b.known)
	if len(b.live) == 0 {
		return ErrNothingKnown
	}
	if b.refs, err = references(b.Project.Dir); err != nil {
		return err
	}
	if b.documents, err = readFactored(b.Project); err != nil {
		return err
	}
	if b.decided, err = readDecided(ctx, b.Project, b.KnownAt); err != nil {
		return err
	}
	if b.manifest.DecisionsHash, err = b.decided.hash(); err != nil {
		return err
	}
	if err := b.reach(ctx); err != nil {
		return err
	}
	if b.asOf(); b.AsOf.IsZero() {
		return fmt.Errorf("no ledger, invoices or payments are loaded, so that no date can be told: load them, or give one with --as-of")
	}
	b.manifest.Version = b.Version
	b.manifest.Project = b.Project.Name
	b.manifest.Currency = b.Project.Currency
	b.manifest.AsOf = Day{b.AsOf}
	if !b.KnownAt.IsZero() {
		b.manifest.KnownAt = &Day{b.KnownAt}
	}
	b.manifest.ProjectHash = b.Project.Hash()
	if b.manifest.AuditHash, err = audit.Fingerprint(); err != nil {
		return err
	}
	for _, list := range b.documents {
		b.manifest.ListHashes = append(b.manifest.ListHashes, list.sha256)
	}
	b.manifest.RefHashes = map[string]string{}
	for _, r := range b.refs {
		b.manifest.RefHashes[r.table] = r.hash()
	}
	for _, batch := range b.live {
		b.manifest.Batches = append(b.manifest.Batches, batch.ID)
		if on := batch.KnownOn(); on.After(b.manifest.KnownOn.Time) {
			b.manifest.KnownOn = Day{on}
		}
	}
	return nil
}

// asOf fills in the default: the earliest of the entities' last entry dates, so
// that no entity is shown at a date that its ledger has not reached.
func (b *builder) asOf() {
	last := lastDates(b.live)
	var earliest time.Time
	differ := false
	for _, date := range last {
		differ = differ || (!earliest.IsZero() && !date.Equal(earliest))
		if earliest.IsZero() || date.Before(earliest) {
			earliest = date
		}
	}
	if differ {
		b.lastDates = last
	}
	if b.AsOf.IsZero() {
		b.AsOf = b.Project.Build.AsOf.Time
	}
	if b.AsOf.IsZero() {
		b.AsOf = earliest
	}
}

// lastDates tells how far each entity reaches: by its ledger, or by its invoices
// and payments where it has none. Promises, orders and rates may lie ahead.
func lastDates(live []landing.Batch) map[string]time.Time {
	ledgers, extracts := map[string]time.Time{}, map[string]time.Time{}
	for _, batch := range live {
		var last map[string]time.Time
		switch batch.Dataset {
		case landing.LedgerDataset:
			last = ledgers
		case "invoices", "payments":
			last = extracts
		default:
			continue
		}
		if batch.LastDate != nil && batch.LastDate.After(last[batch.EntityID]) {
			last[batch.EntityID] = batch.LastDate.Time
		}
	}
	for entity, date := range extracts {
		if _, ok := ledgers[entity]; !ok {
			ledgers[entity] = date
		}
	}
	return ledgers
}

// fingerprint hashes what decides the figures: the models, the project file, the
// reference tables, the lists that it names, what persons decided, the live batches and
// the two dates.
func (b *builder) fingerprint() string {
	sum := sha256.New()
	fmt.Fprintln(sum, b.manifest.ModelsHash, b.manifest.AuditHash, b.manifest.ProjectHash, b.AsOf.Format(time.DateOnly), b.KnownAt.UTC())
	for _, r := range b.refs {
		fmt.Fprintln(sum, r.table, r.hash())
	}
	for _, list := range b.documents {
		fmt.Fprintln(sum, list.name, list.sha256)
	}
	if b.manifest.DecisionsHash != "" {
		fmt.Fprintln(sum, "decisions", b.manifest.DecisionsHash)
	}
	for _, batch := range b.live {
		fmt.Fprintln(sum, batch.ID, batch.SHA256)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// make fills the folder: database, published files, check results.
func (b *builder) make(ctx context.Context) (err error) {
	db, err := duck.Open(ctx, filepath.Join(b.folder, databaseFile), b.Limits, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	models, err := graph.Embedded(ctx, db)
	if err != nil {
		return err
	}
	b.manifest.ModelsHash = models.Fingerprint()
	b.manifest.Fingerprint = b.fingerprint()
	b.total = len(models.Models) + len(models.Marts()) + 5

	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open build connection: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	b.step("landing")
	if err := b.prepare(ctx, conn); err != nil {
		return err
	}
	b.step("audit")
	if err := b.fillQuality(ctx, conn, models); err != nil {
		return err
	}
	if err := b.createAll(ctx, conn, models); err != nil {
		return err
	}
	b.step("checks")
	if b.manifest.Checks, err = RunChecks(ctx, conn, models, true); err != nil {
		return err
	}
	if failed := Failed(b.manifest.Checks); len(failed) > 0 {
		return &ChecksFailedError{Results: failed}
	}
	if err := b.publish(ctx, conn, models); err != nil {
		return err
	}
	b.step("switch")
	if err := b.keepModels(); err != nil {
		return err
	}
	return b.finish(ctx, conn)
}

// prepare makes the leaves. The database file holds what readers need; scratch
// holds what exists during the build only, and memory the views over landing.
func (b *builder) prepare(ctx context.Context, conn *sql.Conn) error {
	statements := []string{
		"attach ':memory:' as scratch",
		"set search_path = 'warehouse.main,scratch.main,memory.main'",
		"set preserve_insertion_order = false",
	}
	tables, err := sqlfiles.Schemas()
	if err != nil {
		return err
	}
	for _, table := range tables {
		target := "warehouse"
		if table.IsLanding() {
			target = "memory"
		}
		create := strings.Replace(table.Create, "create table "+table.Name, "create table "+target+".main."+table.Name, 1)
		statements = append(statements, create)
	}
	for _, statement := range statements {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("prepare build: %w", err)
		}
	}
	for _, r := range b.refs {
		if err := r.load(ctx, conn); err != nil {
			return err
		}
	}
	if err := insertSettings(ctx, conn, b.Project, b.documents); err != nil {
		return err
	}
	if err := b.decided.insert(ctx, conn); err != nil {
		return err
	}
	if err := insertBatches(ctx, conn, b.known); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "insert into params values (?::date, ?, ?, ?)",
		b.AsOf.Format(time.DateOnly), timeOrNull(b.KnownAt), b.Project.Currency, b.Project.Build.HistoryMonths)
	if err != nil {
		return fmt.Errorf("insert parameters: %w", err)
	}
	if err := createLanding(ctx, conn, b.Zone, b.live); err != nil {
		return err
	}
	return FillExtractTerms(ctx, conn)
}

func timeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

// keepModels packs the SQL of the models into the generation: readers at another
// date use the models that it was built with, whatever program serves it.
func (b *builder) keepModels() (err error) {
	file, err := os.Create(filepath.Join(b.folder, modelsFile))
	if err != nil {
		return fmt.Errorf("keep the models: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	packed := zip.NewWriter(file)
	err = fs.WalkDir(sqlfiles.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".sql") {
			return err
		}
		text, err := sqlfiles.Files.ReadFile(path)
		if err != nil {
			return err
		}
		w, err := packed.Create(path)
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	})
	if err = errors.Join(err, packed.Close()); err != nil {
		return fmt.Errorf("keep the models: %w", err)
	}
	return nil
}

// finish leaves one database file, complete on disk, without a log.
func (b *builder) finish(ctx context.Context, conn *sql.Conn) error {
	for _, statement := range []string{"detach scratch", "checkpoint warehouse"} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("finish build: %w", err)
		}
	}
	scratch, err := filepath.Glob(filepath.Join(b.folder, "scratch.duckdb*"))
	if err != nil {
		return fmt.Errorf("finish build: %w", err)
	}
	for _, file := range scratch {
		if err := os.Remove(file); err != nil {
			return fmt.Errorf("finish build: %w", err)
		}
	}
	return nil
}
