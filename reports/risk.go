package reports

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"time"
)

// riskLimit is how many counterparties the page of scores lists; the export holds
// all.
const riskLimit = 200

// Changes of class that a RiskFilter keeps.
const (
	RiskWorsened = "worsened"
	RiskImproved = "improved"
)

// RiskClasses are the classes, best first; the last is for too little history.
func RiskClasses() []string { return []string{"A", "B", "C", "D", "E", "N"} }

// RiskChanges are the changes of class that can be asked for.
func RiskChanges() []string { return []string{RiskWorsened, RiskImproved} }

// RiskFilter narrows the list of scores and its exports. Zero values mean no filter.
type RiskFilter struct {
	Class  string // one of RiskClasses
	Change string // one of RiskChanges, since the end of the month before
	Band   string // of the size, one of ref_exposure_bands; of segments only
}

func (f RiskFilter) check() error {
	if f.Class != "" && !slices.Contains(RiskClasses(), f.Class) {
		return fmt.Errorf("risk class %q: %w", f.Class, ErrBadSelection)
	}
	if f.Change != "" && !slices.Contains(RiskChanges(), f.Change) {
		return fmt.Errorf("change of class %q: %w", f.Change, ErrBadSelection)
	}
	return nil
}

// write puts the filter into the query of a URL.
func (f RiskFilter) write(values url.Values) {
	if f.Class != "" {
		values.Set("class", f.Class)
	}
	if f.Change != "" {
		values.Set("change", f.Change)
	}
	if f.Band != "" {
		values.Set("band", f.Band)
	}
}

// Reason is what costs a counterparty points, in words.
type Reason struct{ EN, FR string }

// In returns the words in a language, those in English where it is not French.
func (r Reason) In(language string) string {
	if language == "fr" {
		return r.FR
	}
	return r.EN
}

// RiskRow is the score of one customer or supplier.
type RiskRow struct {
	Entity, Side, ID, Name       string
	Class, PreviousClass, Before string // Before: the class of the score alone
	Override                     string // rule that made it worse; "" none
	Score, PreviousScore         Days   // points in hundredths; not valid: no score
	Change                       int64  // classes lost since PreviousDate, negative: gained; 0 where not known
	Reasons                      []Reason
	Open, Overdue                Amount
}

// RiskCount is how many counterparties a class has, and what they owe.
type RiskCount struct {
	Class                     string
	Count, Worsened, Improved int64
	Open, Overdue             Amount
}

// Risks are the scores of a selection.
type Risks struct {
	Previous time.Time // the end of the month before; zero where none is loaded
	Classes  []RiskCount
	Whole    RiskCount
	Rows     []RiskRow // of the filter, the worst first; at most riskLimit
	Count    int64     // of the filter
}

// riskScope keeps a mart with is_intercompany to the selection and the filter.
func (v *View) riskScope(filter RiskFilter) (string, []any) {
	within := v.scope()
	condition, args := within.condition, within.args
	if v.selection.Entity == "" {
		condition += " and not is_intercompany"
	}
	if filter.Class != "" {
		condition, args = condition+" and risk_class = $class", append(args, sql.Named("class", filter.Class))
	}
	switch filter.Change {
	case RiskWorsened:
		condition += " and class_change > 0"
	case RiskImproved:
		condition += " and class_change < 0"
	}
	return condition, args
}

const riskColumns = `
    entity_id, side, counterparty_id, counterparty_name, risk_class, class_before_overrides, override_rule,
    score, previous_class, previous_score, coalesce(class_change, 0),
    reason_1_en, reason_1_fr, reason_2_en, reason_2_fr, reason_3_en, reason_3_fr, open_amount, overdue_amount`

// scan reads riskColumns, then what else the query gives.
func (r *RiskRow) scan(rows *sql.Rows, more ...any) error {
	var reasons [3]Reason
	err := rows.Scan(append([]any{&r.Entity, &r.Side, &r.ID, &r.Name, &r.Class, &r.Before, text(&r.Override),
		&r.Score, text(&r.PreviousClass), &r.PreviousScore, &r.Change,
		text(&reasons[0].EN), text(&reasons[0].FR), text(&reasons[1].EN), text(&reasons[1].FR),
		text(&reasons[2].EN), text(&reasons[2].FR), &r.Open, &r.Overdue}, more...)...)
	for _, reason := range reasons {
		if reason.EN != "" {
			r.Reasons = append(r.Reasons, reason)
		}
	}
	return err
}

// Risks returns the classes of the selection and the rows of the filter.
func (v *View) Risks(ctx context.Context, filter RiskFilter) (*Risks, error) {
	if err := filter.check(); err != nil {
		return nil, err
	}
	return figure(ctx, v, "risks", fmt.Sprintf("%q", []string{filter.Class, filter.Change}), func() (*Risks, error) {
		r := &Risks{}
		if err := v.readClasses(ctx, r); err != nil {
			return nil, err
		}
		with, err := v.undecided(ctx, "mart_risk_scores", nil)
		if err != nil {
			return nil, err
		}
		condition, args := v.riskScope(filter)
		return r, v.session.Query(ctx, func(rows *sql.Rows) error {
			var row RiskRow
			err := row.scan(rows, &r.Count)
			r.Rows = append(r.Rows, row)
			return err
		}, fmt.Sprintf(`%s
select %s, count(*) over ()
from mart_risk_scores
where %s
order by score nulls last, open_amount desc, entity_id, counterparty_id
limit %d`, with, riskColumns, condition, riskLimit), args...)
	})
}

// readClasses fills in every class, those without a counterparty too.
func (v *View) readClasses(ctx context.Context, r *Risks) error {
	for _, class := range RiskClasses() {
		r.Classes = append(r.Classes, RiskCount{Class: class})
	}
	with, err := v.undecided(ctx, "mart_risk_scores", nil)
	if err != nil {
		return err
	}
	condition, args := v.riskScope(RiskFilter{})
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var c RiskCount
		err := rows.Scan(&c.Class, &c.Count, &c.Worsened, &c.Improved, &c.Open, &c.Overdue, date(&r.Previous))
		if i := slices.Index(RiskClasses(), c.Class); i >= 0 {
			r.Classes[i] = c
		}
		r.Whole.Count += c.Count
		r.Whole.Worsened += c.Worsened
		r.Whole.Improved += c.Improved
		r.Whole.Open += c.Open
		r.Whole.Overdue += c.Overdue
		return err
	}, with+`
select
    risk_class,
    count(*),
    count(*) filter (where class_change > 0),
    count(*) filter (where class_change < 0),
    cast(sum(open_amount) as decimal(18, 2)),
    cast(sum(overdue_amount) as decimal(18, 2)),
    max(previous_date),
from mart_risk_scores
where `+condition+`
group by risk_class`, args...)
}

// ScoreFactor is a line of the scorecard of one counterparty.
type ScoreFactor struct {
	Factor, LabelEN, LabelFR, Unit string
	Value, From, To                Days // of Unit, in hundredths; a ratio in hundredths of a per cent
	Weight, RangePoints            int64
	Earned, Lost                   Days
	Reason                         Reason // empty where nothing is lost
}

// Label returns the name of the factor in a language.
func (f ScoreFactor) Label(language string) string { return Reason{f.LabelEN, f.LabelFR}.In(language) }

// Score is why a counterparty has its class.
type Score struct {
	RiskRow
	Previous    time.Time
	PaidCount   int64
	PolicyClass string
	Factors     []ScoreFactor // by weight; empty where there is no score
}

// Score returns the score of one customer or supplier, nil where it has no item at
// the date.
func (v *View) Score(ctx context.Context, entity, side, id string) (*Score, error) {
	return figure(ctx, v, "score", fmt.Sprintf("%q", []string{entity, side, id}), func() (score *Score, err error) {
		c := &counterparty{Counterparty: Counterparty{Entity: entity, Side: side, ID: id}}
		args := c.args()
		if err := v.readAccounts(ctx, c); err != nil {
			return nil, err
		}
		with, err := v.undecided(ctx, "mart_risk_scores", scoreLeaves(c.accounts))
		if err != nil {
			return nil, err
		}
		withPoints, err := v.narrowed(ctx, "mart_risk_score_points", scoreLeaves(c.accounts))
		if err != nil {
			return nil, err
		}
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			score = &Score{}
			return score.scan(rows, &score.PaidCount, &score.PolicyClass, date(&score.Previous))
		}, with+"\nselect "+riskColumns+", paid_count, policy_class, previous_date from mart_risk_scores where "+isCounterparty, args...)
		if err != nil || score == nil {
			return nil, err
		}
		return score, v.session.Query(ctx, func(rows *sql.Rows) error {
			var f ScoreFactor
			err := rows.Scan(&f.Factor, &f.LabelEN, &f.LabelFR, &f.Unit, &f.Value, &f.From, &f.To,
				&f.Weight, &f.RangePoints, &f.Earned, &f.Lost, text(&f.Reason.EN), text(&f.Reason.FR))
			score.Factors = append(score.Factors, f)
			return err
		}, withPoints+`
select
    factor, label_en, label_fr, value_unit,
    cast(factor_value * case when value_unit = 'ratio' then 100 else 1 end as decimal(18, 2)),
    cast(from_value * case when value_unit = 'ratio' then 100 else 1 end as decimal(18, 2)),
    cast(to_value * case when value_unit = 'ratio' then 100 else 1 end as decimal(18, 2)),
    weight, range_points, earned_points, lost_points, reason_en, reason_fr,
from mart_risk_score_points
where `+isCounterparty+`
order by factor_order`, args...)
	})
}

// scoreLeaves narrows what a score is made of to the accounts of one counterparty.
func scoreLeaves(accounts []int64) map[string]string {
	leaves := accountLeaves(accounts)
	keys := keyList(accounts)
	leaves["int_accounts"] = "select * from " + builtTable + "int_accounts where account_key in (" + keys + ")"
	for _, name := range []string{"int_payment_days", "int_first_movements"} {
		leaves[name] = "select * from " + builtTable + name + " where counterparty_no in (select counterparty_no from " +
			builtTable + "int_accounts where account_key in (" + keys + "))"
	}
	return leaves
}
