package main

import (
	"context"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

// keepSides is how many days a server keeps what was known on.
const keepSides = 20

// sides give the server what was known on other days, as `report --known-at` does:
// they are built under the lock of writers, in the data folder and nowhere else.
type sides struct {
	latest
	app *app
}

func newSides(a *app, p *project.Project) *sides {
	s := &sides{app: a}
	s.use(p)
	return s
}

// Prepare implements reports.Sides.
func (s *sides) Prepare(ctx context.Context, at time.Time, tell func(done, total int)) error {
	p := s.current()
	store := generation.NewSideStore(p.DataDir(), at)
	build := comparing(p)
	if p.WorksAlone() {
		build = half(p) // that of its loads and builds, which the lock keeps from running meanwhile
	}
	command := "serve (what was known on " + at.Format(time.DateOnly) + ")"
	return s.app.buildKnownAt(ctx, p, store, command, keepSides, generation.Options{
		KnownAt: at, Limits: buildLimits(build),
		Progress: func(done, total int, _ string) { tell(done, total) },
	})
}

// Pool implements reports.Sides.
func (s *sides) Pool(at time.Time) *session.Pool {
	return session.NewPool(generation.NewSideStore(s.current().DataDir(), at), s.Limits())
}

// Limits implements reports.Sides: there are three instances at most, one comparison
// at a time.
func (s *sides) Limits() duck.Limits { return limits(comparing(s.current()), 3) }

// comparing is a project with the part of its resources that comparisons get, which
// serving leaves to them.
func comparing(p *project.Project) *project.Project {
	if p.WorksAlone() {
		p = half(p)
	}
	return part(p, 1, 4)
}
