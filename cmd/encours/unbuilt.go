package main

import (
	"context"
	"errors"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

// leftUnbuilt tells whether a batch landed that no build has seen: the program was
// stopped in between.
func (a *app) leftUnbuilt(ctx context.Context, p *project.Project, last map[string]runs.Run) (bool, error) {
	batches, err := landing.Open(p.DataDir()).Batches(ctx)
	if err != nil || p.AfterLoad != project.AfterLoadBuild {
		return false, err
	}
	var built []string
	store := a.store(p)
	id, err := store.CurrentID()
	switch {
	case errors.Is(err, generation.ErrNone):
	case err != nil:
		return false, err
	default:
		m, err := store.Manifest(id)
		if err != nil {
			return false, err
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
		if missing[b.ID] && (!ran || b.LoadedAt.After(build.Started.Time)) {
			return true, nil
		}
	}
	return false, nil
}
