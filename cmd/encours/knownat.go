package main

import (
	"context"
	"time"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// knownAt returns the store of what was known on a day: a side generation, built
// when it is first asked for and again only when its inputs have changed. The
// generation that serves stays where it is.
func (a *app) knownAt(ctx context.Context, p *project.Project, at time.Time) (*generation.Store, error) {
	store := generation.NewSideStore(p.DataDir(), at)
	return store, a.buildKnownAt(ctx, p, store, "report --known-at", 0, generation.Options{KnownAt: at, Limits: buildLimits(p)})
}

// buildKnownAt builds a side generation where it is not there or not fresh. command is
// what other writers are told; o says the day, the limits and the progress. After a
// build all but the last keep days are removed; 0 keeps all.
func (a *app) buildKnownAt(ctx context.Context, p *project.Project, store *generation.Store, command string, keep int, o generation.Options) error {
	o.Project, o.Zone, o.Version, o.Clock = p, landing.Open(p.DataDir()), version, a.Clock
	// a reader waits for no writer where there is nothing to build
	if fresh, err := store.IsFresh(ctx, o); err != nil || fresh {
		return err
	}
	return a.write(ctx, p, command, func(zone *landing.Zone) error {
		o.Zone = zone
		fresh, err := store.IsFresh(ctx, o)
		if err != nil || fresh {
			return err
		}
		a.say("building what was known on %s", o.KnownAt.Format(time.DateOnly))
		if _, err = store.Build(ctx, o); err != nil || keep == 0 {
			return err
		}
		return generation.SweepSides(p.DataDir(), keep)
	})
}
