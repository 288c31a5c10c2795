package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/encours/encours/ingest/sample"
)

func (a *app) generateCommand() *cobra.Command {
	opt := sample.Options{}
	cmd := &cobra.Command{
		Use:   "generate DIR",
		Short: "Write realistic sample extracts of any size, the same for the same seed",
		Long: `Writes a project with an encours.yaml and one FEC per entity and fiscal year:
several entities chained by opening balances, customers of very different sizes
and habits, credit notes, partial and grouped payments, returned payments,
doubtful customers, deposits, intercompany. Beside the ledgers stand what else a
company has: files of counterparties, a CRM, the register, the gazette, ratings,
covers of an insurer and accounts of customers. The companies are invented.`,
		Example: `  encours generate --invoices 100000 --seed 7 /tmp/sample
  encours run --project /tmp/sample`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			summary, err := a.generate(cmd.Context(), args[0], opt)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.Out, "%s\n", summary.Project)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&opt.Invoices, "invoices", 6000, "invoices in all files together")
	flags.Uint64Var(&opt.Seed, "seed", 1, "another seed gives another group of companies")
	flags.IntVar(&opt.Entities, "entities", 3, "entities")
	flags.IntVar(&opt.Years, "years", 3, "fiscal years")
	flags.BoolVar(&opt.BadLines, "bad-lines", false, "add a few unreadable lines beside the balanced ledger")
	flags.BoolVar(&opt.LedgersOnly, "ledgers-only", false, "write no extracts beside the ledgers")
	return cmd
}

func (a *app) generate(ctx context.Context, dir string, opt sample.Options) (sample.Summary, error) {
	progress := a.newBar(int64(opt.Invoices), false, "writing extracts")
	defer progress.finish()
	summary, err := sample.Generate(ctx, dir, opt, func(done, _ int64) { progress.set(done) })
	if err != nil {
		return summary, err
	}
	a.say("%d invoices, %d ledger lines in %d files and %d other extracts under %s",
		summary.Invoices, summary.Lines, len(summary.Files), len(summary.Extracts), filepath.Clean(dir))
	return summary, nil
}
