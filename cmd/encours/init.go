package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/project"
)

func (a *app) initCommand() *cobra.Command {
	var entity project.Entity
	var from, dataset string
	cmd := &cobra.Command{
		Use:   "init [DIR] --entity ID | --from FILE",
		Short: "Write the encours.yaml of a new project, or propose a source for a file",
		Long: `Writes a commented encours.yaml. With --from it looks at a table (CSV, XLSX, JSON,
NDJSON or Parquet) and proposes which of its columns gives which field, with its
confidence: printed, or, with --entity, at the end of the new encours.yaml, as
comments to review.`,
		Example: `  encours init receivables --entity ALPHA --name "Alpha SAS" --siren 552081317
  cd receivables && encours ingest --kind fec --entity ALPHA 552081317FEC20241231.txt && encours build && encours serve
  encours init --from open_items.csv
  encours init --from open_items.csv.gz
  encours init receivables --entity ALPHA --from open_items.csv --dataset invoices`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dataset != "" && from == "" {
				return usagef(cmd, "--dataset goes with --from FILE")
			}
			if entity.ID == "" && from != "" {
				return a.printProposal(cmd, from, dataset)
			}
			if entity.ID == "" {
				return usagef(cmd, "--entity is missing: a short name for the company whose ledger you load, such as ALPHA")
			}
			dir := a.dir
			if len(args) == 1 {
				dir = args[0]
			}
			more := ""
			if from != "" {
				proposal, err := a.proposal(cmd, from, dataset, entity.ID)
				if err != nil {
					return err
				}
				more = commentedOut(proposal)
			}
			path, err := project.WriteWith(dir, more, entity)
			if err != nil {
				return err
			}
			fmt.Fprintln(a.Out, path)
			if more != "" {
				a.say("next: review the source at the end of %s and remove the # in front of it, then encours run --project %s", path, dir)
				return nil
			}
			a.say("next: encours ingest --project %s --kind fec --entity %s FILE…, then encours build and encours serve", dir, entity.ID)
			return nil
		},
	}
	cmd.Flags().StringVar(&entity.ID, "entity", "", "identifier of the company, such as ALPHA")
	cmd.Flags().StringVar(&entity.Name, "name", "", "name of the company (default: the identifier)")
	cmd.Flags().StringVar(&entity.SIREN, "siren", "", "SIREN of the company, nine digits")
	cmd.Flags().StringVar(&from, "from", "", "table for which to propose a mapping")
	cmd.Flags().StringVar(&dataset, "dataset", "", "with --from: what its rows are, such as invoices (default: what fits best)")
	return cmd
}
