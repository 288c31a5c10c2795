package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/warehouse/session"
)

func (a *app) decisionsCommand() *cobra.Command {
	var filter reports.DecisionFilter
	var entity, format string
	cmd := &cobra.Command{
		Use:   "decisions",
		Short: "List the credit decisions that were made, or make one again",
		Example: `  encours decisions
  encours decisions --entity ALPHA --customer C00007
  encours decisions --format csv > decisions.csv
  encours decisions replay 12`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			p, err := a.load()
			if err != nil {
				return err
			}
			switch {
			case format != "table" && format != "csv" && format != "json":
				return usagef(cmd, "--format %q is not known; the formats are: table, csv, json", format)
			case filter.Decision != "" && !slices.Contains(reports.DecisionCodes(), filter.Decision):
				return usagef(cmd, "--decision %q is not known; the decisions are: %s", filter.Decision, strings.Join(reports.DecisionCodes(), ", "))
			case filter.Limit < 0:
				return usagef(cmd, "--limit must be 0 or more")
			}
			if entity != "" {
				filter.Entities = []string{entity}
			}
			desk := a.creditDesk(p, nil)
			defer func() { err = errors.Join(err, desk.close()) }()
			list, err := desk.Decisions(cmd.Context(), filter)
			if err != nil {
				return err
			}
			switch format {
			case "json":
				if list == nil {
					list = []reports.Decision{}
				}
				return a.writeJSON(list)
			case "csv":
				return a.writeDecisionsCSV(list)
			}
			return a.printDecisions(list)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&entity, "entity", "", "only those of an entity")
	flags.StringVar(&filter.Customer, "customer", "", "only those about a customer, by its code")
	flags.StringVar(&filter.Decision, "decision", "", "only those with this answer: "+strings.Join(reports.DecisionCodes(), ", "))
	flags.IntVar(&filter.Limit, "limit", 0, "at most so many, the newest (default: all)")
	flags.StringVar(&format, "format", "table", "table, csv or json")
	replay := a.replayCommand()
	wrapArgs(replay)
	cmd.AddCommand(replay)
	return cmd
}

func (a *app) replayCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "replay ID",
		Short: "Make a decision again on the figures of its time, and compare",
		Long: `Makes a decision again on the generation that it was made on, with the SQL of that
generation, and compares field by field. Where that generation is not kept any
more, it says so: newer figures are not a replay.`,
		Example: `  encours decisions replay 12`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return usagef(cmd, "%q is not the number of a decision: `encours decisions` lists them", args[0])
			}
			p, err := a.load()
			if err != nil {
				return err
			}
			pool := session.NewPool(a.store(p), exportLimits(p))
			defer func() { err = errors.Join(err, pool.Close()) }()
			service := a.service(p, pool)
			desk := a.creditDesk(p, service)
			defer func() { err = errors.Join(err, desk.close()) }()
			found, err := desk.Decisions(cmd.Context(), reports.DecisionFilter{ID: id})
			if err != nil {
				return err
			}
			if len(found) == 0 {
				return fmt.Errorf("there is no decision %d: `encours decisions` lists them", id)
			}
			return a.replay(cmd.Context(), service, found[0])
		},
	}
}

func (a *app) replay(ctx context.Context, service *reports.Service, then reports.Decision) (err error) {
	asOf, err := dayOf(then.AsOf)
	if err != nil {
		return fmt.Errorf("decision %d: %w", then.ID, err)
	}
	amount, ok := reports.ParseAmount(then.Amount)
	if !ok {
		return fmt.Errorf("decision %d: its amount %q is not one", then.ID, then.Amount)
	}
	view, err := service.OpenGeneration(ctx, then.Versions.Generation, reports.Selection{Entity: then.Entity, Side: reports.Customer, AsOf: asOf})
	if errors.Is(err, reports.ErrGenerationGone) {
		return fmt.Errorf("decision %d cannot be made again: generation %s is not kept any more; build.keep_generations of encours.yaml says how many are", then.ID, then.Versions.Generation)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	now, err := view.Decide(ctx, then.Entity, then.Customer, amount)
	if err != nil {
		return err
	}
	fields, err := reports.CompareAnswers(then.DecisionAnswer, *now)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	different := 0
	fmt.Fprintln(w, "FIELD\tTHEN\tNOW\t")
	for _, f := range fields {
		verdict := "equal"
		if !f.Equal {
			verdict = "DIFFERENT"
			different++
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.Field, oneLine(f.Then), oneLine(f.Now), verdict)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if different > 0 {
		return fmt.Errorf("decision %d comes out otherwise on the figures of its time: %d of %d fields are different", then.ID, different, len(fields))
	}
	a.say("decision %d: equal, all %d fields", then.ID, len(fields))
	return nil
}

func (a *app) printDecisions(list []reports.Decision) error {
	if len(list) == 0 {
		a.say("no decision was made: `encours decide` makes one")
		return nil
	}
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tMADE\tBY\tENTITY\tCUSTOMER\tAMOUNT\tDECISION\tRULE\tCLASS\tAS OF\tVALID UNTIL")
	for _, d := range list {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s %s\t%s\t%d %s\t%s\t%s\t%s\n", d.ID, d.MadeAt, oneLine(d.MadeBy), d.Entity, oneLine(d.Customer), d.Amount, d.Currency,
			d.Decision, d.RuleNo, d.Rule, d.Inputs.RiskClass, d.AsOf, d.ValidUntil)
	}
	return w.Flush()
}

// decisionHeader names the columns of the CSV, as the marts call them.
var decisionHeader = []string{
	"id", "made_at", "made_by", "origin", "entity_id", "counterparty_id", "counterparty_name", "as_of", "order_amount", "currency",
	"decision", "rule_no", "decision_rule", "rule_en", "rule_fr", "recommended_terms", "term_days", "valid_until",
	"score", "risk_class", "policy_class", "legal_severity", "is_ceased", "exposure_amount", "limit_amount", "limit_source", "headroom_amount",
	"overdue_amount", "oldest_overdue_days", "long_overdue_days", "long_overdue_amount",
	"generation", "fingerprint", "policy_sha256", "terms_sha256", "models_sha256",
}

// writeDecisionsCSV writes what is not known as an empty field.
func (a *app) writeDecisionsCSV(list []reports.Decision) error {
	w := csv.NewWriter(a.Out)
	if err := w.Write(decisionHeader); err != nil {
		return err
	}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	whole := func(n *int64) string {
		if n == nil {
			return ""
		}
		return fmt.Sprint(*n)
	}
	for _, d := range list {
		in, v := d.Inputs, d.Versions
		err := w.Write([]string{
			fmt.Sprint(d.ID), d.MadeAt, table.Neutral(d.MadeBy), d.Origin, d.Entity, table.Neutral(d.Customer), table.Neutral(d.CustomerName), d.AsOf, d.Amount, d.Currency,
			d.Decision, fmt.Sprint(d.RuleNo), table.Neutral(d.Rule), table.Neutral(d.RuleEN), table.Neutral(d.RuleFR), table.Neutral(d.Terms), whole(d.TermDays), d.ValidUntil,
			text(in.Score), in.RiskClass, in.PolicyClass, whole(in.LegalSeverity), fmt.Sprint(in.IsCeased), text(in.Exposure), text(in.Limit), text(in.LimitSource), text(in.Headroom),
			in.Overdue, fmt.Sprint(in.OldestOverdueDays), whole(in.LongOverdueDays), in.LongOverdue,
			v.Generation, v.Fingerprint, v.Policy, v.Terms, v.Models,
		})
		if err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
