package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/encours/encours/ingest/table"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"

	sqlfiles "github.com/encours/encours/sql"
)

// printProposal prints a source for a file; its entity is that of the project where
// there is one.
func (a *app) printProposal(cmd *cobra.Command, from, dataset string) error {
	entity := "ALPHA"
	if path, err := project.Find(a.dir); err == nil {
		p, err := project.Load(path)
		if err != nil {
			return err
		}
		entity = p.Entities[0].ID
	}
	text, err := a.proposal(cmd, from, dataset, entity)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(a.Out, text)
	return err
}

// proposal is a source of encours.yaml for a file, as text.
func (a *app) proposal(cmd *cobra.Command, from, dataset, entity string) (string, error) {
	names, err := sqlfiles.Datasets()
	if err != nil {
		return "", err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == landing.LedgerDataset })
	if dataset != "" && !slices.Contains(names, dataset) {
		return "", usagef(cmd, "--dataset %q is not known; the datasets are: %s", dataset, strings.Join(names, ", "))
	}
	var datasets []table.Dataset
	for _, name := range names {
		columns, err := fields(name)
		if err != nil {
			return "", err
		}
		datasets = append(datasets, table.Dataset{Name: name, Fields: columns})
	}
	proposed, err := table.Propose(cmd.Context(), from, dataset, datasets)
	if err != nil {
		return "", err
	}
	path, err := filepath.Abs(from)
	if err != nil {
		return "", fmt.Errorf("name file %q: %w", from, err)
	}
	return proposed.YAML(sourceName(from), entity, path), nil
}

var notInName = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// sourceName makes the name of a source of that of a file.
func sourceName(path string) string {
	base := filepath.Base(path)
	if ext := filepath.Ext(base); strings.EqualFold(ext, ".gz") {
		base = strings.TrimSuffix(base, ext)
	}
	name := strings.Trim(notInName.ReplaceAllString(strings.TrimSuffix(base, filepath.Ext(base)), "-"), "-")
	if len(name) > 64 {
		name = name[:64]
	}
	if name == "" {
		return "table"
	}
	return name
}

// commentedOut puts a # in front of every line.
func commentedOut(text string) string {
	var b strings.Builder
	b.WriteString("\n")
	for line := range strings.Lines(text) {
		b.WriteString("# " + line)
	}
	return b.String()
}
