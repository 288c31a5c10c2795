-- severity: fail
-- sentence: These lines of ref/action_rules.csv cannot be used; correct them and build again.
--   Every situation needs a line.
with

rules as (
    select
        *,
        min(rule_no) filter (
            where
                segment = '*' and risk_class = '*' and from_level is null
                and to_level is null and to_days is null and coalesce(from_days, 0) <= 1
        ) over (partition by situation) as catch_all_no,
    from ref_action_rules
),

situations as (
    select unnest([
        'claim', 'dispute', 'promise broken', 'promise due', 'follow up', 'legal case due',
        'letter due', 'call due', 'overdue'
    ]) as situation
),

problems as (
    select
        rule_no,
        situation,
        case
            when situation not in (select situation from situations)
                then 'situation is not known: claim, dispute, promise broken, promise due, '
                    || 'follow up, legal case due, letter due, call due or overdue'
            when action not in (
                'declare the claim', 'answer the dispute', 'call about the promise',
                'check the payment', 'call', 'hand over', 'escalate', 'send the letter', 'review'
            )
                then 'action is not known: declare the claim, answer the dispute, call about the '
                    || 'promise, check the payment, call, hand over, escalate, send the letter '
                    || 'or review'
            when risk_class not in ('*', 'A', 'B', 'C', 'D', 'E', 'N')
                then 'risk_class must be A to E, N or *'
            when from_days > to_days then 'from_days is more than to_days'
            when from_level > to_level then 'from_level is more than to_level'
            when quiet_days < 0 then 'quiet_days must be 0 or more'
            when priority < 1 then 'priority must be 1 or more'
            when rule_no > catch_all_no and quiet_days >= min(quiet_days) over (
                partition by situation order by rule_no
                rows between unbounded preceding and 1 preceding
            )
                then 'never applies: line ' || catch_all_no || ' before it takes everything'
        end as problem,
    from rules
)

select
    rule_no,
    situation,
    problem,
from problems
where problem is not null
union all
select
    null as rule_no,
    situations.situation,
    'no line tells what to do' as problem,
from situations
where situations.situation not in (select situation from ref_action_rules)
