package reports

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// What the page of a counterparty lists of ratings, covers and accounts; the exports
// hold all.
const (
	ratingLimit = 10 // latest of each agency
	coverLimit  = 10
	yearLimit   = 3
)

// External is what agencies, insurers and its own accounts tell of a counterparty.
type External struct {
	Ratings []ExternalRating  // the latest of each agency, the one that counts first
	Covers  []Cover           // those in force first
	Years   []CompanyAccounts // the latest first
	Scores  []BankruptcyScore // of the latest accounts that give any
	Share   Ratio             // of its purchases that it makes from the entity; may be above 1
}

// IsEmpty says whether nobody tells anything.
func (e *External) IsEmpty() bool {
	return len(e.Ratings)+len(e.Covers)+len(e.Years) == 0
}

// ExternalRating is the rating of an agency.
type ExternalRating struct {
	Provider, Class, AgencyClass, Status, Event, Currency, URL string
	Date                                                       time.Time
	Score                                                      Days // out of 100
	Limit                                                      sql.Null[Amount]
	IsCounted                                                  bool // it feeds the score
}

// Cover is the limit of a credit insurer.
type Cover struct {
	Policy, Status, Currency, Reason string
	Amount                           Amount
	Requested                        sql.Null[Amount]
	Quota                            Ratio
	Days                             sql.Null[int64] // in which a claim must be declared
	From, To                         time.Time       // To zero: it lasts
	IsInForce, IsCounted             bool
}

// CompanyAccounts are the accounts of one year; what they do not tell is not valid.
type CompanyAccounts struct {
	Closing, Known                                 time.Time
	Type, Currency                                 string
	Months                                         int64
	Sales, EBITDA, NetIncome, Equity, Assets, Debt sql.Null[Amount]
}

// BankruptcyScore is what a model makes of the accounts of one year.
type BankruptcyScore struct {
	Model, Zone, Class, Missing string // Missing: inputs that the accounts do not give
	Closing                     time.Time
	Value                       Days // hundredths
}

// External returns what others tell of a counterparty at the as-of date; nothing where
// nobody does.
func (v *View) External(ctx context.Context, entity, side, id string) (*External, error) {
	detail := fmt.Sprintf("%q", []string{entity, side, id})
	return figure(ctx, v, "external", detail, func() (*External, error) {
		args := []any{sql.Named("entity", entity), sql.Named("side", side), sql.Named("id", id)}
		told := &External{}
		for _, read := range []func(context.Context, string, *External, []any) error{v.readRatings, v.readCovers, v.readCompanyAccounts, v.readBankruptcyScores} {
			if err := read(ctx, "", told, args); err != nil {
				return nil, err
			}
		}
		if side != Customer || told.IsEmpty() {
			return told, nil
		}
		return told, v.session.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&told.Share) }, `
select wallet_share_ratio
from mart_risk_limits
where `+isCounterparty, args...)
	})
}

func (v *View) readRatings(ctx context.Context, with string, told *External, args []any) error {
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var r ExternalRating
		err := rows.Scan(&r.Provider, &r.Date, &r.Score, text(&r.Class), text(&r.AgencyClass), &r.Limit, text(&r.Currency),
			text(&r.Status), text(&r.Event), text(&r.URL), &r.IsCounted)
		told.Ratings = append(told.Ratings, r)
		return err
	}, with+fmt.Sprintf(`
select provider, rating_date, external_score, external_class, agency_class, recommended_amount, currency,
    status, collective_event, report_url, is_counted,
from mart_ratings
where %s and is_latest
order by is_counted desc, rating_date desc, provider
limit %d`, isCounterparty, ratingLimit), args...)
}

func (v *View) readCovers(ctx context.Context, with string, told *External, args []any) error {
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var c Cover
		err := rows.Scan(&c.Policy, &c.Status, &c.Amount, &c.Requested, &c.Currency, &c.Quota, &c.Days, &c.From, date(&c.To),
			text(&c.Reason), &c.IsInForce, &c.IsCounted)
		told.Covers = append(told.Covers, c)
		return err
	}, with+fmt.Sprintf(`
select policy_id, cover_status, cover_amount, requested_amount, currency, quota_ratio, declaration_days,
    valid_from_date, valid_to_date, reason, is_in_force, is_counted,
from mart_credit_insurance
where %s
order by is_in_force desc, valid_from_date desc, policy_id
limit %d`, isCounterparty, coverLimit), args...)
}

func (v *View) readCompanyAccounts(ctx context.Context, with string, told *External, args []any) error {
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var y CompanyAccounts
		err := rows.Scan(&y.Closing, &y.Known, &y.Type, &y.Currency, &y.Months, &y.Sales, &y.EBITDA, &y.NetIncome, &y.Equity, &y.Assets, &y.Debt)
		told.Years = append(told.Years, y)
		return err
	}, with+fmt.Sprintf(`
select closing_date, known_date, accounts_type, currency, month_count, sales_amount, ebitda_amount,
    net_income_amount, equity_amount, assets_amount, debt_amount,
from mart_company_accounts
where %s
order by closing_date desc
limit %d`, isCounterparty, yearLimit), args...)
}

func (v *View) readBankruptcyScores(ctx context.Context, with string, told *External, args []any) error {
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var s BankruptcyScore
		err := rows.Scan(&s.Model, &s.Closing, &s.Value, text(&s.Zone), text(&s.Class), text(&s.Missing))
		told.Scores = append(told.Scores, s)
		return err
	}, with+`
select model, closing_date, value, zone, external_class, missing_inputs
from mart_bankruptcy_scores
where `+isCounterparty+` and is_latest
order by value is null, model`, args...)
}

// externalDefinitions are the reports on what others tell of customers and suppliers.
func externalDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "ratings", TitleEN: "External ratings", TitleFR: "Notations externes",
				Question: "How do rating agencies rate customers and suppliers, and which rating feeds the score?",
			},
			query: (*View).ratingsReport,
		},
		{
			Definition: Definition{
				Name: "credit-insurance", TitleEN: "Credit insurance", TitleFR: "Assurance-crédit",
				Question: "What does the credit insurer cover of each customer, and what became of it?",
			},
			query: (*View).creditInsuranceReport,
		},
		{
			Definition: Definition{
				Name: "bankruptcy-scores", TitleEN: "Bankruptcy scores", TitleFR: "Scores de défaillance",
				Question: "How near to failure are customers and suppliers, by their own accounts?",
			},
			query: (*View).bankruptcyScoresReport,
		},
	}
}

func (v *View) ratingsReport(AgeingFilter) (query, error) {
	within := v.scope()
	return query{selects: `
select
    entity_id, side, counterparty_id, provider, subject_id, rating_date, external_score, external_class,
    score_raw, scale_min, scale_max, agency_class, recommended_amount, currency, status,
    collective_event, event_date, link_method, is_latest, is_counted, report_url,
from mart_ratings
where ` + within.condition,
		order: "listed.entity_id, listed.counterparty_id, listed.provider, listed.rating_date desc, listed.subject_id", args: within.args}, nil
}

func (v *View) creditInsuranceReport(AgeingFilter) (query, error) {
	within := v.scope()
	return query{selects: `
select
    entity_id, side, counterparty_id, policy_id, valid_from_date, valid_to_date, cover_status,
    cover_amount, limit_amount, requested_amount, currency, quota_ratio, declaration_days, reason,
    is_in_force, is_counted,
from mart_credit_insurance
where ` + within.condition,
		order: "listed.entity_id, listed.counterparty_id, listed.policy_id, listed.valid_from_date desc", args: within.args}, nil
}

func (v *View) bankruptcyScoresReport(AgeingFilter) (query, error) {
	within := v.scope()
	return query{selects: `
select
    entity_id, side, counterparty_id, siren, closing_date, known_date, model, value, zone,
    external_class, missing_inputs, is_latest,
from mart_bankruptcy_scores
where ` + within.condition,
		order: "listed.entity_id, listed.counterparty_id, listed.closing_date desc, listed.model", args: within.args}, nil
}
