package reports

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/encours/encours/reports/money"
)

// alertLimit is how many alerts the page lists; the export holds all.
const alertLimit = 200

// States of an alert that an AlertFilter keeps.
const (
	AlertNew          = "new"  // the generation that was built last is the first to have it
	AlertOpen         = "open" // it was there before, and nothing was done about it
	AlertAcknowledged = "acknowledged"
	AlertClosed       = "closed"
	AlertEnded        = "ended" // the generation that was built last does not have it any more
	AlertAll          = "all"
)

// AlertRules are the rules that raise alerts.
func AlertRules() []string {
	return []string{
		"LEGAL_EVENT", "CEASED", "LIMIT_EXCEEDED", "PAYMENT_REJECT", "SCORE_DROP", "BROKEN_PROMISE", "OVERDUE_JUMP",
		"NEW_90PLUS", "LIMIT_90", "DSO_DRIFT", "DISPUTE_LONG", "DISPUTE_OPENED", "STALE_DATA",
		"MERGED", "BUSINESS_SOLD", "OWNER_CHANGE", "LEGAL_FORM_CHANGE", "ADDRESS_CHANGE", "ACTIVITY_CHANGE", "ACCOUNTS_LATE", "ACCOUNTS_CONFIDENTIAL", "INSURER_LIMIT_CUT",
	}
}

// AlertStates are the states that can be asked for; without one, what is neither closed
// nor ended is listed.
func AlertStates() []string {
	return []string{AlertNew, AlertOpen, AlertAcknowledged, AlertClosed, AlertEnded, AlertAll}
}

// AlertFilter narrows the list of alerts. Zero values mean no filter, save for State.
type AlertFilter struct {
	Rule     string // one of AlertRules
	Severity int    // at least, 1 to 10
	State    string // one of AlertStates; "": what is neither closed nor ended; not of the export
	Whole    bool   // list all, not only the first
}

func (f AlertFilter) check() error {
	switch {
	case f.Rule != "" && !slices.Contains(AlertRules(), f.Rule):
		return fmt.Errorf("alerts of rule %q: %w", f.Rule, ErrBadSelection)
	case f.Severity < 0 || f.Severity > 10:
		return fmt.Errorf("alerts of severity %d: %w", f.Severity, ErrBadSelection)
	case f.State != "" && !slices.Contains(AlertStates(), f.State):
		return fmt.Errorf("alerts in state %q: %w", f.State, ErrBadSelection)
	}
	return nil
}

// write puts what the export takes of the filter into the query of a URL.
func (f AlertFilter) write(values url.Values) {
	if f.Rule != "" {
		values.Set("rule", f.Rule)
	}
	if f.Severity > 0 {
		values.Set("severity", strconv.Itoa(f.Severity))
	}
}

func (f AlertFilter) keeps(r AlertRow) bool {
	if f.Rule != "" && f.Rule != r.Rule || r.Severity < int64(f.Severity) {
		return false
	}
	switch f.State {
	case "":
		return r.State != AlertClosed && r.State != AlertEnded
	case AlertAll:
		return true
	}
	return r.State == f.State
}

// AlertValue is a value of an alert in ten-thousandths of its unit; not valid: none.
type AlertValue struct {
	Number int64
	Valid  bool
}

// Scan reads a DECIMAL; NULL is not valid.
func (a *AlertValue) Scan(src any) (err error) {
	*a = AlertValue{Valid: src != nil}
	if a.Valid {
		a.Number, _, err = fixed(src, ratioPlaces)
	}
	return err
}

// AlertRow is an alert and, where it is known, what became of it.
type AlertRow struct {
	Key, Entity, Side, ID, Name, Rule string // ID and Name are "" where it is about the entity
	Severity                          int64
	Event                             time.Time
	Unit                              string // class, points, ratio, amount, days, severity or event
	Old, New                          AlertValue
	AtStake                           Amount
	Sentence                          Reason

	State               string // one of AlertStates; "": not known at this date
	IsRecorded          bool   // something can be done about it
	FirstSeen, LastSeen time.Time
	FirstIn, LastIn     string // generations
	Note, Author        string // of the last that was done
	Changed             time.Time
	History             []AlertEvent // the oldest first
}

// AlertEvent is a line of the history of an alert.
type AlertEvent struct {
	At           time.Time
	AsOf         time.Time // of the generation; zero where somebody did it
	Kind         string    // seen, ended, returned, open, acknowledged or closed
	Author, Note string
}

// AlertCount is how many alerts have a state, or a rule.
type AlertCount struct {
	Name  string
	Count int64
}

// Alerts are those of a selection.
type Alerts struct {
	Rows      []AlertRow // of the filter, the most severe first, then the most at stake
	Count     int64      // of the filter
	HasStates bool       // false: at this date nothing is known of what became of them
	StatesErr error      // why it is not known at the date of the generation; nil: it is, or nothing was recorded
	States    []AlertCount
	Rules     []AlertCount // of what the state of the filter keeps
}

// Alerts returns the alerts of the selection and, at the date of the generation, what
// became of them and of those that have ended. Where that cannot be read the alerts are
// returned all the same, with StatesErr.
func (v *View) Alerts(ctx context.Context, filter AlertFilter) (*Alerts, error) {
	if err := filter.check(); err != nil {
		return nil, err
	}
	all, err := figure(ctx, v, "alerts", "", func() ([]AlertRow, error) { return v.readAlerts(ctx) })
	if err != nil {
		return nil, err
	}
	found := &Alerts{}
	rows, ended := slices.Clone(all), int64(0)
	if book := v.service.options.Alerts; book != nil && v.selection.AsOf.Equal(v.facts.asOf) {
		rows, ended, found.HasStates, found.StatesErr = book.join(ctx, rows, joined{
			generation: v.generation.Manifest().ID, holds: v.holdsAlert, hasEnded: filter.State == AlertEnded || filter.State == AlertAll,
		})
	}
	if !found.HasStates {
		filter.State = AlertAll
	}
	found.count(rows, ended, filter)
	for _, row := range rows {
		if filter.keeps(row) {
			found.Rows = append(found.Rows, row)
		}
	}
	slices.SortStableFunc(found.Rows, func(a, b AlertRow) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.AtStake, a.AtStake), cmp.Compare(a.Entity, b.Entity),
			cmp.Compare(a.ID, b.ID), cmp.Compare(a.Key, b.Key))
	})
	found.Count = int64(len(found.Rows))
	if !filter.Whole {
		found.Rows = found.Rows[:min(len(found.Rows), alertLimit)]
	}
	if found.HasStates {
		found.StatesErr = v.service.options.Alerts.tell(ctx, found.Rows)
	}
	return found, ctx.Err()
}

// count counts by state, with those ended that are not among the rows, and by rule within
// the state of the filter.
func (a *Alerts) count(rows []AlertRow, ended int64, filter AlertFilter) {
	states, rules := map[string]int64{AlertEnded: ended}, map[string]int64{}
	for _, row := range rows {
		states[row.State]++
		if (AlertFilter{State: filter.State}).keeps(row) {
			rules[row.Rule]++
		}
	}
	if a.HasStates {
		for _, state := range AlertStates() {
			if state != AlertAll {
				a.States = append(a.States, AlertCount{state, states[state]})
			}
		}
	}
	for _, rule := range AlertRules() {
		if rules[rule] > 0 {
			a.Rules = append(a.Rules, AlertCount{rule, rules[rule]})
		}
	}
}

// holdsAlert says whether an alert of an entity and a side is part of the selection.
func (v *View) holdsAlert(entity, side string) bool {
	if side != v.selection.Side {
		return false
	}
	if v.selection.Entity != "" {
		return entity == v.selection.Entity
	}
	return slices.ContainsFunc(v.facts.entities, func(e Entity) bool { return e.ID == entity && e.Currency == v.facts.currency })
}

const alertColumns = `
    alert_key, entity_id, side, counterparty_id, counterparty_name, rule, severity, event_date, value_unit,
    old_value, new_value, at_stake_amount, sentence_en, sentence_fr`

func (r *AlertRow) scan(rows *sql.Rows) error {
	return rows.Scan(&r.Key, &r.Entity, &r.Side, &r.ID, text(&r.Name), &r.Rule, &r.Severity, &r.Event, &r.Unit,
		&r.Old, &r.New, &r.AtStake, &r.Sentence.EN, &r.Sentence.FR)
}

func (v *View) readAlerts(ctx context.Context) (all []AlertRow, err error) {
	condition, args := v.alertScope(AlertFilter{})
	return all, v.session.Query(ctx, func(rows *sql.Rows) error {
		var r AlertRow
		err := r.scan(rows)
		all = append(all, r)
		return err
	}, "select"+alertColumns+"\nfrom mart_alerts\nwhere "+condition+"\norder by entity_id, counterparty_id, alert_key", args...)
}

// alertScope keeps mart_alerts to the selection and the filter: for the group, without
// intercompany counterparties.
func (v *View) alertScope(filter AlertFilter) (string, []any) {
	within := v.scope()
	condition, args := within.condition, within.args
	if v.selection.Entity == "" {
		condition += " and not is_intercompany"
	}
	if filter.Rule != "" {
		condition, args = condition+" and rule = $rule", append(args, sql.Named("rule", filter.Rule))
	}
	if filter.Severity > 0 {
		condition, args = condition+" and severity >= $severity", append(args, sql.Named("severity", filter.Severity))
	}
	return condition, args
}

// alertDefinitions are the reports on alerts.
func alertDefinitions() []definition {
	return []definition{{
		Definition: Definition{
			Name: "alerts", TitleEN: "Alerts", TitleFR: "Alertes",
			Question: "What has happened to whom that asks for a look, and what is at stake?",
		},
		query: (*View).alertsReport, isAlert: true,
	}}
}

// alertsReport has no state: what people do about an alert is no input of a figure.
func (v *View) alertsReport(filter AgeingFilter) (query, error) {
	if err := filter.Alert.check(); err != nil {
		return query{}, err
	}
	condition, args := v.alertScope(filter.Alert)
	return query{
		selects: `
select
    entity_id,
    side,
    counterparty_id,
    counterparty_name,
    alert_key,
    rule,
    measure,
    subject,
    severity,
    event_date,
    value_unit,
    old_value,
    new_value,
    at_stake_amount,
    sentence_en,
    sentence_fr,
    is_intercompany,
from mart_alerts
where ` + condition,
		order: "listed.severity desc, listed.at_stake_amount desc, listed.entity_id, listed.counterparty_id, listed.alert_key",
		args:  args,
	}, nil
}

// Plain writes a value in the plain form of exports: a class as its letter, an amount
// with two decimals, a ratio with four, the others with as many as they have; "" where
// there is none.
func (a AlertValue) Plain(unit string) string {
	switch {
	case !a.Valid:
		return ""
	case unit == "class" && a.Number >= 10_000 && a.Number <= 50_000:
		return RiskClasses()[a.Number/10_000-1]
	case unit == "amount":
		return money.Plain(int64(a.Amount()))
	case unit == "ratio":
		return plainRatio(Ratio{BasisPoints: a.Number})
	case a.Number%10_000 == 0:
		return strconv.FormatInt(a.Number/10_000, 10)
	}
	return money.Plain(a.Number / 100)
}

// Amount is the value as an amount of money.
func (a AlertValue) Amount() Amount { return Amount(a.Number / 100) }
