package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/warehouse/session"
)

func (a *app) scoreCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "score",
		Short: "Judge the score of customers by what they did afterwards",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	test := a.scoreTestCommand()
	wrapArgs(test)
	cmd.AddCommand(test)
	return cmd
}

func (a *app) scoreTestCommand() *cobra.Command {
	var sel reports.Selection
	var asOf, format string
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Test the score on the newest invoices, beside a naive rule",
		Long: `Splits the invoices that are loaded by issue date at 70 % of them and asks, for
each of the newer ones, what was known on the day before it was issued: the score,
and a naive rule, the share of the customer's invoices settled by then that were
late, shrunk with five invoices at the rate of the older part. Then it lists what
the customers of each class paid in the six months after.`,
		Example: `  encours score test
  encours score test --entity ALPHA --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if format != "table" && format != "json" {
				return usagef(cmd, "--format %q is not known; the formats are: table, json", format)
			}
			p, err := a.load()
			if err != nil {
				return err
			}
			if sel.AsOf, err = day(cmd, "as-of", asOf); err != nil {
				return err
			}
			sel.Side = reports.Customer
			pool := session.NewPool(a.store(p), exportLimits(p))
			defer func() { err = errors.Join(err, pool.Close()) }()
			view, err := a.service(p, pool).Open(cmd.Context(), sel)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, view.Close()) }()
			test, err := view.ScoreTest(cmd.Context())
			if err != nil {
				return err
			}
			if format == "json" {
				return a.writeScoreTestJSON(test)
			}
			return a.writeScoreTest(test)
		},
	}
	cmd.Flags().StringVar(&sel.Entity, "entity", "", "entity (default: the group, without intercompany)")
	cmd.Flags().StringVar(&asOf, "as-of", "", "business date at which the six months of the classes end, YYYY-MM-DD (default: that of the generation)")
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}

// writeScoreTest prints the two tables.
func (a *app) writeScoreTest(test *reports.ScoreTest) error {
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	line := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	line("invoices\t%d", test.Invoices)
	line("older part\t%d, %s late", test.Training, percent(test.TrainingLate))
	line("tested, issued from %s\t%d, %s late", test.SplitDate.Format(time.DateOnly), test.Tested, percent(test.TestedLate))
	line("\nrule\tAUC\taccuracy\tprecision in the worst fifth")
	line("nobody is late\t\t%s\t", percent(test.NobodyLate))
	for _, rule := range test.Rules {
		line("%s\t%s\t%s\t%s", rule.Rule, fraction(rule.AUC), percent(rule.Accuracy), percent(rule.Precision))
	}
	line("\nmean error of the payment date predicted by the customer's median\t%s days", hundredths(test.ErrorDays))
	if len(test.Classes) > 0 {
		line("\nclass on %s\tcustomers\tpaid until %s\t30+ days late\tshare",
			test.ClassDate.Format(time.DateOnly), test.UntilDate.Format(time.DateOnly))
	}
	for _, c := range test.Classes {
		line("%s\t%d\t%s\t%s\t%s", c.Class, c.Counterparties, money.Plain(int64(c.Paid)), money.Plain(int64(c.Late)), percent(c.LateShare))
	}
	return w.Flush()
}

// percent writes 0.2955 as "29.6 %", halves away from zero; "-" where there is none.
func percent(r reports.Ratio) string {
	if !r.Valid {
		return "-"
	}
	tenths := (r.BasisPoints + 5) / 10
	return fmt.Sprintf("%d.%d %%", tenths/10, tenths%10)
}

// fraction writes a ratio with four decimals.
func fraction(r reports.Ratio) string {
	if !r.Valid {
		return "-"
	}
	return fmt.Sprintf("%d.%04d", r.BasisPoints/10_000, r.BasisPoints%10_000)
}

func hundredths(d reports.Days) string {
	if !d.Valid {
		return "-"
	}
	return money.Plain(d.Hundredths)
}

// writeScoreTestJSON writes ratios as numbers between 0 and 1, amounts as text.
func (a *app) writeScoreTestJSON(test *reports.ScoreTest) error {
	ratio := func(r reports.Ratio) *json.Number {
		if !r.Valid {
			return nil
		}
		number := json.Number(fraction(r))
		return &number
	}
	type rule struct {
		Rule      string       `json:"rule"`
		AUC       *json.Number `json:"auc"`
		Accuracy  *json.Number `json:"accuracy_ratio"`
		Precision *json.Number `json:"precision_ratio"`
	}
	type class struct {
		Class     string       `json:"risk_class"`
		Customers int64        `json:"counterparty_count"`
		Paid      string       `json:"paid_amount"`
		Late      string       `json:"late_30_amount"`
		Share     *json.Number `json:"late_30_ratio"`
	}
	out := struct {
		Invoices     int64        `json:"invoice_count"`
		Training     int64        `json:"training_count"`
		TrainingLate *json.Number `json:"training_late_ratio"`
		Tested       int64        `json:"tested_count"`
		TestedLate   *json.Number `json:"tested_late_ratio"`
		Split        string       `json:"split_date"`
		NobodyLate   *json.Number `json:"nobody_late_accuracy_ratio"`
		Rules        []rule       `json:"rules"`
		Error        string       `json:"payment_date_error_days"`
		ClassDate    string       `json:"class_date,omitempty"`
		Until        string       `json:"until_date,omitempty"`
		Classes      []class      `json:"classes"`
	}{
		Invoices: test.Invoices, Training: test.Training, TrainingLate: ratio(test.TrainingLate), Tested: test.Tested,
		TestedLate: ratio(test.TestedLate), Split: test.SplitDate.Format(time.DateOnly), NobodyLate: ratio(test.NobodyLate),
		Error: hundredths(test.ErrorDays), Classes: []class{},
	}
	for _, r := range test.Rules {
		out.Rules = append(out.Rules, rule{r.Rule, ratio(r.AUC), ratio(r.Accuracy), ratio(r.Precision)})
	}
	for _, c := range test.Classes {
		out.ClassDate, out.Until = test.ClassDate.Format(time.DateOnly), test.UntilDate.Format(time.DateOnly)
		out.Classes = append(out.Classes, class{c.Class, c.Counterparties, money.Plain(int64(c.Paid)), money.Plain(int64(c.Late)), ratio(c.LateShare)})
	}
	encoder := json.NewEncoder(a.Out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
