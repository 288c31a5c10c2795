-- grain: one row per third-party account
-- key: account_key
-- question: What may be claimed from, or by, the counterparty of an account when it is late?
-- materialized: table
-- columns:
--   account_key: third-party account
--   regime: business, public_buyer or consumer
--   rate_key: rank of the regime × 10,000, see int_late_rates
--   contract_rate: contractual rate, percent per year; null where none is given
--   is_rate_fixed: the rate of the semester in which interest begins holds to the end
--   is_claimable: a contract or the law gives interest
--   fee_amount: recovery fee of a late document, currency of the entity
-- decisions: 37, 38
with

accounts as (
    select * from int_accounts
    where is_aged
),

entities as (
    select * from project_entities
),

known as (
    select * from stg_erp__counterparties
),

regimes as (
    select
        *,
        dense_rank() over (order by regime) as regime_no,
    from ref_late_regimes
),

counterparties as (
    select distinct
        entity_no,
        entity_id,
        side,
        counterparty_id,
        counterparty_no,
    from accounts
),

-- a list of rules is short
ruled as (
    select
        counterparties.counterparty_no,
        arg_max(rules.rate, row(rules.rule_no, rules.pattern)) filter (where rules.rate is not null)
            as rate,
        arg_max(rules.regime, row(rules.rule_no, rules.pattern)) filter (
            where rules.regime is not null
        ) as regime,
    from counterparties
    inner join project_late_interest as rules
        on (rules.entity_id is null or rules.entity_id = counterparties.entity_id)
        and (rules.side is null or rules.side = counterparties.side)
        and counterparties.counterparty_id glob rules.pattern
    group by counterparties.counterparty_no
),

categories as (
    select
        strip_accents(lower(category)) as category,
        min(regime) as regime,
    from ref_late_categories
    group by all
),

named as (
    select
        counterparties.counterparty_no,
        coalesce(ruled.regime, categories.regime, 'business') as regime,
        ruled.rate as contract_rate,
    from counterparties
    left join ruled on ruled.counterparty_no = counterparties.counterparty_no
    left join known
        on known.entity_no = counterparties.entity_no
        and known.side = counterparties.side
        and known.counterparty_id = counterparties.counterparty_id
    left join categories on categories.category = strip_accents(lower(known.category))
),

final as (
    select
        accounts.account_key,
        named.regime,
        cast(regimes.regime_no * 10000 as integer) as rate_key,
        named.contract_rate,
        coalesce(regimes.is_rate_fixed, false) as is_rate_fixed,
        named.contract_rate is not null or regimes.margin_points is not null as is_claimable,
        cast(
            case when regimes.fee_currency = entities.currency then regimes.fee_amount else 0 end
            as decimal(18, 2)
        ) as fee_amount,
    from accounts
    inner join named on named.counterparty_no = accounts.counterparty_no
    inner join entities on entities.entity_no = accounts.entity_no
    inner join regimes on regimes.regime = named.regime
)

select * from final
