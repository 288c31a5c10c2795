package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

func (a *app) alertsCommand() *cobra.Command {
	var sel reports.Selection
	var filter reports.AlertFilter
	var format, lang string
	cmd := &cobra.Command{
		Use:   "alerts",
		Short: "List the alerts and what became of them, acknowledge and close them",
		Long: `Lists what has happened to whom at the date of the generation that was built last,
since when that has been known, and what was done about it. The report alerts tells
the same at any date, without what was done.`,
		Example: `  encours alerts
  encours alerts --severity 7 --rule LIMIT_EXCEEDED --entity ALPHA
  encours alerts --state all --format csv > alerts.csv
  encours alerts acknowledge 0a1b2c3d4e5f6071 --note "will call on Monday" --by "Anne Roy"
  encours alerts close 0a1b2c3d4e5f6071 --note "limit was raised" --by "Anne Roy"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkAlerts(cmd, sel, filter, format, lang); err != nil {
				return err
			}
			p, err := a.load()
			if err != nil {
				return err
			}
			filter.Whole = true
			return a.alerts(cmd.Context(), p, sel, filter, format, lang)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&sel.Entity, "entity", "", "entity (default: the group, without intercompany)")
	flags.StringVar(&sel.Side, "side", reports.Customer, "customer or supplier")
	flags.StringVar(&filter.Rule, "rule", "", "only alerts of this rule")
	flags.StringVar(&filter.State, "state", "", strings.Join(reports.AlertStates(), ", ")+" (default: what is neither closed nor ended)")
	flags.IntVar(&filter.Severity, "severity", 0, "only alerts of this severity or worse, 1 to 10")
	flags.StringVar(&format, "format", "table", "table, csv or json")
	flags.StringVar(&lang, "lang", "en", "language of the sentences: "+strings.Join(reports.Languages(), " or "))
	for _, mark := range []struct{ name, state, short string }{
		{"acknowledge", reports.AlertAcknowledged, "Say that somebody has taken note of an alert"},
		{"close", reports.AlertClosed, "Close an alert; it stays closed while its key is the same"},
		{"reopen", reports.AlertOpen, "Open an alert again that was acknowledged or closed"},
	} {
		cmd.AddCommand(a.alertMarkCommand(mark.name, mark.state, mark.short))
	}
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
	return cmd
}

func checkAlerts(cmd *cobra.Command, sel reports.Selection, filter reports.AlertFilter, format, lang string) error {
	for flag, c := range map[string]struct {
		value   string
		allowed []string
	}{
		"format": {format, []string{"table", "csv", "json"}}, "lang": {lang, reports.Languages()},
		"side":  {sel.Side, []string{reports.Customer, reports.Supplier}},
		"rule":  {filter.Rule, append(reports.AlertRules(), "")},
		"state": {filter.State, append(reports.AlertStates(), "")},
	} {
		if !slices.Contains(c.allowed, c.value) {
			return usagef(cmd, "--%s %q is not known; it is one of: %s", flag, c.value, strings.TrimSuffix(strings.Join(c.allowed, ", "), ", "))
		}
	}
	if filter.Severity < 0 || filter.Severity > 10 {
		return usagef(cmd, "--severity %d is not one: it goes from 1 to 10", filter.Severity)
	}
	return nil
}

func (a *app) alertMarkCommand(name, state, short string) *cobra.Command {
	mark := reports.AlertMark{State: state}
	cmd := &cobra.Command{
		Use:     name + " KEY",
		Short:   short,
		Example: "  encours alerts " + name + ` 0a1b2c3d4e5f6071 --note "will call on Monday" --by "Anne Roy"`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			p, err := a.load()
			if err != nil {
				return err
			}
			mark.Key = args[0]
			book := reports.NewAlertBook(p.DataDir(), a.Clock)
			defer func() { err = errors.Join(err, book.Close()) }()
			err = book.Mark(cmd.Context(), mark)
			if errors.Is(err, reports.ErrNotFound) {
				return fmt.Errorf("there is no alert %q: `encours alerts --state all` lists them with their keys", mark.Key)
			}
			if errors.Is(err, reports.ErrBadSelection) {
				return usagef(cmd, "--note and --by hold one line of at most 500 characters")
			}
			if err == nil {
				a.say("alert %s is %s", mark.Key, state)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&mark.Note, "note", "", "why, or what is done about it")
	cmd.Flags().StringVar(&mark.Author, "by", "", "who says so")
	return cmd
}

// alerts records what is not recorded yet, then lists.
func (a *app) alerts(ctx context.Context, p *project.Project, sel reports.Selection, filter reports.AlertFilter, format, lang string) (err error) {
	pool := session.NewPool(a.store(p), exportLimits(p))
	defer func() { err = errors.Join(err, pool.Close()) }()
	options := a.serviceOptions(p)
	options.Alerts = reports.NewAlertBook(p.DataDir(), a.Clock)
	defer func() { err = errors.Join(err, options.Alerts.Close()) }()
	service := reports.NewService(pool, options)
	if err := service.RecordAlerts(ctx); err != nil {
		return err
	}
	view, err := service.Open(ctx, sel)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	found, err := view.Alerts(ctx, filter)
	if err == nil {
		err = found.StatesErr
	}
	if err != nil {
		return err
	}
	lines := make([]alertLine, len(found.Rows))
	for i, row := range found.Rows {
		lines[i] = newAlertLine(row, lang)
	}
	switch format {
	case "json":
		encoder := json.NewEncoder(a.Out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(lines)
	case "csv":
		return a.writeAlertsCSV(lines)
	}
	a.say("as of %s, generation %s", view.Meta().AsOf.Format(time.DateOnly), view.Meta().Generation)
	return a.writeAlerts(lines)
}

// alertLine is an alert as the command writes it.
type alertLine struct {
	Key          string `json:"alert_key"`
	State        string `json:"state"`
	Severity     int64  `json:"severity"`
	Entity       string `json:"entity_id"`
	Side         string `json:"side"`
	Counterparty string `json:"counterparty_id"`
	Name         string `json:"counterparty_name"`
	Rule         string `json:"rule"`
	Unit         string `json:"value_unit"`
	Old          string `json:"old_value"`
	New          string `json:"new_value"`
	AtStake      string `json:"at_stake_amount"`
	Event        string `json:"event_date"`
	First        string `json:"first_seen_date"`
	FirstIn      string `json:"first_generation"`
	Last         string `json:"last_seen_date"`
	LastIn       string `json:"last_generation"`
	Note         string `json:"note"`
	Author       string `json:"author"`
	Changed      string `json:"changed_at"`
	Sentence     string `json:"sentence"`
}

func newAlertLine(r reports.AlertRow, lang string) alertLine {
	on := func(t time.Time, form string) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(form)
	}
	return alertLine{
		Key: r.Key, State: r.State, Severity: r.Severity, Entity: r.Entity, Side: r.Side, Counterparty: r.ID, Name: r.Name, Rule: r.Rule,
		Unit: r.Unit, Old: r.Old.Plain(r.Unit), New: r.New.Plain(r.Unit), AtStake: money.Plain(int64(r.AtStake)), Event: on(r.Event, time.DateOnly),
		First: on(r.FirstSeen, time.DateOnly), FirstIn: r.FirstIn, Last: on(r.LastSeen, time.DateOnly), LastIn: r.LastIn,
		Note: r.Note, Author: r.Author, Changed: on(r.Changed, time.RFC3339), Sentence: r.Sentence.In(lang),
	}
}

func (a *app) writeAlertsCSV(lines []alertLine) error {
	w := csv.NewWriter(a.Out)
	records := [][]string{{
		"alert_key", "state", "severity", "entity_id", "side", "counterparty_id", "counterparty_name", "rule", "value_unit", "old_value",
		"new_value", "at_stake_amount", "event_date", "first_seen_date", "first_generation", "last_seen_date", "last_generation",
		"note", "author", "changed_at", "sentence",
	}}
	for _, l := range lines {
		records = append(records, []string{
			l.Key, l.State, strconv.FormatInt(l.Severity, 10), l.Entity, l.Side, l.Counterparty, l.Name, l.Rule, l.Unit, l.Old,
			l.New, l.AtStake, l.Event, l.First, l.FirstIn, l.Last, l.LastIn, l.Note, l.Author, l.Changed, l.Sentence,
		})
	}
	return w.WriteAll(records)
}

func (a *app) writeAlerts(lines []alertLine) error {
	if len(lines) == 0 {
		a.say("there is no such alert")
		return nil
	}
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "KEY\tSTATE\tSEVERITY\tENTITY\tCUSTOMER\tRULE\tAT STAKE\tFIRST SEEN\tLAST SEEN\tWHAT")
	for _, l := range lines {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			l.Key, l.State, l.Severity, l.Entity, l.Counterparty, l.Rule, l.AtStake, l.First, l.Last, strings.ReplaceAll(l.Sentence, "\t", " "))
	}
	return w.Flush()
}
