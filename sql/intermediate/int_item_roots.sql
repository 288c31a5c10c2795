-- grain: one row per item that continues another
-- key: item_key
-- question: Which document is behind a bill, a doubtful receivable or a returned payment?
-- materialized: table
-- columns:
--   item_key: the item
--   root_key: the first item of its line, whose document it is
-- decisions: 10
with

origins as (
    select * from int_item_origins
),

final as (
    select
        line_key as item_key,
        root_key,
    from origins
)

select * from final
