package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/encours/encours/warehouse/session"
)

// crmAccountsMart is the relation that holds the accounts of a generation.
const crmAccountsMart = "mart_crm_accounts"

// Errors of what goes back to a CRM; the text of each is safe to show.
var (
	ErrNoAccounts    = errors.New("what is loaded was built by a program that made no such figures of accounts: run `encours build`")
	ErrOtherEntities = errors.New("the figures of an account add up those of every entity, and not all of them may be read")
	ErrKnownAt       = errors.New("what serves was built for an earlier known-at day, which is none of the changes of the project: run `encours build`")
	ErrBadCursor     = errors.New("the cursor is none of this project: leave it out to begin anew")
	ErrMovedOn       = errors.New("other figures began to serve meanwhile: ask again")
)

// ManySourcesError says that several sources have an account of an identifier.
type ManySourcesError struct{ Sources []string }

func (e *ManySourcesError) Error() string {
	return "several sources have this account: add source, one of " + strings.Join(e.Sources, ", ")
}

// AccountRequest asks for an account of a CRM.
type AccountRequest struct {
	IDs      []string // forms of its identifier; the first that is known counts
	Source   string   // "": the only one that has it
	Entities []string // that may be read; those of the generation must be among them
}

// CRMAccount is an account as it goes back to the CRM.
type CRMAccount struct {
	AccountKey
	AccountFigures
	AccountBasis
}

// AccountKey names an account of a CRM.
type AccountKey struct {
	Source string `json:"source"`
	ID     string `json:"crm_id"`
}

// AccountFigures are the figures of an account: those of mart_crm_accounts that the CRM
// does not have. Amounts are decimal text with two places, in Currency; nil is what is not
// known. They say nothing of the day on which they are read: two that are alike are equal.
type AccountFigures struct {
	Name              string  `json:"crm_name"`
	AccountNumber     *string `json:"account_number"`
	LinkStatus        string  `json:"link_status"`
	Counterparties    *string `json:"counterparties"` // as entity/code
	Currency          string  `json:"currency"`
	RiskClass         *string `json:"risk_class"`
	Score             *string `json:"score"`
	Exposure          *string `json:"exposure_amount"`
	Open              *string `json:"open_amount"`
	Overdue           *string `json:"overdue_amount"`
	OldestOverdue     *string `json:"oldest_overdue_date"` // nil: nothing is overdue
	OpenDisputes      *int64  `json:"open_dispute_count"`
	InDispute         *string `json:"in_dispute_amount"`
	Limit             *string `json:"limit_amount"` // the granted one, else the recommended one
	GrantedLimit      *string `json:"granted_limit_amount"`
	RecommendedLimit  *string `json:"recommended_limit_amount"`
	Available         *string `json:"available_amount"`
	LegalSeverity     *int64  `json:"legal_severity"`
	LegalStatus       *string `json:"legal_status"`
	Pipeline          *string `json:"pipeline_amount"`
	MissingCurrencies *string `json:"missing_currencies"`
}

// AccountBasis says what the figures of accounts stand on.
type AccountBasis struct {
	AsOf     string          `json:"as_of"`
	KnownAt  *string         `json:"known_at"` // nil: every extract
	KnownOn  string          `json:"known_on"` // latest day of the extracts that count
	Versions AccountVersions `json:"versions"`
}

// AccountVersions say by which figures and models an answer was made.
type AccountVersions struct {
	Generation  string `json:"generation"`
	Fingerprint string `json:"fingerprint"`
	Models      string `json:"models_sha256"`
}

// accountRows are the accounts with all that is told of them; decimals and dates are text,
// so that they stay exact.
const accountRows = `
select
    source, crm_id, crm_name, account_number, link_status, counterparties, currency, risk_class,
    cast(score as varchar) as score,
    cast(exposure_amount as varchar) as exposure_amount,
    cast(open_amount as varchar) as open_amount,
    cast(overdue_amount as varchar) as overdue_amount,
    case when oldest_overdue_days > 0 then cast(as_of_date - oldest_overdue_days as varchar) end
        as oldest_overdue_date,
    open_dispute_count,
    cast(in_dispute_amount as varchar) as in_dispute_amount,
    cast(limit_amount as varchar) as limit_amount,
    cast(granted_limit_amount as varchar) as granted_limit_amount,
    cast(recommended_limit_amount as varchar) as recommended_limit_amount,
    cast(available_amount as varchar) as available_amount,
    legal_severity, legal_status,
    cast(pipeline_amount as varchar) as pipeline_amount,
    missing_currencies,
from mart_crm_accounts`

// scan reads a row of accountRows.
func (f *AccountFigures) scan(rows *sql.Rows, key *AccountKey) error {
	return rows.Scan(&key.Source, &key.ID, &f.Name, &f.AccountNumber, &f.LinkStatus, &f.Counterparties, &f.Currency, &f.RiskClass,
		&f.Score, &f.Exposure, &f.Open, &f.Overdue, &f.OldestOverdue, &f.OpenDisputes, &f.InDispute, &f.Limit, &f.GrantedLimit,
		&f.RecommendedLimit, &f.Available, &f.LegalSeverity, &f.LegalStatus, &f.Pipeline, &f.MissingCurrencies)
}

// CRMAccount returns an account as the generation that serves has it. It returns
// ErrNoGeneration, ErrNoAccounts, ErrOtherEntities, ErrNotFound or a *ManySourcesError.
func (s *Service) CRMAccount(ctx context.Context, ask AccountRequest) (_ *CRMAccount, err error) {
	pinned, err := s.pin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pinned.Release()) }()
	session, release, err := s.accountsOf(ctx, pinned, ask.Entities)
	if err != nil {
		return nil, err
	}
	defer release()
	var found []CRMAccount
	for _, id := range ask.IDs {
		if len(found) > 0 {
			break
		}
		err := session.Query(ctx, func(rows *sql.Rows) error {
			account := CRMAccount{AccountBasis: accountBasis(pinned)}
			err := account.scan(rows, &account.AccountKey)
			found = append(found, account)
			return err
		}, accountRows+"\nwhere crm_id = $id and $source in ('', source)\norder by source", sql.Named("id", id), sql.Named("source", ask.Source))
		if err != nil {
			return nil, fmt.Errorf("find account %q: %w", id, err)
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("find account %q of %q: %w", ask.IDs, ask.Source, ErrNotFound)
	case 1:
		return &found[0], nil
	}
	many := &ManySourcesError{}
	for _, account := range found {
		many.Sources = append(many.Sources, account.Source)
	}
	return nil, many
}

// accountsOf is the session in which the accounts of a generation are read, by who may
// read these entities.
func (s *Service) accountsOf(ctx context.Context, pinned *session.Generation, entities []string) (_ *session.Session, release func(), err error) {
	facts, err := s.facts(ctx, pinned)
	if err != nil {
		return nil, nil, err
	}
	for _, entity := range facts.entities {
		if !slices.Contains(entities, entity.ID) {
			return nil, nil, fmt.Errorf("read accounts of %q: %w", entity.ID, ErrOtherEntities)
		}
	}
	own, release, err := pinned.Session(ctx, pinned.Manifest().AsOf.Time)
	if err != nil {
		return nil, nil, err
	}
	ok, err := tellsAccounts(ctx, pinned, own)
	if err == nil && !ok {
		err = ErrNoAccounts
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	return own, release, nil
}

// tellsAccounts says whether a generation has accounts with all that is told of them: an
// earlier program may have built it.
func tellsAccounts(ctx context.Context, pinned *session.Generation, own *session.Session) (ok bool, err error) {
	if _, ok := pinned.Manifest().Relation(crmAccountsMart); !ok {
		return false, nil
	}
	return ok, own.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&ok) }, `
select count(*) > 0
from duckdb_columns()
where database_name = 'warehouse' and table_name = 'mart_crm_accounts' and column_name = 'granted_limit_amount'`)
}

func accountBasis(pinned *session.Generation) AccountBasis {
	m := pinned.Manifest()
	basis := AccountBasis{
		AsOf: day(m.AsOf.Time), KnownOn: day(m.KnownOn.Time),
		Versions: AccountVersions{Generation: m.ID, Fingerprint: m.Fingerprint, Models: m.ModelsHash},
	}
	if m.KnownAt != nil {
		at := day(m.KnownAt.Time)
		basis.KnownAt = &at
	}
	return basis
}
