-- grain: one row per side
-- key: side
-- sort: side
-- question: How much late interest may the group claim from outside, and outside from the group?
-- materialized: view
-- columns:
--   entity_id: always group
--   side: customer or supplier
--   counterparty_count: counterparties that were late, of each entity
--   item_count: late documents whose due date a contract or a document tells
--   interest_amount: their interest, currency of the group
--   fee_amount: their recovery fees, currency of the group
--   claim_amount: interest and fees, currency of the group
--   running_amount: principal on which interest still runs, currency of the group
--   intercompany_claim_amount: interest and fees left out, currency of the group
-- decisions: 17, 37
with

totals as (
    select mart_late_interest_totals.*
    from mart_late_interest_totals
    inner join project_entities
        on project_entities.entity_id = mart_late_interest_totals.entity_id
    cross join params
    where project_entities.currency = params.currency
),

final as (
    select
        'group' as entity_id,
        side,
        count(*) filter (where not is_intercompany) as counterparty_count,
        cast(coalesce(sum(item_count) filter (where not is_intercompany), 0) as bigint)
            as item_count,
        cast(coalesce(sum(interest_amount) filter (where not is_intercompany), 0)
            as decimal(18, 2)) as interest_amount,
        cast(coalesce(sum(fee_amount) filter (where not is_intercompany), 0)
            as decimal(18, 2)) as fee_amount,
        cast(coalesce(sum(claim_amount) filter (where not is_intercompany), 0)
            as decimal(18, 2)) as claim_amount,
        cast(coalesce(sum(running_amount) filter (where not is_intercompany), 0)
            as decimal(18, 2)) as running_amount,
        cast(coalesce(sum(claim_amount) filter (where is_intercompany), 0) as decimal(18, 2))
            as intercompany_claim_amount,
    from totals
    group by side
)

select * from final
