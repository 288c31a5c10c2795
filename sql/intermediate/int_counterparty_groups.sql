-- grain: one row per counterparty that has a parent
-- key: counterparty_no
-- question: To which group of customers or suppliers does a counterparty belong?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   parent_id: its parent, as the source that counts writes it
--   group_id: the ultimate parent: the last one on the way up; of those that stand above one
--     another the first by code
--   level_count: steps up to it
-- decisions: 126
with recursive

parents as (
    select
        counterparty_no,
        entity_id,
        side,
        counterparty_id,
        upper(trim(counterparty_id)) as own_code,
        trim(attribute_value) as parent_id,
        upper(trim(attribute_value)) as parent_code,
    from int_counterparty_attributes
    where attribute = 'parent_id' and is_chosen
),

walked as (
    select
        counterparty_no,
        entity_id,
        side,
        parent_id as top_id,
        parent_code as top_code,
        [own_code] as seen,
        [counterparty_id] as seen_ids,
    from parents
    where parent_code <> own_code
    union all
    select
        walked.counterparty_no,
        walked.entity_id,
        walked.side,
        parents.parent_id as top_id,
        parents.parent_code as top_code,
        list_append(walked.seen, walked.top_code) as seen,
        list_append(walked.seen_ids, walked.top_id) as seen_ids,
    from walked
    inner join parents
        on parents.entity_id = walked.entity_id
        and parents.side = walked.side
        and parents.own_code = walked.top_code
    where
        not list_contains(walked.seen, walked.top_code)
        and parents.parent_code <> parents.own_code
),

tops as (
    select * from walked
    qualify row_number() over (partition by counterparty_no order by len(seen) desc, top_id) = 1
),

final as (
    select
        tops.counterparty_no,
        parents.parent_id,
        case when list_contains(tops.seen, tops.top_code)
            then list_min(tops.seen_ids[list_position(tops.seen, tops.top_code):])
            else tops.top_id
        end as group_id,
        cast(len(tops.seen) as integer) as level_count,
    from tops
    inner join parents on parents.counterparty_no = tops.counterparty_no
)

select * from final
