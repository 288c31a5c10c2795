package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Rules that a score test compares.
const (
	ScoreNaive  = "prior late rate"
	ScoreExpert = "expert score"
)

// ErrNothingToTest says that there are too few paid invoices for a score test.
var ErrNothingToTest = errors.New("there are no paid invoices before and after the split to test a score on: load more history")

// ScoreRule is how well a rule told, before each invoice of a test, whether it
// would be paid late.
type ScoreRule struct {
	Rule      string // ScoreNaive or ScoreExpert
	AUC       Ratio  // chance that a late invoice was rated worse than one in time; a tie is a half
	Accuracy  Ratio  // share of the invoices that it told right
	Precision Ratio  // share of late ones in the fifth that it rated worst
}

// ScoreTest is what the score would have told on the day before each of the newest
// invoices, beside a naive rule that knows the invoices settled by then.
type ScoreTest struct {
	Invoices, Training, Tested int64
	SplitDate                  time.Time // first issue date that is tested
	TrainingLate, TestedLate   Ratio     // share of the invoices that were paid late
	NobodyLate                 Ratio     // accuracy of saying that nobody is late
	Rules                      []ScoreRule
	// ErrorDays is the mean distance between the day of payment and the due date
	// plus the median delay of the customer's invoices settled before.
	ErrorDays Days

	ClassDate, UntilDate time.Time // zero: the history has no six months to look at
	Classes              []ClassOutcome
}

// ClassOutcome is what the customers of a class did in the six months after.
type ClassOutcome struct {
	Class          string
	Counterparties int64
	Paid, Late     Amount // cash, and the part that came more than 30 days late
	LateShare      Ratio
}

// ScoreTest judges the score of the customers of the selection on all invoices
// that are loaded, the split at 70 % of them by issue date. It returns
// ErrNothingToTest where there are none on both sides of it.
func (v *View) ScoreTest(ctx context.Context) (*ScoreTest, error) {
	return figure(ctx, v, "score-test", "", func() (*ScoreTest, error) {
		test := &ScoreTest{}
		if err := v.readScoreTest(ctx, test); err != nil {
			return nil, err
		}
		if test.Training == 0 || test.Tested == 0 {
			return nil, ErrNothingToTest
		}
		return test, v.readOutcomes(ctx, test)
	})
}

// scoreTestScope keeps int_accounts to the customers of the selection.
func (v *View) scoreTestScope() (string, []any) {
	if v.selection.Entity == "" {
		return "accounts.side = 'customer' and not accounts.is_intercompany", nil
	}
	return "accounts.side = 'customer' and accounts.entity_id = $entity", []any{sql.Named("entity", v.selection.Entity)}
}

// testedPoints are the models of the score at the days before the tested invoices
// in place of the month ends: the same SQL files over other dates. The days are
// numbered downwards from -1, which no month end is.
func (v *View) testedPoints(ctx context.Context) (string, error) {
	models, err := v.generation.Models(ctx)
	if err != nil {
		return "", err
	}
	n := narrowing{
		models: models, reached: map[string]bool{}, redates: true,
		leaves: map[string]string{"int_months": testedDaysSQL},
	}
	for _, dated := range n.models.Downstream("params") {
		n.dated = append(n.dated, dated.Name)
	}
	if !n.reach("int_score_points") && n.err == nil {
		n.err = errors.New("test score: internal error: the score has no dates")
	}
	return strings.Join(n.ctes, ",\n"), n.err
}

const testedDaysSQL = `
select
    cast(-row_number() over (order by issue_date) as integer) as month_no,
    issue_date - 1 as month_start_date,
    issue_date - 1 as month_end_date,
    1 as day_count,
    true as is_shown,
from (select distinct issue_date from score_test_tested)`

func (v *View) readScoreTest(ctx context.Context, test *ScoreTest) error {
	condition, args := v.scoreTestScope()
	points, err := v.testedPoints(ctx)
	if err != nil {
		return err
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		naive, expert := ScoreRule{Rule: ScoreNaive}, ScoreRule{Rule: ScoreExpert}
		err := rows.Scan(&test.Invoices, &test.Training, &test.Tested, date(&test.SplitDate),
			&test.TrainingLate, &test.TestedLate, &test.NobodyLate, &test.ErrorDays,
			&naive.AUC, &naive.Accuracy, &naive.Precision, &expert.AUC, &expert.Accuracy, &expert.Precision)
		test.Rules = []ScoreRule{naive, expert}
		return err
	}, fmt.Sprintf(scoreTestSQL, condition, points), args...)
}

// scoreTestSQL names its parts score_test_…, so that they hide no relation that a
// model of the score reads. An invoice that is not settled counts as late once it
// is past due on the last day that is loaded. The naive rule is the late rate of the
// customer's invoices settled strictly before, shrunk with five invoices at the
// training rate. Of equally bad ones the older are taken first.
const scoreTestSQL = `
with
score_test_cash as (
    select distinct debit_key from int_allocations
    where settlement_kind = 'cash'
),
score_test_end as (
    select max(movement_date) as last_date from int_items
),
score_test_invoices as (
    select
        items.item_key,
        accounts.counterparty_no,
        items.issue_date,
        items.due_date,
        case when items.settled_amount = items.amount then items.closed_on end as paid_on,
        coalesce(
            case when items.settled_amount = items.amount then items.closed_on end, ends.last_date
        ) > items.due_date as is_late,
    from int_items as items
    cross join score_test_end as ends
    inner join int_accounts as accounts on accounts.account_key = items.account_key
    left join score_test_cash as cash on cash.debit_key = items.item_key
    where
        %[1]s
        and items.item_type = 'invoice'
        and items.is_aged
        and items.amount > 0
        and items.due_date is not null
        and not items.is_age_unknown
        and (
            (items.settled_amount = items.amount and cash.debit_key is not null)
            or (items.settled_amount < items.amount and items.due_date < ends.last_date)
        )
),
score_test_split as (
    select max(issue_date) as split_date
    from (
        select
            issue_date,
            row_number() over (order by issue_date, item_key) as place,
            count(*) over () as invoice_count,
        from score_test_invoices
    )
    where place = invoice_count * 7 // 10 + 1
),
score_test_training as (
    select
        count(*) as invoice_count,
        count(*) filter (where is_late) as late_count,
    from score_test_invoices
    where issue_date < (select split_date from score_test_split)
),
score_test_tested as (
    select * from score_test_invoices
    where issue_date >= (select split_date from score_test_split)
),
score_test_prior as (
    select
        tested.item_key,
        count(*) as prior_count,
        count(*) filter (where earlier.is_late) as late_count,
        median(earlier.paid_on - earlier.due_date) as median_days,
    from score_test_tested as tested
    inner join score_test_invoices as earlier
        on earlier.counterparty_no = tested.counterparty_no
        and earlier.paid_on < tested.issue_date
    group by tested.item_key
),
score_test_usual as (
    select coalesce(median(paid_on - due_date), 0) as median_days
    from score_test_invoices
    where paid_on < (select split_date from score_test_split)
),
%[2]s,
score_test_scores as (
    select
        months.score_date,
        points.counterparty_no,
        sum(points.earned_points) as score,
    from int_score_points as points
    inner join int_score_months as months on months.month_no = points.month_no
    group by all
),
-- a customer of whom nothing was known: every factor counts as not known
score_test_unknown as (
    select coalesce(sum(weight * points) * 0.01, 50) as score
    from ref_scorecard
    where from_value is null and to_value is null
),
score_test_rated as (
    select
        tested.item_key,
        tested.issue_date,
        tested.is_late,
        abs(tested.paid_on - tested.due_date - coalesce(prior.median_days, usual.median_days))
            as error_days,
        cast(
            (
                coalesce(prior.late_count, 0)
                + 5.0 * training.late_count / training.invoice_count
            ) / (coalesce(prior.prior_count, 0) + 5) as decimal(18, 9)
        ) as naive_risk,
        cast(100 - coalesce(scores.score, unknown.score) as decimal(18, 9)) as expert_risk,
    from score_test_tested as tested
    cross join score_test_training as training
    cross join score_test_usual as usual
    cross join score_test_unknown as unknown
    left join score_test_prior as prior on prior.item_key = tested.item_key
    left join score_test_scores as scores
        on scores.counterparty_no = tested.counterparty_no
        and scores.score_date = tested.issue_date - 1
),
score_test_rules as (
    select
        'naive' as rule,
        item_key,
        issue_date,
        is_late,
        naive_risk as risk,
        naive_risk >= 0.5 as says_late,
    from score_test_rated
    union all
    select
        'expert' as rule,
        item_key,
        issue_date,
        is_late,
        expert_risk as risk,
        100 - expert_risk < (
            select from_score from ref_scorecard_classes where risk_class = 'C'
        ) as says_late,
    from score_test_rated
),
score_test_levels as (
    select
        rule,
        risk,
        count(*) filter (where is_late) as late_count,
        count(*) filter (where not is_late) as good_count,
    from score_test_rules
    group by rule, risk
),
score_test_pairs as (
    select
        rule,
        late_count,
        good_count,
        sum(good_count) over (partition by rule order by risk) - good_count as better_count,
    from score_test_levels
),
score_test_areas as (
    select
        rule,
        sum(late_count * (2 * better_count + good_count))
        / nullif(2 * sum(late_count) * sum(good_count), 0) as area,
    from score_test_pairs
    group by rule
),
score_test_places as (
    select
        *,
        row_number() over (partition by rule order by risk desc, issue_date, item_key) as place,
        count(*) over (partition by rule) as invoice_count,
    from score_test_rules
),
score_test_shares as (
    select
        rule,
        count(*) filter (where says_late = is_late) / nullif(count(*), 0) as accuracy,
        count(*) filter (where is_late and place <= invoice_count // 5)
        / nullif(count(*) filter (where place <= invoice_count // 5), 0) as precision_top,
    from score_test_places
    group by rule
),
score_test_figures as (
    select
        max(areas.area) filter (where areas.rule = 'naive') as naive_area,
        max(shares.accuracy) filter (where areas.rule = 'naive') as naive_accuracy,
        max(shares.precision_top) filter (where areas.rule = 'naive') as naive_precision,
        max(areas.area) filter (where areas.rule = 'expert') as expert_area,
        max(shares.accuracy) filter (where areas.rule = 'expert') as expert_accuracy,
        max(shares.precision_top) filter (where areas.rule = 'expert') as expert_precision,
    from score_test_areas as areas
    inner join score_test_shares as shares on shares.rule = areas.rule
),
score_test_counts as (
    select
        count(*) as tested_count,
        count(*) filter (where is_late) as late_count,
        avg(error_days) as error_days,
    from score_test_rated
)
select
    (select count(*) from score_test_invoices) as invoice_count,
    training.invoice_count as training_count,
    counts.tested_count,
    split.split_date,
    cast(training.late_count / nullif(training.invoice_count, 0) as decimal(9, 4)),
    cast(counts.late_count / nullif(counts.tested_count, 0) as decimal(9, 4)),
    cast(1 - counts.late_count / nullif(counts.tested_count, 0) as decimal(9, 4)),
    cast(counts.error_days as decimal(9, 2)),
    cast(figures.naive_area as decimal(9, 4)),
    cast(figures.naive_accuracy as decimal(9, 4)),
    cast(figures.naive_precision as decimal(9, 4)),
    cast(figures.expert_area as decimal(9, 4)),
    cast(figures.expert_accuracy as decimal(9, 4)),
    cast(figures.expert_precision as decimal(9, 4)),
from score_test_training as training
cross join score_test_split as split
cross join score_test_counts as counts
cross join score_test_figures as figures`

// readOutcomes reads what the classes of six months before the as-of date did in
// these six months.
func (v *View) readOutcomes(ctx context.Context, test *ScoreTest) error {
	condition, args := v.scoreTestScope()
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var c ClassOutcome
		err := rows.Scan(date(&test.ClassDate), date(&test.UntilDate), &c.Class, &c.Counterparties, &c.Paid, &c.Late, &c.LateShare)
		test.Classes = append(test.Classes, c)
		return err
	}, fmt.Sprintf(outcomesSQL, condition), args...)
}

const outcomesSQL = `
with
scores as (
    select
        int_risk_scores.*,
        params.as_of,
    from int_risk_scores
    cross join params
    where
        month_no = 6
        and counterparty_no in (
            select accounts.counterparty_no from int_accounts as accounts
            where %s
        )
),
paid as (
    select
        scores.counterparty_no,
        sum(days.paid_amount) as paid_amount,
        sum(days.paid_amount) filter (where days.delay_days > 30) as late_amount,
    from scores
    inner join int_payment_days as days
        on days.counterparty_no = scores.counterparty_no
        and days.payment_date > scores.score_date
        and days.payment_date <= scores.as_of
    group by scores.counterparty_no
)
select
    max(scores.score_date) as class_date,
    max(scores.as_of) as until_date,
    scores.risk_class,
    count(*) as counterparty_count,
    cast(coalesce(sum(paid.paid_amount), 0) as decimal(18, 2)) as paid_amount,
    cast(coalesce(sum(paid.late_amount), 0) as decimal(18, 2)) as late_amount,
    cast(
        coalesce(sum(paid.late_amount), 0) / nullif(sum(paid.paid_amount), 0) as decimal(9, 4)
    ) as late_ratio,
from scores
left join paid on paid.counterparty_no = scores.counterparty_no
group by scores.risk_class
order by scores.risk_class`
