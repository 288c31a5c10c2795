-- severity: fail
-- sentence: No exchange rate of this day, or of the 7 days before it, is loaded for the currency of
--   these entities: load exchange_rates (or write ref/fixed_rates.csv where the method is fixed).
with

missing as (
    select
        int_group_translations.entity_no,
        project_currency.method,
        min(case when project_currency.method = 'historic'
            then int_group_translations.missing_date else params.as_of end) as missing_date,
    from int_group_translations
    cross join project_currency
    cross join params
    where
        not int_group_translations.is_intercompany
        and case project_currency.method
            when 'closing' then int_group_translations.closing_amount
            when 'historic' then int_group_translations.historic_amount
            else int_group_translations.fixed_amount
        end is null
    group by int_group_translations.entity_no, project_currency.method
)

select
    project_entities.entity_id,
    project_entities.currency,
    params.currency as into_currency,
    missing.method,
    missing.missing_date,
from missing
inner join project_entities on project_entities.entity_no = missing.entity_no
cross join params
