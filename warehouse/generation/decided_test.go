package generation_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/encours/encours/warehouse/state"
	"github.com/encours/encours/warehouse/warehousetest"
)

// TestWhatPersonsDecide: a decision and an override make the generation stale, are in the
// next ones, and count no more when they are undone and withdrawn.
func TestWhatPersonsDecide(t *testing.T) {
	p := warehousetest.New(t, "")
	p.Land(t, sales()...)
	first := p.Build(t).Manifest
	fresh := func(want bool, when string) {
		t.Helper()
		if got, err := p.Store.IsFresh(t.Context(), p.Options()); err != nil || got != want {
			t.Errorf("%s: fresh %v, %v", when, got, err)
		}
	}
	fresh(true, "nothing decided")
	store, err := state.Open(t.Context(), p.DataDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	fresh(true, "an empty state")
	entity := p.Entities[0].ID
	at := time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)
	review := state.Review{
		ReviewSubject: state.ReviewSubject{Kind: "counterparty", Entity: entity, Side: "customer", ID: "C1"},
		CandidateKind: "siren", Candidate: "552081317", Decision: state.ReviewAccept, By: "Anne", Origin: "command", At: at,
	}
	if _, err := store.AddReviews(t.Context(), 0, review); err != nil {
		t.Fatal(err)
	}
	fresh(false, "a decision")
	override := state.Override{Entity: entity, Side: "customer", Customer: "C1", Attribute: "city", Value: "Lyon", By: "Anne", Origin: "command", At: at}
	if _, err := store.SetOverride(t.Context(), override); err != nil {
		t.Fatal(err)
	}
	for range 2 { // they survive a rebuild
		built := p.Build(t).Manifest
		if built.DecisionsHash == "" || built.Fingerprint == first.Fingerprint {
			t.Errorf("the manifest does not tell of the decisions: %+v", built)
		}
		fresh(true, "built with them")
		if got := cell(t, p.DataDir(), "select subject_id || ' ' || candidate_id || ' ' || decision || ' ' || decided_by || ' ' || decided_on from int_review_decisions"); got != "C1 552081317 accept Anne 2025-03-01" {
			t.Errorf("decisions: %q", got)
		}
		if got := cell(t, p.DataDir(), "select city from dim_counterparties where counterparty_id = 'C1'"); got != "Lyon" {
			t.Errorf("city %q", got)
		}
	}
	known := p.Options()
	known.KnownAt = at.AddDate(0, 0, -1)
	if _, err := p.Store.IsFresh(t.Context(), known); err == nil {
		before, err := p.Store.Build(t.Context(), known)
		if err == nil && before.Manifest.DecisionsHash != "" {
			t.Error("a build of what was known the day before knows the decision")
		}
	}
	review.Decision = state.ReviewUndo
	if _, err := store.AddReviews(t.Context(), 1, review); err != nil {
		t.Fatal(err)
	}
	if err := store.WithdrawOverride(t.Context(), override); err != nil {
		t.Fatal(err)
	}
	if built := p.Build(t).Manifest; built.DecisionsHash != "" || built.Fingerprint != first.Fingerprint {
		t.Errorf("undone and withdrawn, and yet %+v", built)
	}
	if got := cell(t, p.DataDir(), "select coalesce(max(city), 'none') from dim_counterparties"); got != "none" {
		t.Errorf("city %q after it was withdrawn", got)
	}
}

// cell reads one value of the generation that serves.
func cell(t *testing.T, data, query string) (value string) {
	t.Helper()
	db, err := sql.Open("duckdb", filepath.Join(data, "current", "warehouse.duckdb")+"?access_mode=READ_ONLY")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(t.Context(), query).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
