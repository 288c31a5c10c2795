package generation

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/state"
)

// decided is what persons decided, out of the state of the project: about the identity
// of counterparties and about their attributes.
type decided struct {
	reviews, overrides [][]any // in the order of the columns of their tables
}

// readDecided reads what holds; knownAt leaves out what was decided after that day, zero
// nothing. A project without a state has decided nothing.
func readDecided(ctx context.Context, p *project.Project, knownAt time.Time) (d decided, err error) {
	store, err := state.OpenExisting(ctx, p.DataDir())
	if errors.Is(err, state.ErrNone) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	var until time.Time
	if !knownAt.IsZero() {
		until = time.Date(knownAt.Year(), knownAt.Month(), knownAt.Day()+1, 0, 0, -1, 0, p.Zone())
	}
	day := func(at time.Time) string { return at.In(p.Zone()).Format(time.DateOnly) }
	reviews, err := store.Reviews(ctx, until)
	if err != nil {
		return d, err
	}
	for _, r := range state.StandingReviews(reviews) {
		d.reviews = append(d.reviews, []any{
			r.Kind, r.Entity, r.Side, r.ID, r.CandidateKind, r.Candidate, r.Decision, r.By, day(r.At), orNull(r.NameKey), orNull(r.PostalCode), r.No,
		})
	}
	overrides, err := store.Overrides(ctx, state.OverrideFilter{Until: until})
	if err != nil {
		return d, err
	}
	for _, o := range state.StandingOverrides(overrides) {
		d.overrides = append(d.overrides, []any{o.Entity, o.Side, o.Customer, o.Attribute, o.Value, o.By, day(o.At), orNull(o.Note)})
	}
	return d, nil
}

// hash is that of all that was decided; "" where nothing was.
func (d decided) hash() (string, error) {
	if len(d.reviews)+len(d.overrides) == 0 {
		return "", nil
	}
	text, err := json.Marshal([][][]any{d.reviews, d.overrides})
	if err != nil {
		return "", fmt.Errorf("hash decisions: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func (d decided) insert(ctx context.Context, conn *sql.Conn) error {
	return errors.Join(
		insertRows(ctx, conn, "review_decisions", d.reviews),
		insertRows(ctx, conn, "attribute_overrides", d.overrides),
	)
}
