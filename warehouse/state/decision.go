package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Decision is a credit decision as it was made. Amounts are decimal text with two
// places, in Currency; Inputs and Answer are JSON that this package does not read.
type Decision struct {
	ID      int64     // from 1, in the order in which they were made
	Made    time.Time // to the second
	By      string    // who asked: a person or a token
	Origin  string    // by which way: command, page or api
	Key     string    // of the request: the same key of the same origin and asker is stored once; "": none
	Request string    // digest of what was asked, compared where the key comes again

	Entity, Customer string
	Amount, Currency string
	Decision, Rule   string
	AsOf, ValidUntil time.Time // days
	Generation       string    // identifier of the generation that it was made on
	Answer           string    // the whole answer, JSON
}

// DecisionFilter narrows a list of decisions. Zero values mean no filter.
type DecisionFilter struct {
	Entities []string // nil: every one
	Customer string
	Decision string
	Before   int64 // identifiers below this one
	Limit    int   // at most so many, the newest; 0: all
}

// What keeps a decision from being stored or read.
var (
	ErrUnknownDecision = errors.New("no such decision")
	ErrOtherRequest    = errors.New("another request was stored under this key")
)

// A decision is evidence: the file itself refuses to change or remove one.
const decisionsTable = `
create table credit_decisions (
    id integer primary key autoincrement,
    made_at text not null,
    made_by text not null,
    origin text not null,
    request_key text,
    request_digest text not null,
    entity_id text not null,
    counterparty_id text not null,
    amount text not null,
    currency text not null,
    decision text not null,
    decision_rule text not null,
    as_of text not null,
    valid_until text not null,
    generation_id text not null,
    answer text not null
) strict;
create unique index credit_decisions_once on credit_decisions (origin, made_by, request_key) where request_key is not null;
create index credit_decisions_of on credit_decisions (entity_id, counterparty_id);
create trigger credit_decisions_stay before update on credit_decisions
begin select raise(abort, 'a credit decision is never changed'); end;
create trigger credit_decisions_remain before delete on credit_decisions
begin select raise(abort, 'a credit decision is never removed'); end;`

// AddDecision stores a decision and returns it as stored, with its identifier. Where
// its key has been stored before, nothing is added: it returns the decision of that
// time and true, or ErrOtherRequest where something else was asked then.
func (s *Store) AddDecision(ctx context.Context, d Decision) (_ Decision, found bool, err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return Decision{}, false, fmt.Errorf("store decision: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	var key any
	if d.Key != "" {
		key = d.Key
		before, err := scanDecision(tx.QueryRowContext(ctx, selectDecisions+" where origin = ? and made_by = ? and request_key = ?", d.Origin, d.By, d.Key))
		if err == nil && before.Request != d.Request {
			return Decision{}, false, ErrOtherRequest
		}
		if err == nil {
			return before, true, tx.Commit()
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return Decision{}, false, fmt.Errorf("store decision: %w", err)
		}
	}
	result, err := tx.ExecContext(ctx, `insert into credit_decisions (made_at, made_by, origin, request_key, request_digest,
		entity_id, counterparty_id, amount, currency, decision, decision_rule, as_of, valid_until, generation_id, answer)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		orNull(d.Made), d.By, d.Origin, key, d.Request, d.Entity, d.Customer, d.Amount, d.Currency, d.Decision, d.Rule,
		d.AsOf.Format(time.DateOnly), d.ValidUntil.Format(time.DateOnly), d.Generation, d.Answer)
	if err != nil {
		return Decision{}, false, fmt.Errorf("store decision: %w", err)
	}
	id, err := result.LastInsertId()
	if err != nil {
		return Decision{}, false, fmt.Errorf("store decision: %w", err)
	}
	stored, err := scanDecision(tx.QueryRowContext(ctx, selectDecisions+" where id = ?", id))
	if err != nil {
		return Decision{}, false, fmt.Errorf("store decision: %w", err)
	}
	return stored, false, tx.Commit()
}

// Decision returns the decision of an identifier, or ErrUnknownDecision.
func (s *Store) Decision(ctx context.Context, id int64) (Decision, error) {
	d, err := scanDecision(s.db.QueryRowContext(ctx, selectDecisions+" where id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknownDecision
	}
	if err != nil {
		return Decision{}, fmt.Errorf("read decision %d: %w", id, err)
	}
	return d, nil
}

// Decisions lists the decisions that the filter keeps, the newest first.
func (s *Store) Decisions(ctx context.Context, filter DecisionFilter) (list []Decision, err error) {
	conditions, args := []string{"true"}, []any{}
	add := func(condition string, value any) {
		conditions, args = append(conditions, condition), append(args, value)
	}
	if filter.Entities != nil {
		conditions = append(conditions, "entity_id in (''"+strings.Repeat(", ?", len(filter.Entities))+")")
		for _, entity := range filter.Entities {
			args = append(args, entity)
		}
	}
	if filter.Customer != "" {
		add("counterparty_id = ?", filter.Customer)
	}
	if filter.Decision != "" {
		add("decision = ?", filter.Decision)
	}
	if filter.Before > 0 {
		add("id < ?", filter.Before)
	}
	query := selectDecisions + " where " + strings.Join(conditions, " and ") + " order by id desc"
	if filter.Limit > 0 {
		query, args = query+" limit ?", append(args, filter.Limit)
	}
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list decisions: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		d, err := scanDecision(rows)
		if err != nil {
			return nil, fmt.Errorf("list decisions: %w", err)
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

const selectDecisions = `select id, made_at, made_by, origin, request_key, request_digest, entity_id, counterparty_id, amount,
	currency, decision, decision_rule, as_of, valid_until, generation_id, answer from credit_decisions`

func scanDecision(row interface{ Scan(...any) error }) (d Decision, err error) {
	var made, asOf, until string
	var key sql.NullString
	if err := row.Scan(&d.ID, &made, &d.By, &d.Origin, &key, &d.Request, &d.Entity, &d.Customer, &d.Amount,
		&d.Currency, &d.Decision, &d.Rule, &asOf, &until, &d.Generation, &d.Answer); err != nil {
		return Decision{}, err
	}
	d.Key = key.String
	if d.Made, err = time.Parse(moment, made); err != nil {
		return Decision{}, fmt.Errorf("decision %d: %w", d.ID, err)
	}
	if d.AsOf, err = time.Parse(time.DateOnly, asOf); err != nil {
		return Decision{}, fmt.Errorf("decision %d: %w", d.ID, err)
	}
	if d.ValidUntil, err = time.Parse(time.DateOnly, until); err != nil {
		return Decision{}, fmt.Errorf("decision %d: %w", d.ID, err)
	}
	return d, nil
}
