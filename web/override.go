package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/encours/encours/reports"
)

// Steward keeps attributes that readers set against what the sources say.
type Steward interface {
	// SetOverride returns a *reports.BadValueError for a value that the attribute cannot
	// have, and reports.ErrNotFound for a code that nobody has.
	SetOverride(ctx context.Context, o reports.Override) (changed bool, err error)
	// WithdrawOverride returns reports.ErrNoOverride where nothing is set.
	WithdrawOverride(ctx context.Context, o reports.Override) error
	// Overrides lists what is set, or with history all that ever was.
	Overrides(ctx context.Context, entity, side, id string, history bool) ([]reports.Override, error)
}

// overrideCard is what persons said about a counterparty, with the forms.
type overrideCard struct {
	Entity, Side, ID string
	Standing         []reports.Override
	History          []reports.Override // the oldest first
	Attributes       []string           // to choose
	Back             string
	IsDone           bool
}

// overrideCardOf returns nil where nobody can set anything.
func (s *server) overrideCardOf(ctx context.Context, layout Layout, key counterpartyKey) (*overrideCard, error) {
	if s.steward == nil {
		return nil, nil
	}
	card := &overrideCard{
		Entity: key.Entity, Side: key.Side, ID: key.ID, Attributes: reports.OverrideAttributes(),
		Back: layout.Counterparty(key.Entity, key.Side, key.ID), IsDone: layout.Value(doneParam) == overrideDone,
	}
	var err error
	if card.History, err = s.steward.Overrides(ctx, key.Entity, key.Side, key.ID, true); err != nil {
		return nil, err
	}
	card.Standing, err = s.steward.Overrides(ctx, key.Entity, key.Side, key.ID, false)
	return card, err
}

// overrideDone is the value of doneParam after an attribute was set.
const overrideDone = "set"

// override takes the form. The session of the page is the right to it, and a form of
// another site is refused before it comes here.
func (s *server) override(w http.ResponseWriter, r *http.Request) error {
	if s.steward == nil {
		return errNoPage
	}
	form, ok := postedForm(w, r, maxRecordBytes)
	if !ok {
		return nil
	}
	o, err := readOverride(form)
	if err != nil {
		return err
	}
	if form.Get("action") == "withdraw" {
		err = s.steward.WithdrawOverride(r.Context(), o)
	} else {
		_, err = s.steward.SetOverride(r.Context(), o)
	}
	if err != nil {
		return err
	}
	back, err := url.Parse(localAddress(form.Get("back")))
	if err != nil {
		return errNoPage
	}
	values := back.Query()
	values.Set(doneParam, overrideDone)
	back.RawQuery, back.Fragment = values.Encode(), "overrides"
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
	return nil
}

// readOverride checks every value of the form, save what the attribute asks of its value.
func readOverride(form url.Values) (o reports.Override, err error) {
	o = reports.Override{
		Entity: form.Get("entity"), Side: form.Get("side"), ID: form.Get("id"), Attribute: form.Get("attribute"),
		Value: strings.TrimSpace(form.Get("value")), Origin: "page",
	}
	if o.By, o.Note, err = readAuthor(form); err != nil {
		return o, err
	}
	if action := form.Get("action"); action != "set" && action != "withdraw" {
		return o, &badParam{Name: "action", Value: action, Allowed: "param.form"}
	}
	if !slices.Contains(reports.OverrideAttributes(), o.Attribute) {
		return o, &badParam{Name: "attribute", Value: o.Attribute, Allowed: "param.one_of", Args: []any{strings.Join(reports.OverrideAttributes(), ", ")}}
	}
	if !utf8.ValidString(o.Value) || utf8.RuneCountInString(o.Value) > maxNoteRunes || strings.ContainsFunc(o.Value, isControl) {
		return o, &badParam{Name: "value", Value: o.Value, Allowed: "param.search", Args: []any{maxNoteRunes}}
	}
	return o, readCounterpartyForm(form)
}
