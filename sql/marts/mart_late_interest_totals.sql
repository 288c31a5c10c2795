-- grain: one row per entity, side and counterparty that was late
-- key: entity_id, side, counterparty_id
-- sort: entity_id, side, counterparty_id
-- question: How much late interest and how many recovery fees may be claimed from whom?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier: what the entity may claim, or what may be claimed from it
--   counterparty_id: code of the customer or supplier
--   regime: business, public_buyer or consumer
--   contract_rate: contractual rate, percent per year; null: the statutory rate of each semester
--   insolvency_date: judgment that opens an insolvency procedure; null where none is known
--   item_count: late documents whose due date a contract or a document tells
--   interest_amount: their interest, currency of the entity
--   fee_amount: their recovery fees, currency of the entity
--   claim_amount: interest and fees, currency of the entity
--   running_amount: principal on which interest still runs, currency of the entity
--   assumed_item_count: late documents whose due date is only the legal default
--   assumed_interest_amount: their interest, not in interest_amount, currency of the entity
--   assumed_fee_amount: their recovery fees, not in fee_amount, currency of the entity
--   unrated_item_count: documents with days in a semester without a known rate
--   is_intercompany: the counterparty belongs to the group
-- decisions: 37, 38
with

late as (
    select * from int_late_interest
),

accounts as (
    select * from int_accounts
),

terms as (
    select * from int_late_terms
),

settings as (
    select * from params
),

by_account as (
    select
        account_key,
        count(*) filter (where not is_assumed) as item_count,
        sum(interest_amount) filter (where not is_assumed) as interest_amount,
        sum(fee_amount) filter (where not is_assumed) as fee_amount,
        sum(running_amount) filter (where not is_assumed) as running_amount,
        count(*) filter (where is_assumed) as assumed_item_count,
        sum(interest_amount) filter (where is_assumed) as assumed_interest_amount,
        sum(fee_amount) filter (where is_assumed) as assumed_fee_amount,
        count(*) filter (where unrated_days > 0) as unrated_item_count,
    from late
    group by account_key
),

insolvencies as (
    select
        int_insolvencies.counterparty_no,
        int_insolvencies.opened_on,
    from int_insolvencies
    cross join settings
    where
        int_insolvencies.known_from <= settings.as_of
        and (int_insolvencies.known_to is null or int_insolvencies.known_to > settings.as_of)
),

final as (
    select
        accounts.entity_id,
        accounts.side,
        accounts.counterparty_id,
        max(terms.regime) as regime,
        max(terms.contract_rate) as contract_rate,
        max(insolvencies.opened_on) as insolvency_date,
        cast(sum(by_account.item_count) as bigint) as item_count,
        cast(coalesce(sum(by_account.interest_amount), 0) as decimal(18, 2)) as interest_amount,
        cast(coalesce(sum(by_account.fee_amount), 0) as decimal(18, 2)) as fee_amount,
        cast(
            coalesce(sum(by_account.interest_amount), 0) + coalesce(sum(by_account.fee_amount), 0)
            as decimal(18, 2)
        ) as claim_amount,
        cast(coalesce(sum(by_account.running_amount), 0) as decimal(18, 2)) as running_amount,
        cast(sum(by_account.assumed_item_count) as bigint) as assumed_item_count,
        cast(coalesce(sum(by_account.assumed_interest_amount), 0) as decimal(18, 2))
            as assumed_interest_amount,
        cast(coalesce(sum(by_account.assumed_fee_amount), 0) as decimal(18, 2))
            as assumed_fee_amount,
        cast(sum(by_account.unrated_item_count) as bigint) as unrated_item_count,
        bool_or(accounts.is_intercompany) as is_intercompany,
    from by_account
    inner join accounts on accounts.account_key = by_account.account_key
    inner join terms on terms.account_key = by_account.account_key
    left join insolvencies on insolvencies.counterparty_no = accounts.counterparty_no
    group by accounts.entity_id, accounts.side, accounts.counterparty_id
)

select * from final
