package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Errors of credit decisions; the text of each is safe to show.
var (
	ErrNoDecisions  = errors.New("what is loaded was built by a program that made no credit decisions: run `encours build`")
	ErrOtherRequest = errors.New("another decision was asked for under this key")
)

// DecisionCodes lists the answers to an order on account, the strictest first.
func DecisionCodes() []string { return []string{"refuse", "prepay", "hold", "review", "approve"} }

// DecisionRequest asks for a decision about an order of a customer.
type DecisionRequest struct {
	Entity, Customer string
	Amount           Amount    // of the order, currency of the entity; above 0
	AsOf             time.Time // zero: the as-of date of the generation
	By, Origin       string    // who asks, and by which way: command, page or api
	Key              string    // what is asked twice under one key is stored once; "": no key
}

// DecisionFilter narrows the list of decisions that were made. Zero values mean no
// filter.
type DecisionFilter struct {
	ID       int64
	Entities []string // nil: every one
	Customer string
	Decision string // one of DecisionCodes
	Before   int64  // identifiers below this one
	Limit    int    // 0: all
}

// DecisionAnswer is what the rules say about an order, and all that it stands on. It
// depends on the generation, the as-of date and the request alone. Amounts are decimal
// text with two places, in Currency; nil is what is not known.
type DecisionAnswer struct {
	Entity       string `json:"entity"`
	Customer     string `json:"customer"`
	CustomerName string `json:"customer_name"`
	AsOf         string `json:"as_of"`
	Amount       string `json:"amount"`
	Currency     string `json:"currency"`

	Decision  string `json:"decision"`
	RuleNo    int64  `json:"rule_no"`
	Rule      string `json:"rule"`
	RuleEN    string `json:"rule_en"`
	RuleFR    string `json:"rule_fr"`
	Terms     string `json:"recommended_terms"`
	TermDays  *int64 `json:"term_days"` // nil: as agreed
	TermsEN   string `json:"terms_en"`
	TermsFR   string `json:"terms_fr"`
	ValidDays int64  `json:"valid_days"`

	Inputs   DecisionInputs   `json:"inputs"`
	Versions DecisionVersions `json:"versions"`
}

// DecisionInputs are what the rules look at, before the order.
type DecisionInputs struct {
	Score             *string `json:"score"`
	RiskClass         string  `json:"risk_class"`
	PolicyClass       string  `json:"policy_class"`
	LegalSeverity     *int64  `json:"legal_severity"`
	IsCeased          bool    `json:"is_ceased"`
	Exposure          *string `json:"exposure_amount"`
	Limit             *string `json:"limit_amount"`
	LimitSource       *string `json:"limit_source"`
	Headroom          *string `json:"headroom_amount"`
	Overdue           string  `json:"overdue_amount"`
	OldestOverdueDays int64   `json:"oldest_overdue_days"`
	LongOverdueDays   *int64  `json:"long_overdue_days"`
	LongOverdue       string  `json:"long_overdue_amount"`
}

// DecisionVersions say by which figures and rules a decision was made.
type DecisionVersions struct {
	Generation  string `json:"generation"`
	Fingerprint string `json:"fingerprint"`
	Policy      string `json:"policy_sha256"`
	Terms       string `json:"terms_sha256"`
	Models      string `json:"models_sha256"`
}

// RuleText returns the rule in a language, English where it is not French.
func (a DecisionAnswer) RuleText(language string) string {
	return Reason{a.RuleEN, a.RuleFR}.In(language)
}

// TermsText returns the payment terms in a language, English where it is not French.
func (a DecisionAnswer) TermsText(language string) string {
	return Reason{a.TermsEN, a.TermsFR}.In(language)
}

// Decision is an answer as it was made and stored.
type Decision struct {
	ID         int64  `json:"id"`
	MadeAt     string `json:"made_at"` // RFC 3339, UTC
	MadeBy     string `json:"made_by"`
	Origin     string `json:"origin"`
	ValidUntil string `json:"valid_until"` // the last day on which it holds
	DecisionAnswer
}

// decisionColumns are read as text, so that amounts stay exact.
const decisionColumns = `
    counterparty_name, currency, cast(order_amount as varchar), decision, rule_no, decision_rule, rule_en, rule_fr,
    recommended_terms, term_days, terms_en, terms_fr, valid_days, cast(score as varchar), risk_class, policy_class,
    legal_severity, is_ceased, cast(exposure_amount as varchar), cast(limit_amount as varchar), limit_source,
    cast(headroom_amount as varchar), cast(overdue_amount as varchar), oldest_overdue_days, long_overdue_days,
    cast(long_overdue_amount as varchar)`

func (a *DecisionAnswer) scan(rows *sql.Rows) error {
	in := &a.Inputs
	return rows.Scan(&a.CustomerName, &a.Currency, &a.Amount, &a.Decision, &a.RuleNo, &a.Rule, &a.RuleEN, &a.RuleFR,
		&a.Terms, &a.TermDays, &a.TermsEN, &a.TermsFR, &a.ValidDays, &in.Score, &in.RiskClass, &in.PolicyClass,
		&in.LegalSeverity, &in.IsCeased, &in.Exposure, &in.Limit, &in.LimitSource,
		&in.Headroom, &in.Overdue, &in.OldestOverdueDays, &in.LongOverdueDays, &in.LongOverdue)
}

// Decide answers an order of an amount by the rules of the generation. An amount of 0
// gives the standing decision. It returns ErrNotFound for a customer that is not known,
// and ErrNoDecisions for a generation that is too old. Nothing is stored.
func (v *View) Decide(ctx context.Context, entity, customer string, amount Amount) (*DecisionAnswer, error) {
	if amount < 0 {
		return nil, fmt.Errorf("decide about %s: %w", plain(amount), ErrBadSelection)
	}
	models, err := v.generation.Models(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := models.Model("mart_credit_decisions"); !ok {
		return nil, ErrNoDecisions
	}
	// the mart is a view over one narrow row per customer: with the amount in the place
	// of the order of nothing it is the definition of every decision
	with, err := v.narrowed(ctx, "mart_credit_decisions", map[string]string{
		"int_credit_requests": "select cast($amount as decimal(18, 2)) as order_amount",
	})
	if err != nil {
		return nil, err
	}
	var found *DecisionAnswer
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		found = &DecisionAnswer{Entity: entity, Customer: customer, AsOf: day(v.selection.AsOf), Versions: v.decisionVersions()}
		return found.scan(rows)
	}, with+"\nselect "+decisionColumns+"\nfrom mart_credit_decisions\nwhere "+isCounterparty,
		sql.Named("amount", plain(amount)), sql.Named("entity", entity), sql.Named("side", Customer), sql.Named("id", customer))
	if err == nil && found == nil {
		err = fmt.Errorf("find customer %q of %q: %w", customer, entity, ErrNotFound)
	}
	return found, err
}

// StandingDecision is the decision without a new order. It is nil where the customer,
// or the generation, knows none.
func (v *View) StandingDecision(ctx context.Context, entity, customer string) (*DecisionAnswer, error) {
	return figure(ctx, v, "standing decision", fmt.Sprintf("%q", []string{entity, customer}), func() (*DecisionAnswer, error) {
		answer, err := v.Decide(ctx, entity, customer, 0)
		if errors.Is(err, ErrNotFound) || errors.Is(err, ErrNoDecisions) {
			return nil, nil
		}
		return answer, err
	})
}

// DecisionCount is how many customers of a selection stand at an answer.
type DecisionCount struct {
	Decision string
	Count    int64
}

// StandingCounts counts the customers of the selection by their standing decision, in
// the order of DecisionCodes; those that nobody has are 0.
func (v *View) StandingCounts(ctx context.Context) ([]DecisionCount, error) {
	return figure(ctx, v, "standing decisions", "", func() ([]DecisionCount, error) {
		counts := make([]DecisionCount, len(DecisionCodes()))
		for i, code := range DecisionCodes() {
			counts[i].Decision = code
		}
		if _, ok := v.generation.Manifest().Relation("mart_credit_decisions"); !ok {
			return counts, nil
		}
		condition, args := v.riskScope(RiskFilter{})
		return counts, v.session.Query(ctx, func(rows *sql.Rows) error {
			var code string
			var count int64
			err := rows.Scan(&code, &count)
			if i := slices.Index(DecisionCodes(), code); i >= 0 {
				counts[i].Count = count
			}
			return err
		}, "select decision, count(*) from mart_credit_decisions where "+condition+" group by decision", args...)
	})
}

// StandingRow is a customer with the decision that holds without a new order. Exposure
// and limit, currency of the entity, are null where they are not known.
type StandingRow struct {
	Entity, ID, Name, Class, RuleEN, RuleFR string
	Exposure, Limit                         sql.Null[Amount]
	Overdue                                 Amount
}

// Rule is the rule that decides, in a language.
func (r StandingRow) Rule(language string) string { return Reason{r.RuleEN, r.RuleFR}.In(language) }

// standingLimit is how many customers StandingCustomers lists; the report
// credit-decisions has them all.
const standingLimit = 200

// StandingCustomers lists the customers of the selection with a standing decision, the
// largest exposure first, at most standingLimit.
func (v *View) StandingCustomers(ctx context.Context, decision string) ([]StandingRow, error) {
	return figure(ctx, v, "standing customers", decision, func() (list []StandingRow, err error) {
		condition, args := v.riskScope(RiskFilter{})
		return list, v.session.Query(ctx, func(rows *sql.Rows) error {
			var r StandingRow
			err := rows.Scan(&r.Entity, &r.ID, &r.Name, &r.Class, &r.RuleEN, &r.RuleFR, &r.Exposure, &r.Limit, &r.Overdue)
			list = append(list, r)
			return err
		}, fmt.Sprintf(`
select
    entity_id, counterparty_id, counterparty_name, risk_class, rule_en, rule_fr,
    exposure_amount, limit_amount, overdue_amount
from mart_credit_decisions
where decision = $decision and %s
order by exposure_amount desc nulls last, entity_id, counterparty_id
limit %d`, condition, standingLimit), append(args, sql.Named("decision", decision))...)
	})
}

func (v *View) decisionVersions() DecisionVersions {
	m := v.generation.Manifest()
	return DecisionVersions{
		Generation: m.ID, Fingerprint: m.Fingerprint, Policy: m.RefHashes["ref_decision_policy"],
		Terms: m.RefHashes["ref_decision_terms"], Models: m.ModelsHash,
	}
}

// ParseAmount reads a decimal text with at most two places and a point, without a sign:
// "1234.5". It is exact, and says whether the text is one.
func ParseAmount(text string) (Amount, bool) {
	whole, cents, hasPoint := strings.Cut(text, ".")
	isDigits := func(s string) bool {
		return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	}
	if len(whole) > 12 || len(cents) > 2 || !isDigits(whole) || hasPoint && !isDigits(cents) {
		return 0, false
	}
	number, err := strconv.ParseInt(whole+(cents + "00")[:2], 10, 64)
	return Amount(number), err == nil
}
