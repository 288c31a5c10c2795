package state

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func decision(customer string) Decision {
	return Decision{
		Made: noon, By: "Anne", Origin: "command", Request: "digest of " + customer, Entity: "ALPHA", Customer: customer,
		Amount: "1234567890123.45", Currency: "EUR", Decision: "approve", Rule: "within_limit",
		AsOf: noon.Truncate(24 * 3600e9), ValidUntil: noon.Truncate(24*3600e9).AddDate(0, 0, 30), Generation: "000001-abc", Answer: `{"amount":"1234567890123.45"}`,
	}
}

func store(t *testing.T, s *Store, d Decision) Decision {
	t.Helper()
	stored, found, err := s.AddDecision(t.Context(), d)
	if err != nil || found {
		t.Fatalf("found %v, %v", found, err)
	}
	return stored
}

func TestDecisionsAreKept(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	want := decision("C1")
	first := store(t, s, want)
	want.ID = 1
	if first != want {
		t.Errorf("stored %+v, want %+v", first, want)
	}
	refused := decision("C2")
	refused.Entity, refused.Decision = "BETA", "refuse"
	store(t, s, refused)
	store(t, s, decision("C1"))
	other := openStore(t, dir) // another process
	if got, err := other.Decision(t.Context(), 1); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.Decision(t.Context(), 9); !errors.Is(err, ErrUnknownDecision) {
		t.Errorf("an unknown one: %v", err)
	}
	for name, c := range map[string]struct {
		filter DecisionFilter
		want   string
	}{
		"all, the newest first": {DecisionFilter{}, "321"},
		"of an entity":          {DecisionFilter{Entities: []string{"BETA"}}, "2"},
		"of two entities":       {DecisionFilter{Entities: []string{"BETA", "ALPHA"}}, "321"},
		"of no entity":          {DecisionFilter{Entities: []string{}}, ""},
		"of a customer":         {DecisionFilter{Customer: "C1"}, "31"},
		"of an answer":          {DecisionFilter{Decision: "refuse"}, "2"},
		"before one":            {DecisionFilter{Before: 3}, "21"},
		"the latest":            {DecisionFilter{Limit: 1}, "3"},
		"quotes":                {DecisionFilter{Customer: "' or true --"}, ""},
	} {
		list, err := other.Decisions(t.Context(), c.filter)
		var got strings.Builder
		for _, d := range list {
			got.WriteByte(byte('0' + d.ID))
		}
		if err != nil || got.String() != c.want {
			t.Errorf("%s: %q, want %q, %v", name, got.String(), c.want, err)
		}
	}
}

func TestADecisionIsNeverRewritten(t *testing.T) {
	s := openStore(t, t.TempDir())
	store(t, s, decision("C1"))
	for _, statement := range []string{"update credit_decisions set decision = 'refuse'", "delete from credit_decisions"} {
		if _, err := s.db.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "never") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if got, err := s.Decision(t.Context(), 1); err != nil || got.Decision != "approve" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestADecisionIsStoredOncePerKey(t *testing.T) {
	s := openStore(t, t.TempDir())
	d := decision("C1")
	d.Key = "order-4711"
	first := store(t, s, d)
	again, found, err := s.AddDecision(t.Context(), d)
	if err != nil || !found || again != first {
		t.Errorf("the same again: %+v, %v, %v", again, found, err)
	}
	other := decision("C2")
	other.Key = d.Key
	if _, _, err := s.AddDecision(t.Context(), other); !errors.Is(err, ErrOtherRequest) {
		t.Errorf("another request under the key: %v", err)
	}
	other.By = "Bruno"
	if stored := store(t, s, other); stored.ID != 2 {
		t.Errorf("the key of somebody else: %+v", stored)
	}
}

// TestAnOlderStateFile: a file of the first version, with tokens only, keeps them and
// takes decisions.
func TestAnOlderStateFile(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{tokensTable, "pragma user_version = 1"} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	older := &Store{db: db}
	text := add(t, older, token("erp"))
	if err := older.Close(); err != nil {
		t.Fatal(err)
	}
	newer := openStore(t, dir)
	store(t, newer, decision("C1"))
	if _, err := newer.CheckToken(t.Context(), text, noon); err != nil {
		t.Errorf("the token of before: %v", err)
	}
}
