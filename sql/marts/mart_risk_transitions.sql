-- grain: one row per entity, side, span and pair of classes that occurs in it
-- key: entity_id, side, span, from_class, to_class
-- sort: entity_id, side, span, from_class, to_class
-- question: Which classes do customers go to from each class, in a month and in a year?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   span: month: since the end of the month before; year: since twelve months before the as-of
--     date; year_by_months: the product of the twelve monthly matrices
--   from_class: class at the beginning, A to E and N
--   to_class: class at the end; gone where the counterparty has no open or paid item any more
--   class_change: classes lost, negative: gained; null where one of the two is N or gone
--   counterparty_count: counterparties that went that way; null for year_by_months
--   open_amount: what they owed at the beginning, open debits, currency of the entity; null for
--     year_by_months
--   count_ratio: share of the counterparties of from_class, 0 to 1
--   amount_ratio: share of what the counterparties of from_class owed, 0 to 1; null where they owed
--     nothing
-- decisions: 62
with

transitions as (
    select * from int_risk_transitions
    where scope_id <> 'group'
),

final as (
    select
        scope_id as entity_id,
        side,
        span,
        from_class,
        to_class,
        case when from_class in ('A', 'B', 'C', 'D', 'E') and to_class in ('A', 'B', 'C', 'D', 'E')
            then strpos('ABCDE', to_class) - strpos('ABCDE', from_class)
        end as class_change,
        counterparty_count,
        open_amount,
        cast(count_ratio as decimal(9, 6)) as count_ratio,
        cast(amount_ratio as decimal(9, 6)) as amount_ratio,
    from transitions
)

select * from final
