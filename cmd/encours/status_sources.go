package main

import (
	"cmp"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

// sourceStatus is how a source is doing, as the command tells it.
type sourceStatus struct {
	Source      string    `json:"source"`
	Kind        string    `json:"kind,omitempty"`
	Schedule    string    `json:"schedule,omitempty"`
	DropFolder  string    `json:"drop_folder,omitempty"`
	Last        *runs.Run `json:"last_run,omitempty"`
	Seconds     *float64  `json:"last_run_seconds,omitempty"`
	Next        string    `json:"next_run,omitempty"`
	LoadedAt    string    `json:"loaded_at,omitempty"` // last time something new landed
	ExpectEvery string    `json:"expect_every,omitempty"`
	IsSilent    bool      `json:"is_silent"`
}

func (a *app) addRuns(s *status, p *project.Project, batches []landing.Batch) error {
	last, err := runs.Open(p.DataDir()).Last()
	if err != nil {
		return err
	}
	if build, ok := last[runs.Build]; ok {
		s.LastBuild = &build
	}
	if file, ok := last[runs.ProjectFile]; ok {
		s.ProjectFile = &file
	}
	s.Sources = []sourceStatus{}
	for _, of := range runs.Statuses(p, batches, last, a.Clock()) {
		one := sourceStatus{
			Source: of.Source, Kind: of.Kind, Schedule: of.Schedule, DropFolder: of.Folder, Last: of.Last,
			Next: momentText(of.Next), LoadedAt: momentText(of.LoadedAt), IsSilent: of.IsSilent,
		}
		if of.Last != nil && of.Last.Ended != nil {
			seconds := of.Last.Duration().Seconds()
			one.Seconds = &seconds
		}
		if of.ExpectEvery > 0 {
			one.ExpectEvery = project.DurationText(of.ExpectEvery)
		}
		s.Sources = append(s.Sources, one)
	}
	return nil
}

// momentText writes a moment in its time zone; empty for none.
func momentText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// printSources writes a table of the sources, and under it what is wrong.
func (a *app) printSources(sources []sourceStatus) error {
	if len(sources) == 0 {
		return nil
	}
	fmt.Fprintln(a.Out)
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "SOURCE\tLAST RUN\tBY\tRESULT\tSECONDS\tLINES\tREJECTED\tNEXT RUN")
	var notes []string
	for _, s := range sources {
		next := cmp.Or(s.Next, "-")
		if s.DropFolder != "" {
			next = strings.TrimPrefix(next+", watched", "-, ")
		}
		if s.Last == nil {
			fmt.Fprintf(w, "%s\tnever\t-\t-\t-\t-\t-\t%s\n", s.Source, next)
		} else {
			seconds := "-"
			if s.Seconds != nil {
				seconds = fmt.Sprintf("%.1f", *s.Seconds)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\n", s.Source, s.Last.Started.Format(time.DateTime+" UTC"), s.Last.Trigger, s.Last.State,
				seconds, s.Last.Rows, s.Last.Rejects, next)
		}
		if s.Last != nil && s.Last.Error != "" {
			notes = append(notes, fmt.Sprintf("%s: %s: %s", s.Source, s.Last.State, s.Last.Error))
		}
		if s.IsSilent {
			notes = append(notes, fmt.Sprintf("%s: silent: nothing new since %s, and something is expected every %s",
				s.Source, cmp.Or(s.LoadedAt, "ever"), s.ExpectEvery))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, note := range notes {
		fmt.Fprintln(a.Out, note)
	}
	return nil
}
