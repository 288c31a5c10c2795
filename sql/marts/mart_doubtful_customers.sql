-- grain: one row per entity and customer with something open on 416, or an allowance of its own
-- key: entity_id, counterparty_id
-- sort: entity_id, counterparty_id
-- question: Which customers are doubtful, and is each covered?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer
--   doubtful_amount: open debits less open credits on 416, tax included, currency of the entity
--   doubtful_excl_tax_amount: the same without tax, document by document, currency of the entity
--   allowance_amount: balance of the lines of 491 that carry the code of the customer, currency of
--     the entity; null where none does
--   coverage_ratio: allowance_amount / doubtful_excl_tax_amount; null where either is missing
--   required_amount: doubtful_excl_tax_amount × the rate of provision_rates.csv for doubtful,
--     currency of the entity; null where none is given
--   is_intercompany: the customer belongs to the group
-- decisions: 39, 52
with

items as (
    select * from int_doubtful_items
),

accounts as (
    select * from int_accounts
),

doubtful_rates as (
    select max(rate) / 100 as required_ratio
    from ref_provision_rates
    where bucket = 'doubtful' and segment = 'all'
),

-- the account number stands for the customer where a ledger has no auxiliary accounts
doubtful as (
    select
        accounts.entity_id,
        accounts.counterparty_id,
        bool_or(accounts.is_intercompany) as is_intercompany,
        sum(items.open_amount) as doubtful_amount,
        sum(items.excl_tax_amount) as doubtful_excl_tax_amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    group by accounts.entity_id, accounts.counterparty_id
),

allowances as (
    select
        entity_id,
        counterparty_id,
        sum(amount) as allowance_amount,
    from int_provisions
    where kind in ('opening', 'allowance') and counterparty_id <> ''
    group by entity_id, counterparty_id
    having sum(amount) <> 0
),

joined as (
    select
        coalesce(doubtful.entity_id, allowances.entity_id) as entity_id,
        coalesce(doubtful.counterparty_id, allowances.counterparty_id) as counterparty_id,
        coalesce(doubtful.is_intercompany, false) as is_intercompany,
        coalesce(doubtful.doubtful_amount, 0) as doubtful_amount,
        cast(coalesce(doubtful.doubtful_excl_tax_amount, 0) as decimal(18, 2))
            as doubtful_excl_tax_amount,
        allowances.allowance_amount,
    from doubtful
    full join allowances
        on allowances.entity_id = doubtful.entity_id
        and allowances.counterparty_id = doubtful.counterparty_id
),

without_tax as (
    select
        joined.*,
        doubtful_rates.required_ratio,
    from joined
    cross join doubtful_rates
),

final as (
    select
        entity_id,
        counterparty_id,
        cast(doubtful_amount as decimal(18, 2)) as doubtful_amount,
        doubtful_excl_tax_amount,
        cast(allowance_amount as decimal(18, 2)) as allowance_amount,
        case when doubtful_excl_tax_amount > 0
            then cast(allowance_amount / doubtful_excl_tax_amount as decimal(9, 6)) end
            as coverage_ratio,
        cast(doubtful_excl_tax_amount * required_ratio as decimal(18, 2)) as required_amount,
        is_intercompany,
    from without_tax
)

select * from final
