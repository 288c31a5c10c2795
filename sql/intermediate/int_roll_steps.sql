-- grain: one row per entity, or for the group, side, month and step of 30 days that held something
-- key: scope_id, side, month_no, roll_no
-- question: Of what stood in a step at a month end, how much stood in the next one a month later?
-- materialized: view
-- columns:
--   scope_id: entity_id, or group for the sum of the entities without intercompany
--   side: customer or supplier
--   month_no: the month at whose end the next step is looked at, see int_months
--   month_end_date: its last day
--   roll_no: step of 30 days overdue at the end of the month before, 0 to 6
--   from_amount: open items of the step at the end of the month before
--   to_amount: open items of the next step at the end of the month; after 6, of 181 to 210 days
--   roll_ratio: to_amount / from_amount, not rounded; null where from_amount is zero
-- decisions: 34
with

balances as (
    select * from int_roll_balances
    where roll_no <= 7  -- what is later than 210 days rolls nowhere
),

shown as (
    select * from int_months
    where is_shown
),

-- months that are over and whose month before is told too, the latest twelve
months as (
    select
        month_no,
        month_end_date,
    from shown
    where
        month_end_date = last_day(month_end_date)
        and month_no < (select max(month_no) from shown)
    order by month_no
    limit 12
),

-- each balance is where one month begins and where another ends
roles as (
    select unnest([true, false]) as is_from
),

sides as (
    select
        balances.scope_id,
        balances.side,
        balances.month_no - case when roles.is_from then 1 else 0 end as month_no,
        balances.roll_no - case when roles.is_from then 0 else 1 end as roll_no,
        case when roles.is_from then balances.debit_amount else 0 end as from_amount,
        case when roles.is_from then 0 else balances.debit_amount end as to_amount,
    from balances
    cross join roles
),

steps as (
    select
        sides.scope_id,
        sides.side,
        sides.month_no,
        months.month_end_date,
        sides.roll_no,
        cast(sum(sides.from_amount) as decimal(18, 2)) as from_amount,
        cast(sum(sides.to_amount) as decimal(18, 2)) as to_amount,
    from sides
    inner join months on months.month_no = sides.month_no
    where sides.roll_no between 0 and 6
    group by sides.scope_id, sides.side, sides.month_no, months.month_end_date, sides.roll_no
),

final as (
    select
        scope_id,
        side,
        month_no,
        month_end_date,
        roll_no,
        from_amount,
        to_amount,
        case when from_amount > 0 then cast(to_amount / from_amount as decimal(38, 12)) end
            as roll_ratio,
    from steps
    where from_amount <> 0 or to_amount <> 0
)

select * from final
