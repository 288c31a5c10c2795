package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/encours/encours/reports"
)

const (
	maxRecordBytes = 8 << 10
	maxNoteRunes   = 500
	maxLevel       = 20
	doneParam      = "done" // of the address that a recorded action leads back to
)

// Recorder lands what was done to collect. What it refuses is a *PushError.
type Recorder interface {
	// Record makes an action, or a promise, part of the landing zone. Recording the
	// same key again changes nothing.
	Record(ctx context.Context, done Done) error
}

// Done is what somebody did to collect from a customer.
type Done struct {
	Entity, Counterparty string
	Key                  string // of the form: what is sent twice lands once
	Kind                 string // one of doneKinds
	On                   time.Time
	Level                int       // of the reminder; 0: none
	Next                 time.Time // when to act again; zero: not said
	Author, Comment      string
	Amount               reports.Amount // of a promise
	Promised             time.Time      // of a promise
}

// KindPromise is a promise of the customer; the other kinds are those of the dataset
// collection_actions.
const KindPromise = "promise"

// doneKinds are the kinds that the form offers.
func doneKinds() []string {
	return []string{"call", "letter", "e-mail", "formal notice", "legal case", "claim declared", KindPromise}
}

// doneForm is the form by which the reader tells what was done.
type doneForm struct {
	CanRecord  bool
	Key        string
	Entity, ID string
	Back       string // where to go on to
	Kinds      []string
	Kind       string // chosen beforehand
	Level      int64  // chosen beforehand; 0: none
	Today      string
	Name       string // of the customer, for readers who do not see the row
}

// doneFormOf offers what the worklist tells to do.
func (s *server) doneFormOf(layout Layout, entity, id, name string, work *reports.WorkRow) doneForm {
	form := doneForm{
		CanRecord: s.recorder != nil, Entity: entity, ID: id, Name: name, Kinds: doneKinds(), Kind: "call",
		Back: layout.Counterparty(entity, reports.Customer, id), Today: s.clock().Format(isoDate),
	}
	if s.recorder != nil {
		form.Key = newReference() + newReference()
	}
	if work == nil {
		return form
	}
	switch work.Action {
	case "declare the claim":
		form.Kind = "claim declared"
	case "hand over":
		form.Kind, form.Level = "legal case", work.DueLevel
	case "send the letter":
		form.Kind, form.Level = "letter", work.DueLevel
	}
	return form
}

// record takes the form. The session of the page is the right to it, and a form of
// another site is refused before it comes here.
func (s *server) record(w http.ResponseWriter, r *http.Request) error {
	if s.recorder == nil {
		return errNoPage
	}
	form, ok := postedForm(w, r, maxRecordBytes)
	if !ok {
		return nil
	}
	done, err := readDone(form)
	if err != nil {
		return err
	}
	if err := s.recorder.Record(r.Context(), done); err != nil {
		return err
	}
	return sendBack(w, r, form, "chase")
}

// readDone checks every value of the form.
func readDone(form url.Values) (Done, error) {
	done := Done{
		Entity: form.Get("entity"), Counterparty: form.Get("id"), Kind: form.Get("kind"), Key: form.Get("key"),
		Author: strings.TrimSpace(form.Get("author")), Comment: strings.TrimSpace(form.Get("comment")),
	}
	bad := func(name, allowed string, args ...any) (Done, error) {
		return Done{}, &badParam{Name: name, Value: form.Get(name), Allowed: allowed, Args: args}
	}
	for _, name := range []string{"author", "comment", "id", "key"} {
		value := form.Get(name)
		if !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxNoteRunes || strings.ContainsFunc(strings.ReplaceAll(value, "\r\n", " "), isControl) {
			return bad(name, "param.search", maxNoteRunes)
		}
	}
	done.Comment = strings.ReplaceAll(done.Comment, "\r\n", " ")
	switch {
	case !entityPattern.MatchString(done.Entity):
		return bad("entity", "param.entity")
	case done.Counterparty == "":
		return bad("id", "param.counterparty")
	case len(done.Key) < 8:
		return Done{}, &badParam{Name: "key", Value: form.Get("key"), Allowed: "param.form"}
	case !slices.Contains(doneKinds(), done.Kind):
		return bad("kind", "param.one_of", strings.Join(doneKinds(), ", "))
	}
	var err error
	values := &query{values: form}
	if done.On, err = values.day("date"); err != nil {
		return Done{}, err
	}
	if done.On.IsZero() {
		return bad("date", "param.date")
	}
	if done.Next, err = values.day("next"); err != nil {
		return Done{}, err
	}
	if !done.Next.IsZero() && !done.Next.After(done.On) {
		return Done{}, &badParam{Name: "next", Value: form.Get("next"), Allowed: "param.next_date"}
	}
	if done.Level, err = values.number("level", 0, maxLevel); err != nil {
		return Done{}, err
	}
	if done.Kind != KindPromise {
		return done, nil
	}
	if done.Promised, err = values.day("promised"); err != nil {
		return Done{}, err
	}
	amount, ok := readAmount(form.Get("amount"))
	switch {
	case done.Promised.IsZero() || done.Promised.Before(done.On):
		return Done{}, &badParam{Name: "promised", Value: form.Get("promised"), Allowed: "param.promised"}
	case !ok:
		return Done{}, &badParam{Name: "amount", Value: form.Get("amount"), Allowed: "param.amount"}
	}
	done.Amount = amount
	return done, nil
}

// readAmount reads an amount above zero with a point or a comma and at most two
// decimals; spaces between thousands are allowed.
func readAmount(text string) (reports.Amount, bool) {
	text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".").Replace(strings.TrimSpace(text))
	amount, ok := reports.ParseAmount(strings.TrimSuffix(text, "."))
	return amount, ok && amount > 0
}
