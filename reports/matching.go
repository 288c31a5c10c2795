package reports

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// matchMart is the relation that holds the candidates of a generation.
const matchMart = "mart_match_review"

// matchLimit is how many candidates the page lists; the file holds all.
const matchLimit = 100

// What a person may say about a candidate, and what the rules say.
const (
	MatchAccept = "accept"
	MatchReject = "reject"
	MatchUndo   = "undo"
)

// MatchVerdicts are what the rules say about a candidate.
func MatchVerdicts() []string { return []string{"review", "accepted", "rejected"} }

// MatchFilter narrows the review queue. Zero values mean no filter.
type MatchFilter struct {
	Verdict   string // one of MatchVerdicts
	Undecided bool   // only those about which nobody has decided
	Customer  string // only those of this counterparty
	Whole     bool   // list all, not only the first
}

func (f MatchFilter) keeps(r MatchRow) bool {
	return (f.Verdict == "" || f.Verdict == r.Verdict) && (!f.Undecided || r.Decision == "") && (f.Customer == "" || f.Customer == r.ID)
}

// MatchParty is one side of a comparison; "" is what is not known.
type MatchParty struct{ Name, PostalCode, City string }

// MatchBits is what one comparison says, in thousandths of a bit: each bit doubles the
// odds that both are the same, or halves them below 0. Not valid: it was not compared.
type MatchBits struct {
	Name       string // name, place, street, form, activity or state
	Thousandth int64
	Valid      bool
}

// MatchRow is a candidate for the identity of a counterparty, with what was decided.
type MatchRow struct {
	Entity, Side, ID   string
	Rank               int64 // 1 is the best
	SIREN, SIRET       string
	Own, Candidate     MatchParty
	LegalForm, State   string // State: A or C
	Method             string
	Probability        int64 // millionths
	HasProbability     bool
	Margin             sql.NullInt64 // thousandths of a bit
	Reasons            []MatchBits
	Verdict            string
	Open               Amount // owed in all, in Currency
	Currency           string
	Decision, By, Note string // what holds now; "" is undecided
	On                 time.Time
	Seen               int64  // number of the last decision about the counterparty, for the next one
	IsBuilt            bool   // the generation that serves counts what holds now
	DecidedAs          string // code under which it was decided, where that was another; "" it is the same
	History            []MatchEvent

	nameKey                     string
	hidesOwn, hidesCandidate    bool // exports leave the names out
	builtDecision, builtSubject string
}

// MatchEvent is a line of the history of a candidate.
type MatchEvent struct {
	Decision, By, Note string
	At                 time.Time
}

// CandidateID is the SIRET of the candidate, or the SIREN of a legal unit.
func (r MatchRow) CandidateID() string { return cmp.Or(r.SIRET, r.SIREN) }

// Matches is the review queue of a selection.
type Matches struct {
	Rows        []MatchRow // of the filter: undecided first, then by what is owed
	Count       int64      // of the filter
	All         int64      // of the selection
	Undecided   int64      // of the selection, where the rules ask for a review
	Unbuilt     int64      // decisions that the next build will count
	HasMatching bool       // false: an older program built the generation, which compares nothing
	CanDecide   bool       // there is a state in which decisions can be kept
}

// nameKey is the name of a subject by which it is found again, as in
// int_review_decisions.
const nameKey = `trim(regexp_replace(upper(strip_accents(coalesce(matches.counterparty_name, ''))), '[^\p{L}\p{N}]+', ' ', 'g'))`

// matchesSQL is every candidate of a side, or of one entity. A sole trader, legal form
// 1000, is a natural person.
const matchesSQL = `
select
    matches.entity_id, matches.side, matches.counterparty_id, matches.rank_no, matches.candidate_siren, matches.candidate_siret,
    matches.counterparty_name, matches.counterparty_postal_code, matches.counterparty_city,
    matches.candidate_name, matches.candidate_postal_code, matches.candidate_city,
    matches.candidate_legal_form, matches.candidate_state, matches.match_method,
    cast(matches.match_probability * 1000000 as bigint), cast(matches.margin_bits * 1000 as bigint),
    cast(matches.name_bits * 1000 as bigint), cast(matches.place_bits * 1000 as bigint), cast(matches.street_bits * 1000 as bigint),
    cast(matches.form_bits * 1000 as bigint), cast(matches.activity_bits * 1000 as bigint), cast(matches.state_bits * 1000 as bigint),
    matches.verdict, coalesce(balances.open_amount, 0), matches.decision, matches.decided_by, matches.decided_on,
    ` + nameKey + `, coalesce(persons.is_masked, false),
    matches.candidate_legal_form = '1000' and not coalesce((select bool_or(shows_persons) from project_privacy), false)
from mart_match_review as matches
left join mart_counterparty_balances as balances
    on balances.entity_id = matches.entity_id
    and balances.side = matches.side
    and balances.counterparty_id = matches.counterparty_id
left join int_persons as persons
    on persons.entity_id = matches.entity_id
    and persons.side = matches.side
    and persons.counterparty_id = matches.counterparty_id
where matches.side = $side and ($entity = '' or matches.entity_id = $entity)
order by matches.entity_id, matches.counterparty_id, matches.rank_no, matches.candidate_siren, matches.candidate_siret nulls first`

func (r *MatchRow) scan(rows *sql.Rows) error {
	var probability sql.NullInt64
	var bits [6]sql.NullInt64
	var open Amount
	var hides sql.NullBool
	err := rows.Scan(&r.Entity, &r.Side, &r.ID, number(&r.Rank), text(&r.SIREN), text(&r.SIRET),
		text(&r.Own.Name), text(&r.Own.PostalCode), text(&r.Own.City), text(&r.Candidate.Name), text(&r.Candidate.PostalCode), text(&r.Candidate.City),
		text(&r.LegalForm), text(&r.State), text(&r.Method), &probability, &r.Margin, &bits[0], &bits[1], &bits[2], &bits[3], &bits[4], &bits[5],
		text(&r.Verdict), &open, text(&r.builtDecision), text(&r.By), date(&r.On), text(&r.nameKey), &r.hidesOwn, &hides)
	r.Open, r.hidesCandidate = open, hides.Bool || r.hidesOwn
	r.Probability, r.HasProbability = probability.Int64, probability.Valid
	r.Decision = r.builtDecision
	for i, name := range []string{"name", "place", "street", "form", "activity", "state"} {
		r.Reasons = append(r.Reasons, MatchBits{name, bits[i].Int64, bits[i].Valid})
	}
	return err
}

// Matches returns the review queue of the selection: who each customer or supplier may
// be, why, and what was decided, with decisions that no build has counted yet.
func (v *View) Matches(ctx context.Context, filter MatchFilter) (*Matches, error) {
	if filter.Verdict != "" && !slices.Contains(MatchVerdicts(), filter.Verdict) {
		return nil, fmt.Errorf("matches of verdict %q: %w", filter.Verdict, ErrBadSelection)
	}
	found := &Matches{}
	if _, ok := v.generation.Manifest().Relation(matchMart); !ok {
		return found, nil
	}
	all, err := figure(ctx, v, "matches", "", func() ([]MatchRow, error) { return v.readMatches(ctx) })
	if err != nil {
		return nil, err
	}
	rows := slices.Clone(all)
	found.HasMatching = true
	if book := v.service.options.Matches; book != nil {
		if err := book.join(ctx, rows); err != nil {
			return nil, err
		}
		found.CanDecide = true
	}
	for _, row := range rows {
		found.All++
		if row.Decision == "" && row.Verdict == "review" {
			found.Undecided++
		}
		if !row.IsBuilt {
			found.Unbuilt++
		}
		if filter.keeps(row) {
			found.Rows = append(found.Rows, row)
		}
	}
	slices.SortStableFunc(found.Rows, func(a, b MatchRow) int {
		return cmp.Or(decidedLast(a)-decidedLast(b), cmp.Compare(b.Open, a.Open), cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Rank, b.Rank))
	})
	found.Count = int64(len(found.Rows))
	if !filter.Whole {
		found.Rows = found.Rows[:min(len(found.Rows), matchLimit)]
	}
	return found, ctx.Err()
}

// decidedLast ranks what asks for a look first.
func decidedLast(r MatchRow) int {
	switch {
	case r.Decision != "":
		return 2
	case r.Verdict != "review":
		return 1
	}
	return 0
}

func (v *View) readMatches(ctx context.Context) (all []MatchRow, err error) {
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		var r MatchRow
		err := r.scan(rows)
		if e, ok := v.facts.entity(r.Entity); ok {
			r.Currency = e.Currency
		}
		all = append(all, r)
		return err
	}, matchesSQL, sql.Named("side", v.selection.Side), sql.Named("entity", v.selection.Entity))
	if err != nil || len(all) == 0 {
		return all, err
	}
	// decisions that came over from another code
	type of struct{ entity, id string }
	moved := map[of]string{}
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		var at of
		var was string
		err := rows.Scan(&at.entity, &at.id, &was)
		moved[at] = was
		return err
	}, `
select entity_id, subject_id, arg_max(decided_subject_id, decision_no)
from int_review_decisions
where subject_kind = 'counterparty' and side = $side and subject_id <> decided_subject_id
group by entity_id, subject_id`, sql.Named("side", v.selection.Side))
	for i, r := range all {
		all[i].builtSubject = moved[of{r.Entity, r.ID}]
	}
	return all, err
}
