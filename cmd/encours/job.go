package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

// job is the extracts of one source that are loaded together, in one run.
type job struct {
	source string
	// list finds the extracts when the run begins; that it cannot is what the run
	// has to tell.
	list func() ([]load, error)
	// loaded is told what became of each extract, nil where nobody asks. An error
	// of it counts as one of the extract.
	loaded func(load, loaded, error) error
}

// jobOutcome is what became of a job.
type jobOutcome struct {
	runs.Outcome
	refused []error         // one for each extract that was not loaded
	batches []landing.Batch // those that are new
}

// runJob loads the extracts of a job one after the other and keeps the run. Its
// error is one that ends everything: the context has ended, or the run cannot be
// kept.
func (a *app) runJob(ctx context.Context, p *project.Project, zone *landing.Zone, db *sql.DB, j job, trigger runs.Trigger) (jobOutcome, error) {
	log := runs.Open(p.DataDir())
	run, err := log.Begin(j.source, trigger, a.Clock())
	if err != nil {
		return jobOutcome{}, err
	}
	out := a.loadAll(ctx, zone, db, j)
	landed := a.Clock()
	a.auditLanded(ctx, p, zone, out.batches)
	out.Audit = a.Clock().Sub(landed)
	out.judge(ctx, p.Rejects.MaxLines)
	_, err = log.End(run, out.Outcome, a.Clock())
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	return out, err
}

func (a *app) loadAll(ctx context.Context, zone *landing.Zone, db *sql.DB, j job) (out jobOutcome) {
	loads, err := j.list()
	if err != nil {
		out.Extracts, out.refused = 1, []error{err}
		return out
	}
	out.Extracts = len(loads)
	for _, load := range loads {
		result, err := load.run(ctx, a, zone, db)
		if ctx.Err() != nil {
			return out
		}
		if err == nil {
			result.say(a, load.name())
			out.add(result)
		}
		if j.loaded != nil {
			err = j.loaded(load, result, err)
		}
		if err != nil {
			out.refused = append(out.refused, err)
		}
	}
	return out
}

func (o *jobOutcome) add(l loaded) {
	if l.same != nil || l.unchanged != "" {
		o.Unchanged++
		return
	}
	o.batches = append(o.batches, l.batch)
	o.Rows += l.batch.Rows
	o.Rejects += l.batch.Rejects
	o.Batches = append(o.Batches, l.batch.ID)
}

// judge says in one word, and where it went wrong in a few, what became of the
// extracts.
func (o *jobOutcome) judge(ctx context.Context, budget int64) {
	switch {
	case ctx.Err() != nil:
		o.State, o.Error = runs.Interrupted, "the program was told to stop; what was loaded before stays"
	case len(o.refused) > 0:
		o.State, o.Error = runs.Failed, summary(o.refused)
	case o.Rejects > budget:
		o.State, o.Error = runs.OverBudget, (&rejectsError{rejects: o.Rejects, budget: budget}).Error()
	default:
		o.State = runs.Done
	}
}

// summary is the text of a few errors; how many more there are it says.
func summary(list []error) string {
	const most = 10
	text := errors.Join(list[:min(most, len(list))]...).Error()
	if len(list) > most {
		text += fmt.Sprintf("\nand %d more", len(list)-most)
	}
	return text
}

// noteFailure keeps a run that failed before it could load anything.
func (a *app) noteFailure(p *project.Project, source string, trigger runs.Trigger, cause error) error {
	log := runs.Open(p.DataDir())
	run, err := log.Begin(source, trigger, a.Clock())
	if err != nil {
		return err
	}
	_, err = log.End(run, runs.Outcome{State: runs.Failed, Error: cause.Error()}, a.Clock())
	return err
}
