package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

func (a *app) buildCommand() *cobra.Command {
	var asOf, knownAt string
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Build a new generation from the landing zone and switch to it",
		Long: `Runs the SQL models over the landing zone, checks the result, publishes every
mart as Parquet under data/published, and switches to it at once. Readers go on
with the generation before until then. Where a check fails, nothing changes.`,
		Example: `  encours build
  encours build --as-of 2024-12-31
  encours build --known-at 2025-01-15`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			on, at, err := dates(cmd, asOf, knownAt)
			if err != nil {
				return err
			}
			return a.build(cmd.Context(), p, on, at)
		},
	}
	dateFlags(cmd, &asOf, &knownAt)
	return cmd
}

func dateFlags(cmd *cobra.Command, asOf, knownAt *string) {
	cmd.Flags().StringVar(asOf, "as-of", "", "business date of the figures, YYYY-MM-DD (default: the earliest of the entities' last entry dates)")
	cmd.Flags().StringVar(knownAt, "known-at", "", "count only what was known on this day, YYYY-MM-DD (default: everything)")
}

func dates(cmd *cobra.Command, asOf, knownAt string) (on, at time.Time, err error) {
	if on, err = day(cmd, "as-of", asOf); err != nil {
		return on, at, err
	}
	at, err = day(cmd, "known-at", knownAt)
	return on, at, err
}

func (a *app) build(ctx context.Context, p *project.Project, asOf, knownAt time.Time) error {
	return a.buildAfter(ctx, p, runs.ByHand, asOf, knownAt)
}

// buildAfter builds and keeps the run, with what set it off.
func (a *app) buildAfter(ctx context.Context, p *project.Project, trigger runs.Trigger, asOf, knownAt time.Time) error {
	return a.write(ctx, p, "build", func(zone *landing.Zone) error {
		log := runs.Open(p.DataDir())
		run, err := log.Begin(runs.Build, trigger, a.Clock())
		if err != nil {
			return err
		}
		err = a.buildZone(ctx, p, zone, asOf, knownAt)
		outcome := runs.Outcome{State: runs.Done}
		switch {
		case ctx.Err() != nil:
			outcome = runs.Outcome{State: runs.Interrupted, Error: "the program was told to stop; the generation before still serves"}
		case err != nil:
			outcome = runs.Outcome{State: runs.Failed, Error: err.Error()}
		}
		_, logErr := log.End(run, outcome, a.Clock())
		if err == nil {
			err = logErr
		}
		return err
	})
}

func (a *app) buildZone(ctx context.Context, p *project.Project, zone *landing.Zone, asOf, knownAt time.Time) error {
	if err := a.eraseAgain(ctx, p, zone); err != nil {
		return err
	}
	a.recordServing(ctx, p) // of a build that was cut off after its switch
	progress := a.newBar(1, false, "build")
	result, err := a.store(p).Build(ctx, generation.Options{
		Project: p, Zone: zone, Limits: buildLimits(p), AsOf: asOf, KnownAt: knownAt,
		Version: version, Clock: a.Clock,
		Progress: func(done, total int, step string) {
			if progress.bar != nil {
				progress.bar.ChangeMax(total)
			}
			progress.describe(step)
			progress.set(int64(done))
		},
	})
	progress.finish()
	if errors.Is(err, generation.ErrNothingKnown) && knownAt.IsZero() {
		return errors.New("there is nothing to build from: load an extract first, with `encours ingest`")
	}
	if err != nil {
		return err
	}
	a.sayBuilt(result)
	a.recordServing(ctx, p)
	return nil
}

func (a *app) sayBuilt(result generation.Result) {
	m := result.Manifest
	if len(result.LastDates) > 0 {
		a.say("the ledgers end on different days:")
		for _, id := range slices.Sorted(maps.Keys(result.LastDates)) {
			a.say("  %s ends on %s", id, result.LastDates[id].Format(time.DateOnly))
		}
	}
	a.say("generation %s is ready: figures as of %s, known on %s, built in %.1f s",
		m.ID, m.AsOf.Format(time.DateOnly), m.KnownOn.Format(time.DateOnly), m.Duration)
	a.say("%d checks passed", len(m.Checks)-len(generation.Warned(m.Checks)))
	a.sayWarnings(m.Checks)
}

func (a *app) sayWarnings(checks []generation.CheckResult) {
	for _, w := range generation.Warned(checks) {
		a.say("warning: %s (%d, check %s)", w.Sentence, w.Rows, w.Name)
	}
}
