package runs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

var start = time.Date(2026, 1, 5, 6, 0, 0, 0, time.UTC)

func last(t *testing.T, l *Log) map[string]Run {
	t.Helper()
	runs, err := l.Last()
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

func TestARunIsKeptFromItsStart(t *testing.T) {
	data := t.TempDir()
	l := Open(data)
	if runs := last(t, l); len(runs) != 0 {
		t.Errorf("runs before the first: %v", runs)
	}
	lock, err := landing.Acquire(data, "test", start)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Begin("a/../b", ByHand, start)
	if err != nil {
		t.Fatal(err)
	}
	if got := last(t, l)["a/../b"]; got.State != Running || got.Duration() != 0 {
		t.Errorf("while it runs: %+v", got)
	}
	if err := l.Skip("a/../b", BySchedule, "still going on", start); err != nil {
		t.Fatal(err)
	}
	if _, err = l.End(r, Outcome{State: Done, Extracts: 2, Rows: 7, Rejects: 1, Batches: []string{"x"}}, start.Add(1500*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	got := last(t, l)["a/../b"]
	if got.State != Done || got.Rows != 7 || got.Rejects != 1 || got.Duration() != 1500*time.Millisecond || got.Trigger != ByHand {
		t.Errorf("after its end: %+v", got)
	}
	again, err := l.Begin("a/../b", ByHand, start)
	if err != nil || !again.Started.After(start) {
		t.Errorf("a second run at the same moment: %+v %v", again, err)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if got := last(t, l)["a/../b"]; got.State != Interrupted || got.Error == "" || !got.IsBad() {
		t.Errorf("without an end and without a writer: %+v", got)
	}
}

func TestALaterWriterDoesNotHideACrash(t *testing.T) {
	data := t.TempDir()
	l := Open(data)
	if _, err := l.Begin("a", ByWatch, start); err != nil {
		t.Fatal(err)
	}
	lock, err := landing.Acquire(data, "test", start.Add(time.Hour)) // of the same process number
	if err != nil {
		t.Fatal(err)
	}
	if got := last(t, l)["a"]; got.State != Interrupted {
		t.Errorf("%+v", got)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestOldRunsAreDropped(t *testing.T) {
	l := Open(t.TempDir())
	for i := range kept + 5 {
		for _, source := range []string{"a", "b"} {
			r, err := l.Begin(source, ByHand, start.Add(time.Duration(i)*time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.End(r, Outcome{State: Done, Rows: int64(i)}, start); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, err := os.ReadDir(l.dir())
	if err != nil || len(files) != 2*kept {
		t.Errorf("%d files %v", len(files), err)
	}
	if got := last(t, l); got["a"].Rows != kept+4 || got["b"].Rows != kept+4 {
		t.Errorf("%+v", got)
	}
}

func TestADamagedRunIsNamed(t *testing.T) {
	l := Open(t.TempDir())
	r, err := l.Begin("a", ByHand, start)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(l.path(r.id), []byte(`{"source":"a"`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(l.dir(), "notes.json"), []byte(`{`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Last(); err == nil || !strings.Contains(err.Error(), l.path(r.id)) {
		t.Errorf("error %v", err)
	}
}

func TestStatuses(t *testing.T) {
	daily, err := project.ParseSchedule("0 6 * * *")
	if err != nil {
		t.Fatal(err)
	}
	p := &project.Project{Timezone: time.UTC, Sources: []project.Source{
		{Name: "fresh", Schedule: daily, ExpectEvery: 26 * time.Hour},
		{Name: "stuck", ExpectEvery: 26 * time.Hour},
		{Name: "never", ExpectEvery: time.Hour},
		{Name: "free"},
	}}
	now := start.Add(30 * time.Hour)
	batch := func(source string, ago time.Duration) landing.Batch {
		return landing.Batch{Source: source, LoadedAt: landing.NewInstant(now.Add(-ago))}
	}
	batches := []landing.Batch{
		batch("fresh", 26*time.Hour), batch("stuck", 26*time.Hour+time.Second), batch("stuck", 200*time.Hour), batch("free", 9999*time.Hour),
	}
	runs := map[string]Run{"stuck": {State: Done, Unchanged: 1}, "ad-hoc": {State: Failed}, Build: {State: Done}}
	want := map[string]struct{ silent, attention, configured bool }{
		"fresh": {false, false, true}, "stuck": {true, true, true}, "never": {true, true, true}, "free": {false, false, true},
		"ad-hoc": {false, true, false},
	}
	got := Statuses(p, batches, runs, now)
	if len(got) != len(want) || got[0].Source != "fresh" || got[4].Source != "ad-hoc" {
		t.Fatalf("%+v", got)
	}
	for _, s := range got {
		w := want[s.Source]
		if s.IsSilent != w.silent || s.NeedsAttention() != w.attention || s.IsConfigured != w.configured {
			t.Errorf("%s: %+v, want %+v", s.Source, s, w)
		}
	}
	if next := got[0].Next; !next.Equal(time.Date(2026, 1, 7, 6, 0, 0, 0, time.UTC)) {
		t.Errorf("next run %s", next)
	}
}

// TestNotes: a note is the last run of its name at once, needs no lock, and old ones go.
func TestNotes(t *testing.T) {
	l := Open(t.TempDir())
	for i := range kept + 3 {
		if err := l.Note(ProjectFile, ByChange, Failed, "line 7", start.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	got := last(t, l)[ProjectFile]
	if got.State != Failed || got.Error != "line 7" || !got.Started.Equal(start.Add((kept+2)*time.Second)) || got.Duration() != 0 {
		t.Errorf("%+v", got)
	}
	if ids, err := l.ids(); err != nil || len(ids) != kept {
		t.Errorf("%d are kept: %v", len(ids), err)
	}
	if list := Statuses(&project.Project{}, nil, last(t, l), start); len(list) != 0 {
		t.Errorf("it is taken for a source: %+v", list)
	}
}
