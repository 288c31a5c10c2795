package reports

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

// TestSources needs no generation: it asks before anything has been built.
func TestSources(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, project.FileName)
	if err := os.WriteFile(path, []byte(`version: 1
timezone: Europe/Paris
entities: [{id: A}]
sources:
  - { name: nightly, kind: fec, entity: A, paths: [x], schedule: "0 6 * * *", expect_every: 26h }
  - { name: drop, kind: fec, entity: A, watch: { folder: inbox } }
`), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := project.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC)
	log := runs.Open(p.DataDir())
	end := func(source string, outcome runs.Outcome) {
		run, err := log.Begin(source, runs.BySchedule, now)
		if err == nil {
			_, err = log.End(run, outcome, now.Add(2*time.Second))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	end("nightly", runs.Outcome{State: runs.Failed, Rows: 1, Rejects: 2, Unchanged: 3, Error: "why"})
	end(runs.Build, runs.Outcome{State: runs.Done})
	s := NewService(nil, Options{Zone: landing.Open(p.DataDir()), Project: p, Clock: func() time.Time { return now }})
	got, err := s.Sources(t.Context())
	if err != nil || len(got.List) != 2 || got.Zone != "Europe/Paris" || got.Attention() != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	nightly, drop := got.List[0], got.List[1]
	if want := (SourceRun{now, 2 * time.Second, RunFailed, "schedule", 1, 2, 3, "why", true}); *nightly.Last != want {
		t.Errorf("last run %+v", nightly.Last)
	}
	if !nightly.IsSilent || !nightly.NeedsAttention || !nightly.Next.Equal(now.Add(time.Hour)) || nightly.ExpectEvery != 26*time.Hour {
		t.Errorf("nightly: %+v", nightly)
	}
	if drop.Last != nil || drop.Folder != "inbox" || drop.NeedsAttention || !drop.Next.IsZero() {
		t.Errorf("drop: %+v", drop)
	}
	if got.LastBuild == nil || got.LastBuild.IsBad {
		t.Errorf("last build %+v", got.LastBuild)
	}
	end("drop", runs.Outcome{State: runs.Done})
	now = now.Add(sourcesAge)
	if again, err := s.Sources(t.Context()); err != nil || again.List[1].Last == nil {
		t.Errorf("a moment later: %+v %v", again, err)
	}
	if none, err := NewService(nil, Options{}).Sources(t.Context()); err != nil || len(none.List) != 0 {
		t.Errorf("without a project: %+v %v", none, err)
	}
}
