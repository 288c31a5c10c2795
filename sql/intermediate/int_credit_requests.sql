-- grain: one row
-- key: order_amount
-- question: For which order is a decision asked?
-- materialized: view
-- columns:
--   order_amount: amount of the order, currency of the entity; 0 in a generation: the standing
--     decision. Who asks about an order puts its amount in the place of this relation
-- decisions: 71
with

final as (
    select cast(0 as decimal(18, 2)) as order_amount
)

select * from final
