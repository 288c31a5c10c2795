package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

func (a *app) statusCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what is loaded, what is built, and whether they agree",
		Example: `  encours status
  encours status --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return usagef(cmd, "--format %q is not known; the formats are: text, json", format)
			}
			p, err := a.load()
			if _, ok := errors.AsType[*project.InvalidError](err); ok {
				return fmt.Errorf("%w\nA server that runs goes on with encours.yaml as it was before", err)
			}
			if err != nil {
				return err
			}
			s, err := a.status(cmd.Context(), p)
			if err != nil {
				return err
			}
			if format == "json" {
				encoder := json.NewEncoder(a.Out)
				encoder.SetIndent("", "  ")
				return encoder.Encode(s)
			}
			return a.printStatus(s)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// status is what the command tells.
type status struct {
	Project     string                   `json:"project"`
	Folder      string                   `json:"folder"`
	Batches     int                      `json:"batches"`
	LiveBatches int                      `json:"live_batches"`
	Lines       int64                    `json:"lines"`
	Rejects     int64                    `json:"rejects"`
	Entities    []entityStatus           `json:"entities"`
	Generation  *generation.Manifest     `json:"generation,omitempty"`
	Behind      []string                 `json:"not_built"` // live batches that the generation does not hold
	Warnings    []generation.CheckResult `json:"warnings"`
	Writer      string                   `json:"writer,omitempty"`
	Sources     []sourceStatus           `json:"sources"`
	LastBuild   *runs.Run                `json:"last_build,omitempty"`
	ProjectFile *runs.Run                `json:"project_file,omitempty"` // last change of encours.yaml that serve read
}

type entityStatus struct {
	ID    string `json:"id"`
	From  string `json:"from"`
	To    string `json:"to"`
	Lines int64  `json:"lines"`
	// Limits says what the extracts of the entity cannot tell.
	Limits []string `json:"limits,omitempty"`
}

func (a *app) status(ctx context.Context, p *project.Project) (status, error) {
	s := status{Project: p.Name, Folder: p.Dir, Behind: []string{}, Entities: []entityStatus{}}
	batches, err := landing.Open(p.DataDir()).Batches(ctx)
	if err != nil {
		return s, err
	}
	live := landing.Live(batches)
	s.Batches, s.LiveBatches = len(batches), len(live)
	for _, e := range p.Entities {
		s.Entities = append(s.Entities, spanOf(e.ID, live))
	}
	for _, b := range live {
		s.Lines += b.Rows
		s.Rejects += b.Rejects
	}
	store := a.store(p)
	id, err := store.CurrentID()
	if err == nil {
		m, err := store.Manifest(id)
		if err != nil {
			return s, err
		}
		s.Generation, s.Warnings = &m, generation.Warned(m.Checks)
		s.Behind = notIn(live, m.Batches)
	} else if !errors.Is(err, generation.ErrNone) {
		return s, err
	}
	if holder, err := landing.CurrentHolder(p.DataDir()); err != nil {
		return s, err
	} else if holder != nil {
		s.Writer = fmt.Sprintf("%s (process %d on %s, since %s)", holder.Command, holder.PID, holder.Host, holder.Since)
	}
	return s, a.addRuns(&s, p, batches)
}

func spanOf(entity string, live []landing.Batch) entityStatus {
	e := entityStatus{ID: entity}
	for _, b := range live {
		if b.EntityID != entity {
			continue
		}
		e.Lines += b.Rows
		if limit := b.Notes[cashBasisNote]; limit != "" && !slices.Contains(e.Limits, limit) {
			e.Limits = append(e.Limits, limit)
		}
		if b.FirstDate != nil && (e.From == "" || b.FirstDate.String() < e.From) {
			e.From = b.FirstDate.String()
		}
		if b.LastDate != nil && b.LastDate.String() > e.To {
			e.To = b.LastDate.String()
		}
	}
	return e
}

func notIn(live []landing.Batch, built []string) []string {
	have := map[string]bool{}
	for _, id := range built {
		have[id] = true
	}
	out := []string{}
	for _, b := range live {
		if !have[b.ID] {
			out = append(out, b.ID)
		}
	}
	return out
}

func (a *app) printStatus(s status) error {
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(w, "%s\t%s\n", name, fmt.Sprintf(format, args...)) }
	row("project", "%s (%s)", s.Project, s.Folder)
	row("landing", "%d batches, %d that count, %d lines, %d rejected", s.Batches, s.LiveBatches, s.Lines, s.Rejects)
	for _, e := range s.Entities {
		if e.Lines == 0 {
			row("  "+e.ID, "nothing loaded")
			continue
		}
		row("  "+e.ID, "%s to %s, %d lines", e.From, e.To, e.Lines)
		for _, limit := range e.Limits {
			row("  "+e.ID, "%s", limit)
		}
	}
	switch {
	case s.Generation == nil:
		row("generation", "none: run `encours build`")
	default:
		row("generation", "%s, as of %s, known on %s, built %s", s.Generation.ID, s.Generation.AsOf.Format(time.DateOnly),
			s.Generation.KnownOn.Format(time.DateOnly), s.Generation.BuiltAt.Format("2006-01-02 15:04:05 UTC"))
		row("checks", "%d run, none failed, %d warnings", len(s.Generation.Checks), len(s.Warnings))
		for _, warning := range s.Warnings {
			row("  warning", "%s (%d)", warning.Sentence, warning.Rows)
		}
		if len(s.Behind) > 0 {
			row("not built", "%d batches have landed since: run `encours build`", len(s.Behind))
		}
	}
	if s.Writer != "" {
		row("at work", "%s", s.Writer)
	}
	if b := s.LastBuild; b != nil && b.IsBad() {
		row("last build", "%s %s: %s", b.State, b.Started.Format(time.DateTime+" UTC"), b.Error)
	}
	if f := s.ProjectFile; f != nil && f.Error != "" {
		row("encours.yaml", "%s %s: %s", f.State, f.Started.Format(time.DateTime+" UTC"), f.Error)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return a.printSources(s.Sources)
}
