package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/project"
)

func (a *app) runCommand() *cobra.Command {
	var asOf, knownAt string
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Load every source and build: ingest, then build",
		Example: `  encours run
  encours run --as-of 2024-12-31`,
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
			return a.run(cmd, p, on, at)
		},
	}
	dateFlags(cmd, &asOf, &knownAt)
	return cmd
}

// run loads and builds. Rejected lines over the budget are told after the build:
// the good lines around them count.
func (a *app) run(cmd *cobra.Command, p *project.Project, asOf, knownAt time.Time) error {
	jobs, err := a.allJobs(cmd, p, nil)
	if err != nil {
		return err
	}
	return a.ingestAndBuild(cmd.Context(), p, jobs, asOf, knownAt)
}

func (a *app) ingestAndBuild(ctx context.Context, p *project.Project, jobs []job, asOf, knownAt time.Time) error {
	loadErr := a.ingest(ctx, p, jobs)
	var rejects *rejectsError
	if loadErr != nil && !errors.As(loadErr, &rejects) {
		return loadErr
	}
	if err := a.build(ctx, p, asOf, knownAt); err != nil {
		return err
	}
	return loadErr
}
