package runs

import (
	"maps"
	"slices"
	"time"

	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// Status is how a source is doing.
type Status struct {
	Source       string
	Kind         string // empty where encours.yaml does not name the source
	EntityID     string
	Schedule     string        // cron expression; empty for none
	Folder       string        // drop folder; empty for none
	IsConfigured bool          // encours.yaml names it
	Last         *Run          // nil: it never ran
	Next         time.Time     // by its schedule; zero for none
	ExpectEvery  time.Duration // 0: never silent
	LoadedAt     time.Time     // last time something new landed; zero: never
	IsSilent     bool          // nothing new landed for longer than ExpectEvery
}

// NeedsAttention tells whether somebody should look at the source.
func (s Status) NeedsAttention() bool { return s.IsSilent || s.Last != nil && s.Last.IsBad() }

// Statuses tells how every source of a project is doing: those of encours.yaml in
// its order, then by name others that ran. The same bytes again are no sign of
// life: an export that is stuck gives them for ever.
func Statuses(p *project.Project, batches []landing.Batch, last map[string]Run, now time.Time) []Status {
	loaded := map[string]time.Time{}
	for _, b := range batches {
		if b.LoadedAt.After(loaded[b.Source]) {
			loaded[b.Source] = b.LoadedAt.Time
		}
	}
	list := make([]Status, 0, len(p.Sources))
	for _, s := range p.Sources {
		list = append(list, Status{
			Source: s.Name, Kind: s.Kind, EntityID: s.EntityID, IsConfigured: true,
			Schedule: s.Schedule.Text, Folder: s.Watch.Folder, ExpectEvery: s.ExpectEvery,
			Last: lastOf(last, s.Name), Next: s.Schedule.Next(now, p.Zone()), LoadedAt: loaded[s.Name],
			IsSilent: s.ExpectEvery > 0 && now.Sub(loaded[s.Name]) > s.ExpectEvery,
		})
	}
	for _, name := range slices.Sorted(maps.Keys(last)) {
		if _, ok := p.Source(name); !ok && name != Build && name != ProjectFile {
			list = append(list, Status{Source: name, Last: lastOf(last, name), LoadedAt: loaded[name]})
		}
	}
	return list
}

func lastOf(last map[string]Run, name string) *Run {
	if r, ok := last[name]; ok {
		return &r
	}
	return nil
}
