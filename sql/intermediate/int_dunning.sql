-- grain: one row per customer with an overdue item at the as-of date
-- key: counterparty_no
-- question: Which reminder is due to a customer, and if none, why not?
-- materialized: table
-- columns:
--   counterparty_no: customer, see int_accounts
--   status: due, paused (something would be due), waiting (for a day to come) or finished (the last
--     level is done)
--   due_level: level that is due: the highest of the items that are ready; null: none
--   due_kind: of that level
--   due_channel: of that level
--   policy_segment: segment of the ladder that counts
--   policy_class: class of that ladder
--   reached_level: highest level that was done for one of its items
--   reached_date: day on which one of them was last reminded; null: never
--   next_date: first day on which a level falls due for an item that is not paused; null: none
--   pause_reason: what pauses the customer: credits, below minimum, or that of its items which
--     ranks first; null where the customer is not paused
--   pause_reasons: all reasons that pause an item, by name; null: none
--   item_count: overdue items
--   overdue_amount: overdue items
--   credit_amount: open credits, negative
--   ready_amount: items whose next level is due and that nothing pauses
--   ready_count: number of these
--   paused_amount: overdue items that are paused
--   disputed_amount: of these, disputed
--   promised_amount: of these, promised
--   oldest_overdue_days: days overdue of the oldest
-- decisions: 56, 57
with

items as (
    select * from int_dunning_items
),

ladders as (
    select * from int_dunning_ladders
),

credits as (
    select
        accounts.counterparty_no,
        sum(open_items.open_amount) as credit_amount,
    from int_open_items as open_items
    inner join int_accounts as accounts on accounts.account_key = open_items.account_key
    where open_items.is_aged and open_items.open_amount < 0 and accounts.side = 'customer'
    group by accounts.counterparty_no
),

sums as (
    select
        counterparty_no,
        max(next_level) filter (where is_ready) as ready_level,
        max(reached_level) as reached_level,
        max(reached_date) as reached_date,
        min(next_date) filter (where pause_reason is null) as next_date,
        bool_and(pause_reason is not null) as is_all_paused,
        bool_and(pause_reason is null and next_level is null) as is_finished,
        min(case pause_reason
            when 'procedure' then 1
            when 'legal case' then 2
            when 'disputed' then 3
            when 'promised' then 4
            when 'blocked' then 5
            when 'intercompany' then 6
        end) as pause_no,
        string_agg(distinct pause_reason, ', ' order by pause_reason) as pause_reasons,
        count(*) as item_count,
        sum(open_amount) as overdue_amount,
        sum(open_amount) filter (where is_ready) as ready_amount,
        count(*) filter (where is_ready) as ready_count,
        sum(open_amount) filter (where pause_reason is not null) as paused_amount,
        sum(open_amount) filter (where pause_reason = 'disputed') as disputed_amount,
        sum(open_amount) filter (where pause_reason = 'promised') as promised_amount,
        max(overdue_days) as oldest_overdue_days,
    from items
    group by counterparty_no
),

policies as (
    select
        counterparty_no,
        min(policy_segment) as policy_segment,
        min(policy_class) as policy_class,
    from ladders
    group by counterparty_no
),

judged as (
    select
        sums.*,
        policies.policy_segment,
        policies.policy_class,
        ladders.kind,
        ladders.channel,
        coalesce(credits.credit_amount, 0) as credit_amount,
        case
            when sums.ready_level is null then null
            when sums.overdue_amount + coalesce(credits.credit_amount, 0) <= 0 then 'credits'
            when least(
                sums.ready_amount, sums.overdue_amount + coalesce(credits.credit_amount, 0)
            ) < ladders.minimum_amount then 'below minimum'
        end as customer_pause,
    from sums
    left join policies on policies.counterparty_no = sums.counterparty_no
    left join credits on credits.counterparty_no = sums.counterparty_no
    left join ladders
        on ladders.counterparty_no = sums.counterparty_no
        and ladders.level = sums.ready_level
),

final as (
    select
        counterparty_no,
        case
            when customer_pause is not null then 'paused'
            when ready_level is not null then 'due'
            when is_all_paused then 'paused'
            when is_finished then 'finished'
            else 'waiting'
        end as status,
        case when customer_pause is null then ready_level end as due_level,
        case when customer_pause is null then kind end as due_kind,
        case when customer_pause is null then channel end as due_channel,
        policy_segment,
        policy_class,
        reached_level,
        reached_date,
        next_date,
        case
            when customer_pause is not null then customer_pause
            when ready_level is null and is_all_paused then case pause_no
                when 1 then 'procedure'
                when 2 then 'legal case'
                when 3 then 'disputed'
                when 4 then 'promised'
                when 5 then 'blocked'
                when 6 then 'intercompany'
            end
        end as pause_reason,
        pause_reasons,
        item_count,
        cast(overdue_amount as decimal(18, 2)) as overdue_amount,
        cast(credit_amount as decimal(18, 2)) as credit_amount,
        cast(coalesce(ready_amount, 0) as decimal(18, 2)) as ready_amount,
        ready_count,
        cast(coalesce(paused_amount, 0) as decimal(18, 2)) as paused_amount,
        cast(coalesce(disputed_amount, 0) as decimal(18, 2)) as disputed_amount,
        cast(coalesce(promised_amount, 0) as decimal(18, 2)) as promised_amount,
        oldest_overdue_days,
    from judged
)

select * from final
