package state

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func review(candidate, decision, by string) Review {
	return Review{
		ReviewSubject: ReviewSubject{Kind: "counterparty", Entity: "ALPHA", Side: "customer", ID: "C1"}, CandidateKind: "siren", Candidate: candidate,
		Decision: decision, By: by, Origin: "command", At: noon, NameKey: "DUPONT ET FILS", PostalCode: "75001",
	}
}

func addReview(t *testing.T, s *Store, seen int64, reviews ...Review) int {
	t.Helper()
	added, err := s.AddReviews(t.Context(), seen, reviews...)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

// standingOf writes what holds as candidate and decision.
func standingOf(t *testing.T, s *Store) string {
	t.Helper()
	made, err := s.Reviews(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, r := range StandingReviews(made) {
		words = append(words, r.ID+" "+r.Candidate+" "+r.Decision)
	}
	return strings.Join(words, ", ")
}

func TestReviewsAreAcceptedRejectedAndUndone(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	addReview(t, s, 0, review("111", ReviewReject, "Anne"))
	addReview(t, s, 1, review("222", ReviewAccept, "Anne"))
	if got := standingOf(t, openStore(t, dir)); got != "C1 111 reject, C1 222 accept" {
		t.Errorf("another process reads %q", got)
	}
	var conflict *ReviewConflict
	if _, err := s.AddReviews(t.Context(), 2, review("333", ReviewAccept, "Anne")); !errors.Is(err, ErrOtherAccepted) || !errors.As(err, &conflict) || conflict.Made.Candidate != "222" {
		t.Errorf("a second candidate: %v", err)
	}
	if added := addReview(t, s, 2, review("222", ReviewAccept, "Anne")); added != 0 {
		t.Errorf("the same again: %d added", added)
	}
	addReview(t, s, 2, review("222", ReviewUndo, "Anne"))
	if _, err := s.AddReviews(t.Context(), 3, review("444", ReviewUndo, "Anne")); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("an undo of nothing: %v", err)
	}
	addReview(t, s, 3, review("333", ReviewAccept, "Anne"))
	if got := standingOf(t, s); got != "C1 111 reject, C1 333 accept" {
		t.Errorf("holds %q", got)
	}
	if made, err := s.Reviews(t.Context(), noon.Add(-time.Second)); err != nil || len(made) != 0 {
		t.Errorf("known the second before: %d, %v", len(made), err)
	}
	if made, err := s.Reviews(t.Context(), noon); err != nil || len(made) != 4 || made[0] != withNo(review("111", ReviewReject, "Anne"), 1) {
		t.Errorf("history: %+v, %v", made, err)
	}
}

func withNo(r Review, no int64) Review { r.No = no; return r }

func TestTwoReviewersAtOnce(t *testing.T) {
	s := openStore(t, t.TempDir())
	addReview(t, s, 0, review("111", ReviewAccept, "Anne"))
	var conflict *ReviewConflict
	_, err := s.AddReviews(t.Context(), 0, review("111", ReviewReject, "Bruno"))
	if !errors.Is(err, ErrChangedMeanwhile) || !errors.As(err, &conflict) || conflict.Made.By != "Anne" || conflict.Made.No != 1 {
		t.Errorf("the second: %v", err)
	}
	if got := standingOf(t, s); got != "C1 111 accept" {
		t.Errorf("holds %q", got)
	}
	// all or nothing: the first of the two would do
	if _, err := s.AddReviews(t.Context(), 1, review("222", ReviewReject, "Bruno"), review("333", ReviewAccept, "Bruno")); !errors.Is(err, ErrOtherAccepted) {
		t.Errorf("%v", err)
	}
	if got := standingOf(t, s); got != "C1 111 accept" {
		t.Errorf("half was stored: %q", got)
	}
	other := review("111", ReviewAccept, "Bruno")
	other.ID = "C2" // another subject has numbers of its own
	addReview(t, s, 0, other)
}

// TestAListComesTwice: what was taken and comes again, with a line that was corrected, is
// taken once.
func TestAListComesTwice(t *testing.T) {
	s := openStore(t, t.TempDir())
	addReview(t, s, 0, review("111", ReviewReject, "Anne"))
	if added := addReview(t, s, 0, review("111", ReviewReject, "Anne"), review("222", ReviewAccept, "Anne")); added != 1 {
		t.Errorf("%d added, want 1", added)
	}
	if added := addReview(t, s, 0, review("111", ReviewReject, "Anne"), review("222", ReviewAccept, "Anne")); added != 0 {
		t.Errorf("%d added, want 0", added)
	}
}

func TestReviewsAndOverridesAreNeverRewritten(t *testing.T) {
	s := openStore(t, t.TempDir())
	addReview(t, s, 0, review("111", ReviewAccept, "Anne"))
	set(t, s, override("city", "Lyon"))
	for _, statement := range []string{
		"update review_decisions set decision = 'reject'", "delete from review_decisions",
		"update attribute_overrides set value = 'x'", "delete from attribute_overrides",
	} {
		if _, err := s.db.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "never") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

func override(attribute, value string) Override {
	return Override{Entity: "ALPHA", Side: "customer", Customer: "C1", Attribute: attribute, Value: value, By: "Anne", Note: "by phone", Origin: "page", At: noon}
}

func set(t *testing.T, s *Store, o Override) bool {
	t.Helper()
	changed, err := s.SetOverride(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

func overridesOf(t *testing.T, s *Store) string {
	t.Helper()
	made, err := s.Overrides(t.Context(), OverrideFilter{Customer: "C1"})
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, o := range StandingOverrides(made) {
		words = append(words, o.Attribute+"="+o.Value)
	}
	return strings.Join(words, ", ")
}

func TestOverridesAreSetAndWithdrawn(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	if !set(t, s, override("city", "Lyon")) || set(t, s, override("city", "Lyon")) || !set(t, s, override("city", "Paris")) || !set(t, s, override("name", "Dupont")) {
		t.Error("what changes is not told")
	}
	if got := overridesOf(t, openStore(t, dir)); got != "city=Paris, name=Dupont" {
		t.Errorf("holds %q", got)
	}
	if _, err := s.SetOverride(t.Context(), override("mood", "good")); err == nil {
		t.Error("an attribute that there is not")
	}
	if err := s.WithdrawOverride(t.Context(), override("city", "")); err != nil {
		t.Fatal(err)
	}
	if err := s.WithdrawOverride(t.Context(), override("city", "")); !errors.Is(err, ErrNoOverride) {
		t.Errorf("withdrawn twice: %v", err)
	}
	if got := overridesOf(t, s); got != "name=Dupont" {
		t.Errorf("holds %q", got)
	}
	if made, err := s.Overrides(t.Context(), OverrideFilter{}); err != nil || len(made) != 4 || !made[3].IsWithdrawn {
		t.Errorf("history %+v, %v", made, err)
	}
}

// TestAnErasedPersonIsNotDescribed: neither what was set about a person nor by what it
// was identified stays, and the history is closed again.
func TestAnErasedPersonIsNotDescribed(t *testing.T) {
	s := openStore(t, t.TempDir())
	addReview(t, s, 0, review("732829320", ReviewAccept, "Anne"))
	set(t, s, override("email", "jean@example.org"))
	other := override("email", "info@example.org")
	other.Customer = "C2"
	set(t, s, other)
	if _, err := s.Forget(t.Context(), "ALPHA", "C1", "ERASED-1", []string{"Dupont et Fils"}); err != nil {
		t.Fatal(err)
	}
	made, err := s.Reviews(t.Context(), time.Time{})
	if err != nil || len(made) != 1 || made[0].ID != "ERASED-1" || made[0].Candidate != "(erased)" || made[0].NameKey != "" || made[0].PostalCode != "" || made[0].By != "Anne" {
		t.Errorf("%+v, %v", made, err)
	}
	list, err := s.Overrides(t.Context(), OverrideFilter{})
	if err != nil || len(list) != 2 || list[0].Customer != "ERASED-1" || list[0].Value != "" || list[1].Value != "info@example.org" {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := s.db.ExecContext(t.Context(), "delete from review_decisions"); err == nil {
		t.Error("the history can be rewritten after an erasure")
	}
}
