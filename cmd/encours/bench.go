package main

import (
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/encours/encours/cmd/encours/bench"
)

func (a *app) benchCommand() *cobra.Command {
	var folder, plain, plainRegister string
	var units int
	cmd := &cobra.Command{
		Use:   "bench [INVOICES…]",
		Short: "Measure ingest, build, pages and exports on generated data",
		Example: `  encours bench 100000 1000000
  encours bench --register 25000000
  make bench INVOICES="100000"`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if plain != "" {
				return bench.Plain(cmd.Context(), plain)
			}
			if plainRegister != "" {
				return bench.PlainRegister(cmd.Context(), plainRegister)
			}
			o := bench.Options{Folder: folder, Out: a.Out, Log: a.say}
			for _, text := range args {
				n, err := strconv.Atoi(text)
				if err != nil || n < 1 {
					return usagef(cmd, "%q is not a number of invoices", text)
				}
				o.Invoices = append(o.Invoices, n)
			}
			if len(o.Invoices) == 0 {
				o.Invoices = []int{100_000}
			}
			var err error
			if o.Program, err = os.Executable(); err != nil {
				return err
			}
			if units > 0 {
				return bench.Register(cmd.Context(), o, units)
			}
			return bench.Run(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&folder, "folder", "bench", "folder for the generated projects, removed afterwards")
	cmd.Flags().StringVar(&plain, "plain", "", "only read this FEC with plain DuckDB, for comparison")
	cmd.Flags().IntVar(&units, "register", 0, "measure a stock file of so many legal units, and nothing else")
	cmd.Flags().StringVar(&plainRegister, "plain-register", "", "only read this stock file with plain DuckDB, for comparison")
	return cmd
}
