-- grain: one row per invoice of the fiscal year whose agreed term is beyond the legal cap
-- key: entity_id, item_id
-- sort: entity_id, side, beyond_days, item_id
-- question: Which terms that were agreed with customers and suppliers does the law not allow?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   item_id: the item, see fct_items
--   side: customer, a term that the entity grants; supplier, one that it takes and is fined for
--   counterparty_id: code of the customer or supplier
--   document_ref: reference of the document
--   issue_date: date of the document, from which the cap runs
--   due_date: agreed due date
--   cap_date: last date that the law allows
--   due_date_source: the document or contract that tells the due date, see fct_items
--   category: category of ref_payment_caps
--   article: article of the law that sets the cap
--   is_intercompany: the counterparty belongs to the group
--   term_days: days from issue to due date
--   beyond_days: days from the cap to the due date
--   invoice_amount: amount of the document, tax included, currency of the entity
--   open_amount: what is open of it at the as-of date
-- decisions: 42
with

caps as (
    select
        *,
        lower(strip_accents(trim(category))) as category_code,
    from ref_payment_caps
),

standard as (
    select * from caps
    where category_code = 'standard'
),

-- only the shortest cap that there is can be exceeded
shortest as (
    select min(cap_days) as cap_days from caps
),

categories as (
    select
        entity_no,
        side,
        counterparty_id,
        lower(strip_accents(trim(category))) as category_code,
    from stg_erp__counterparties
    where category is not null
),

years as (
    select * from int_payment_years
),

accounts as (
    select * from int_accounts
),

agreed as (
    select
        items.item_key,
        items.account_key,
        items.document_ref,
        items.issue_date,
        items.due_date,
        items.due_date_source,
        items.movement_date,
        items.amount,
    from int_items as items
    cross join shortest
    where
        (items.is_sale or items.due_date_source = 'bill_label')
        -- a retention is due when the guarantee ends, which is no term of payment
        and items.item_type <> 'retention'
        and items.is_aged
        and items.amount > 0
        and items.due_date - items.issue_date > shortest.cap_days
        and items.due_date_source in (
            'erp_invoice', 'extract_column', 'bill_label', 'invoice_terms', 'counterparty_terms',
            'person_terms', 'counterparty_file'
        )
),

capped as (
    select
        years.entity_id,
        accounts.side,
        accounts.counterparty_id,
        accounts.is_intercompany,
        agreed.*,
        coalesce(caps.category, standard.category) as category,
        coalesce(caps.article, standard.article) as article,
        coalesce(caps.cap_days, standard.cap_days) as cap_days,
        case when caps.category is null then standard.end_of_month_days
            else caps.end_of_month_days end as end_of_month_days,
    from agreed
    inner join accounts on accounts.account_key = agreed.account_key
    inner join years
        on years.entity_no = accounts.entity_no
        and agreed.movement_date between years.fiscal_year_start and years.as_of
    cross join standard
    left join categories
        on categories.entity_no = accounts.entity_no
        and categories.side = accounts.side
        and categories.counterparty_id = accounts.counterparty_id
    left join caps on caps.category_code = categories.category_code
),

-- both readings of "45 days end of month" are legal: the later one is the cap
dated as (
    select
        *,
        greatest(
            issue_date + cap_days,
            last_day(issue_date + end_of_month_days),
            last_day(issue_date) + end_of_month_days
        ) as cap_date,
    from capped
),

open_items as (
    select
        int_item_balances.item_key,
        int_item_balances.balance_amount,
    from int_item_balances
    cross join params
    where
        int_item_balances.valid_from <= params.as_of
        and (int_item_balances.valid_to is null or int_item_balances.valid_to > params.as_of)
),

final as (
    select
        dated.entity_id,
        dated.item_key % 1000000000000000 as item_id,
        dated.side,
        dated.counterparty_id,
        dated.document_ref,
        dated.issue_date,
        dated.due_date,
        dated.cap_date,
        cast(dated.due_date_source as varchar) as due_date_source,
        dated.category,
        dated.article,
        dated.is_intercompany,
        cast(dated.due_date - dated.issue_date as integer) as term_days,
        cast(dated.due_date - dated.cap_date as integer) as beyond_days,
        dated.amount as invoice_amount,
        coalesce(open_items.balance_amount, 0) as open_amount,
    from dated
    left join open_items on open_items.item_key = dated.item_key
    where dated.due_date > dated.cap_date
)

select * from final
