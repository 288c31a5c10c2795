-- grain: one row per entity, or for the group, side, span and pair of classes that occurs in it
-- key: scope_id, side, span, from_class, to_class
-- question: Which classes do customers go to from each class, in a month and in a year?
-- materialized: table
-- columns:
--   scope_id: entity_id, or group for the entities in its currency without intercompany
--   side: customer or supplier
--   span: month: since the end of the month before; year: since twelve months before the as-of
--     date; year_by_months: the product of the twelve monthly matrices
--   from_class: class at the beginning, A to E and N
--   to_class: class at the end; gone where the counterparty has no open or paid item any more
--   counterparty_count: counterparties that went that way; null for year_by_months
--   open_amount: what they owed at the beginning, open debits, currency of the entity; null for
--     year_by_months
--   count_ratio: share of the counterparties of from_class, not rounded
--   amount_ratio: share of what the counterparties of from_class owed, not rounded; null where they
--     owed nothing
-- decisions: 62
with recursive

accounts as (
    select
        counterparty_no,
        bool_or(is_intercompany) as is_intercompany,
        min(entity_no) as entity_no,
    from int_accounts
    group by counterparty_no
),

entities as (
    select * from int_group_entities
),

scores as (
    select
        scores.month_no,
        scores.counterparty_no,
        scores.entity_id,
        scores.side,
        scores.risk_class,
        entities.is_home and not accounts.is_intercompany as is_in_group,
        coalesce(balances.gross_amount, 0) as open_amount,
    from int_risk_scores as scores
    inner join accounts on accounts.counterparty_no = scores.counterparty_no
    inner join entities on entities.entity_no = accounts.entity_no
    left join int_score_balances as balances
        on balances.month_no = scores.month_no
        and balances.counterparty_no = scores.counterparty_no
),

-- steps of a month, and the one of twelve
spans as (
    select
        range as from_no,
        range - 1 as to_no,
        'step' as span,
    from range(1, 13)
    union all
    select 12, 0, 'year'
),

-- a step counts where both of its dates are loaded
dated as (
    select spans.*
    from spans
    where
        spans.from_no in (select month_no from int_score_months)
        and spans.to_no in (select month_no from int_score_months)
),

moves as (
    select
        dated.span,
        dated.from_no,
        before.entity_id,
        before.is_in_group,
        before.side,
        before.risk_class as from_class,
        coalesce(after.risk_class, 'gone') as to_class,
        count(*) as counterparty_count,
        sum(before.open_amount) as open_amount,
    from dated
    inner join scores as before on before.month_no = dated.from_no
    left join scores as after
        on after.month_no = dated.to_no
        and after.counterparty_no = before.counterparty_no
    group by all
),

scoped as (
    select
        entity_id as scope_id,
        span,
        from_no,
        side,
        from_class,
        to_class,
        sum(counterparty_count) as counterparty_count,
        sum(open_amount) as open_amount,
    from moves
    group by all
    union all
    select
        'group' as scope_id,
        span,
        from_no,
        side,
        from_class,
        to_class,
        sum(counterparty_count) as counterparty_count,
        sum(open_amount) as open_amount,
    from moves
    where is_in_group
    group by all
),

shares as (
    select
        *,
        cast(
            counterparty_count / sum(counterparty_count) over (
                partition by scope_id, span, from_no, side, from_class
            ) as decimal(18, 12)
        ) as count_ratio,
        cast(
            open_amount / nullif(sum(open_amount) over (
                partition by scope_id, span, from_no, side, from_class
            ), 0) as decimal(18, 12)
        ) as amount_ratio,
    from scoped
),

-- who is gone stays gone
steps as (
    select
        scope_id,
        side,
        from_no,
        from_class,
        to_class,
        count_ratio,
        coalesce(amount_ratio, count_ratio) as amount_ratio,
    from shares
    where span = 'step'
    union all
    select distinct
        scope_id,
        side,
        from_no,
        'gone' as from_class,
        'gone' as to_class,
        cast(1 as decimal(18, 12)) as count_ratio,
        cast(1 as decimal(18, 12)) as amount_ratio,
    from shares
    where span = 'step'
),

product (scope_id, side, to_no, from_class, to_class, count_ratio, amount_ratio) as (
    select
        scope_id,
        side,
        from_no - 1 as to_no,
        from_class,
        to_class,
        count_ratio,
        amount_ratio,
    from steps
    where from_no = 12
    union all
    select
        product.scope_id,
        product.side,
        steps.from_no - 1 as to_no,
        product.from_class,
        steps.to_class,
        cast(sum(product.count_ratio * steps.count_ratio) as decimal(18, 12)) as count_ratio,
        cast(sum(product.amount_ratio * steps.amount_ratio) as decimal(18, 12)) as amount_ratio,
    from product
    inner join steps
        on steps.scope_id = product.scope_id
        and steps.side = product.side
        and steps.from_no = product.to_no
        and steps.from_class = product.to_class
    group by product.scope_id, product.side, steps.from_no, product.from_class, steps.to_class
),

final as (
    select
        scope_id,
        side,
        case when span = 'year' then 'year' else 'month' end as span,
        from_class,
        to_class,
        cast(counterparty_count as bigint) as counterparty_count,
        cast(open_amount as decimal(18, 2)) as open_amount,
        count_ratio,
        amount_ratio,
    from shares
    where span = 'year' or from_no = 1
    union all
    select
        scope_id,
        side,
        'year_by_months' as span,
        from_class,
        to_class,
        null as counterparty_count,
        null as open_amount,
        count_ratio,
        amount_ratio,
    from product
    where to_no = 0 and from_class <> 'gone'
)

select * from final
