-- grain: one row per entity and customer that is there at the as-of date or has an order
-- key: entity_id, side, counterparty_id
-- sort: entity_id, counterparty_id
-- question: Up to how much should a customer be given credit, why, and how much of it is used?
-- materialized: table
-- columns:
--   entity_id: identifier of the entity
--   side: always customer
--   counterparty_id: code of the customer
--   counterparty_name: name of the customer; its code where only an order names it
--   is_intercompany: belongs to the group, by encours.yaml
--   risk_class: class of the score, N where there is too little history
--   policy_class: class whose rules apply to it
--   receivable_amount: open debits that are no bills up to their maturity, currency of the entity
--   bills_amount: bills up to their maturity, currency of the entity
--   unbilled_amount: what is still to be invoiced (418), currency of the entity
--   orders_amount: orders not invoiced yet; null where a rate is missing; currency of the entity
--   deposits_amount: deposits (419), negative as a rule, currency of the entity
--   credit_amount: open credits set against no invoice, negative, currency of the entity
--   exposure_amount: the sum of the six; null where a rate is missing; currency of the entity
--   missing_currencies: currencies of orders without a rate; null where none is missing
--   cover_amount: limit of the credit insurer, currency of the entity; null: not insured
--   quota_ratio: share of a loss that the insurer pays, 0 to 1; null: not insured
--   is_cover_void: overdue for longer than the insurer lets a claim wait; null: not insured
--   insured_amount: what the insurer would pay of the exposure, currency of the entity; null where
--     the exposure is
--   net_exposure_amount: exposure less insured_amount, currency of the entity
--   credit_limit_amount: granted limit, currency of the entity; null where none is known
--   monthly_sales_amount: invoices less credit notes of a month, tax included, mean of up to twelve
--     months; null without an invoice
--   term_days: days from an invoice to its due date
--   season_ratio: sales of the three months that followed a year ago / a quarter of a year's, at
--     least 1, at most the rule season_max; 1 without a full year
--   need_amount: monthly sales x (term days + tolerated late days) / 30 x season x coefficient of
--     the class, currency of the entity
--   capacity_amount: share of the customer's means by its class, currency of the entity; null: its
--     accounts are not known
--   own_cap_amount: share of the own sales of twelve months that may stand on one group of
--     customers, less the net exposure of the others of the group, currency of the entity
--   recommended_limit_amount: the least of the four that count, rounded down, currency of the
--     entity
--   binding_reason: what the recommended limit is the least of: class, need, capacity, own_cap,
--     insurer, or no_sales
--   limit_amount: the granted limit, else the recommended one, currency of the entity
--   limit_source: granted or recommended
--   available_amount: limit less exposure, negative where it is exceeded, currency of the entity
--   utilisation_ratio: exposure / limit; null without a limit above zero
--   wallet_share_ratio: own sales of twelve months, tax included / the customer's purchases without
--     tax of its latest accounts; null where either is not known
--   search_text: code and name, in small letters and without accents
-- decisions: 45, 60
with

settings as (
    select * from params
),

rules as (
    select
        max(value) filter (where rule = 'tolerated_late_days') as tolerated_late_days,
        max(value) filter (where rule = 'default_term_days') as default_term_days,
        max(value) filter (where rule = 'season_max') as season_max,
        max(value) filter (where rule = 'own_cap_percent') as own_cap_percent,
        max(value) filter (where rule = 'insured_only') as insured_only,
        max(value) filter (where rule = 'rounding_amount') as rounding_amount,
    from ref_limit_rules
),

bands as (
    select * from int_exposure_bands
    where side = 'customer'
),

exposures as (
    select * from mart_exposure
),

names as (
    select * from dim_counterparties
    where side = 'customer'
),

entities as (
    select * from project_entities
),

terms as (
    select * from int_term_days
    where side = 'customer'
),

sales as (
    select
        counterparty_no,
        sum(sales_amount) filter (where band_no < 12) as sales_12m,
        sum(sales_amount) filter (where band_no between 9 and 11) as season_sales,
    from int_counterparty_sales
    group by counterparty_no
),

histories as (
    select
        firsts.counterparty_no,
        case when firsts.first_invoice_date <= settings.as_of
            then least(12, 1 + date_sub('month', firsts.first_invoice_date, settings.as_of))
        end as month_count,
    from int_first_movements as firsts
    cross join settings
),

own_sales as (
    select
        accounts.entity_id,
        greatest(0, sum(sales.sales_amount)) as own_sales_amount,
    from int_counterparty_sales as sales
    inner join int_counterparty_keys as accounts
        on accounts.counterparty_no = sales.counterparty_no
        and accounts.side = 'customer'
    where sales.band_no < 12
    group by accounts.entity_id
),

oldest as (
    select
        counterparty_no,
        oldest_overdue_days,
    from int_score_balances
    where month_no = 0
),

covers as (
    select
        insurance.entity_id,
        insurance.counterparty_id,
        arg_max(insurance, (insurance.valid_from, insurance.cover_amount)) as cover,
    from int_credit_insurance as insurance
    cross join settings
    where
        insurance.valid_from <= settings.as_of
        and (insurance.valid_to is null or insurance.valid_to > settings.as_of)
    group by insurance.entity_id, insurance.counterparty_id
),

means as (
    select
        known.entity_id,
        known.counterparty_id,
        arg_max(known, (known.known_date, known.means_amount)) as accounts,
    from int_customer_means as known
    cross join settings
    where known.known_date <= settings.as_of
    group by known.entity_id, known.counterparty_id
),

joined as (
    select
        bands.entity_id,
        bands.counterparty_id,
        coalesce(names.counterparty_name, bands.counterparty_id) as counterparty_name,
        coalesce(names.is_intercompany, false) as is_intercompany,
        coalesce(names.group_id, bands.counterparty_id) as group_id,
        bands.risk_class,
        bands.policy_class,
        coalesce(exposures.receivable_amount, 0) as receivable_amount,
        coalesce(exposures.bills_amount, 0) as bills_amount,
        coalesce(exposures.unbilled_amount, 0) as unbilled_amount,
        case when exposures.entity_id is null then 0 else exposures.orders_amount end
            as orders_amount,
        coalesce(exposures.deposits_amount, 0) as deposits_amount,
        coalesce(exposures.credit_amount, 0) as credit_amount,
        case when exposures.entity_id is null then 0 else exposures.exposure_amount end
            as exposure_amount,
        exposures.missing_currencies,
        names.credit_limit_amount,
        covers.cover.cover_amount as cover_amount,
        covers.cover.quota_ratio as quota_ratio,
        case when covers.entity_id is not null then coalesce(
            oldest.oldest_overdue_days > covers.cover.declaration_days, false
        ) end as is_cover_void,
        means.accounts.means_amount as means_amount,
        means.accounts.purchases_amount as purchases_amount,
        case when sales.sales_12m > 0 then sales.sales_12m end as sales_12m,
        histories.month_count,
        case when histories.month_count >= 12 and sales.sales_12m > 0 then least(
            rules.season_max, greatest(1, coalesce(sales.season_sales, 0) * 4 / sales.sales_12m)
        ) else 1 end as season_ratio,
        cast(coalesce(terms.term_days, rules.default_term_days) as integer) as term_days,
        coalesce(own_sales.own_sales_amount, 0) * rules.own_cap_percent / 100 as group_cap_amount,
        classes.need_coefficient,
        classes.capacity_percent,
    from bands
    cross join rules
    inner join entities on entities.entity_id = bands.entity_id
    left join ref_limit_classes as classes on classes.risk_class = bands.policy_class
    left join exposures
        on exposures.entity_id = bands.entity_id
        and exposures.counterparty_id = bands.counterparty_id
    left join names
        on names.entity_id = bands.entity_id
        and names.counterparty_id = bands.counterparty_id
    left join terms
        on terms.entity_no = entities.entity_no
        and terms.counterparty_id = bands.counterparty_id
    left join sales on sales.counterparty_no = bands.counterparty_no
    left join histories on histories.counterparty_no = bands.counterparty_no
    left join oldest on oldest.counterparty_no = bands.counterparty_no
    left join own_sales on own_sales.entity_id = bands.entity_id
    left join covers
        on covers.entity_id = bands.entity_id
        and covers.counterparty_id = bands.counterparty_id
    left join means
        on means.entity_id = bands.entity_id
        and means.counterparty_id = bands.counterparty_id
),

insured as (
    select
        *,
        cast(case
            when exposure_amount is null then null
            when cover_amount is null or is_cover_void or exposure_amount <= 0 then 0
            else quota_ratio * least(exposure_amount, cover_amount)
        end as decimal(18, 2)) as insured_amount,
    from joined
),

-- what the others of its group of customers owe takes from the cap
capped as (
    select
        *,
        exposure_amount - insured_amount as net_exposure_amount,
        greatest(0, group_cap_amount - (
            sum(greatest(coalesce(exposure_amount - insured_amount, 0), 0))
                over (partition by entity_id, group_id)
            - greatest(coalesce(exposure_amount - insured_amount, 0), 0)
        )) as own_cap_amount,
        sales_12m / month_count as monthly_sales_amount,
    from insured
),

needed as (
    select
        capped.*,
        case when capped.monthly_sales_amount is not null then
            capped.monthly_sales_amount * (capped.term_days + rules.tolerated_late_days) / 30
            * capped.season_ratio * capped.need_coefficient
        end as need_amount,
        case when capped.means_amount is not null
            then greatest(0, capped.means_amount) * capped.capacity_percent / 100
        end as capacity_amount,
        case when rules.insured_only = 1
            then coalesce(case when not capped.is_cover_void then capped.cover_amount end, 0)
        end as insurer_amount,
        rules.rounding_amount,
    from capped
    cross join rules
),

least_of as (
    select
        *,
        least(
            coalesce(need_amount, 0), coalesce(capacity_amount, need_amount, 0),
            own_cap_amount, coalesce(insurer_amount, own_cap_amount)
        ) as least_amount,
    from needed
),

recommended as (
    select
        *,
        cast(floor(least_amount / rounding_amount) * rounding_amount as decimal(18, 2))
            as recommended_limit_amount,
        case
            when need_coefficient = 0 then 'class'
            when need_amount is null then 'no_sales'
            when least_amount = need_amount then 'need'
            when least_amount = capacity_amount then 'capacity'
            when least_amount = insurer_amount then 'insurer'
            else 'own_cap'
        end as binding_reason,
    from least_of
),

limited as (
    select
        *,
        coalesce(credit_limit_amount, recommended_limit_amount) as limit_amount,
    from recommended
),

final as (
    select
        entity_id,
        'customer' as side,
        counterparty_id,
        counterparty_name,
        is_intercompany,
        risk_class,
        policy_class,
        cast(receivable_amount as decimal(18, 2)) as receivable_amount,
        cast(bills_amount as decimal(18, 2)) as bills_amount,
        cast(unbilled_amount as decimal(18, 2)) as unbilled_amount,
        cast(orders_amount as decimal(18, 2)) as orders_amount,
        cast(deposits_amount as decimal(18, 2)) as deposits_amount,
        cast(credit_amount as decimal(18, 2)) as credit_amount,
        cast(exposure_amount as decimal(18, 2)) as exposure_amount,
        missing_currencies,
        cover_amount,
        quota_ratio,
        is_cover_void,
        insured_amount,
        cast(net_exposure_amount as decimal(18, 2)) as net_exposure_amount,
        credit_limit_amount,
        cast(monthly_sales_amount as decimal(18, 2)) as monthly_sales_amount,
        term_days,
        cast(season_ratio as decimal(9, 4)) as season_ratio,
        cast(need_amount as decimal(18, 2)) as need_amount,
        cast(capacity_amount as decimal(18, 2)) as capacity_amount,
        cast(own_cap_amount as decimal(18, 2)) as own_cap_amount,
        recommended_limit_amount,
        binding_reason,
        cast(limit_amount as decimal(18, 2)) as limit_amount,
        case when credit_limit_amount is not null then 'granted' else 'recommended' end
            as limit_source,
        cast(limit_amount - exposure_amount as decimal(18, 2)) as available_amount,
        cast(case when limit_amount > 0 then exposure_amount / limit_amount end
            as decimal(12, 4)) as utilisation_ratio,
        cast(case when purchases_amount > 0 then sales_12m / purchases_amount end
            as decimal(12, 4)) as wallet_share_ratio,
        lower(strip_accents(counterparty_id || ' | ' || counterparty_name)) as search_text,
    from limited
)

select * from final
