package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/landing"
)

func (a *app) batchesCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "batches",
		Short:   "List what has been loaded, and what still counts",
		Example: `  encours batches`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			batches, err := landing.Open(p.DataDir()).Batches(cmd.Context())
			if err != nil {
				return err
			}
			live := map[string]bool{}
			for _, b := range landing.Live(batches) {
				live[b.ID] = true
			}
			w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
			fmt.Fprintln(w, "BATCH\tSOURCE\tENTITY\tFISCAL YEAR\tFROM\tTO\tKNOWN ON\tLINES\tREJECTED\tCOUNTS\tFILE")
			for _, b := range batches {
				counts := "yes"
				if !live[b.ID] {
					counts = "no, a later one took its place"
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", b.ID, b.Source, b.EntityID,
					dateText(b.FiscalYearStart), dateText(b.FirstDate), dateText(b.LastDate),
					landing.NewDate(b.KnownOn()), b.Rows, b.Rejects, counts, b.SourceFile)
			}
			return w.Flush()
		},
	}
}

func dateText(d *landing.Date) string {
	if d == nil {
		return "-"
	}
	return d.String()
}
