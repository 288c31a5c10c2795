package reports

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/state"
)

// alertRules tell of any amount and of more than 60 days: at 2024-12-31 ALPHA's C1 is 61
// days late with 1,000, and C2 is 1 day late.
const alertRules = `rule,measure,is_enabled,severity,threshold,over_amount,window_days,words_en,words_fr
OVERDUE_JUMP,overdue_ratio,true,6,0.15,,30,from {old} to {new},de {old} à {new}
NEW_90PLUS,overdue_days,true,9,60,,30,{about} is late,{about} est en retard
`

// TestAlerts: what there is to tell is what the mart has, with the states of the book.
func TestAlerts(t *testing.T) {
	b := ownBooks(t)
	if err := errors.Join(os.MkdirAll(filepath.Join(b.dir, "ref"), 0o755), os.WriteFile(filepath.Join(b.dir, "ref", "alert_rules.csv"), []byte(alertRules), 0o644), b.build()); err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return time.Date(2025, 1, 15, 12, 0, 0, 0, time.UTC) }
	book := NewAlertBook(t.TempDir(), clock)
	t.Cleanup(func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	})
	v := b.open(t, Selection{})
	v.service.options.Alerts = book
	before, err := v.Alerts(t.Context(), AlertFilter{})
	if err != nil || before.HasStates || len(before.States) > 0 {
		t.Fatalf("before anything is recorded: %+v, %v", before, err)
	}
	for range 2 {
		if err := v.service.RecordAlerts(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	found, err := v.Alerts(t.Context(), AlertFilter{})
	if err != nil || !found.HasStates || found.Count == 0 || found.Count != before.Count || len(found.Rows) != int(found.Count) {
		t.Fatalf("%+v, %v", found, err)
	}
	for _, row := range found.Rows {
		if row.State != AlertNew || !row.IsRecorded || !row.FirstSeen.Equal(v.Meta().AsOf) || len(row.History) != 1 || row.History[0].Kind != "seen" {
			t.Errorf("%+v", row)
		}
	}
	if !slices.IsSortedFunc(found.Rows, func(a, b AlertRow) int { return int(b.Severity - a.Severity) }) {
		t.Error("the most severe does not stand first")
	}
	first := found.Rows[0]
	if first.ID != "C1" || first.Rule != "NEW_90PLUS" || plain(first.AtStake) != "1000.00" || first.New.Plain(first.Unit) != "61" {
		t.Errorf("the first %+v", first)
	}
	key := first.Key
	if err := book.Mark(t.Context(), AlertMark{Key: key, State: AlertClosed, Author: "Anne", Note: "done"}); err != nil {
		t.Fatal(err)
	}
	closed, err := v.Alerts(t.Context(), AlertFilter{State: AlertClosed})
	if err != nil || closed.Count != 1 || closed.Rows[0].Key != key || closed.Rows[0].Note != "done" || !closed.Rows[0].Changed.Equal(clock()) {
		t.Errorf("closed: %+v, %v", closed, err)
	}
	if todo, err := v.Alerts(t.Context(), AlertFilter{}); err != nil || todo.Count != found.Count-1 {
		t.Errorf("to do: %+v, %v", todo, err)
	}
	// one that the generation does not have any more is counted, and listed where it is asked for
	if err := v.recordEnded(t, book); err != nil {
		t.Fatal(err)
	}
	todo, err := v.Alerts(t.Context(), AlertFilter{})
	if err != nil || stateCount(todo, AlertEnded) != 1 || todo.Count != found.Count-1 {
		t.Errorf("with one that has ended: %+v, %v", todo, err)
	}
	over, err := v.Alerts(t.Context(), AlertFilter{State: AlertEnded})
	if err != nil || over.Count != 1 || over.Rows[0].Key != "gone" || !slices.Equal(over.States, todo.States) {
		t.Errorf("ended: %+v, %v, states %v", over, err, todo.States)
	}
	for name, mark := range map[string]AlertMark{
		"a state": {Key: key, State: AlertEnded}, "two lines": {Key: key, State: AlertOpen, Note: "a\nb"}, "long": {Key: key, State: AlertOpen, Author: strings.Repeat("é", 501)},
	} {
		if err := book.Mark(t.Context(), mark); !errors.Is(err, ErrBadSelection) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := book.Mark(t.Context(), AlertMark{Key: "feed", State: AlertOpen}); !errors.Is(err, ErrNotFound) {
		t.Errorf("an alert that there is not: %v", err)
	}
	for name, filter := range map[string]AlertFilter{"rule": {Rule: "MOOD"}, "severity": {Severity: 11}, "state": {State: "lost"}} {
		if _, err := v.Alerts(t.Context(), filter); !errors.Is(err, ErrBadSelection) {
			t.Errorf("%s: %v", name, err)
		}
	}
	past := b.open(t, Selection{AsOf: time.Date(2024, 11, 15, 0, 0, 0, 0, time.UTC)})
	past.service.options.Alerts = book
	if then, err := past.Alerts(t.Context(), AlertFilter{State: AlertClosed}); err != nil || then.HasStates {
		t.Errorf("at a past date: %+v, %v", then, err)
	}
}

// recordEnded makes as if the generation before had one alert more.
func (v *View) recordEnded(t *testing.T, book *AlertBook) error {
	t.Helper()
	store, err := book.file.Open(t.Context())
	if err != nil {
		return err
	}
	now, err := store.Alerts(t.Context())
	if err != nil {
		return err
	}
	var seen []state.SeenAlert
	for _, a := range now {
		seen = append(seen, a.SeenAlert)
	}
	gone := seen[0]
	gone.Key = "gone"
	if err := store.RecordAlerts(t.Context(), "before", v.Meta().AsOf, time.Time{}, append([]state.SeenAlert{gone}, seen...)); err != nil {
		return err
	}
	return store.RecordAlerts(t.Context(), "again", v.Meta().AsOf, time.Time{}, seen)
}

func stateCount(a *Alerts, name string) int64 {
	for _, c := range a.States {
		if c.Name == name {
			return c.Count
		}
	}
	return -1
}

func TestAlertValues(t *testing.T) {
	for name, c := range map[string]struct {
		number     int64
		unit, want string
	}{
		"class": {20_000, "class", "B"}, "amount": {15_000_500, "amount", "1500.05"}, "negative": {-15_000_000, "amount", "-1500.00"},
		"ratio": {1_818, "ratio", "0.1818"}, "days": {910_000, "days", "91"}, "points": {725_000, "points", "72.50"},
	} {
		value := AlertValue{Number: c.number, Valid: true}
		if got := value.Plain(c.unit); got != c.want || valueOf(value.plain()) != value {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if none := (AlertValue{}); none.Plain("days") != "" || valueOf(none.plain()) != none {
		t.Error("no value is shown as one")
	}
}
