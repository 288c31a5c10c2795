package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/verify"
)

func (a *app) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FILE…",
		Short: "Compare exports with what they say of themselves",
		Long: `Reads exports back, in any format, and counts their rows, adds up their sums and
computes their hashes anew: from the rows, and from the file where its manifest
stands beside it. A PDF is compared byte by byte, and needs its manifest. No project
is needed. Ends with 1 where anything differs.`,
		Example: `  encours verify ageing.xlsx
  encours verify month-end/*.parquet
  encours verify kpi-pack.pdf`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			differ := 0
			for _, path := range args {
				result, err := verify.File(cmd.Context(), path, reports.ManifestEnding)
				if err != nil {
					return err
				}
				if !result.OK() {
					differ++
				}
				if err := a.sayVerified(path, result); err != nil {
					return err
				}
			}
			if differ > 0 {
				return fmt.Errorf("%d of %d files are not what their manifests say: export them again", differ, len(args))
			}
			return nil
		},
	}
}

func (a *app) sayVerified(path string, result verify.Result) error {
	verdict, f := "holds what it says", result.Facts
	if !result.OK() {
		verdict = "DIFFERS from what it says"
	}
	fmt.Fprintf(a.Out, "%s: %s\n", path, verdict)
	fmt.Fprintf(a.Out, "  report %s of %s as of %s, known at %s, generation %s\n",
		f["encours_report"], f["project"], f["as_of"], f["known_at"], f["generation"])
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	beside := false
	for _, c := range result.Checks {
		beside = beside || c.Name == "hash of the file"
		if c.OK {
			fmt.Fprintf(w, "  %s\tequal\t%s\n", c.Name, c.Got)
		} else {
			fmt.Fprintf(w, "  %s\tdiffers\tsaid %s, is %s\n", c.Name, c.Want, c.Got)
		}
	}
	if !beside {
		fmt.Fprintf(w, "  hash of the file\tnot compared\tno manifest stands beside it\n")
	}
	return w.Flush()
}
