-- grain: one row per entity and step of 30 days overdue
-- key: entity_no, step_no
-- question: Which part of what stands in a step is lost in the end, by the experience of a year?
-- materialized: table
-- columns:
--   entity_no: rank of the entity
--   step_no: 0 not due, 1 for 1 to 30 days overdue, and so on; 7 for more than 180
--   loss_ratio: product of the roll ratios from this step on, from 0 to 1; null where nothing ever
--     stood in one of them
-- decisions: 39
with

accounts as (
    select
        account_key,
        entity_no,
    from int_accounts
    where side = 'customer' and account_family <> '416'
),

balances as (
    select * from int_item_balances
    where is_aged and balance_amount > 0 and not is_age_unknown
),

-- the last thirteen month ends that are over
months as (
    select
        month_no,
        month_end_date,
    from int_months
    where month_end_date = last_day(month_end_date)
    order by month_no
    limit 13
),

-- fans out on purpose: an item stands at each month end of its period
at_months as (
    select
        months.month_no,
        balances.account_key,
        case
            when balances.due_date is null or balances.due_date >= months.month_end_date then 0
            else least(7, (months.month_end_date - balances.due_date + 29) // 30)
        end as step_no,
        sum(balances.balance_amount) as amount,
    from balances
    inner join months
        on balances.valid_from <= months.month_end_date
        and coalesce(balances.valid_to, date '9999-12-31') > months.month_end_date
    group by all
),

entity_steps as (
    select
        accounts.entity_no,
        at_months.month_no,
        at_months.step_no,
        sum(at_months.amount) as amount,
    from at_months
    inner join accounts on accounts.account_key = at_months.account_key
    group by all
),

-- month_no counts backwards: the month before has the next number
rolled as (
    select
        earlier.entity_no,
        earlier.step_no,
        cast(coalesce(later.amount, 0) / earlier.amount as decimal(18, 9)) as roll_ratio,
    from entity_steps as earlier
    inner join months on months.month_no = earlier.month_no - 1
    left join entity_steps as later
        on later.entity_no = earlier.entity_no
        and later.month_no = earlier.month_no - 1
        and later.step_no = earlier.step_no + 1
    where earlier.step_no < 7
),

means as (
    select
        entity_no,
        step_no,
        least(1, cast(sum(roll_ratio) / count(*) as decimal(18, 9))) as roll_ratio,
    from rolled
    group by entity_no, step_no
),

steps as (
    select
        entities.entity_no,
        numbers.step_no,
    from (select distinct entity_no from accounts) as entities
    cross join (select unnest(range(0, 8)) as step_no) as numbers
),

final as (
    select
        steps.entity_no,
        cast(steps.step_no as integer) as step_no,
        cast(
            case
                when bool_or(means.roll_ratio = 0) then 0
                when count(means.roll_ratio) < 7 - steps.step_no then null
                else coalesce(product(means.roll_ratio order by means.step_no), 1)
            end as decimal(9, 6)
        ) as loss_ratio,
    from steps
    left join means
        on means.entity_no = steps.entity_no
        and means.step_no >= steps.step_no
    group by steps.entity_no, steps.step_no
)

select * from final
