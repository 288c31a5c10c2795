package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

func (a *app) checkCommand() *cobra.Command {
	var asOf string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the landing zone and prove the served figures again",
		Long: `Checks that every batch is whole, and runs the checks of the build on the
generation that serves, at its own date or another. Exit code 4 where one fails.`,
		Example: `  encours check
  encours check --as-of 2024-06-30`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			on, err := day(cmd, "as-of", asOf)
			if err != nil {
				return err
			}
			if err := a.checkLanding(cmd.Context(), p); err != nil {
				return err
			}
			return a.checkGeneration(cmd.Context(), p, on)
		},
	}
	cmd.Flags().StringVar(&asOf, "as-of", "", "business date, YYYY-MM-DD (default: that of the generation)")
	return cmd
}

// checkLanding compares every batch with its manifest.
func (a *app) checkLanding(ctx context.Context, p *project.Project) error {
	zone := landing.Open(p.DataDir())
	batches, err := zone.Batches(ctx)
	if err != nil {
		return err
	}
	for _, b := range batches {
		info, err := os.Stat(zone.Path(b))
		if err != nil {
			return fmt.Errorf("batch %s: its rows cannot be read: %w", b.ID, err)
		}
		if info.Size() != b.ParquetSize {
			return fmt.Errorf("batch %s: %s has %d bytes, its manifest says %d: restore it from a backup, or load %s again",
				b.ID, zone.Path(b), info.Size(), b.ParquetSize, b.SourceFile)
		}
	}
	fmt.Fprintf(a.Out, "landing: %d batches, all whole\n", len(batches))
	return nil
}

func (a *app) checkGeneration(ctx context.Context, p *project.Project, asOf time.Time) (err error) {
	pool := session.NewPool(a.store(p), limits(p, 1))
	defer func() { err = errors.Join(err, pool.Close()) }()
	pinned, err := pool.Pin(ctx)
	if errors.Is(err, generation.ErrNone) {
		fmt.Fprintln(a.Out, "generation: none yet")
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pinned.Release()) }()
	s, release, err := pinned.Session(ctx, asOf)
	if err != nil {
		return err
	}
	defer release()
	var results []generation.CheckResult
	if err := s.Use(ctx, func(conn *sql.Conn) (err error) {
		models, err := pinned.Models(ctx)
		if err != nil {
			return err
		}
		results, err = generation.RunChecks(ctx, conn, models, false)
		return err
	}); err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "generation %s as of %s: %d checks run, %d failed\n",
		pinned.Manifest().ID, s.AsOf().Format(time.DateOnly), len(results), len(generation.Failed(results)))
	for _, r := range results {
		if r.Rows > 0 {
			fmt.Fprintf(a.Out, "  %s %s: %s (%d)\n", r.Severity, r.Name, r.Sentence, r.Rows)
		}
	}
	if failed := generation.Failed(results); len(failed) > 0 {
		return &generation.ChecksFailedError{Results: failed}
	}
	return nil
}
