package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

// mergeFile is the list of the letters in their folder.
const mergeFile = "letters.csv"

func (a *app) dunningCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dunning",
		Short: "Write the reminders that are due",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.lettersCommand())
	return cmd
}

func (a *app) lettersCommand() *cobra.Command {
	var asOf, knownAt, out string
	var sel reports.Selection
	var filter reports.AgeingFilter
	cmd := &cobra.Command{
		Use:   "letters --out DIR",
		Short: "Write a PDF per customer who is due a reminder, and a list for mail merge",
		Long: `Writes a letter as PDF for each customer who is due a reminder or a formal notice,
in the customer's language, and letters.csv with their addresses and amounts.
Nothing is sent. What was sent is told by an action (a file, a push or the page of
the customer), which moves the level at the next build.

The folder must be empty or not there: letters of another day are not mixed in.`,
		Example: `  encours dunning letters --out letters
  encours dunning letters --entity ALPHA --as-of 2025-06-30 --manager "Anne Roy" --out letters`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if out == "" {
				return usagef(cmd, "say with --out in which folder the letters are to be written")
			}
			p, err := a.load()
			if err != nil {
				return err
			}
			on, at, err := dates(cmd, asOf, knownAt)
			if err != nil {
				return err
			}
			sel.AsOf, sel.Side = on, reports.Customer
			store := a.store(p)
			if !at.IsZero() {
				if store, err = a.knownAt(cmd.Context(), p, at); err != nil {
					return err
				}
			}
			pool := session.NewPool(store, exportLimits(p))
			defer func() { err = errors.Join(err, pool.Close()) }()
			return a.letters(cmd.Context(), p, pool, sel, filter, out)
		},
	}
	dateFlags(cmd, &asOf, &knownAt)
	flags := cmd.Flags()
	flags.StringVar(&sel.Entity, "entity", "", "entity (default: all in the currency of the group)")
	flags.StringVar(&filter.Chase.Manager, "manager", "", "only customers of this account manager; "+reports.NoManager+" for those without one")
	flags.StringVar(&out, "out", "", "folder for the letters")
	return cmd
}

// letters writes the letters first and the list last: a folder with a list is whole.
func (a *app) letters(ctx context.Context, p *project.Project, pool *session.Pool, sel reports.Selection, filter reports.AgeingFilter, out string) (err error) {
	if err := emptyFolder(out); err != nil {
		return err
	}
	view, err := a.service(p, pool).Open(ctx, sel)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	due, err := view.Letters(ctx, filter)
	if err != nil {
		return err
	}
	asOf := view.Meta().AsOf
	for _, letter := range due {
		if err := a.letter(ctx, p, pool, letter, sel, view.Meta(), filepath.Join(out, letter.File)); err != nil {
			return err
		}
	}
	if err := reports.WriteFile(ctx, view, "dunning-letters", "csv", filter, filepath.Join(out, mergeFile)); err != nil {
		return err
	}
	a.say("%s: %d letters as of %s, and %s for mail merge; nothing was sent", out, len(due), asOf.Format("2006-01-02"), mergeFile)
	return nil
}

// letter writes one letter, from the view of its entity. The generation must still be
// that of the list.
func (a *app) letter(ctx context.Context, p *project.Project, pool *session.Pool, letter reports.Letter, sel reports.Selection, of reports.Meta, path string) (err error) {
	sel.Entity, sel.AsOf = letter.Entity, of.AsOf
	view, err := a.service(p, pool).Open(ctx, sel)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	if view.Meta().Generation != of.Generation {
		return fmt.Errorf("write letter %q: a new generation was built meanwhile: empty the folder and start again", path)
	}
	return reports.WriteFile(ctx, view, "reminder", reports.PDF, reports.AgeingFilter{Counterparty: letter.ID}, path)
}

// emptyFolder makes a folder, or refuses one that holds something.
func emptyFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("make folder %q: %w", dir, err)
		}
		return nil
	case err != nil:
		return fmt.Errorf("read folder %q: %w", dir, err)
	case len(entries) > 0:
		return fmt.Errorf("the folder %s is not empty: name a new one, so that letters of two days are not mixed", dir)
	}
	return nil
}
