package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/session"
)

// tableRows is how many rows a table on the terminal may have: it is held in
// memory to line its columns up.
const tableRows = 10_000

func (a *app) queryCommand() *cobra.Command {
	var asOf, format string
	cmd := &cobra.Command{
		Use:   "query 'select …'",
		Short: "Ask the warehouse in SQL, read-only, at any business date",
		Example: `  encours query 'select entity_id, sum(open_amount) from mart_ageing group by all'
  encours query --as-of 2024-06-30 --format csv 'select * from fct_items where open_amount <> 0' > items.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			p, err := a.load()
			if err != nil {
				return err
			}
			on, err := day(cmd, "as-of", asOf)
			if err != nil {
				return err
			}
			options, read := "", a.copyOut
			switch format {
			case "table":
				options, read = "format csv, header true", a.printTable
			case "csv":
				options = "format csv, header true"
			case "json":
				options = "format json, array true"
			default:
				return usagef(cmd, "--format %q is not known; the formats are: table, csv, json", format)
			}
			pool := session.NewPool(a.store(p), limits(p, 1))
			defer func() { err = errors.Join(err, pool.Close()) }()
			err = pool.Free(cmd.Context(), on, args[0], options, read)
			if errors.Is(err, generation.ErrNone) {
				return errors.New("nothing has been built yet: run `encours run`")
			}
			return err
		},
	}
	cmd.Flags().StringVar(&asOf, "as-of", "", "business date, YYYY-MM-DD (default: that of the generation)")
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) copyOut(r io.Reader) error {
	_, err := io.Copy(a.Out, r)
	return err
}

// printTable lines the columns up. It does not cut: a longer result is an error
// that names the formats for it.
func (a *app) printTable(r io.Reader) error {
	records := csv.NewReader(r)
	records.ReuseRecord = true
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	for rows := 0; ; rows++ {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if rows > tableRows {
			return fmt.Errorf("the result has more than %d rows: use --format csv or json", tableRows)
		}
		line := strings.ReplaceAll(strings.Join(record, "\t"), "\n", " ")
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return w.Flush()
}
