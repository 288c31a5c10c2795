// Package runs keeps what became of every load and build: when it ran, what set
// it off, what came of it.
//
// Invariant: a run is one file, written whole, that appears before the run does
// anything and is replaced once when it ends. So a run that was cut off is still
// there, and shows as interrupted, never as one that is going on or that ended
// well. Nothing here decides what counts in the figures: that is the business of
// the landing zone, and losing this folder loses no data.
//
//	data/runs/<started>-<source>.json           one run
//	data/runs/<started>-<source>-skipped.json   one that was refused
//
// The name of the source stands in the file; in its name stands a digest of it.
// Time comes from the caller.
package runs

import (
	"fmt"
	"time"

	"github.com/encours/encours/warehouse/landing"
)

// State is what became of a run.
type State string

// The states of a run.
const (
	Running     State = "running"
	Done        State = "done"        // also where the bytes were known already
	OverBudget  State = "over_budget" // loaded, with more rejected lines than the project allows
	Failed      State = "failed"      // something was not loaded, or not built
	Interrupted State = "interrupted" // stopped, or cut off
	Skipped     State = "skipped"     // refused: the run before was still going on
)

// Trigger is what set a run off.
type Trigger string

// The triggers of a run.
const (
	ByHand     Trigger = "hand"
	BySchedule Trigger = "schedule"
	ByWatch    Trigger = "watch"  // a file in the drop folder
	AfterLoad  Trigger = "load"   // the build that follows loads
	AfterPush  Trigger = "push"   // the build that follows what was sent
	ByChange   Trigger = "change" // of encours.yaml
)

// The names under which builds are kept, and that `serve` read a changed
// encours.yaml; no source can be called so.
const (
	Build       = "(build)"
	ProjectFile = "(encours.yaml)"
)

// Run is one load of a source, or one build.
type Run struct {
	Source    string           `json:"source"`
	Trigger   Trigger          `json:"trigger"`
	State     State            `json:"state"`
	Started   landing.Instant  `json:"started"`
	Ended     *landing.Instant `json:"ended,omitempty"`
	Extracts  int              `json:"extracts"`  // files or queries that were read
	Unchanged int              `json:"unchanged"` // of them, how many were loaded before
	Rows      int64            `json:"rows"`      // that landed
	Rejects   int64            `json:"rejects"`
	Audit     float64          `json:"audit_seconds,omitempty"` // of its time, what the audit took
	Batches   []string         `json:"batches,omitempty"`       // that landed
	Error     string           `json:"error,omitempty"`         // for the reader; empty where all went well
	PID       int              `json:"pid"`

	id string
}

// Duration is how long the run took; 0 while it is not known.
func (r Run) Duration() time.Duration {
	if r.Ended == nil {
		return 0
	}
	return max(0, r.Ended.Sub(r.Started.Time))
}

// IsBad tells whether somebody should look at the run.
func (r Run) IsBad() bool {
	return r.State == Failed || r.State == OverBudget || r.State == Interrupted
}

// Outcome is what is known of a run when it ends.
type Outcome struct {
	State               State
	Extracts, Unchanged int
	Rows, Rejects       int64
	Audit               time.Duration
	Batches             []string
	Error               string
}

func (r Run) validate() error {
	switch {
	case r.Source == "" || r.Trigger == "" || r.State == "":
		return fmt.Errorf("source, trigger and state must be given")
	case r.Started.IsZero():
		return fmt.Errorf("started is missing")
	}
	return nil
}
