package main

import (
	"context"
	"errors"
	"time"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

// leftUnbuilt tells whether a batch landed that no build has seen: the program was
// stopped in between.
func (a *app) leftUnbuilt(ctx context.Context, p *project.Project, last map[string]runs.Run) (bool, error) {
	if p.AfterLoad != project.AfterLoadBuild || !p.IsUnattended() {
		return false, nil
	}
	first, err := a.unbuilt(ctx, p, last, func(landing.Batch) bool { return true })
	return !first.IsZero(), err
}

// unbuilt is when the first of the batches landed that count, are wanted, and no build
// has seen; zero where there is none.
func (a *app) unbuilt(ctx context.Context, p *project.Project, last map[string]runs.Run, wanted func(landing.Batch) bool) (first time.Time, err error) {
	batches, err := landing.Open(p.DataDir()).Batches(ctx)
	if err != nil {
		return first, err
	}
	var built []string
	store := a.store(p)
	id, err := store.CurrentID()
	switch {
	case errors.Is(err, generation.ErrNone):
	case err != nil:
		return first, err
	default:
		m, err := store.Manifest(id)
		if err != nil {
			return first, err
		}
		built = m.Batches
	}
	missing := map[string]bool{}
	for _, id := range notIn(landing.Live(batches), built) {
		missing[id] = true
	}
	build, ran := last[runs.Build]
	ran = ran && (build.State == runs.Done || build.State == runs.Failed)
	for _, b := range batches {
		// one that a build left out, or failed on, is not for us to build again
		if missing[b.ID] && wanted(b) && (!ran || b.LoadedAt.After(build.Started.Time)) &&
			(first.IsZero() || b.LoadedAt.Before(first)) {
			first = b.LoadedAt.Time
		}
	}
	return first, nil
}
