package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

func (a *app) reportCommand() *cobra.Command {
	var asOf, knownAt, format, output string
	var sel reports.Selection
	var filter reports.AgeingFilter
	var span knownSpan
	cmd := &cobra.Command{
		Use:   "report [NAME]",
		Short: "Write a report; without a name, list the reports",
		Long: `Writes a report, complete or not at all, with the date it speaks of, the date on
which its data were known, the generation, the filters and the proof.`,
		Example: `  encours report
  encours report ageing -o ageing.xlsx
  encours report ageing --by issue_date --group-by account_manager
  encours report open-items --entity ALPHA --as-of 2024-12-31 --format csv > items.csv
  encours report reconciliation --known-at 2025-01-15 --format json
  encours report payment-terms-report --entity ALPHA --as-of 2024-12-31 --tax excl -o d441-6.xlsx
  encours report changes --from 2025-01-15 --to 2025-02-15 --as-of 2024-12-31
  encours report kpi-pack --lang fr -o pack.pdf
  encours report statement --counterparty C0001 --format pdf -o statement.pdf`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeReports,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if len(args) == 0 {
				return a.listReports()
			}
			if args[0] == reports.ChangesReport {
				return a.changes(cmd, span, asOf, sel, format, output)
			}
			if span != (knownSpan{}) {
				return usagef(cmd, "--from and --to are for `encours report changes`")
			}
			if err := checkAgeing(cmd, filter); err != nil {
				return err
			}
			if format, err = reportFormat(cmd, args[0], format, output); err != nil {
				return err
			}
			if err := checkDocument(cmd, args[0], filter); err != nil {
				return err
			}
			p, err := a.load()
			if err != nil {
				return err
			}
			on, at, err := dates(cmd, asOf, knownAt)
			if err != nil {
				return err
			}
			sel.AsOf = on
			store := a.store(p)
			if !at.IsZero() {
				if store, err = a.knownAt(cmd.Context(), p, at); err != nil {
					return err
				}
			}
			pool := session.NewPool(store, exportLimits(p))
			defer func() { err = errors.Join(err, pool.Close()) }()
			return a.report(cmd.Context(), p, pool, sel, args[0], format, filter, output)
		},
	}
	dateFlags(cmd, &asOf, &knownAt)
	flags := cmd.Flags()
	flags.StringVar(&span.from, "from", "", "changes: the earlier of two known-at days, YYYY-MM-DD")
	flags.StringVar(&span.to, "to", "", "changes: the later of two known-at days, YYYY-MM-DD (default: what is known now)")
	flags.StringVar(&sel.Entity, "entity", "", "entity (default: the group, without intercompany)")
	flags.StringVar(&sel.Side, "side", reports.Customer, "customer or supplier")
	flags.StringVar(&filter.Search, "search", "", "only counterparties whose code or name holds this text")
	flags.StringVar(&filter.Bucket, "bucket", "", "only counterparties, or items, in this ageing bucket")
	flags.BoolVar(&filter.OnlyOverdue, "overdue", false, "only what is overdue")
	flags.StringVar(&filter.Risk.Class, "class", "", "scores, segments, limits: only the counterparties of this class, A to E or N")
	flags.StringVar(&filter.Risk.Band, "band", "", "segments: only the counterparties of this band of sizes, as in ref/exposure_bands.csv")
	flags.StringVar(&filter.Risk.Change, "change", "", "scores: only those whose class has worsened or improved since the month before")
	flags.StringVar(&filter.Alert.Rule, "rule", "", "alerts: only those of this rule")
	flags.IntVar(&filter.Alert.Severity, "severity", 0, "alerts: only those of this severity or worse, 1 to 10")
	flags.StringVar(&filter.Terms.Tax, "tax", "", "incl or excl, of the reports on payment terms (default: that of encours.yaml)")
	flags.StringVar(&filter.By, "by", reports.ByDueDate, "ageing: count the days from "+strings.Join(ageingDates, " or "))
	flags.StringVar(&filter.GroupBy, "group-by", reports.ByCounterparty, "ageing: a row per "+strings.Join(ageingGroups(), ", "))
	flags.StringVar(&filter.Counterparty, "counterparty", "", "code of the customer or supplier of a statement")
	flags.StringVar(&filter.Language, "lang", reports.Languages()[0], "language of a PDF: "+strings.Join(reports.Languages(), " or "))
	flags.StringVar(&format, "format", "", strings.Join(reports.Formats(), ", ")+" (default: the ending of the output file, else csv)")
	flags.StringVarP(&output, "output", "o", "", "file to write (default: standard output)")
	return cmd
}

// ageingDates are what --by takes.
var ageingDates = []string{reports.ByDueDate, reports.ByIssueDate}

// ageingGroups are what --group-by takes.
func ageingGroups() []string { return append([]string{reports.ByCounterparty}, reports.Groupings()...) }

func checkAgeing(cmd *cobra.Command, filter reports.AgeingFilter) error {
	if !slices.Contains(ageingDates, filter.By) {
		return usagef(cmd, "--by %q is not known; the ageing counts from: %s", filter.By, strings.Join(ageingDates, ", "))
	}
	if !slices.Contains(ageingGroups(), filter.GroupBy) {
		return usagef(cmd, "--group-by %q is not known; the ageing has a row per: %s", filter.GroupBy, strings.Join(ageingGroups(), ", "))
	}
	return nil
}

func completeReports(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, d := range reports.Definitions() {
		names = append(names, d.Name+"\t"+d.TitleEN)
	}
	return append(names, reports.ChangesReport+"\tChanges between two known-at days"), cobra.ShellCompDirectiveNoFileComp
}

func reportFormat(cmd *cobra.Command, name, format, output string) (string, error) {
	if name != reports.ChangesReport && !slices.ContainsFunc(reports.Definitions(), func(d reports.Definition) bool { return d.Name == name }) {
		return "", usagef(cmd, "there is no report %q; `encours report` lists them", name)
	}
	if format == "" {
		format = "csv"
		for _, known := range reports.Formats() {
			if strings.HasSuffix(strings.ToLower(output), "."+known) {
				format = known
			}
		}
	}
	if tax := cmd.Flag("tax").Value.String(); tax != "" && tax != reports.TaxIncluded && tax != reports.TaxExcluded {
		return "", usagef(cmd, "--tax %q is not known; it is %s or %s", tax, reports.TaxIncluded, reports.TaxExcluded)
	}
	if !slices.Contains(reports.Formats(), format) {
		return "", usagef(cmd, "--format %q is not known; the formats are: %s", format, strings.Join(reports.Formats(), ", "))
	}
	if !slices.Contains(reports.FormatsOf(name), format) {
		return "", usagef(cmd, "%v", &reports.FormatError{Report: name, Format: format})
	}
	return format, nil
}

// checkDocument refuses flags that the report cannot be made with.
func checkDocument(cmd *cobra.Command, name string, filter reports.AgeingFilter) error {
	if !slices.Contains(reports.Languages(), filter.Language) {
		return usagef(cmd, "--lang %q is not known; the languages are: %s", filter.Language, strings.Join(reports.Languages(), ", "))
	}
	if needs := reports.NeedsCounterparty(name); needs && filter.Counterparty == "" {
		return usagef(cmd, "the report %q is about one customer or supplier: name it with --counterparty", name)
	} else if !needs && filter.Counterparty != "" {
		return usagef(cmd, "the report %q is not about one customer or supplier: leave --counterparty out", name)
	}
	return nil
}

func (a *app) listReports() error {
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	for _, d := range reports.Definitions() {
		fmt.Fprintf(w, "%s\t%s\n", d.Name, d.Question)
	}
	fmt.Fprintf(w, "%s\tWhich items became known, vanished or changed between two days?\n", reports.ChangesReport)
	return w.Flush()
}

func (a *app) report(ctx context.Context, p *project.Project, pool *session.Pool, sel reports.Selection, name, format string, filter reports.AgeingFilter, output string) (err error) {
	view, err := a.service(p, pool).Open(ctx, sel)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	if output == "" {
		return view.Export(ctx, name, format, filter, onlyWriter{a.Out})
	}
	if err := reports.WriteFile(ctx, view, name, format, filter, output); err != nil {
		return err
	}
	a.say("%s: complete", output)
	return nil
}

// onlyWriter hides what else standard output can do, so that a report takes the
// same way to a terminal, a pipe and a file.
type onlyWriter struct{ io.Writer }
