package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/encours/encours/warehouse/state"
)

// alertMart is the relation that holds the alerts of a generation.
const alertMart = "mart_alerts"

// AlertBook keeps across generations when an alert was first and last seen and what was
// done about it, in the state file of a project. It is safe for concurrent use, also by
// several processes.
type AlertBook struct {
	file  *state.File
	clock func() time.Time
}

// NewAlertBook returns the book of a data folder. It touches nothing until it is used.
func NewAlertBook(dataDir string, clock func() time.Time) *AlertBook {
	return &AlertBook{file: state.In(dataDir), clock: clock}
}

// Close closes the state file.
func (b *AlertBook) Close() error { return b.file.Close() }

// Has says whether the alerts of a generation have been recorded.
func (b *AlertBook) Has(ctx context.Context, generation string) (bool, error) {
	store, err := b.file.Existing(ctx)
	if errors.Is(err, state.ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return store.HasAlertsOf(ctx, generation)
}

// AlertMark is what somebody does about an alert.
type AlertMark struct {
	Key          string
	State        string // AlertOpen, AlertAcknowledged or AlertClosed
	Author, Note string // at most 500 characters, on one line
}

const maxNote = 500

func (m AlertMark) check() error {
	for _, text := range []string{m.Key, m.Author, m.Note} {
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxNote || strings.ContainsFunc(text, unicode.IsControl) {
			return fmt.Errorf("mark alert: more than %d characters, or one that cannot be written on a line: %w", maxNote, ErrBadSelection)
		}
	}
	switch m.State {
	case AlertOpen, AlertAcknowledged, AlertClosed:
		return nil
	}
	return fmt.Errorf("mark alert %q as %q: %w", m.Key, m.State, ErrBadSelection)
}

// Mark keeps what somebody did. It returns ErrNotFound where the alert is not known; the
// same again changes nothing.
func (b *AlertBook) Mark(ctx context.Context, mark AlertMark) error {
	if err := mark.check(); err != nil {
		return err
	}
	store, err := b.file.Existing(ctx)
	if errors.Is(err, state.ErrNone) {
		return fmt.Errorf("mark alert %q: %w", mark.Key, ErrNotFound)
	}
	if err != nil {
		return err
	}
	err = store.MarkAlert(ctx, mark.Key, mark.State, mark.Author, mark.Note, b.clock())
	if errors.Is(err, state.ErrUnknownAlert) {
		return fmt.Errorf("mark alert %q: %w", mark.Key, ErrNotFound)
	}
	return err
}

// RecordAlerts keeps which alerts the current generation has, once. A generation that
// was built for an earlier known-at day is none of the project's course and is left out,
// as is one that an older program built without alerts.
func (s *Service) RecordAlerts(ctx context.Context) (err error) {
	book := s.options.Alerts
	pinned, err := s.pin(ctx)
	if errors.Is(err, ErrNoGeneration) || book == nil {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pinned.Release()) }()
	manifest := pinned.Manifest()
	if _, ok := manifest.Relation(alertMart); !ok || manifest.KnownAt != nil {
		return nil
	}
	if done, err := book.Has(ctx, manifest.ID); err != nil || done {
		return err
	}
	session, release, err := pinned.Session(ctx, manifest.AsOf.Time)
	if err != nil {
		return err
	}
	defer release()
	var seen []state.SeenAlert
	err = session.Query(ctx, func(rows *sql.Rows) error {
		var r AlertRow
		err := r.scan(rows)
		seen = append(seen, r.seen())
		return err
	}, "select"+alertColumns+"\nfrom mart_alerts\norder by entity_id, side, counterparty_id, alert_key")
	if err != nil {
		return fmt.Errorf("read alerts of generation %q: %w", manifest.ID, err)
	}
	store, err := book.file.Open(ctx)
	if err != nil {
		return err
	}
	return store.RecordAlerts(ctx, manifest.ID, manifest.AsOf.Time, book.clock(), seen)
}

func (r AlertRow) seen() state.SeenAlert {
	return state.SeenAlert{
		Key: r.Key, Entity: r.Entity, Side: r.Side, Counterparty: r.ID, Rule: r.Rule, Severity: r.Severity, Event: r.Event,
		Unit: r.Unit, Old: r.Old.plain(), New: r.New.plain(), AtStake: int64(r.AtStake),
		SentenceEN: r.Sentence.EN, SentenceFR: r.Sentence.FR,
	}
}

func (a AlertValue) plain() string {
	if !a.Valid {
		return ""
	}
	return strconv.FormatInt(a.Number, 10)
}

// valueOf reads what plain wrote.
func valueOf(text string) AlertValue {
	number, err := strconv.ParseInt(text, 10, 64)
	return AlertValue{number, err == nil}
}

// joined is the part of the book that a view shows.
type joined struct {
	generation string                         // of the view
	holds      func(entity, side string) bool // whose alerts it shows
	hasEnded   bool                           // it lists those that have ended too
}

// join gives the rows of a view their states and adds the alerts that have ended, where
// the view lists them; it counts those that it leaves out. ok is false where nothing was
// recorded yet.
func (b *AlertBook) join(ctx context.Context, rows []AlertRow, view joined) (_ []AlertRow, ended int64, ok bool, err error) {
	store, err := b.file.Existing(ctx)
	if errors.Is(err, state.ErrNone) {
		return rows, 0, false, nil
	}
	if err != nil {
		return rows, 0, false, err
	}
	var recorded []state.Alert
	if view.hasEnded {
		recorded, err = store.Alerts(ctx)
	} else {
		recorded, err = store.AlertsOf(ctx, view.generation)
	}
	if err != nil {
		return rows, 0, false, err
	}
	at := map[string]int{}
	for i := range rows {
		at[rows[i].Key] = i
		rows[i].State = AlertNew // until it is recorded, a moment after the generation is ready
	}
	for _, a := range recorded {
		i, isThere := at[a.Key]
		switch {
		case isThere:
			rows[i].took(a)
		case a.IsEnded && view.hasEnded && view.holds(a.Entity, a.Side):
			row := AlertRow{
				Key: a.Key, Entity: a.Entity, Side: a.Side, ID: a.Counterparty, Rule: a.Rule, Severity: a.Severity, Event: a.Event,
				Unit: a.Unit, Old: valueOf(a.Old), New: valueOf(a.New), AtStake: Amount(a.AtStake),
				Sentence: Reason{a.SentenceEN, a.SentenceFR},
			}
			row.took(a)
			row.State = AlertEnded
			rows = append(rows, row)
		}
	}
	if view.hasEnded {
		return rows, 0, true, nil
	}
	counts, err := store.EndedAlerts(ctx)
	if err != nil {
		return rows, 0, false, err
	}
	for of, count := range counts {
		if view.holds(of[0], of[1]) {
			ended += count
		}
	}
	return rows, ended, true, nil
}

// took takes over what became of an alert.
func (r *AlertRow) took(a state.Alert) {
	r.IsRecorded, r.FirstSeen, r.LastSeen = true, a.FirstAsOf, a.LastAsOf
	r.FirstIn, r.LastIn = a.FirstGeneration, a.LastGeneration
	r.Note, r.Author, r.Changed = a.Note, a.Author, a.Changed
	if r.State = a.Status; a.IsNew {
		r.State = AlertNew
	}
}

// tell adds their histories to rows.
func (b *AlertBook) tell(ctx context.Context, rows []AlertRow) error {
	store, err := b.file.Existing(ctx)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(rows, alertLimit) {
		keys := make([]string, len(chunk))
		for i, row := range chunk {
			keys[i] = row.Key
		}
		history, err := store.AlertHistory(ctx, keys)
		if err != nil {
			return err
		}
		for i := range chunk {
			for _, e := range history[chunk[i].Key] {
				chunk[i].History = append(chunk[i].History, AlertEvent(e))
			}
		}
	}
	return nil
}
