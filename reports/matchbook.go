package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/encours/encours/warehouse/state"
)

// Errors of decisions about identities; the text of each is safe to show.
var (
	ErrChangedMeanwhile = errors.New("somebody else decided about this customer meanwhile")
	ErrOtherAccepted    = errors.New("another candidate of this customer is accepted: undo that first")
	ErrNothingToUndo    = errors.New("nothing was decided about this candidate")
	ErrNoOverride       = errors.New("the attribute is not set by anybody")
)

// MatchConflict says which decision stands in the way of another. It is
// ErrChangedMeanwhile or ErrOtherAccepted.
type MatchConflict struct {
	Err                     error
	By, Decision, Candidate string
	At                      time.Time
}

func (e *MatchConflict) Error() string {
	return fmt.Sprintf("%v (%s: %s %s, %s)", e.Err, e.By, e.Decision, e.Candidate, e.At.UTC().Format("2006-01-02 15:04 UTC"))
}

// Unwrap implements errors.Unwrap.
func (e *MatchConflict) Unwrap() error { return e.Err }

// BadValueError says that an attribute cannot have a value. Want names what it must be.
type BadValueError struct{ Attribute, Value, Want string }

func (e *BadValueError) Error() string {
	return fmt.Sprintf("%s cannot be %q: want %s", e.Attribute, e.Value, e.Want)
}

// MatchBook keeps what persons decide about identities and attributes in the state file
// of a project. It is safe for concurrent use, also by several processes.
type MatchBook struct {
	file  *state.File
	clock func() time.Time
	check func(entity, attribute, value string) (string, error)
}

// NewMatchBook returns the book of a data folder. It touches nothing until it is used.
// check puts a value of an attribute into its plain form or returns a *BadValueError.
func NewMatchBook(dataDir string, clock func() time.Time, check func(entity, attribute, value string) (string, error)) *MatchBook {
	return &MatchBook{file: state.In(dataDir), clock: clock, check: check}
}

// Close closes the state file.
func (b *MatchBook) Close() error { return b.file.Close() }

func subjectOf(entity, side, id string) state.ReviewSubject {
	return state.ReviewSubject{Kind: "counterparty", Entity: entity, Side: side, ID: id}
}

// join gives rows what was decided about them.
func (b *MatchBook) join(ctx context.Context, rows []MatchRow) error {
	made, err := b.reviews(ctx)
	if err != nil {
		return err
	}
	of := map[state.ReviewSubject][]state.Review{}
	for _, r := range made {
		of[r.ReviewSubject] = append(of[r.ReviewSubject], r)
	}
	for i := range rows {
		r := &rows[i]
		home, decided := r.home(of)
		r.Decision, r.By, r.Note, r.On, r.Seen = "", "", "", time.Time{}, 0
		for _, d := range decided {
			r.Seen = d.No
			if d.Candidate != r.CandidateID() {
				continue
			}
			r.History = append(r.History, MatchEvent{d.Decision, d.By, d.Note, d.At})
			if r.Decision, r.By, r.Note, r.On = d.Decision, d.By, d.Note, d.At; d.Decision == state.ReviewUndo {
				r.Decision, r.By, r.Note, r.On = "", "", "", time.Time{}
			}
		}
		if home != r.ID && r.Decision != "" {
			r.DecidedAs = home
		}
		r.IsBuilt = r.Decision == r.builtDecision
	}
	return nil
}

// home is the code under which decisions about the counterparty of a row are kept, with
// those decisions: its own, or the one that it had when it was decided first.
func (r *MatchRow) home(of map[state.ReviewSubject][]state.Review) (string, []state.Review) {
	own := of[subjectOf(r.Entity, r.Side, r.ID)]
	if len(own) > 0 || r.builtSubject == "" {
		return r.ID, own
	}
	return r.builtSubject, of[subjectOf(r.Entity, r.Side, r.builtSubject)]
}

func (b *MatchBook) reviews(ctx context.Context) ([]state.Review, error) {
	store, err := b.file.Existing(ctx)
	if errors.Is(err, state.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return store.Reviews(ctx, time.Time{})
}

// MatchDecision is what a person says about a candidate.
type MatchDecision struct {
	Entity, Side, ID string
	Candidate        string // SIREN or SIRET
	Decision         string // MatchAccept, MatchReject or MatchUndo
	By, Note, Origin string // By is needed; at most 500 characters on one line
	Seen             int64  // as the row had it that the person saw
}

func isLine(text string) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= maxNote && !strings.ContainsFunc(text, unicode.IsControl)
}

func (d MatchDecision) check() error {
	switch {
	case d.Decision != MatchAccept && d.Decision != MatchReject && d.Decision != MatchUndo:
		return fmt.Errorf("decide %q: %w", d.Decision, ErrBadSelection)
	case strings.TrimSpace(d.By) == "" || !isLine(d.By) || !isLine(d.Note):
		return fmt.Errorf("decide: who says so is not told, or more than %d characters: %w", maxNote, ErrBadSelection)
	}
	return nil
}

// Review keeps a decision, which the next build counts. It returns ErrNotFound where the
// queue has no such candidate, a *MatchConflict where another decision is in the way, and
// ErrNothingToUndo. The same again changes nothing.
func (s *Service) Review(ctx context.Context, d MatchDecision) error {
	if err := d.check(); err != nil {
		return err
	}
	queue, err := s.matchQueue(ctx, d.Entity, d.Side)
	if err != nil {
		return err
	}
	_, err = s.review(ctx, queue[d.ID], []MatchDecision{d})
	return err
}

// matchQueue is the whole queue of an entity by the code of the counterparty.
func (s *Service) matchQueue(ctx context.Context, entity, side string) (queue map[string][]MatchRow, err error) {
	if entity == "" {
		return nil, ErrUnknownEntity
	}
	view, err := s.Open(ctx, Selection{Entity: entity, Side: side})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	found, err := view.Matches(ctx, MatchFilter{Whole: true})
	if err != nil {
		return nil, err
	}
	queue = map[string][]MatchRow{}
	for _, row := range found.Rows {
		queue[row.ID] = append(queue[row.ID], row)
	}
	return queue, nil
}

// review keeps decisions about one counterparty, whose candidates are rows, and says how
// many were new.
func (s *Service) review(ctx context.Context, rows []MatchRow, decisions []MatchDecision) (int, error) {
	book := s.options.Matches
	if book == nil {
		return 0, fmt.Errorf("decide: %w", ErrNotFound)
	}
	of := map[state.ReviewSubject][]state.Review{}
	if len(rows) > 0 && rows[0].builtSubject != "" {
		made, err := book.reviews(ctx)
		if err != nil {
			return 0, err
		}
		for _, r := range made {
			of[r.ReviewSubject] = append(of[r.ReviewSubject], r)
		}
	}
	var reviews []state.Review
	for _, d := range decisions {
		at := slices.IndexFunc(rows, func(r MatchRow) bool { return r.CandidateID() == d.Candidate })
		if at < 0 {
			return 0, fmt.Errorf("decide about %s of %s: %w", d.Candidate, d.ID, ErrNotFound)
		}
		home, _ := rows[at].home(of)
		reviews = append(reviews, state.Review{
			ReviewSubject: subjectOf(d.Entity, d.Side, home), CandidateKind: "siren", Candidate: d.Candidate, Decision: d.Decision,
			By: strings.TrimSpace(d.By), Note: strings.TrimSpace(d.Note), Origin: d.Origin, At: book.clock(),
			NameKey: rows[at].nameKey, PostalCode: rows[at].Own.PostalCode,
		})
	}
	store, err := book.file.Open(ctx)
	if err != nil {
		return 0, err
	}
	added, err := store.AddReviews(ctx, decisions[0].Seen, reviews...)
	return added, reviewError(err)
}

// reviewError turns an error of the state into one of this package.
func reviewError(err error) error {
	if conflict, ok := errors.AsType[*state.ReviewConflict](err); ok {
		made := &MatchConflict{Err: ErrChangedMeanwhile, By: conflict.Made.By, Decision: conflict.Made.Decision, Candidate: conflict.Made.Candidate, At: conflict.Made.At}
		if errors.Is(err, state.ErrOtherAccepted) {
			made.Err = ErrOtherAccepted
		}
		return made
	}
	if errors.Is(err, state.ErrNothingToUndo) {
		return ErrNothingToUndo
	}
	return err
}

// OverrideAttributes are the attributes of a counterparty that a person may set.
func OverrideAttributes() []string { return state.OverrideAttributes() }

// Override is what a person said about an attribute of a counterparty. Without a value
// it lets the sources count again.
type Override struct {
	Entity, Side, ID string
	Attribute, Value string
	By, Note, Origin string
	At               time.Time
}

func (o Override) check() error {
	if !slices.Contains(OverrideAttributes(), o.Attribute) {
		return &BadValueError{"attribute", o.Attribute, "attribute"}
	}
	if strings.TrimSpace(o.By) == "" || !isLine(o.By) || !isLine(o.Note) || !isLine(o.Value) {
		return fmt.Errorf("set %s: who says so is not told, or more than %d characters: %w", o.Attribute, maxNote, ErrBadSelection)
	}
	return nil
}

func (o Override) stored(now time.Time) state.Override {
	return state.Override{
		Entity: o.Entity, Side: o.Side, Customer: o.ID, Attribute: o.Attribute, Value: o.Value,
		By: strings.TrimSpace(o.By), Note: strings.TrimSpace(o.Note), Origin: o.Origin, At: now,
	}
}

// SetOverride keeps a value, which the next build takes before every source, and says
// whether it is new. It returns a *BadValueError, and ErrNotFound where nobody has the code.
func (s *Service) SetOverride(ctx context.Context, o Override) (changed bool, err error) {
	book := s.options.Matches
	if book == nil {
		return false, fmt.Errorf("set %s: %w", o.Attribute, ErrNotFound)
	}
	if err := o.check(); err != nil {
		return false, err
	}
	if o.Value, err = book.check(o.Entity, o.Attribute, o.Value); err != nil {
		return false, err
	}
	if err := s.hasCounterparty(ctx, o.Entity, o.Side, o.ID); err != nil {
		return false, err
	}
	store, err := book.file.Open(ctx)
	if err != nil {
		return false, err
	}
	return store.SetOverride(ctx, o.stored(book.clock()))
}

func (s *Service) hasCounterparty(ctx context.Context, entity, side, id string) (err error) {
	view, err := s.Open(ctx, Selection{Entity: entity, Side: side})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, view.Close()) }()
	found := false
	err = view.session.Query(ctx, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(new(int64))
	}, "select 1 from dim_counterparties where "+isCounterparty, sql.Named("entity", entity), sql.Named("side", side), sql.Named("id", id))
	if err == nil && !found {
		err = fmt.Errorf("find %s %q of %q: %w", side, id, entity, ErrNotFound)
	}
	return err
}

// WithdrawOverride lets the sources count again, from the next build on. It returns
// ErrNoOverride where nothing is set.
func (s *Service) WithdrawOverride(ctx context.Context, o Override) error {
	book := s.options.Matches
	if book == nil {
		return ErrNoOverride
	}
	if err := o.check(); err != nil {
		return err
	}
	store, err := book.file.Existing(ctx)
	if errors.Is(err, state.ErrNone) {
		return ErrNoOverride
	}
	if err != nil {
		return err
	}
	err = store.WithdrawOverride(ctx, o.stored(book.clock()))
	if errors.Is(err, state.ErrNoOverride) {
		return ErrNoOverride
	}
	return err
}

// Overrides lists what is set, or with history all that ever was, of an entity, side and
// counterparty; each may be empty.
func (s *Service) Overrides(ctx context.Context, entity, side, id string, history bool) ([]Override, error) {
	book := s.options.Matches
	if book == nil {
		return nil, nil
	}
	store, err := book.file.Existing(ctx)
	if errors.Is(err, state.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := store.Overrides(ctx, state.OverrideFilter{Entity: entity, Side: side, Customer: id})
	if err != nil {
		return nil, err
	}
	if !history {
		list = state.StandingOverrides(list)
	}
	var made []Override
	for _, o := range list {
		made = append(made, Override{
			Entity: o.Entity, Side: o.Side, ID: o.Customer, Attribute: o.Attribute, Value: o.Value, By: o.By, Note: o.Note, Origin: o.Origin, At: o.At,
		})
	}
	return made, nil
}
