-- grain: one row per company, end of a fiscal year and model that fits it
-- key: siren, closing_date, model
-- question: How near to failure is a company, by its accounts?
-- materialized: table
-- columns:
--   siren: SIREN, 9 digits
--   closing_date: end of the fiscal year
--   known_date: day from which the accounts count
--   model: altman_z, altman_z_prime, altman_z_second or conan_holder
--   model_no: 1 is the model that fits best: the first of them with a value counts
--   value: of the score; null where an input is missing
--   zone: zone of the value, of ref_bankruptcy_zones; null without a value
--   external_class: class that the zone counts as; null without one
--   missing_inputs: inputs that are missing, or zero where they divide; null where none is
-- decisions: 109, 110
with

accounts as (
    select
        siren,
        closing_date,
        known_date,
        is_listed,
        is_industrial,
        nullif(total_assets, 0) as assets,
        nullif(total_debt, 0) as debt,
        nullif(sales, 0) as sales,
        nullif(value_added, 0) as value_added,
        current_assets,
        current_liabilities,
        current_assets - current_liabilities as working_capital,
        retained_earnings,
        equity,
        market_equity,
        permanent_capital,
        receivables,
        cash,
        receivables + cash as realisable,
        financial_charges,
        personnel_cost,
        ebit,
        ebitda,
        -- flows of a longer or shorter year count as those of twelve months
        12.0 / months as year,
    from int_company_accounts
    where months > 0
),

-- the coefficients are those that were published: Altman 1968, 1983 and 1993; Conan and Holder 1979
scores as (
    select
        siren,
        closing_date,
        known_date,
        'altman_z' as model,
        1 as model_no,
        1.2 * working_capital / assets + 1.4 * retained_earnings / assets
        + 3.3 * ebit * year / assets + 0.6 * market_equity / debt
        + 1.0 * sales * year / assets as value,
        concat_ws(
            ', ',
            case when current_assets is null then 'current_assets' end,
            case when current_liabilities is null then 'current_liabilities' end,
            case when ebit is null then 'ebit' end,
            case when market_equity is null then 'market_equity' end,
            case when retained_earnings is null then 'retained_earnings' end,
            case when sales is null then 'sales' end,
            case when assets is null then 'total_assets' end,
            case when debt is null then 'total_debt' end
        ) as missing_inputs,
    from accounts
    where is_listed and is_industrial is distinct from false
    union all
    select
        siren,
        closing_date,
        known_date,
        'altman_z_prime' as model,
        case when is_industrial then 2 else 4 end as model_no,
        0.717 * working_capital / assets + 0.847 * retained_earnings / assets
        + 3.107 * ebit * year / assets + 0.420 * equity / debt
        + 0.998 * sales * year / assets as value,
        concat_ws(
            ', ',
            case when current_assets is null then 'current_assets' end,
            case when current_liabilities is null then 'current_liabilities' end,
            case when ebit is null then 'ebit' end,
            case when equity is null then 'equity' end,
            case when retained_earnings is null then 'retained_earnings' end,
            case when sales is null then 'sales' end,
            case when assets is null then 'total_assets' end,
            case when debt is null then 'total_debt' end
        ) as missing_inputs,
    from accounts
    where is_industrial is distinct from false
    union all
    select
        siren,
        closing_date,
        known_date,
        'altman_z_second' as model,
        3 as model_no,
        6.56 * working_capital / assets + 3.26 * retained_earnings / assets
        + 6.72 * ebit * year / assets + 1.05 * equity / debt as value,
        concat_ws(
            ', ',
            case when current_assets is null then 'current_assets' end,
            case when current_liabilities is null then 'current_liabilities' end,
            case when ebit is null then 'ebit' end,
            case when equity is null then 'equity' end,
            case when retained_earnings is null then 'retained_earnings' end,
            case when assets is null then 'total_assets' end,
            case when debt is null then 'total_debt' end
        ) as missing_inputs,
    from accounts
    union all
    select
        siren,
        closing_date,
        known_date,
        'conan_holder' as model,
        5 as model_no,
        24 * ebitda * year / debt + 22 * permanent_capital / assets
        + 16 * realisable / assets - 87 * financial_charges / sales
        - 10 * personnel_cost / value_added as value,
        concat_ws(
            ', ',
            case when cash is null then 'cash' end,
            case when ebitda is null then 'ebitda' end,
            case when financial_charges is null then 'financial_charges' end,
            case when permanent_capital is null then 'permanent_capital' end,
            case when personnel_cost is null then 'personnel_cost' end,
            case when receivables is null then 'receivables' end,
            case when sales is null then 'sales' end,
            case when assets is null then 'total_assets' end,
            case when debt is null then 'total_debt' end,
            case when value_added is null then 'value_added' end
        ) as missing_inputs,
    from accounts
    where is_industrial is distinct from false
),

rounded as (
    select
        siren,
        closing_date,
        known_date,
        model,
        model_no,
        cast(case when value is not null then greatest(-999999, least(999999, value)) end
            as decimal(12, 4)) as value,
        nullif(missing_inputs, '') as missing_inputs,
    from scores
),

-- few zones per model: of each value the last whose limit it reaches
zoned as (
    select
        rounded.siren,
        rounded.closing_date,
        rounded.model,
        max(zones.zone_no) as zone_no,
    from rounded
    inner join ref_bankruptcy_zones as zones on zones.model = rounded.model
    where
        rounded.value is not null
        and (
            zones.at_least is null
            or rounded.value > zones.at_least
            or (rounded.value = zones.at_least and not zones.is_above)
        )
    group by rounded.siren, rounded.closing_date, rounded.model
),

final as (
    select
        rounded.siren,
        rounded.closing_date,
        rounded.known_date,
        rounded.model,
        rounded.model_no,
        rounded.value,
        zones.zone,
        zones.external_class,
        rounded.missing_inputs,
    from rounded
    left join zoned
        on zoned.siren = rounded.siren
        and zoned.closing_date = rounded.closing_date
        and zoned.model = rounded.model
    left join ref_bankruptcy_zones as zones
        on zones.model = zoned.model
        and zones.zone_no = zoned.zone_no
)

select * from final
