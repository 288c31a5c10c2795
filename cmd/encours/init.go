package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/project"
)

func (a *app) initCommand() *cobra.Command {
	var entity project.Entity
	cmd := &cobra.Command{
		Use:   "init [DIR] --entity ID",
		Short: "Write the encours.yaml of a new project",
		Example: `  encours init receivables --entity ALPHA --name "Alpha SAS" --siren 552081317
  cd receivables && encours ingest --kind fec --entity ALPHA 552081317FEC20241231.txt && encours build && encours serve`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if entity.ID == "" {
				return usagef(cmd, "--entity is missing: a short name for the company whose ledger you load, such as ALPHA")
			}
			dir := a.dir
			if len(args) == 1 {
				dir = args[0]
			}
			path, err := project.Write(dir, entity)
			if err != nil {
				return err
			}
			fmt.Fprintln(a.Out, path)
			a.say("next: encours ingest --project %s --kind fec --entity %s FILE…, then encours build and encours serve", dir, entity.ID)
			return nil
		},
	}
	cmd.Flags().StringVar(&entity.ID, "entity", "", "identifier of the company, such as ALPHA")
	cmd.Flags().StringVar(&entity.Name, "name", "", "name of the company (default: the identifier)")
	cmd.Flags().StringVar(&entity.SIREN, "siren", "", "SIREN of the company, nine digits")
	return cmd
}
