package reports

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

// sourcesAge is how old the answer of Sources may be: pages that are asked for at
// once share one look at the disk.
const sourcesAge = time.Second

// States of a SourceRun.
const (
	RunRunning     = string(runs.Running)
	RunDone        = string(runs.Done)
	RunOverBudget  = string(runs.OverBudget) // loaded, with more rejected lines than allowed
	RunFailed      = string(runs.Failed)
	RunInterrupted = string(runs.Interrupted)
)

// Sources is how the sources of a project are doing now. Unlike figures it belongs
// to no generation.
type Sources struct {
	List      []SourceStatus // those of encours.yaml in its order, then others that ran
	LastBuild *SourceRun     // nil: none is known
	File      *SourceRun     // last change of encours.yaml that the server read; nil: none since it runs
	Zone      string         // time zone of the schedules
}

// Attention counts the sources that somebody should look at, and a build that went
// wrong.
func (s *Sources) Attention() int64 {
	var count int64
	for _, of := range s.List {
		if of.NeedsAttention {
			count++
		}
	}
	if s.LastBuild != nil && s.LastBuild.IsBad {
		count++
	}
	return count
}

// SourceStatus is how one source is doing.
type SourceStatus struct {
	Name           string
	Kind, Entity   string        // empty where encours.yaml does not name the source
	Schedule       string        // cron expression; empty for none
	Folder         string        // drop folder; empty for none
	Last           *SourceRun    // nil: it never ran
	Next           time.Time     // zero: no schedule
	ExpectEvery    time.Duration // 0: not said
	LoadedAt       time.Time     // last time something new landed; zero: never
	IsSilent       bool          // for longer than ExpectEvery
	NeedsAttention bool
}

// SourceRun is one load of a source, or one build.
type SourceRun struct {
	Started       time.Time
	Duration      time.Duration // 0 while it is going on
	State         string
	Trigger       string // hand, schedule, watch or load
	Rows, Rejects int64
	Unchanged     int // extracts that had been loaded before
	Error         string
	IsBad         bool
}

// recent keeps the last answer of Sources for a moment.
type recent struct {
	mu    sync.Mutex
	at    time.Time
	value *Sources
}

// Sources tells how the sources are doing. It needs no generation: where loads fail
// there may be none. What it returns is shared: it must not be changed.
func (s *Service) Sources(ctx context.Context) (*Sources, error) {
	s.recent.mu.Lock()
	defer s.recent.mu.Unlock()
	p := s.options.Project
	if p == nil {
		return &Sources{}, nil
	}
	now := s.options.Clock()
	if s.recent.value != nil && now.Sub(s.recent.at).Abs() < sourcesAge {
		return s.recent.value, nil
	}
	last, err := runs.Open(p.DataDir()).Last()
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	batches, err := s.options.Zone.Batches(ctx)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	made := &Sources{Zone: p.Zone().String()}
	if p.Timezone == nil { // that of the machine has no name but its abbreviation
		made.Zone, _ = now.Local().Zone()
	}
	if build, ok := last[runs.Build]; ok {
		made.LastBuild = sourceRun(&build)
	}
	if file, ok := last[runs.ProjectFile]; ok {
		made.File = sourceRun(&file)
	}
	for _, of := range runs.Statuses(p, batches, last, now) {
		made.List = append(made.List, SourceStatus{
			Name: of.Source, Kind: of.Kind, Entity: of.EntityID, Schedule: of.Schedule, Folder: folderText(p, of.Folder),
			Last: sourceRun(of.Last), Next: of.Next, ExpectEvery: of.ExpectEvery, LoadedAt: of.LoadedAt,
			IsSilent: of.IsSilent, NeedsAttention: of.NeedsAttention(),
		})
	}
	s.recent.at, s.recent.value = now, made
	return made, nil
}

// folderText names a folder from that of the project where it lies in it.
func folderText(p *project.Project, folder string) string {
	if inside, err := filepath.Rel(p.Dir, folder); err == nil && folder != "" && filepath.IsLocal(inside) {
		return inside
	}
	return folder
}

func sourceRun(r *runs.Run) *SourceRun {
	if r == nil {
		return nil
	}
	return &SourceRun{
		Started: r.Started.Time, Duration: r.Duration(), State: string(r.State), Trigger: string(r.Trigger),
		Rows: r.Rows, Rejects: r.Rejects, Unchanged: r.Unchanged, Error: r.Error, IsBad: r.IsBad(),
	}
}
