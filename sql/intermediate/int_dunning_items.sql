-- grain: one row per item of a customer that is overdue at the as-of date
-- key: item_key
-- question: Which level of reminding has an overdue item reached, and which is due now?
-- materialized: table
-- columns:
--   item_key: the item
--   counterparty_no: customer, see int_accounts
--   overdue_days: days past due
--   open_amount: what is open of it
--   age_level: highest level that its days allow, 0: none yet
--   reached_level: highest level that was done for it, 0: none
--   reached_date: day on which it was last reminded; null: never
--   next_level: the level after that; null after the last one of the ladder
--   next_date: day from which that level is due; null after the last one
--   kind: of that level
--   channel: of that level
--   minimum_amount: of that level
--   pause_reason: procedure, legal case, disputed, promised, blocked or intercompany; null: none
--   is_ready: the next level is due at the as-of date and nothing pauses the item
-- decisions: 56, 57
with

settings as (
    select * from params
),

accounts as (
    select * from int_accounts
    where side = 'customer' and is_aged
),

insolvencies as (
    select int_insolvencies.*
    from int_insolvencies
    cross join settings
    where
        int_insolvencies.known_from <= settings.as_of
        and (int_insolvencies.known_to is null or int_insolvencies.known_to > settings.as_of)
),

known as (
    select * from stg_erp__counterparties
    where side = 'customer'
),

ladders as (
    select * from int_dunning_ladders
),

roots as (
    select * from int_item_roots
),

overdue as (
    select
        open_items.item_key,
        accounts.counterparty_no,
        accounts.entity_no,
        accounts.is_intercompany,
        open_items.overdue_days,
        open_items.open_amount,
        items.due_date,
        items.issue_date,
        coalesce(roots.root_key, open_items.item_key) as root_key,
        coalesce(items.issue_date < insolvencies.opened_on, false) as is_in_procedure,
        coalesce(known.is_blocked, false) as is_blocked,
    from int_open_items as open_items
    inner join accounts on accounts.account_key = open_items.account_key
    inner join int_items as items on items.item_key = open_items.item_key
    left join insolvencies on insolvencies.counterparty_no = accounts.counterparty_no
    left join roots on roots.item_key = open_items.item_key
    left join known
        on known.entity_no = accounts.entity_no
        and known.counterparty_id = accounts.counterparty_id
    where open_items.is_aged and open_items.is_overdue and open_items.open_amount > 0
),

-- what each kind of action means where the extract gives no level
ladder_ends as (
    select
        counterparty_no,
        max(level) as last_level,
        min(level) filter (where kind = 'formal notice') as notice_level,
        min(level) filter (where kind = 'legal case') as legal_level,
    from ladders
    group by counterparty_no
),

actions as (
    select
        done.*,
        done.kind = 'legal case' as is_legal,
        case
            when done.level is not null then done.level
            when done.kind = 'formal notice' then coalesce(ends.notice_level, 1)
            when done.kind = 'legal case' then coalesce(ends.legal_level, ends.last_level)
            when done.kind in ('letter', 'e-mail') then 1
        end as action_level,
    from int_collection_actions as done
    inner join ladder_ends as ends on ends.counterparty_no = done.counterparty_no
    where done.level is not null or done.kind not in ('call', 'claim declared')
),

-- an action counts once the item was late; one about the account counts for an item no further
-- than the days of the item allowed by then
acted as (
    select
        overdue.item_key,
        overdue.counterparty_no,
        actions.action_date,
        actions.is_legal,
        actions.action_level,
        cast(null as integer) as late_days,
    from overdue
    inner join actions on actions.item_key = overdue.root_key
    where actions.action_date > overdue.due_date
    union all
    select
        overdue.item_key,
        overdue.counterparty_no,
        actions.action_date,
        actions.is_legal,
        actions.action_level,
        cast(actions.action_date - overdue.due_date as integer) as late_days,
    from overdue
    inner join actions on actions.counterparty_no = overdue.counterparty_no
    where actions.is_account and actions.action_date > overdue.due_date
),

days as (
    select
        late.counterparty_no,
        late.late_days,
        coalesce(max(ladders.level), 0) as age_level,
    from (
        select counterparty_no, overdue_days as late_days from overdue
        union
        select counterparty_no, late_days from acted where late_days is not null
    ) as late
    left join ladders
        on ladders.counterparty_no = late.counterparty_no
        and ladders.after_days <= late.late_days
    group by late.counterparty_no, late.late_days
),

levels as (
    select
        acted.item_key,
        bool_or(acted.is_legal) as is_legal,
        max(least(acted.action_level, coalesce(days.age_level, acted.action_level))) as level,
        max(acted.action_date) filter (
            where least(acted.action_level, coalesce(days.age_level, acted.action_level)) > 0
        ) as level_date,
    from acted
    left join days
        on days.counterparty_no = acted.counterparty_no
        and days.late_days = acted.late_days
    group by acted.item_key
),

disputed as (
    select distinct int_item_disputes.item_key
    from int_item_disputes
    cross join settings
    where
        int_item_disputes.disputed_from <= settings.as_of
        and (
            int_item_disputes.disputed_to is null or int_item_disputes.disputed_to > settings.as_of
        )
),

running as (
    select
        promises.entity_id,
        promises.counterparty_id,
        promises.document_ref,
    from int_promises as promises
    where promises.status = 'open'
),

-- a promise whose document is not found is one about the account
promised as (
    select
        running.entity_id,
        upper(trim(running.counterparty_id)) as counterparty_code,
        documents.item_key,
    from running
    inner join project_entities on project_entities.entity_id = running.entity_id
    left join int_document_items as documents
        on documents.entity_no = project_entities.entity_no
        and documents.counterparty_id = running.counterparty_id
        and documents.document_id = running.document_ref
),

promised_items as (
    select distinct item_key from promised
    where item_key is not null
),

promised_accounts as (
    select distinct accounts.counterparty_no
    from promised
    inner join accounts
        on accounts.entity_id = promised.entity_id
        and upper(trim(accounts.counterparty_id)) = promised.counterparty_code
    where promised.item_key is null
),

levelled as (
    select
        overdue.*,
        days.age_level,
        coalesce(levels.level, 0) as reached_level,
        levels.level_date as reached_date,
        case
            when overdue.is_in_procedure then 'procedure'
            when levels.is_legal then 'legal case'
            when disputed.item_key is not null or root_disputed.item_key is not null
                then 'disputed'
            when promised_items.item_key is not null
                or promised_accounts.counterparty_no is not null
                then 'promised'
            when overdue.is_blocked then 'blocked'
            when overdue.is_intercompany then 'intercompany'
        end as pause_reason,
    from overdue
    inner join days
        on days.counterparty_no = overdue.counterparty_no
        and days.late_days = overdue.overdue_days
    left join levels on levels.item_key = overdue.item_key
    left join disputed on disputed.item_key = overdue.item_key
    left join disputed as root_disputed on root_disputed.item_key = overdue.root_key
    left join promised_items on promised_items.item_key = overdue.root_key
    left join promised_accounts on promised_accounts.counterparty_no = overdue.counterparty_no
),

stepped as (
    select
        levelled.*,
        ladders.level as next_level,
        ladders.kind,
        ladders.channel,
        ladders.minimum_amount,
        case when ladders.level is not null then greatest(
            levelled.due_date + ladders.after_days,
            coalesce(levelled.reached_date + ladders.wait_days, levelled.due_date)
        ) end as next_date,
    from levelled
    left join ladders
        on ladders.counterparty_no = levelled.counterparty_no
        and ladders.level = levelled.reached_level + 1
),

final as (
    select
        stepped.item_key,
        stepped.counterparty_no,
        stepped.overdue_days,
        stepped.open_amount,
        stepped.age_level,
        stepped.reached_level,
        stepped.reached_date,
        stepped.next_level,
        stepped.next_date,
        stepped.kind,
        stepped.channel,
        stepped.minimum_amount,
        stepped.pause_reason,
        coalesce(stepped.pause_reason is null and stepped.next_date <= settings.as_of, false)
            as is_ready,
    from stepped
    cross join settings
)

select * from final
