-- grain: one row per customer, measure and subject of OVERDUE_JUMP and NEW_90PLUS that fits
-- key: counterparty_no, rule, measure, subject
-- question: Whose share overdue jumped, and which documents are late for too long since lately?
-- materialized: view
-- columns:
--   counterparty_no: customer
--   rule: OVERDUE_JUMP or NEW_90PLUS
--   measure: overdue_ratio, overdue_factor or overdue_days
--   subject: document and due date, for the key of the alert
--   about: document
--   value_unit: ratio or days
--   old_value: share overdue at the begin of the window; days that were passed
--   new_value: share overdue, days overdue
--   at_stake_amount: overdue items; open part of the document, currency of the entity
--   event_date: first day on which the document was overdue, or so late
-- decisions: 80, 82
with

settings as (
    select * from params
),

rules as (
    select * from ref_alert_rules
    where is_enabled
),

accounts as (
    select
        account_key,
        counterparty_no,
        entity_no,
    from int_accounts
    where side = 'customer'
),

entities as (
    select * from int_entities
),

balances as not materialized (
    select
        int_item_balances.*,
        settings.as_of,
    from int_item_balances
    cross join settings
    where
        int_item_balances.is_aged
        and int_item_balances.balance_amount > 0
        and int_item_balances.valid_from <= settings.as_of
),

items as not materialized (
    select * from int_items
),

bucket_days as (
    select * from int_bucket_days
),

last_day_no as (
    select max(last_days) as last_days from bucket_days
),

overdue_now as (
    select * from int_score_balances
    where month_no = 0 and overdue_amount > 0
),

jump_rules as (
    select * from rules
    where rule = 'OVERDUE_JUMP'
),

spans as (
    select distinct
        jump_rules.window_days,
        cast(settings.as_of - jump_rules.window_days as date) as base_date,
    from jump_rules
    cross join settings
),

-- fans out on purpose: an item stands at each begin of a window
at_base as (
    select
        spans.window_days,
        accounts.counterparty_no,
        sum(balances.balance_amount) as gross_amount,
        sum(balances.balance_amount) filter (where bucket_days.is_overdue) as overdue_amount,
    from balances
    inner join spans
        on balances.valid_from <= spans.base_date
        and (balances.valid_to is null or balances.valid_to > spans.base_date)
    inner join accounts on accounts.account_key = balances.account_key
    cross join last_day_no
    left join bucket_days
        on bucket_days.overdue_days = case
            when balances.is_age_unknown then null
            when balances.due_date is null then -1
            else greatest(-1, least(spans.base_date - balances.due_date, last_day_no.last_days))
        end
    group by spans.window_days, accounts.counterparty_no
),

-- a customer of whom nothing was open had nothing overdue; before the first entry nothing is known
ratios as (
    select
        spans.window_days,
        spans.base_date,
        overdue_now.counterparty_no,
        overdue_now.overdue_amount,
        coalesce(at_base.overdue_amount, 0) as before_amount,
        cast(overdue_now.overdue_amount / overdue_now.gross_amount as decimal(9, 4))
            as overdue_ratio,
        cast(coalesce(at_base.overdue_amount / nullif(at_base.gross_amount, 0), 0)
            as decimal(9, 4)) as before_ratio,
    from overdue_now
    cross join spans
    inner join (select distinct counterparty_no, entity_no from accounts) as customers
        on customers.counterparty_no = overdue_now.counterparty_no
    inner join entities
        on entities.entity_no = customers.entity_no
        and entities.first_date <= spans.base_date
    left join at_base
        on at_base.counterparty_no = overdue_now.counterparty_no
        and at_base.window_days = spans.window_days
),

jumps as (
    select
        ratios.*,
        rules.measure,
    from ratios
    inner join jump_rules as rules
        on rules.window_days = ratios.window_days
        and ratios.overdue_amount > ratios.before_amount
        and (
            (
                rules.measure = 'overdue_ratio'
                and ratios.overdue_ratio - ratios.before_ratio >= rules.threshold
            )
            or (
                rules.measure = 'overdue_factor'
                and ratios.before_ratio > 0
                and ratios.overdue_ratio >= ratios.before_ratio * rules.threshold
            )
        )
),

late as (
    select
        accounts.counterparty_no,
        balances.item_key,
        balances.due_date,
        balances.balance_amount,
        cast(balances.as_of - balances.due_date as integer) as overdue_days,
    from balances
    inner join accounts on accounts.account_key = balances.account_key
    where
        (balances.valid_to is null or balances.valid_to > balances.as_of)
        and not balances.is_age_unknown
        and balances.due_date < balances.as_of
),

-- the document behind the jump: the largest that was not overdue when the window began
causes as (
    select
        jumps.counterparty_no,
        jumps.measure,
        coalesce(items.document_ref, '') as document_ref,
        late.due_date,
        row_number() over (
            partition by jumps.counterparty_no, jumps.measure
            order by
                (late.due_date >= jumps.base_date or items.movement_date > jumps.base_date) desc,
                items.amount desc,
                late.due_date,
                items.document_ref,
                late.item_key
        ) as rank_no,
    from jumps
    inner join late on late.counterparty_no = jumps.counterparty_no
    inner join items on items.item_key = late.item_key
),

-- instalments are documents of their own; what takes over from a document has its number and date
crossings as (
    select
        late.counterparty_no,
        rules.measure,
        rules.threshold,
        coalesce(items.document_ref, '') as document_ref,
        late.due_date,
        late.overdue_days,
        sum(late.balance_amount) as open_amount,
    from late
    inner join rules
        on rules.rule = 'NEW_90PLUS'
        and late.overdue_days > rules.threshold
        and late.overdue_days <= rules.threshold + rules.window_days
    inner join items on items.item_key = late.item_key
    group by
        late.counterparty_no, rules.measure, rules.threshold, coalesce(items.document_ref, ''),
        late.due_date, late.overdue_days
),

final as (
    select
        jumps.counterparty_no,
        'OVERDUE_JUMP' as rule,
        jumps.measure,
        causes.document_ref || ' ' || cast(causes.due_date as varchar) as subject,
        causes.document_ref as about,
        'ratio' as value_unit,
        cast(jumps.before_ratio as decimal(20, 4)) as old_value,
        cast(jumps.overdue_ratio as decimal(20, 4)) as new_value,
        cast(jumps.overdue_amount as decimal(18, 2)) as at_stake_amount,
        cast(causes.due_date + 1 as date) as event_date,
    from jumps
    inner join causes
        on causes.counterparty_no = jumps.counterparty_no
        and causes.measure = jumps.measure
        and causes.rank_no = 1
    union all
    select
        counterparty_no,
        'NEW_90PLUS' as rule,
        measure,
        document_ref || ' ' || cast(due_date as varchar) as subject,
        document_ref as about,
        'days' as value_unit,
        cast(threshold as decimal(20, 4)) as old_value,
        cast(overdue_days as decimal(20, 4)) as new_value,
        cast(open_amount as decimal(18, 2)) as at_stake_amount,
        cast(due_date + cast(floor(threshold) as integer) + 1 as date) as event_date,
    from crossings
)

select * from final
