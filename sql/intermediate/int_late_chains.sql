-- grain: one row per document that was late, with what took over from it
-- key: root_key
-- question: Which late interest and fees does a document bear over all items that continue it?
-- materialized: view
-- columns:
--   root_key: the first item of the line
--   interest_amount: interest of all its items whose due date is known
--   fee_amount: recovery fees of these
-- decisions: 37, 38, 56
with

late as (
    select * from int_late_interest
    where not is_assumed
),

roots as (
    select * from int_item_roots
),

final as (
    select
        coalesce(roots.root_key, late.item_key) as root_key,
        sum(late.interest_amount) as interest_amount,
        sum(late.fee_amount) as fee_amount,
    from late
    left join roots on roots.item_key = late.item_key
    group by coalesce(roots.root_key, late.item_key)
)

select * from final
