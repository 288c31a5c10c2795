-- grain: one row per entity that has doubtful customers, an allowance or a write-off
-- key: entity_id
-- sort: entity_id
-- question: Are the doubtful receivables covered by provisions, and what was lost this year?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   fiscal_year_start_date: first day of the fiscal year that holds the as-of date; null where the
--     provision accounts have no line in it
--   doubtful_amount: open debits less open credits on 416, tax included, currency of the entity
--   told_tax_amount: part of doubtful_amount whose tax its documents tell, currency of the entity
--   vat_ratio: VAT rate of the entity, for the rest and for the write-offs, 0 to 1
--   doubtful_excl_tax_amount: doubtful_amount without tax, document by document, currency of the
--     entity
--   allowance_amount: balance of 491, positive, currency of the entity; null without a ledger
--   coverage_ratio: allowance_amount / doubtful_excl_tax_amount; null where nothing is doubtful
--   uncovered_amount: doubtful_excl_tax_amount less allowance_amount, currency of the entity
--   opening_allowance_amount: 491 at the opening of the year, currency of the entity
--   charge_amount: charges of the year (68174), currency of the entity
--   reversal_amount: reversals of the year (78174), currency of the entity
--   other_allowance_amount: movements of 491 that charges and reversals do not explain, currency of
--     the entity
--   write_off_amount: losses of the year (654), without tax, currency of the entity
--   write_off_vat_amount: VAT that these losses allow to recover, currency of the entity
--   required_amount: doubtful_excl_tax_amount × the rate of provision_rates.csv for doubtful,
--     currency of the entity; null where none is given
--   shortfall_amount: required_amount less allowance_amount, currency of the entity
-- decisions: 39, 52
with

items as (
    select * from int_doubtful_items
),

accounts as (
    select * from int_accounts
),

entities as (
    select * from int_entities
),

vat_rates as (
    select * from ref_vat_rates
),

doubtful_rates as (
    select max(rate) as rate
    from ref_provision_rates
    where bucket = 'doubtful' and segment = 'all'
),

doubtful as (
    select
        accounts.entity_id,
        sum(items.open_amount) as doubtful_amount,
        sum(items.open_amount) filter (where items.tax_source = 'document') as told_tax_amount,
        sum(items.excl_tax_amount) as doubtful_excl_tax_amount,
    from items
    inner join accounts on accounts.account_key = items.account_key
    group by accounts.entity_id
),

provisions as (
    select
        entity_id,
        max(fiscal_year_start) as fiscal_year_start,
        sum(amount) filter (where kind in ('opening', 'allowance')) as allowance_amount,
        sum(amount) filter (where kind = 'opening') as opening_amount,
        sum(amount) filter (where kind = 'charge') as charge_amount,
        sum(amount) filter (where kind = 'reversal') as reversal_amount,
        sum(amount) filter (where kind = 'write_off') as write_off_amount,
    from int_provisions
    group by entity_id
),

joined as (
    select
        entities.entity_id,
        provisions.fiscal_year_start,
        coalesce(doubtful.doubtful_amount, 0) as doubtful_amount,
        coalesce(doubtful.told_tax_amount, 0) as told_tax_amount,
        cast(coalesce(doubtful.doubtful_excl_tax_amount, 0) as decimal(18, 2))
            as doubtful_excl_tax_amount,
        coalesce(own_vat.rate, common_vat.rate, 0) / 100 as vat_ratio,
        case when entities.has_ledger then coalesce(provisions.allowance_amount, 0) end
            as allowance_amount,
        case when entities.has_ledger then coalesce(provisions.opening_amount, 0) end
            as opening_amount,
        case when entities.has_ledger then coalesce(provisions.charge_amount, 0) end
            as charge_amount,
        case when entities.has_ledger then coalesce(provisions.reversal_amount, 0) end
            as reversal_amount,
        case when entities.has_ledger then coalesce(provisions.write_off_amount, 0) end
            as write_off_amount,
        doubtful_rates.rate / 100 as required_ratio,
    from entities
    cross join doubtful_rates
    left join doubtful on doubtful.entity_id = entities.entity_id
    left join provisions on provisions.entity_id = entities.entity_id
    left join vat_rates as own_vat on own_vat.entity_id = entities.entity_id
    left join vat_rates as common_vat on common_vat.entity_id is null
    where doubtful.entity_id is not null or provisions.entity_id is not null
),

final as (
    select
        entity_id,
        fiscal_year_start as fiscal_year_start_date,
        cast(doubtful_amount as decimal(18, 2)) as doubtful_amount,
        cast(told_tax_amount as decimal(18, 2)) as told_tax_amount,
        cast(vat_ratio as decimal(9, 6)) as vat_ratio,
        doubtful_excl_tax_amount,
        cast(allowance_amount as decimal(18, 2)) as allowance_amount,
        case when doubtful_excl_tax_amount > 0
            then cast(allowance_amount / doubtful_excl_tax_amount as decimal(9, 6)) end
            as coverage_ratio,
        cast(doubtful_excl_tax_amount - allowance_amount as decimal(18, 2)) as uncovered_amount,
        cast(opening_amount as decimal(18, 2)) as opening_allowance_amount,
        cast(charge_amount as decimal(18, 2)) as charge_amount,
        cast(reversal_amount as decimal(18, 2)) as reversal_amount,
        cast(
            allowance_amount - opening_amount - charge_amount + reversal_amount as decimal(18, 2)
        ) as other_allowance_amount,
        cast(write_off_amount as decimal(18, 2)) as write_off_amount,
        cast(write_off_amount * vat_ratio as decimal(18, 2)) as write_off_vat_amount,
        cast(doubtful_excl_tax_amount * required_ratio as decimal(18, 2)) as required_amount,
        cast(
            cast(doubtful_excl_tax_amount * required_ratio as decimal(18, 2)) - allowance_amount
            as decimal(18, 2)
        ) as shortfall_amount,
    from joined
)

select * from final
