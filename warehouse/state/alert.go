package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// alertsTables keep what became of alerts. An alert is in the last generation that was
// recorded while its last_generation is that of alert_generations with the highest number.
const alertsTables = `
create table alert_generations (
    number integer primary key,
    generation text not null unique,
    as_of text not null,
    recorded_at text not null
) strict;
create table alerts (
    key text primary key,
    entity text not null,
    side text not null,
    counterparty text not null,
    rule text not null,
    severity integer not null,
    event_date text not null,
    value_unit text not null,
    old_value text not null,
    new_value text not null,
    at_stake integer not null,
    sentence_en text not null,
    sentence_fr text not null,
    first_generation text not null,
    first_as_of text not null,
    first_at text not null,
    last_generation text not null,
    last_as_of text not null,
    status text not null,
    note text not null,
    author text not null,
    changed_at text
) strict;
create index alerts_by_last_generation on alerts (last_generation);
create table alert_events (
    id integer primary key,
    key text not null references alerts (key),
    at text not null,
    as_of text not null,
    kind text not null,
    author text not null,
    note text not null
) strict;
create index alert_events_by_key on alert_events (key, id);`

// What may be done about an alert, and what it is then.
const (
	AlertOpen         = "open" // nothing was done, or it was opened again
	AlertAcknowledged = "acknowledged"
	AlertClosed       = "closed"
)

// Kinds of the history of an alert beside the statuses.
const (
	alertSeen     = "seen"     // for the first time
	alertEnded    = "ended"    // it is not in a generation any more
	alertReturned = "returned" // it is in one again
)

// ErrUnknownAlert says that no generation that was recorded had the alert.
var ErrUnknownAlert = errors.New("no such alert")

// SeenAlert is an alert as a generation has it.
type SeenAlert struct {
	Key, Entity, Side, Counterparty, Rule string
	Severity                              int64
	Event                                 time.Time
	Unit, Old, New                        string // values in plain form; "": none
	AtStake                               int64  // hundredths of the currency of the entity
	SentenceEN, SentenceFR                string
}

// Alert is an alert with what became of it.
type Alert struct {
	SeenAlert
	FirstGeneration, LastGeneration string
	FirstAsOf, LastAsOf             time.Time
	IsNew                           bool   // the last generation that was recorded is its first
	IsEnded                         bool   // the last generation does not have it
	Status                          string // AlertOpen, AlertAcknowledged or AlertClosed
	Note, Author                    string // of the last change of the status
	Changed                         time.Time
}

// AlertEvent is a line of the history of an alert. Kind is seen, ended, returned or the
// status that somebody gave it; AsOf is zero for the latter.
type AlertEvent struct {
	At           time.Time
	AsOf         time.Time
	Kind         string
	Author, Note string
}

// HasAlertsOf says whether the alerts of a generation have been recorded.
func (s *Store) HasAlertsOf(ctx context.Context, generation string) (bool, error) {
	var count int
	err := s.db.QueryRowContext(ctx, "select count(*) from alert_generations where generation = ?", generation).Scan(&count)
	if err != nil {
		return false, fmt.Errorf("look for alerts of generation %q: %w", generation, err)
	}
	return count > 0, nil
}

// RecordAlerts keeps that a generation has these alerts, all or nothing: those that no
// generation had before are seen for the first time, the others for the last time, and
// those that it does not have any more have ended. What was said about them stays. A
// generation that has been recorded is left as it is.
func (s *Store) RecordAlerts(ctx context.Context, generation string, asOf, now time.Time, alerts []SeenAlert) (err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("record alerts: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("record alerts of generation %q: %w", generation, err), tx.Rollback())
		}
	}()
	r := recording{tx: tx, generation: generation, asOf: asOf.Format(time.DateOnly), at: now.UTC().Format(moment)}
	done, err := r.begin(ctx)
	if err != nil {
		return err
	}
	if !done {
		if err := r.all(ctx, alerts); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// recording is the recording of one generation.
type recording struct {
	tx                   *sql.Tx
	generation, asOf, at string
	last                 string // the generation that was recorded before; "": none
}

// begin says whether the generation has been recorded already.
func (r *recording) begin(ctx context.Context) (done bool, err error) {
	err = r.tx.QueryRowContext(ctx, `select coalesce(max(generation = ?), 0),
		coalesce((select generation from alert_generations order by number desc limit 1), '') from alert_generations`, r.generation).Scan(&done, &r.last)
	if err != nil || done {
		return done, err
	}
	_, err = r.tx.ExecContext(ctx, "insert into alert_generations (generation, as_of, recorded_at) values (?, ?, ?)", r.generation, r.asOf, r.at)
	return false, err
}

func (r *recording) all(ctx context.Context, alerts []SeenAlert) error {
	known := map[string]string{} // last generation by key
	rows, err := r.tx.QueryContext(ctx, "select key, last_generation from alerts")
	if err != nil {
		return err
	}
	for rows.Next() {
		var key, last string
		if err := rows.Scan(&key, &last); err != nil {
			return errors.Join(err, rows.Close())
		}
		known[key] = last
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, alert := range alerts {
		last, isKnown := known[alert.Key]
		switch {
		case !isKnown:
			err = r.first(ctx, alert)
		default:
			err = r.again(ctx, alert, last)
		}
		if err != nil {
			return fmt.Errorf("alert %q: %w", alert.Key, err)
		}
	}
	_, err = r.tx.ExecContext(ctx, `insert into alert_events (key, at, as_of, kind, author, note)
		select key, ?, ?, ?, '', '' from alerts where last_generation = ? and ? <> ''`, r.at, r.asOf, alertEnded, r.last, r.last)
	return err
}

func (r *recording) first(ctx context.Context, a SeenAlert) error {
	_, err := r.tx.ExecContext(ctx, `insert into alerts (key, entity, side, counterparty, rule, severity, event_date, value_unit, old_value,
		new_value, at_stake, sentence_en, sentence_fr, first_generation, first_as_of, first_at, last_generation, last_as_of, status, note, author)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '')`,
		a.Key, a.Entity, a.Side, a.Counterparty, a.Rule, a.Severity, a.Event.Format(time.DateOnly), a.Unit, a.Old, a.New, a.AtStake,
		a.SentenceEN, a.SentenceFR, r.generation, r.asOf, r.at, r.generation, r.asOf, AlertOpen)
	if err != nil {
		return err
	}
	return r.note(ctx, a.Key, alertSeen)
}

// again moves an alert on to this generation; last is the one that had it before.
func (r *recording) again(ctx context.Context, a SeenAlert, last string) error {
	_, err := r.tx.ExecContext(ctx, `update alerts set severity = ?, event_date = ?, value_unit = ?, old_value = ?, new_value = ?,
		at_stake = ?, sentence_en = ?, sentence_fr = ?, last_generation = ?, last_as_of = ? where key = ?`,
		a.Severity, a.Event.Format(time.DateOnly), a.Unit, a.Old, a.New, a.AtStake, a.SentenceEN, a.SentenceFR, r.generation, r.asOf, a.Key)
	if err != nil || last == r.last {
		return err
	}
	return r.note(ctx, a.Key, alertReturned)
}

func (r *recording) note(ctx context.Context, key, kind string) error {
	_, err := r.tx.ExecContext(ctx, "insert into alert_events (key, at, as_of, kind, author, note) values (?, ?, ?, ?, '', '')", key, r.at, r.asOf, kind)
	return err
}

// MarkAlert gives an alert a status, with who did it and why, and adds that to its
// history. It returns ErrUnknownAlert. The same status with the same words by the same
// person as last time changes nothing: a form that is sent twice counts once.
func (s *Store) MarkAlert(ctx context.Context, key, status, author, note string, now time.Time) (err error) {
	switch status {
	case AlertOpen, AlertAcknowledged, AlertClosed:
	default:
		return fmt.Errorf("mark alert %q: no status %q", key, status)
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("mark alert %q: %w", key, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("mark alert %q: %w", key, err), tx.Rollback())
		}
	}()
	at := now.UTC().Format(moment)
	result, err := tx.ExecContext(ctx, `update alerts set status = ?, author = ?, note = ?, changed_at = ?
		where key = ? and (status <> ? or author <> ? or note <> ?)`, status, author, note, at, key, status, author, note)
	if err != nil {
		return err
	}
	if changed, err := result.RowsAffected(); err != nil {
		return err
	} else if changed == 0 {
		var count int
		if err := tx.QueryRowContext(ctx, "select count(*) from alerts where key = ?", key).Scan(&count); err != nil {
			return err
		}
		if count == 0 {
			return ErrUnknownAlert
		}
		return tx.Commit()
	}
	if _, err := tx.ExecContext(ctx, "insert into alert_events (key, at, as_of, kind, author, note) values (?, ?, '', ?, ?, ?)", key, at, status, author, note); err != nil {
		return err
	}
	return tx.Commit()
}

const selectAlerts = `select key, entity, side, counterparty, rule, severity, event_date, value_unit, old_value, new_value, at_stake,
	sentence_en, sentence_fr, first_generation, last_generation, first_as_of, last_as_of,
	first_generation = last.generation, last_generation <> last.generation, status, note, author, coalesce(changed_at, '')
	from alerts cross join (select generation from alert_generations order by number desc limit 1) as last`

// Alerts lists every alert that was recorded, the most severe first, then the most at
// stake; ended ones too.
func (s *Store) Alerts(ctx context.Context) ([]Alert, error) {
	return s.listAlerts(ctx, selectAlerts+alertOrder)
}

// AlertsOf is Alerts without those that have ended, save for those that a generation was
// the last to have: they are few beside what has ended in years.
func (s *Store) AlertsOf(ctx context.Context, generation string) ([]Alert, error) {
	return s.listAlerts(ctx, selectAlerts+" where last_generation in (last.generation, ?)"+alertOrder, generation)
}

// EndedAlerts counts the alerts that have ended, by entity and side.
func (s *Store) EndedAlerts(ctx context.Context) (ended map[[2]string]int64, err error) {
	rows, err := s.db.QueryContext(ctx, `select entity, side, count(*) from alerts
		where last_generation <> (select generation from alert_generations order by number desc limit 1) group by entity, side`)
	if err != nil {
		return nil, fmt.Errorf("count alerts: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	ended = map[[2]string]int64{}
	for rows.Next() {
		var entity, side string
		var count int64
		if err := rows.Scan(&entity, &side, &count); err != nil {
			return nil, fmt.Errorf("count alerts: %w", err)
		}
		ended[[2]string{entity, side}] = count
	}
	return ended, rows.Err()
}

const alertOrder = " order by severity desc, at_stake desc, entity, counterparty, key"

func (s *Store) listAlerts(ctx context.Context, query string, args ...any) (alerts []Alert, err error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list alerts: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		a, err := scanAlert(rows)
		if err != nil {
			return nil, fmt.Errorf("list alerts: %w", err)
		}
		alerts = append(alerts, a)
	}
	return alerts, rows.Err()
}

func scanAlert(row interface{ Scan(...any) error }) (a Alert, err error) {
	var event, first, last, changed string
	err = row.Scan(&a.Key, &a.Entity, &a.Side, &a.Counterparty, &a.Rule, &a.Severity, &event, &a.Unit, &a.Old, &a.New, &a.AtStake,
		&a.SentenceEN, &a.SentenceFR, &a.FirstGeneration, &a.LastGeneration, &first, &last, &a.IsNew, &a.IsEnded,
		&a.Status, &a.Note, &a.Author, &changed)
	if err != nil {
		return a, err
	}
	a.IsNew = a.IsNew && a.Status == AlertOpen && changed == ""
	for _, field := range []struct {
		text, form string
		into       *time.Time
	}{{event, time.DateOnly, &a.Event}, {first, time.DateOnly, &a.FirstAsOf}, {last, time.DateOnly, &a.LastAsOf}, {changed, moment, &a.Changed}} {
		if field.text == "" {
			continue
		}
		if *field.into, err = time.Parse(field.form, field.text); err != nil {
			return a, fmt.Errorf("alert %q: %w", a.Key, err)
		}
	}
	return a, nil
}

// AlertHistory tells what became of alerts, by key, the oldest first. Keys that are not
// known are left out.
func (s *Store) AlertHistory(ctx context.Context, keys []string) (history map[string][]AlertEvent, err error) {
	history = map[string][]AlertEvent{}
	if len(keys) == 0 {
		return history, nil
	}
	args := make([]any, len(keys))
	for i, key := range keys {
		args[i] = key
	}
	rows, err := s.db.QueryContext(ctx, "select key, at, as_of, kind, author, note from alert_events where key in (?"+
		strings.Repeat(", ?", len(keys)-1)+") order by id", args...)
	if err != nil {
		return nil, fmt.Errorf("read history of alerts: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var key, at, asOf string
		var e AlertEvent
		if err := rows.Scan(&key, &at, &asOf, &e.Kind, &e.Author, &e.Note); err != nil {
			return nil, fmt.Errorf("read history of alerts: %w", err)
		}
		if e.At, err = time.Parse(moment, at); err != nil {
			return nil, fmt.Errorf("read history of alert %q: %w", key, err)
		}
		if asOf != "" {
			if e.AsOf, err = time.Parse(time.DateOnly, asOf); err != nil {
				return nil, fmt.Errorf("read history of alert %q: %w", key, err)
			}
		}
		history[key] = append(history[key], e)
	}
	return history, rows.Err()
}
