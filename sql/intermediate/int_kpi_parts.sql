-- grain: one row per entity, side, whether the counterparty belongs to the group, and month end; of
--   an entity in another currency than the group one more, translated, of what is outside it
-- key: entity_id, side, is_intercompany, is_translated, month_no
-- question: What do the monthly measures of an entity and of the group add up from?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: customer or supplier
--   is_intercompany: the counterparty belongs to the group
--   is_translated: amounts in the currency of the group; else in that of the entity
--   is_in_group: counts for the group: outside it, and in its currency
--   first_date: first date of the entity
--   month_no: month, see int_months
--   month_end_date: end of the month; the as-of date for the month that holds it
--   day_count: days of the month up to month_end_date
--   is_shown: within the history that reports show; only the sales are known of other months
--   sales_amount: sales of the month, for suppliers purchases, tax included
--   sales_excl_tax_amount: sales of the month, tax excluded; 0 for suppliers
--   year_sales_amount: sales or purchases of the 365 days up to the date, tax included
--   receivable_amount: open debits less open credits on 411, 413, 416 (for suppliers 401, 403,
--     404, 405)
--   gross_amount: open debits
--   overdue_amount: open debits past due
--   unallocated_credit_amount: open credits, negative
--   doubtful_amount: open debits less open credits on 416
--   dso_receivable_amount: receivable_amount without 416
--   dso_current_amount: open debits that are not past due, without 416
--   dso_overdue_amount: open debits past due, without 416
--   factored_amount: dso_receivable_amount of customers and documents whose receivables are sold
--   disputed_amount: open debits that are disputed
--   counterparty_count: counterparties with an open balance
--   positive_amount: sum of the positive balances of counterparties
--   square_amount: sum of their squares
--   top_amounts: the ten largest of them
--   credit_amount: credits of the month and the eleven before it
--   lettered_amount: what of them is allocated
--   paid_amount: cash of the month on documents whose dates are known
--   pay_day_amount: the same x days from the date of the document
--   late_day_amount: the same x days past the due date
-- decisions: 13, 15, 17, 18, 30, 32, 48, 51
with

months as (
    select * from int_months
),

accounts as (
    select * from int_accounts
    where is_aged
),

buckets as (
    select * from ref_ageing_buckets
),

control_accounts as (
    select
        account_family,
        bool_or(in_dso) as in_dso,
    from ref_control_accounts
    group by account_family
),

-- customers are part of every entity, suppliers where it has any
sides as (
    select
        int_entities.entity_id,
        int_entities.first_date,
        'customer' as side,
    from int_entities
    union all
    select
        int_entities.entity_id,
        int_entities.first_date,
        'supplier' as side,
    from int_entities
    where entity_id in (select entity_id from accounts where side = 'supplier')
),

points as (
    select
        sides.entity_id,
        sides.side,
        flags.is_intercompany,
        flags.is_translated,
        flags.is_translated or (members.is_home and not flags.is_intercompany) as is_in_group,
        sides.first_date,
        months.month_no,
        months.month_start_date,
        months.month_end_date,
        months.day_count,
        months.is_shown,
    from sides
    inner join int_group_entities as members on members.entity_id = sides.entity_id
    inner join (
        values (false, false), (true, false), (false, true)
    ) as flags (is_intercompany, is_translated)
        on members.is_translated or not flags.is_translated
    inner join months on months.month_end_date >= sides.first_date
),

month_balances as (
    select * from int_group_month_balances
),

-- what is a sum of money and days only weighs a ratio: the rate of the month end
month_rates as (
    select
        int_group_rates.entity_id,
        months.month_no,
        int_group_rates.from_units,
        int_group_rates.to_units,
    from int_group_rates
    inner join months on months.month_end_date = int_group_rates.rate_date
),

flow_days as (
    select
        entity_id,
        'customer' as side,
        is_intercompany,
        false as is_translated,
        sales_date as flow_date,
        sales_amount,
        sales_excl_tax_amount,
    from int_sales_days
    union all
    select
        entity_id,
        'supplier' as side,
        is_intercompany,
        false as is_translated,
        purchase_date as flow_date,
        purchase_amount as sales_amount,
        0 as sales_excl_tax_amount,
    from int_purchase_days
    union all
    select
        entity_id,
        side,
        false as is_intercompany,
        true as is_translated,
        flow_date,
        sales_amount,
        sales_excl_tax_amount,
    from int_group_flow_days
),

month_sales as (
    select
        points.entity_id,
        points.side,
        points.is_intercompany,
        points.is_translated,
        points.month_no,
        sum(flow_days.sales_amount) as sales_amount,
        sum(flow_days.sales_excl_tax_amount) as sales_excl_tax_amount,
    from points
    inner join flow_days
        on flow_days.entity_id = points.entity_id
        and flow_days.side = points.side
        and flow_days.is_intercompany = points.is_intercompany
        and flow_days.is_translated = points.is_translated
        and flow_days.flow_date between points.month_start_date and points.month_end_date
    group by all
),

year_sales as (
    select
        points.entity_id,
        points.side,
        points.is_intercompany,
        points.is_translated,
        points.month_no,
        sum(flow_days.sales_amount) as year_sales_amount,
    from points
    inner join flow_days
        on flow_days.entity_id = points.entity_id
        and flow_days.side = points.side
        and flow_days.is_intercompany = points.is_intercompany
        and flow_days.is_translated = points.is_translated
        and flow_days.flow_date > points.month_end_date - 365
        and flow_days.flow_date <= points.month_end_date
    where points.is_shown
    group by all
),

-- a list of patterns is short: one semi-join
factored_months as (
    select distinct
        accounts.account_key,
        months.month_no,
    from accounts
    inner join project_factored as factored
        on (factored.entity_id is null or factored.entity_id = accounts.entity_id)
        -- * and ? only: a bracket is a bracket
        and accounts.counterparty_id glob replace(factored.pattern, '[', '[[]')
    inner join months
        on months.month_end_date >= coalesce(factored.since_date, months.month_end_date)
        and months.month_end_date <= coalesce(factored.until_date, months.month_end_date)
    where accounts.side = 'customer'
),

counterparty_months as (
    select
        accounts.counterparty_no,
        accounts.entity_id,
        accounts.side,
        accounts.is_intercompany,
        month_balances.is_translated,
        month_balances.month_no,
        sum(month_balances.open_amount) as receivable_amount,
        sum(month_balances.debit_amount) as gross_amount,
        sum(month_balances.debit_amount) filter (where buckets.is_overdue) as overdue_amount,
        sum(month_balances.credit_amount) as unallocated_credit_amount,
        sum(month_balances.open_amount) filter (where accounts.account_family = '416')
            as doubtful_amount,
        sum(month_balances.open_amount) filter (where control_accounts.in_dso)
            as dso_receivable_amount,
        sum(month_balances.debit_amount) filter (
            where not buckets.is_overdue and control_accounts.in_dso
        ) as dso_current_amount,
        sum(month_balances.debit_amount) filter (
            where buckets.is_overdue and control_accounts.in_dso
        ) as dso_overdue_amount,
        sum(month_balances.open_amount) filter (
            where factored_months.account_key is not null and control_accounts.in_dso
        ) as factored_amount,
    from month_balances
    inner join accounts on accounts.account_key = month_balances.account_key
    inner join buckets on buckets.bucket_order = month_balances.bucket_order
    inner join control_accounts on control_accounts.account_family = accounts.account_family
    left join factored_months
        on factored_months.account_key = month_balances.account_key
        and factored_months.month_no = month_balances.month_no
    group by all
),

balances as (
    select
        entity_id,
        side,
        is_intercompany,
        is_translated,
        month_no,
        sum(receivable_amount) as receivable_amount,
        sum(gross_amount) as gross_amount,
        sum(overdue_amount) as overdue_amount,
        sum(unallocated_credit_amount) as unallocated_credit_amount,
        sum(doubtful_amount) as doubtful_amount,
        sum(dso_receivable_amount) as dso_receivable_amount,
        sum(dso_current_amount) as dso_current_amount,
        sum(dso_overdue_amount) as dso_overdue_amount,
        sum(factored_amount) as factored_amount,
        count(*) as counterparty_count,
        sum(receivable_amount) filter (where receivable_amount > 0) as positive_amount,
        sum(
            cast(receivable_amount as decimal(19, 2)) * cast(receivable_amount as decimal(19, 2))
        ) filter (where receivable_amount > 0) as square_amount,
        max(receivable_amount, 10) filter (where receivable_amount > 0) as top_amounts,
    from counterparty_months
    group by entity_id, side, is_intercompany, is_translated, month_no
),

-- an item with two disputes is disputed once
disputed_items as (
    select distinct
        balances.item_key,
        balances.account_key,
        months.month_no,
        balances.balance_amount,
    from int_item_disputes as disputes
    inner join int_item_balances as balances on balances.item_key = disputes.item_key
    inner join months
        on months.month_end_date >= greatest(disputes.disputed_from, balances.valid_from)
        and months.month_end_date < coalesce(
            least(disputes.disputed_to, balances.valid_to), date '9999-12-31'
        )
    where balances.is_aged and balances.balance_amount > 0 and months.is_shown
),

disputes as (
    select
        accounts.entity_id,
        accounts.side,
        accounts.is_intercompany,
        disputed_items.month_no,
        sum(disputed_items.balance_amount) as disputed_amount,
    from disputed_items
    inner join accounts on accounts.account_key = disputed_items.account_key
    group by all
),

-- documents that are sold one by one, but not those of customers who are sold as a whole
sold_documents as (
    select
        accounts.entity_id,
        accounts.side,
        accounts.is_intercompany,
        months.month_no,
        sum(balances.balance_amount) as factored_amount,
    from int_factored_documents as documents
    inner join int_item_balances as balances on balances.item_key = documents.item_key
    inner join accounts on accounts.account_key = balances.account_key
    inner join control_accounts on control_accounts.account_family = accounts.account_family
    inner join months
        on months.month_end_date >= greatest(documents.factored_on, balances.valid_from)
        and months.month_end_date < coalesce(
            least(documents.returned_on, balances.valid_to), date '9999-12-31'
        )
    anti join factored_months
        on factored_months.account_key = balances.account_key
        and factored_months.month_no = months.month_no
    where documents.status = 'sold' and control_accounts.in_dso and months.is_shown
    group by all
),

payments as (
    select
        points.entity_id,
        points.side,
        points.is_intercompany,
        points.month_no,
        sum(days.paid_amount) as paid_amount,
        sum(days.pay_day_amount) as pay_day_amount,
        sum(days.late_day_amount) as late_day_amount,
    from points
    inner join int_settlement_days as days
        on days.entity_id = points.entity_id
        and days.side = points.side
        and days.is_intercompany = points.is_intercompany
        and days.settlement_date between points.month_start_date and points.month_end_date
    where points.is_shown and not points.is_translated
    group by all
),

lettering as (
    select * from int_lettering_months
),

-- in the currency of the entity; a translated part takes the rate of the month end
weights as (
    select
        points.entity_id,
        points.side,
        points.is_intercompany,
        points.is_translated,
        points.month_no,
        case when points.is_translated then month_rates.from_units else 1 end as from_units,
        case when points.is_translated then month_rates.to_units else 1 end as to_units,
        cast(coalesce(disputes.disputed_amount, 0) * 100 as hugeint) as disputed_cents,
        cast(coalesce(sold_documents.factored_amount, 0) * 100 as hugeint) as sold_cents,
        cast(coalesce(lettering.credit_amount, 0) * 100 as hugeint) as credit_cents,
        cast(coalesce(lettering.lettered_amount, 0) * 100 as hugeint) as lettered_cents,
        cast(coalesce(payments.paid_amount, 0) * 100 as hugeint) as paid_cents,
        cast(coalesce(payments.pay_day_amount, 0) * 100 as hugeint) as pay_day_cents,
        cast(coalesce(payments.late_day_amount, 0) * 100 as hugeint) as late_day_cents,
    from points
    left join disputes using (entity_id, side, is_intercompany, month_no)
    left join sold_documents using (entity_id, side, is_intercompany, month_no)
    left join payments using (entity_id, side, is_intercompany, month_no)
    left join lettering using (entity_id, side, is_intercompany, month_no)
    left join month_rates using (entity_id, month_no)
),

final as (
    select
        points.entity_id,
        points.side,
        points.is_intercompany,
        points.is_translated,
        points.is_in_group,
        points.first_date,
        points.month_no,
        points.month_end_date,
        points.day_count,
        points.is_shown,
        cast(coalesce(month_sales.sales_amount, 0) as decimal(18, 2)) as sales_amount,
        cast(coalesce(month_sales.sales_excl_tax_amount, 0) as decimal(18, 2))
            as sales_excl_tax_amount,
        cast(coalesce(year_sales.year_sales_amount, 0) as decimal(18, 2)) as year_sales_amount,
        cast(coalesce(balances.receivable_amount, 0) as decimal(18, 2)) as receivable_amount,
        cast(coalesce(balances.gross_amount, 0) as decimal(18, 2)) as gross_amount,
        cast(coalesce(balances.overdue_amount, 0) as decimal(18, 2)) as overdue_amount,
        cast(coalesce(balances.unallocated_credit_amount, 0) as decimal(18, 2))
            as unallocated_credit_amount,
        cast(coalesce(balances.doubtful_amount, 0) as decimal(18, 2)) as doubtful_amount,
        cast(coalesce(balances.dso_receivable_amount, 0) as decimal(18, 2))
            as dso_receivable_amount,
        cast(coalesce(balances.dso_current_amount, 0) as decimal(18, 2)) as dso_current_amount,
        cast(coalesce(balances.dso_overdue_amount, 0) as decimal(18, 2)) as dso_overdue_amount,
        cast(
            coalesce(balances.factored_amount, 0)
            + sign(weights.sold_cents) * (
                (2 * abs(weights.sold_cents) * weights.to_units + weights.from_units)
                // (2 * weights.from_units)
            ) * 0.01 as decimal(18, 2)
        ) as factored_amount,
        cast(
            sign(weights.disputed_cents) * (
                (2 * abs(weights.disputed_cents) * weights.to_units + weights.from_units)
                // (2 * weights.from_units)
            ) * 0.01 as decimal(18, 2)
        ) as disputed_amount,
        cast(coalesce(balances.counterparty_count, 0) as bigint) as counterparty_count,
        cast(coalesce(balances.positive_amount, 0) as decimal(18, 2)) as positive_amount,
        cast(coalesce(balances.square_amount, 0) as decimal(38, 4)) as square_amount,
        balances.top_amounts,
        cast(
            sign(weights.credit_cents) * (
                (2 * abs(weights.credit_cents) * weights.to_units + weights.from_units)
                // (2 * weights.from_units)
            ) * 0.01 as decimal(18, 2)
        ) as credit_amount,
        cast(
            sign(weights.lettered_cents) * (
                (2 * abs(weights.lettered_cents) * weights.to_units + weights.from_units)
                // (2 * weights.from_units)
            ) * 0.01 as decimal(18, 2)
        ) as lettered_amount,
        cast(
            sign(weights.paid_cents) * (
                (2 * abs(weights.paid_cents) * weights.to_units + weights.from_units)
                // (2 * weights.from_units)
            ) * 0.01 as decimal(18, 2)
        ) as paid_amount,
        cast(
            sign(weights.pay_day_cents) * (
                (2 * abs(weights.pay_day_cents) * weights.to_units + weights.from_units)
                // (2 * weights.from_units)
            ) * 0.01 as decimal(24, 2)
        ) as pay_day_amount,
        cast(
            sign(weights.late_day_cents) * (
                (2 * abs(weights.late_day_cents) * weights.to_units + weights.from_units)
                // (2 * weights.from_units)
            ) * 0.01 as decimal(24, 2)
        ) as late_day_amount,
    from points
    inner join weights using (entity_id, side, is_intercompany, is_translated, month_no)
    left join month_sales using (entity_id, side, is_intercompany, is_translated, month_no)
    left join year_sales using (entity_id, side, is_intercompany, is_translated, month_no)
    left join balances using (entity_id, side, is_intercompany, is_translated, month_no)
)

select * from final
