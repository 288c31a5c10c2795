package state

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// What a person may say about a candidate.
const (
	ReviewAccept = "accept" // the candidate is the subject
	ReviewReject = "reject" // it is not
	ReviewUndo   = "undo"   // what was said about it counts no more
)

// What keeps a review from being stored.
var (
	ErrChangedMeanwhile = errors.New("another decision was made meanwhile")
	ErrOtherAccepted    = errors.New("another candidate is accepted")
	ErrNothingToUndo    = errors.New("nothing was decided about the candidate")
)

// ReviewConflict says which decision stands in the way of another. It is
// ErrChangedMeanwhile or ErrOtherAccepted.
type ReviewConflict struct {
	Err  error
	Made Review // the decision that stands
}

func (e *ReviewConflict) Error() string {
	return fmt.Sprintf("%v: %s %s %s on %s (number %d)", e.Err, e.Made.By, e.Made.Decision, e.Made.Candidate, e.Made.At.Format(time.DateTime), e.Made.No)
}

// Unwrap implements errors.Unwrap.
func (e *ReviewConflict) Unwrap() error { return e.Err }

// ReviewSubject is what a decision is about.
type ReviewSubject struct {
	Kind             string // counterparty, crm_account or duplicate
	Entity, Side, ID string
}

// Review is what a person decided about one candidate of a subject. NameKey and
// PostalCode are what was known of the subject then, by which it is found again under
// another code.
type Review struct {
	No int64 // from 1, in the order in which they were made
	ReviewSubject
	CandidateKind, Candidate string // such as siren and a SIREN or SIRET
	Decision                 string // ReviewAccept, ReviewReject or ReviewUndo
	By, Note, Origin         string
	At                       time.Time // to the second
	NameKey, PostalCode      string    // "": not known
}

// same says whether two decisions say the same about the same candidate.
func (r Review) same(o Review) bool {
	return r.ReviewSubject == o.ReviewSubject && r.CandidateKind == o.CandidateKind && r.Candidate == o.Candidate && r.Decision == o.Decision
}

// A decision is evidence: the file itself refuses to change or remove one.
const reviewTables = `
create table review_decisions (
    id integer primary key autoincrement,
    made_at text not null,
    made_by text not null,
    note text not null,
    origin text not null,
    subject_kind text not null,
    entity_id text not null,
    side text not null,
    subject_id text not null,
    candidate_kind text not null,
    candidate_id text not null,
    decision text not null check (decision in ('accept', 'reject', 'undo')),
    name_key text not null,
    postal_code text not null
) strict;
create index review_decisions_of on review_decisions (entity_id, side, subject_id, subject_kind);
create trigger review_decisions_stay before update on review_decisions
begin select raise(abort, 'a review decision is never changed'); end;
create trigger review_decisions_remain before delete on review_decisions
begin select raise(abort, 'a review decision is never removed'); end;
create table attribute_overrides (
    id integer primary key autoincrement,
    made_at text not null,
    made_by text not null,
    note text not null,
    origin text not null,
    entity_id text not null,
    side text not null,
    counterparty_id text not null,
    attribute text not null,
    value text
) strict;
create index attribute_overrides_of on attribute_overrides (entity_id, side, counterparty_id);
create trigger attribute_overrides_stay before update on attribute_overrides
begin select raise(abort, 'an override is never changed'); end;
create trigger attribute_overrides_remain before delete on attribute_overrides
begin select raise(abort, 'an override is never removed'); end;`

const selectReviews = `select id, made_at, made_by, note, origin, subject_kind, entity_id, side, subject_id, candidate_kind, candidate_id,
	decision, name_key, postal_code from review_decisions`

func scanReview(row interface{ Scan(...any) error }) (r Review, err error) {
	var at string
	if err := row.Scan(&r.No, &at, &r.By, &r.Note, &r.Origin, &r.Kind, &r.Entity, &r.Side, &r.ID, &r.CandidateKind, &r.Candidate,
		&r.Decision, &r.NameKey, &r.PostalCode); err != nil {
		return r, err
	}
	if r.At, err = time.Parse(moment, at); err != nil {
		return r, fmt.Errorf("review decision %d: %w", r.No, err)
	}
	return r, nil
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func readReviews(ctx context.Context, db querier, where string, args ...any) (list []Review, err error) {
	rows, err := db.QueryContext(ctx, selectReviews+" where "+where+" order by id", args...)
	if err != nil {
		return nil, fmt.Errorf("read review decisions: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		r, err := scanReview(rows)
		if err != nil {
			return nil, fmt.Errorf("read review decisions: %w", err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// AddReviews stores what one person decided about one subject, all or nothing, and says
// how many decisions were added: one that stands already is not added again. Seen is the
// number of the last decision about the subject that the person saw, 0 for none. Where
// somebody else decided after it, it returns a *ReviewConflict of ErrChangedMeanwhile;
// where another candidate is accepted, one of ErrOtherAccepted, as that one is to be
// undone first; and ErrNothingToUndo for an undo of nothing.
func (s *Store) AddReviews(ctx context.Context, seen int64, reviews ...Review) (added int, err error) {
	if len(reviews) == 0 {
		return 0, nil
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("store review decision: %w", err)
	}
	defer func() {
		if err != nil {
			added, err = 0, errors.Join(err, tx.Rollback())
		}
	}()
	of := reviews[0].ReviewSubject
	made, err := readReviews(ctx, tx, "subject_kind = ? and entity_id = ? and side = ? and subject_id = ?", of.Kind, of.Entity, of.Side, of.ID)
	if err != nil {
		return 0, err
	}
	for _, m := range made {
		// what was taken before and comes again with more is no conflict
		if m.No > seen && !slices.ContainsFunc(reviews, func(r Review) bool { return r.same(m) && r.By == m.By }) {
			return 0, &ReviewConflict{ErrChangedMeanwhile, made[len(made)-1]}
		}
	}
	for _, r := range reviews {
		if r.ReviewSubject != of {
			return 0, fmt.Errorf("store review decision: two subjects at once")
		}
		standing := StandingReviews(made)
		at := slices.IndexFunc(standing, func(m Review) bool { return m.CandidateKind == r.CandidateKind && m.Candidate == r.Candidate })
		if at >= 0 && standing[at].Decision == r.Decision {
			continue
		}
		if r.Decision == ReviewUndo && at < 0 {
			if slices.ContainsFunc(made, r.same) {
				continue
			}
			return 0, ErrNothingToUndo
		}
		for _, m := range standing {
			if r.Decision == ReviewAccept && m.Decision == ReviewAccept && m.Kind != "duplicate" {
				return 0, &ReviewConflict{ErrOtherAccepted, m}
			}
		}
		result, err := tx.ExecContext(ctx, `insert into review_decisions (made_at, made_by, note, origin, subject_kind, entity_id, side,
			subject_id, candidate_kind, candidate_id, decision, name_key, postal_code) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			orNull(r.At), r.By, r.Note, r.Origin, r.Kind, r.Entity, r.Side, r.ID, r.CandidateKind, r.Candidate, r.Decision, r.NameKey, r.PostalCode)
		if err != nil {
			return 0, fmt.Errorf("store review decision: %w", err)
		}
		if r.No, err = result.LastInsertId(); err != nil {
			return 0, fmt.Errorf("store review decision: %w", err)
		}
		made = append(made, r)
		added++
	}
	return added, tx.Commit()
}

// Reviews lists every decision, the oldest first; until leaves out those that were made
// after it, zero none.
func (s *Store) Reviews(ctx context.Context, until time.Time) ([]Review, error) {
	if until.IsZero() {
		return readReviews(ctx, s.db, "true")
	}
	return readReviews(ctx, s.db, "made_at <= ?", until.UTC().Format(moment))
}

// StandingReviews keeps of decisions in their order what holds: the latest of each
// subject and candidate, without those that were undone, by subject and candidate.
func StandingReviews(made []Review) []Review {
	type of struct {
		ReviewSubject
		kind, candidate string
	}
	last := map[of]Review{}
	for _, r := range made {
		last[of{r.ReviewSubject, r.CandidateKind, r.Candidate}] = r
	}
	var standing []Review
	for _, r := range last {
		if r.Decision != ReviewUndo {
			standing = append(standing, r)
		}
	}
	slices.SortFunc(standing, func(a, b Review) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Side, b.Side), cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.CandidateKind, b.CandidateKind), cmp.Compare(a.Candidate, b.Candidate))
	})
	return standing
}
