package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/landing"
)

func (a *app) rejectsCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "rejects [BATCH]",
		Short: "List the lines that could not be read, with file, line, column and reason",
		Example: `  encours rejects
  encours rejects 20260102T101112.000000Z-1a2b3c4d --format csv > rejects.csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "csv" {
				return usagef(cmd, "--format %q is not known; the formats are: text, csv", format)
			}
			p, err := a.load()
			if err != nil {
				return err
			}
			zone := landing.Open(p.DataDir())
			batches, err := zone.Batches(cmd.Context())
			if err != nil {
				return err
			}
			if len(args) == 1 {
				batches = slices.DeleteFunc(batches, func(b landing.Batch) bool { return b.ID != args[0] })
				if len(batches) == 0 {
					return fmt.Errorf("no batch %q: see `encours batches`", args[0])
				}
			} else {
				batches = landing.Live(batches)
			}
			if format == "csv" {
				return a.rejectsCSV(zone, batches)
			}
			return a.rejectsText(zone, batches)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or csv (csv has the whole lines)")
	return cmd
}

func (a *app) rejectsText(zone *landing.Zone, batches []landing.Batch) error {
	var total int
	for _, b := range batches {
		if b.Rejects == 0 {
			continue
		}
		fmt.Fprintf(a.Out, "%s, batch %s: %d rejected\n", b.SourceFile, b.ID, b.Rejects)
		w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
		for r, err := range zone.Rejects(b.ID) {
			if err != nil {
				return err
			}
			total++
			fmt.Fprintf(w, "  %s:%d\t%s\t%q\t%s\n", r.File, r.Line, r.Column, r.Value, r.Message)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if total == 0 {
		fmt.Fprintln(a.Out, "no rejected lines")
	}
	return nil
}

func (a *app) rejectsCSV(zone *landing.Zone, batches []landing.Batch) error {
	w := csv.NewWriter(a.Out)
	err := w.Write([]string{"batch_id", "source_file", "source_line", "source_column", "value", "reason", "message", "raw"})
	for _, b := range batches {
		if b.Rejects == 0 {
			continue
		}
		for r, readErr := range zone.Rejects(b.ID) {
			if readErr != nil {
				return readErr
			}
			err = errors.Join(err, w.Write([]string{
				b.ID, r.File, strconv.FormatInt(r.Line, 10), neutral(r.Column), neutral(r.Value),
				r.Reason, neutral(r.Message), neutral(r.Raw),
			}))
		}
	}
	w.Flush()
	return errors.Join(err, w.Error())
}

// neutral keeps a spreadsheet from taking a text for a formula.
func neutral(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}
