package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/duck"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of the program and of what it is built on",
		Example: `  encours version`,
		Args:    cobra.NoArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			arrow := "with Arrow"
			if !duck.HasArrow {
				arrow = "without Arrow: build with `make build`, which sets the tag duckdb_arrow"
			}
			_, err := fmt.Fprintf(a.Out, "encours %s (%s, %s/%s, %s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, arrow)
			return err
		},
	}
}
