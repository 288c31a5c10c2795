package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

// knownSpan are the two instants of the report of changes, as flags give them.
type knownSpan struct{ from, to string }

// changes compares what was known on two days.
func (a *app) changes(cmd *cobra.Command, span knownSpan, asOf string, sel reports.Selection, format, output string) error {
	for _, flag := range []string{"known-at", "search", "bucket", "overdue"} {
		if cmd.Flags().Changed(flag) {
			return usagef(cmd, "--%s is not for `encours report changes`, which takes --from and --to", flag)
		}
	}
	if span.from == "" {
		return usagef(cmd, "give the earlier of the two days with --from; `encours batches` lists when what became known")
	}
	format, err := reportFormat(cmd, reports.ChangesReport, format, output)
	if err != nil {
		return err
	}
	on, from, err := dates(cmd, asOf, span.from)
	if err != nil {
		return err
	}
	to, err := day(cmd, "to", span.to)
	if err != nil {
		return err
	}
	if !to.IsZero() && to.Before(from) {
		return usagef(cmd, "--to %s is before --from %s", span.to, span.from)
	}
	p, err := a.load()
	if err != nil {
		return err
	}
	sel.AsOf = on
	return a.compare(cmd.Context(), p, from, to, sel, func(c *reports.Changes) error {
		if output == "" {
			return c.Export(cmd.Context(), format, onlyWriter{a.Out})
		}
		if err := c.WriteFile(cmd.Context(), format, output); err != nil {
			return err
		}
		a.say("%s: complete", output)
		return nil
	})
}

// compare opens what was known on both days, a zero day being now, and hands the
// comparison to use. The later one decides the as-of date where none is given.
func (a *app) compare(ctx context.Context, p *project.Project, from, to time.Time, sel reports.Selection, use func(*reports.Changes) error) (err error) {
	after, closeAfter, err := a.viewKnownAt(ctx, p, to, sel)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAfter()) }()
	before, closeBefore, err := a.viewKnownAt(ctx, p, from, after.Meta().Selection)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeBefore()) }()
	changes, err := reports.CompareViews(ctx, before, after, limits(p, 3))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, changes.Close()) }()
	return use(changes)
}

func (a *app) viewKnownAt(ctx context.Context, p *project.Project, at time.Time, sel reports.Selection) (*reports.View, func() error, error) {
	store := a.store(p)
	if !at.IsZero() {
		var err error
		if store, err = a.knownAt(ctx, p, at); err != nil {
			return nil, nil, fmt.Errorf("read what was known on %s: %w", at.Format(time.DateOnly), err)
		}
	}
	pool := session.NewPool(store, limits(p, 3))
	view, err := a.service(p, pool).Open(ctx, sel)
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	return view, func() error { return errors.Join(view.Close(), pool.Close()) }, nil
}
