package state

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func seen(keys ...string) (alerts []SeenAlert) {
	for i, key := range keys {
		alerts = append(alerts, SeenAlert{
			Key: key, Entity: "ALPHA", Side: "customer", Counterparty: "C1", Rule: "LIMIT_90", Severity: int64(5 + i), Event: noon, Unit: "amount",
			Old: "10000000", New: "9500000", AtStake: 95_000, SentenceEN: "nearly", SentenceFR: "presque",
		})
	}
	return alerts
}

func record(t *testing.T, s *Store, generation string, day int, keys ...string) {
	t.Helper()
	if err := s.RecordAlerts(t.Context(), generation, time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC), noon.AddDate(0, 0, day), seen(keys...)); err != nil {
		t.Fatal(err)
	}
}

func alertOf(t *testing.T, s *Store, key string) Alert {
	t.Helper()
	all, err := s.Alerts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(all, func(a Alert) bool { return a.Key == key })
	if at < 0 {
		t.Fatalf("no alert %q in %+v", key, all)
	}
	return all[at]
}

func historyOf(t *testing.T, s *Store, key string) (kinds []string) {
	t.Helper()
	history, err := s.AlertHistory(t.Context(), []string{key, "none"})
	if err != nil || len(history["none"]) > 0 {
		t.Fatalf("%v, %v", history, err)
	}
	for _, e := range history[key] {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// TestAlertLives: an alert is raised once, is seen again, is acknowledged and closed, ends
// and comes back, and what was done about it stays.
func TestAlertLives(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	record(t, s, "000001-a", 1, "k1", "k2")
	if a := alertOf(t, s, "k1"); !a.IsNew || a.IsEnded || a.Status != AlertOpen || a.FirstGeneration != "000001-a" || a.FirstAsOf.Day() != 1 || a.Old != "10000000" || !a.Event.Equal(noon.Truncate(24*time.Hour)) {
		t.Errorf("raised: %+v", a)
	}
	record(t, s, "000001-a", 1, "k1", "k2", "k9") // repeated: nothing happens, whatever it says
	record(t, s, "000002-b", 2, "k1", "k3")
	if a := alertOf(t, s, "k1"); a.IsNew || a.FirstAsOf.Day() != 1 || a.LastAsOf.Day() != 2 || a.LastGeneration != "000002-b" {
		t.Errorf("seen again: %+v", a)
	}
	if a := alertOf(t, s, "k2"); !a.IsEnded || a.LastAsOf.Day() != 1 {
		t.Errorf("ended: %+v", a)
	}
	if a := alertOf(t, s, "k3"); !a.IsNew {
		t.Errorf("a new one: %+v", a)
	}
	other := openStore(t, dir) // another process
	for range 2 {              // a form that is sent twice
		if err := other.MarkAlert(t.Context(), "k1", AlertAcknowledged, "Anne", "will call", noon); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.MarkAlert(t.Context(), "k1", AlertClosed, "Anne", "limit was raised", noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	record(t, s, "000003-c", 3, "k1", "k2", "k1-of-july")
	if a := alertOf(t, s, "k1"); a.Status != AlertClosed || a.Note != "limit was raised" || a.Author != "Anne" || !a.Changed.Equal(noon.Add(time.Hour)) || a.IsEnded {
		t.Errorf("closed stays closed: %+v", a)
	}
	if a := alertOf(t, s, "k2"); a.IsEnded || a.IsNew || a.FirstAsOf.Day() != 1 {
		t.Errorf("came back: %+v", a)
	}
	if a := alertOf(t, s, "k1-of-july"); a.Status != AlertOpen || !a.IsNew {
		t.Errorf("under a new key it is raised again: %+v", a)
	}
	for key, want := range map[string][]string{
		"k1": {"seen", "acknowledged", "closed"}, "k2": {"seen", "ended", "returned"}, "k3": {"seen", "ended"},
	} {
		if got := historyOf(t, s, key); !slices.Equal(got, want) {
			t.Errorf("history of %s: %q, want %q", key, got, want)
		}
	}
	if err := s.MarkAlert(t.Context(), "k9", AlertClosed, "", "", noon); !errors.Is(err, ErrUnknownAlert) {
		t.Errorf("an alert that no generation had: %v", err)
	}
	if err := s.MarkAlert(t.Context(), "k1", "forgotten", "", "", noon); err == nil {
		t.Error("a status that there is not is taken")
	}
}

// TestAlertsAreRecordedOnce: two processes record one generation at the same time.
func TestAlertsAreRecordedOnce(t *testing.T) {
	dir := t.TempDir()
	stores := []*Store{openStore(t, dir), openStore(t, dir)}
	var keys []string
	for i := range 300 {
		keys = append(keys, fmt.Sprintf("k%d", i))
	}
	var group sync.WaitGroup
	for i := range 6 {
		group.Go(func() {
			if err := stores[i%2].RecordAlerts(t.Context(), "000001-a", noon, noon, seen(keys...)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := historyOf(t, stores[0], "k7"); !slices.Equal(got, []string{"seen"}) {
		t.Errorf("history %q", got)
	}
	if done, err := stores[1].HasAlertsOf(t.Context(), "000001-a"); err != nil || !done {
		t.Errorf("recorded: %v, %v", done, err)
	}
	if done, err := stores[1].HasAlertsOf(t.Context(), "000002-b"); err != nil || done {
		t.Errorf("not recorded: %v, %v", done, err)
	}
}

// TestRecordingIsWhole: a recording that breaks off leaves nothing and can be repeated.
func TestRecordingIsWhole(t *testing.T) {
	s := openStore(t, t.TempDir())
	record(t, s, "000001-a", 1, "k1")
	broken := append(seen("k1", "k2"), seen("k2")...) // a key twice
	if err := s.RecordAlerts(t.Context(), "000002-b", noon, noon, broken); err == nil {
		t.Fatal("a key that stands there twice is taken")
	}
	if a := alertOf(t, s, "k1"); a.LastGeneration != "000001-a" {
		t.Errorf("half a recording: %+v", a)
	}
	record(t, s, "000002-b", 2, "k1", "k2")
	if a := alertOf(t, s, "k2"); !a.IsNew {
		t.Errorf("after it was repeated: %+v", a)
	}
}

// TestAlertsOf: what has ended is left out, and counted, save for what the generation
// that is asked about was the last to have.
func TestAlertsOf(t *testing.T) {
	s := openStore(t, t.TempDir())
	record(t, s, "000001-a", 1, "k1", "k2", "k3")
	record(t, s, "000002-b", 2, "k1", "k2")
	record(t, s, "000003-c", 3, "k1", "k4")
	for generation, want := range map[string]string{"000003-c": "k1 k4", "000002-b": "k1 k2 k4", "000001-a": "k1 k3 k4", "": "k1 k4"} {
		of, err := s.AlertsOf(t.Context(), generation)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, a := range of {
			keys = append(keys, a.Key)
		}
		slices.Sort(keys)
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("of %q: %s, want %s", generation, got, want)
		}
	}
	ended, err := s.EndedAlerts(t.Context())
	all := int64(0)
	for _, count := range ended {
		all += count
	}
	if err != nil || all != 2 {
		t.Errorf("%v have ended, %v, want 2", ended, err)
	}
}
