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
	options := generation.Options{
		Project: p, Zone: landing.Open(p.DataDir()), Limits: buildLimits(p), KnownAt: at, Version: version, Clock: a.Clock,
	}
	// a reader waits for no writer where there is nothing to build
	if fresh, err := store.IsFresh(ctx, options); err != nil || fresh {
		return store, err
	}
	err := a.write(ctx, p, "report --known-at", func(zone *landing.Zone) error {
		options.Zone = zone
		fresh, err := store.IsFresh(ctx, options)
		if err != nil || fresh {
			return err
		}
		a.say("building what was known on %s", at.Format(time.DateOnly))
		_, err = store.Build(ctx, options)
		return err
	})
	return store, err
}
