package main

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	datadict "github.com/encours/encours/reports/dictionary"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/durable"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/project"
)

func (a *app) docsCommand() *cobra.Command {
	var format, output, search string
	cmd := &cobra.Command{
		Use:   "docs",
		Short: "Write the data dictionary",
		Long: `Writes what every mart, column, unit, check, decision and reference table means,
from the headers of the models. In a project, the reference tables are those of the
project, and said to be so where it overrides them; no build is needed.`,
		Example: `  encours docs > dictionary.md
  encours docs --search dso
  encours docs --format html -o dictionary.html`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "markdown" && format != "html" {
				return usagef(cmd, "--format %q is not known; the formats are: markdown, html", format)
			}
			d, err := a.dictionary(cmd.Context())
			if err != nil {
				return err
			}
			write := d.Search(search).Markdown
			if format == "html" {
				write = d.Search(search).HTML
			}
			if output == "" {
				return write(a.Out)
			}
			return durable.Write(output, write)
		},
	}
	cmd.Flags().StringVar(&format, "format", "markdown", "markdown or html")
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write (default: standard output)")
	cmd.Flags().StringVar(&search, "search", "", "only what holds these words")
	return cmd
}

// dictionary reads the models that the program carries, and the reference tables of
// the project where there is one.
func (a *app) dictionary(ctx context.Context) (_ *datadict.Dictionary, err error) {
	folder := ""
	if path, err := project.Find(a.dir); err == nil {
		p, err := project.Load(path)
		if err != nil {
			return nil, err
		}
		folder = p.Dir
	}
	references, err := generation.References(folder)
	if err != nil {
		return nil, err
	}
	// the parser of the models; it reads no data and never spills
	db, err := duck.Open(ctx, "", duck.Limits{MemoryBytes: 256 << 20, Threads: 1, TempDir: os.TempDir(), TempBytes: 1 << 20}, false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	models, err := graph.Embedded(ctx, db)
	if err != nil {
		return nil, err
	}
	return datadict.Make(models, references)
}
