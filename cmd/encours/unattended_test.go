package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

// monday is a Monday morning in Paris, in winter time.
var monday = time.Date(2026, 1, 5, 4, 59, 0, 0, time.UTC)

const dropSource = `sources:
  - name: drop
    kind: fec
    entity: ACME
    fiscal_year_start: 2024-01-01
    watch: { folder: inbox, pattern: "*.txt", settle: 1s }
`

// robot is an unattended project whose clock a test moves on.
type robot struct {
	*unattended
	t   *testing.T
	dir string
	log *bytes.Buffer

	mu  sync.Mutex
	now time.Time
}

func (r *robot) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(time.Microsecond) // no two moments are one
	return r.now
}

func (r *robot) after(d time.Duration) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
	return r.now
}

// newRobot prepares what `serve` runs, without the goroutines.
func newRobot(t *testing.T, dir string, now time.Time) *robot {
	t.Helper()
	r := &robot{t: t, dir: dir, now: now, log: &bytes.Buffer{}}
	a := &app{Main: Main{Out: r.log, Err: r.log, Getenv: func(string) string { return "" }, Clock: r.clock}, dir: dir}
	p, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	r.unattended, err = a.newUnattended(t.Context(), p, slog.New(slog.NewTextHandler(r.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// workOff does what is queued, and the build after it.
func (r *robot) workOff() {
	r.t.Helper()
	for {
		t, ok := r.take()
		if !ok {
			break
		}
		r.load(r.t.Context(), r.t.Context(), t)
		delete(r.busy, t.source.Name)
	}
	if r.unbuilt {
		r.unbuilt = false
		r.build(r.t.Context(), r.t.Context(), runs.AfterLoad)
	}
	if r.takePushed() {
		r.workOffPushed(r.t.Context(), r.t.Context())
	}
}

// settled looks twice, so that files in drop folders have settled, and works off.
func (r *robot) settled() {
	r.t.Helper()
	r.look(r.clock())
	r.look(r.after(2 * time.Second))
	r.workOff()
}

func (r *robot) last(source string) runs.Run {
	r.t.Helper()
	last, err := runs.Open(r.project.DataDir()).Last()
	if err != nil {
		r.t.Fatal(err)
	}
	return last[source]
}

// names lists the files of a folder.
func names(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		if !e.IsDir() {
			list = append(list, e.Name())
		}
	}
	return strings.Join(list, " ")
}

func batches(t *testing.T, dir string) []landing.Batch {
	t.Helper()
	list, err := landing.Open(filepath.Join(dir, "data")).Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestScheduleRunsWhenDue(t *testing.T) {
	dir := newProject(t, `timezone: Europe/Paris
sources:
  - name: nightly
    kind: fec
    entity: ACME
    fiscal_year_start: 2024-01-01
    paths: ["*.txt"]
    schedule: "0 6 * * 1-5"
`)
	path := writeFile(t, dir, "fec.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	r := newRobot(t, dir, monday)
	r.look(r.clock())
	r.workOff()
	if got := r.last("nightly"); got.Source != "" {
		t.Fatalf("it ran before it was due: %+v", got)
	}
	r.look(r.after(time.Minute))
	r.workOff()
	if got := r.last("nightly"); got.State != runs.Done || got.Rows != 2 || got.Trigger != runs.BySchedule || len(got.Batches) != 1 {
		t.Fatalf("when due: %+v\n%s", got, r.log)
	}
	if got := r.last(runs.Build); got.State != runs.Done || got.Trigger != runs.AfterLoad {
		t.Errorf("the build after it: %+v", got)
	}
	first := r.last(runs.Build).Started
	r.look(r.after(time.Minute))
	r.workOff()
	if got := len(batches(t, dir)); got != 1 {
		t.Errorf("%d batches", got)
	}
	r.look(r.after(24 * time.Hour))
	r.workOff()
	if got := r.last("nightly"); got.Unchanged != 1 || got.Rows != 0 || got.State != runs.Done {
		t.Errorf("the same bytes a day later: %+v", got)
	}
	if got := r.last(runs.Build).Started; got != first {
		t.Error("it was built again though nothing changed")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	r.look(r.after(24 * time.Hour))
	r.workOff()
	if got := r.last("nightly"); got.State != runs.Failed || !strings.Contains(got.Error, "no file matches") {
		t.Errorf("without its file: %+v", got)
	}
}

// TestScheduleOfADatabase: what holds for files holds for queries.
func TestScheduleOfADatabase(t *testing.T) {
	dir := newProject(t, `timezone: UTC
after_load: nothing
sources:
  - name: erp
    kind: sql
    entity: ACME
    driver: sqlite
    path: erp.db
    queries: [{ dataset: invoices, file: invoices.sql, mode: delta, watermark: changed }]
    schedule: "0 * * * *"
`)
	db, err := sql.Open("sqlite", filepath.Join(dir, "erp.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	execute := func(statement string) {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	execute("create table invoice (id text, amount text, changed text)")
	execute("insert into invoice values ('F1', '100.00', '2024-01-15 08:00:00')")
	writeFile(t, dir, "invoices.sql", `select 'customer' as side, id as document_id, 1 as instalment, 'C1' as counterparty_id, 'invoice' as document_type,
    '2024-01-15' as issue_date, 'EUR' as currency, amount, changed from invoice where changed >= :since`)
	r := newRobot(t, dir, monday)
	r.look(r.after(time.Minute))
	r.workOff()
	if got := r.last("erp"); got.State != runs.Done || got.Rows != 1 || len(got.Batches) != 1 {
		t.Fatalf("%+v\n%s", got, r.log)
	}
	r.look(r.after(time.Hour))
	r.workOff()
	if got := r.last("erp"); got.State != runs.Done || got.Unchanged != 1 || len(got.Batches) != 0 {
		t.Errorf("nothing new: %+v", got)
	}
	execute("delete from invoice")
	r.look(r.after(time.Hour))
	r.workOff()
	if got := r.last("erp"); got.State != runs.Done || got.Unchanged != 1 || len(got.Batches) != 0 {
		t.Errorf("no rows at all: %+v", got)
	}
	execute("drop table invoice")
	r.look(r.after(time.Hour))
	r.workOff()
	if got := r.last("erp"); got.State != runs.Failed || got.Error == "" {
		t.Errorf("without its table: %+v", got)
	}
}

func TestMissedScheduleIsMadeUpForOnce(t *testing.T) {
	dir := newProject(t, `timezone: Europe/Paris
after_load: nothing
sources:
  - { name: hourly, kind: fec, entity: ACME, fiscal_year_start: 2024-01-01, paths: ["*.txt"], schedule: "0 * * * *" }
`)
	writeFile(t, dir, "fec.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	r := newRobot(t, dir, monday)
	r.look(r.after(time.Minute))
	r.workOff()
	first := r.last("hourly").Started
	later := newRobot(t, dir, monday.Add(26*time.Hour+30*time.Minute))
	later.look(later.clock())
	later.workOff()
	made := later.last("hourly").Started
	if !made.After(first.Time) {
		t.Error("the missed run was not made up for")
	}
	later.look(later.after(time.Second))
	later.workOff()
	if got := later.last("hourly").Started; got != made {
		t.Error("it was made up for twice")
	}
	if got := later.last(runs.Build); got.Source != "" {
		t.Errorf("after_load: nothing, and it was built: %+v", got)
	}
}

func TestOverlappingRunIsSkipped(t *testing.T) {
	dir := newProject(t, `after_load: nothing
sources:
  - { name: often, kind: fec, entity: ACME, fiscal_year_start: 2024-01-01, paths: ["*.txt"], schedule: "* * * * *" }
`)
	writeFile(t, dir, "fec.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	r := newRobot(t, dir, monday)
	r.look(r.after(time.Minute))
	r.look(r.after(time.Minute)) // the first has not been worked off
	if len(r.queue) != 1 || !strings.Contains(r.log.String(), "run skipped") {
		t.Errorf("%d tasks\n%s", len(r.queue), r.log)
	}
	skipped, err := filepath.Glob(filepath.Join(dir, "data", "runs", "*-skipped.json"))
	if err != nil || len(skipped) != 1 {
		t.Errorf("skipped runs kept: %v %v", skipped, err)
	}
	r.workOff()
	if got := r.last("often"); got.State != runs.Done {
		t.Errorf("the run that was going on: %+v", got)
	}
	r.look(r.after(time.Minute))
	if len(r.queue) != 1 {
		t.Error("the next run is not due again")
	}
}

func TestAnotherWriterIsWaitedFor(t *testing.T) {
	dir := newProject(t, dropSource+"after_load: nothing\n")
	r := newRobot(t, dir, monday)
	writeFile(t, filepath.Join(dir, "inbox"), "fec.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	lock, err := landing.Acquire(r.project.DataDir(), "somebody else", monday)
	if err != nil {
		t.Fatal(err)
	}
	var pauses []time.Duration
	r.pause = func(_ context.Context, d time.Duration) error {
		if pauses = append(pauses, d); len(pauses) == 7 {
			return lock.Release()
		}
		return nil
	}
	r.settled()
	if got := fmt.Sprint(pauses); got != "[1s 2s 4s 8s 16s 30s 30s]" {
		t.Errorf("pauses %s", got)
	}
	if got := r.last("drop"); got.State != runs.Done || !strings.Contains(r.log.String(), "somebody else") {
		t.Errorf("%+v\n%s", got, r.log)
	}
	// one that never ends
	if lock, err = landing.Acquire(r.project.DataDir(), "somebody else", monday); err != nil {
		t.Fatal(err)
	}
	r.pause = func(context.Context, time.Duration) error { return nil }
	writeFile(t, filepath.Join(dir, "inbox"), "next.txt", header+invoice(2, "20240116", "C1", "F2", "100,00"))
	r.settled()
	if got := r.last("drop"); got.State != runs.Failed || !strings.Contains(got.Error, "gave up after waiting") || !strings.Contains(got.Error, "somebody else") {
		t.Errorf("%+v", got)
	}
	if got := names(t, filepath.Join(dir, "inbox")); got != "next.txt" {
		t.Errorf("the file does not wait for the next try: %q", got)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	r.look(r.after(2 * time.Minute))
	r.workOff()
	if got := names(t, filepath.Join(dir, "inbox", "done")); got != "fec.txt next.txt" {
		t.Errorf("done: %q\n%s", got, r.log)
	}
}

func TestBuildThatWasMissedIsMadeUpFor(t *testing.T) {
	dir := newProject(t, dropSource)
	path := writeFile(t, dir, "fec.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	must(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", "--fiscal-year-start", "2024-01-01", path)
	r := newRobot(t, dir, time.Now())
	if !r.unbuilt {
		t.Fatal("a batch that no build has seen is left")
	}
	r.workOff()
	if got := newRobot(t, dir, time.Now()); got.unbuilt {
		t.Error("it would be built again")
	}
}

func TestSilentSourceIsFlagged(t *testing.T) {
	dir := newProject(t, `sources:
  - { name: books, kind: fec, entity: ACME, fiscal_year_start: 2024-01-01, paths: ["*.txt"], expect_every: 26h }
`)
	writeFile(t, dir, "fec.txt", header+invoice(1, "20240115", "C1", "F1", "100,00")+invoice(2, "20240230", "C1", "F2", "50,00"))
	at := func(now time.Time, args ...string) string {
		var out, err bytes.Buffer
		m := Main{Out: &out, Err: &err, Getenv: func(string) string { return "" }, Clock: func() time.Time { return now }}
		if code := m.Run(t.Context(), append(args, "--project", dir)); code != exitDone && code != exitRejects {
			t.Fatalf("%v: exit %d: %s", args, code, err.String())
		}
		return out.String()
	}
	if got := at(monday, "status"); !strings.Contains(got, "books: silent: nothing new since ever, and something is expected every 26h") {
		t.Errorf("before the first load:\n%s", got)
	}
	at(monday, "ingest")
	if got := at(monday.Add(26*time.Hour), "status"); strings.Contains(got, "silent") || !strings.Contains(got, "over_budget") {
		t.Errorf("in time:\n%s", got)
	}
	at(monday.Add(26*time.Hour), "ingest") // the same bytes are no sign of life
	later := monday.Add(26*time.Hour + time.Second)
	if got := at(later, "status"); !strings.Contains(got, "books: silent: nothing new since 2026-01-05T04:59:00Z") {
		t.Errorf("too late:\n%s", got)
	}
	var s status
	if err := json.Unmarshal([]byte(at(later, "status", "--format", "json")), &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Sources) != 1 || !s.Sources[0].IsSilent || s.Sources[0].Last.Unchanged != 1 || s.Sources[0].Last.Trigger != runs.ByHand {
		t.Errorf("%+v", s.Sources)
	}
}

// TestStopLetsALoadEnd: what is going on when the program is told to stop is
// finished, and nothing new begins.
func TestStopLetsALoadEnd(t *testing.T) {
	dir := newProject(t, dropSource)
	r := newRobot(t, dir, monday)
	inbox := filepath.Join(dir, "inbox")
	writeFile(t, inbox, "a.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	r.look(r.clock())
	r.look(r.after(2 * time.Second))
	task, ok := r.take()
	if !ok {
		t.Fatal("nothing to do")
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	r.load(stopped, t.Context(), task)
	if got := names(t, filepath.Join(inbox, "done")); got != "a.txt" || r.last("drop").State != runs.Done {
		t.Errorf("done: %q, run %+v", got, r.last("drop"))
	}
	r.work(stopped, t.Context())
	if got := r.last(runs.Build); got.Source != "" {
		t.Errorf("a build began after the end: %+v", got)
	}
}

// TestServeStopsWhenTold: SIGTERM ends the program, with the code for done.
func TestServeStopsWhenTold(t *testing.T) {
	dir := newProject(t, dropSource)
	cmd := process(t.Context(), "serve", "--project", dir, "--addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// cancelling is a load in the middle of which the program is told to stop at once.
type cancelling struct {
	load
	cancel context.CancelFunc
}

func (l cancelling) run(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB) (loaded, error) {
	l.cancel()
	return l.load.run(ctx, a, zone, db)
}

// TestCancelledLoad: a file that is cut off is neither done nor failed.
func TestCancelledLoad(t *testing.T) {
	dir := newProject(t, dropSource)
	r := newRobot(t, dir, monday)
	inbox := filepath.Join(dir, "inbox")
	writeFile(t, inbox, "a.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	r.look(r.clock())
	r.look(r.after(2 * time.Second))
	task, ok := r.take()
	if !ok {
		t.Fatal("nothing to do")
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := r.app.write(ctx, r.project, "serve", func(zone *landing.Zone) error {
		return r.app.withIngestDB(ctx, r.project, func(db *sql.DB) error {
			j := r.job(zone, task)
			list := j.list
			j.list = func() ([]load, error) {
				loads, err := list()
				first := loads[0].(droppedLoad)
				first.load = cancelling{first.load, cancel}
				return []load{first}, err
			}
			_, err := r.app.runJob(ctx, r.project, zone, db, j, runs.ByWatch)
			return err
		})
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if got := names(t, inbox); got != "a.txt" || len(batches(t, dir)) != 0 || r.last("drop").State != runs.Interrupted {
		t.Errorf("left: %q, run %+v", got, r.last("drop"))
	}
	next := newRobot(t, dir, monday.Add(time.Hour))
	next.settled()
	if got := names(t, filepath.Join(inbox, "done")); got != "a.txt" {
		t.Errorf("done: %q", got)
	}
}

func TestServeLoadsWhatIsDropped(t *testing.T) {
	dir := newProject(t, dropSource)
	address := serveProcess(t, dir)
	writeFile(t, filepath.Join(dir, "inbox"), "fec.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if body, err := get(address + "/healthz"); err == nil && strings.Contains(body, "ok") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing was built")
		}
	}
	if got := query(t, dir, "", "select sum(open_amount) from fct_items"); got[0][0] != "100.00" {
		t.Errorf("open: %v", got)
	}
}

func TestUnattendedKeysReachTheProgram(t *testing.T) {
	dir := newProject(t, "sources:\n  - { name: x, kind: fec, entity: ACME, paths: [a], schedule: \"61 * * * *\" }\n")
	refuse(t, exitFailed, "encours.yaml:7:", "serve", "--project", dir)
	p, err := project.Load(filepath.Join(newProject(t, dropSource), "encours.yaml"))
	if err != nil || !p.IsUnattended() {
		t.Error(err)
	}
}
