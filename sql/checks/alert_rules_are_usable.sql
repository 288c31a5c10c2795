-- severity: fail
-- sentence: These lines of ref/alert_rules.csv cannot be used; correct them and build again.
with

rules as (
    select
        *,
        count(*) over (partition by rule, measure) as same_count,
        max(threshold) filter (where rule = 'LIMIT_EXCEEDED' and is_enabled) over ()
            as limit_threshold,
    from ref_alert_rules
),

known as (
    select
        unnest([
            'SCORE_DROP', 'SCORE_DROP', 'OVERDUE_JUMP', 'OVERDUE_JUMP', 'LIMIT_EXCEEDED',
            'LIMIT_90', 'DSO_DRIFT', 'NEW_90PLUS', 'BROKEN_PROMISE', 'PAYMENT_REJECT',
            'DISPUTE_OPENED', 'DISPUTE_LONG', 'LEGAL_EVENT', 'CEASED', 'STALE_DATA',
            'STALE_DATA', 'STALE_DATA', 'ADDRESS_CHANGE', 'OWNER_CHANGE', 'LEGAL_FORM_CHANGE',
            'ACTIVITY_CHANGE', 'BUSINESS_SOLD', 'MERGED', 'ACCOUNTS_LATE', 'ACCOUNTS_CONFIDENTIAL',
            'INSURER_LIMIT_CUT'
        ]) as rule,
        unnest([
            'classes', 'points', 'overdue_ratio', 'overdue_factor', 'utilisation_ratio',
            'utilisation_ratio', 'late_days', 'overdue_days', 'event', 'event',
            'event', 'open_days', 'severity', 'event', 'entry_days',
            'invoice_days', 'payment_days', 'event', 'event', 'event',
            'event', 'event', 'event', 'event', 'event',
            'event'
        ]) as measure,
        unnest([
            false, false, true, true, false,
            false, false, true, true, true,
            true, false, false, false, false,
            false, false, true, true, true,
            true, true, true, false, true,
            true
        ]) as needs_window,
),

measures as (
    select
        rule,
        string_agg(measure, ', ' order by measure) as measures,
        bool_or(needs_window) as needs_window,
    from known
    group by rule
),

problems as (
    select
        rules.rule,
        rules.measure,
        case
            when measures.rule is null
                then 'rule is not known: SCORE_DROP, OVERDUE_JUMP, LIMIT_EXCEEDED, LIMIT_90, '
                    || 'DSO_DRIFT, NEW_90PLUS, BROKEN_PROMISE, PAYMENT_REJECT, DISPUTE_OPENED, '
                    || 'DISPUTE_LONG, LEGAL_EVENT, CEASED, ADDRESS_CHANGE, OWNER_CHANGE, '
                    || 'LEGAL_FORM_CHANGE, ACTIVITY_CHANGE, BUSINESS_SOLD, MERGED, ACCOUNTS_LATE, '
                    || 'ACCOUNTS_CONFIDENTIAL, INSURER_LIMIT_CUT or STALE_DATA'
            when known.rule is null
                then 'measure is not known: this rule measures ' || measures.measures
            when rules.same_count > 1 then 'the same rule and measure stand on several lines'
            when rules.severity < 1 or rules.severity > 10 then 'severity must be 1 to 10'
            when rules.measure = 'event' and rules.threshold is not null
                then 'threshold must be empty: an event happens or does not'
            when rules.measure <> 'event' and rules.threshold is null
                then 'threshold is missing'
            when rules.threshold <= 0 then 'threshold must be more than 0'
            when rules.measure = 'overdue_factor' and rules.threshold <= 1
                then 'threshold must be more than 1: it is a factor'
            when rules.measure = 'overdue_ratio' and rules.threshold > 1
                then 'threshold must be at most 1: 0.15 is 15 per cent'
            when rules.measure = 'utilisation_ratio' and rules.threshold > 10
                then 'threshold must be at most 10: 0.9 is 90 per cent of the limit'
            when rules.measure = 'classes' and rules.threshold not in (1, 2, 3, 4)
                then 'threshold must be 1 to 4 classes'
            when rules.measure = 'points' and rules.threshold > 100
                then 'threshold must be at most 100 points'
            when rules.measure = 'severity' and rules.threshold > 10
                then 'threshold must be at most 10, the worst severity'
            when rules.rule = 'LIMIT_90' and rules.threshold >= rules.limit_threshold
                then 'threshold must be below that of LIMIT_EXCEEDED'
            when rules.over_amount < 0 then 'over_amount must be 0 or more'
            when measures.needs_window and rules.window_days is null
                then 'window_days is missing'
            when rules.window_days < 1 or rules.window_days > 3650
                then 'window_days must be 1 to 3650'
            when trim(rules.words_en) = '' or trim(rules.words_fr) = ''
                then 'words_en and words_fr must say something'
            when contains(regexp_replace(
                rules.words_en || rules.words_fr, '\{(old|new|about|date|window)\}', '', 'g'
            ), '{')
                then 'words may hold {old}, {new}, {about}, {date} and {window}, nothing else in {}'
        end as problem,
    from rules
    left join known on known.rule = rules.rule and known.measure = rules.measure
    left join measures on measures.rule = rules.rule
)

select
    rule,
    measure,
    problem,
from problems
where problem is not null
