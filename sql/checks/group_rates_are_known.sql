-- severity: fail
-- sentence: No exchange rate of these days, or of the 7 days before, is loaded for the currency of
--   these entities: load exchange_rates (or write ref/fixed_rates.csv where the method is fixed).
with

-- each day of the figures of the group, and of the booking of what is open where the report on
-- currencies asks for it
missing as (
    select
        entity_no,
        missing_date,
    from int_group_missing_rates
    union all
    select
        int_group_translations.entity_no,
        int_group_translations.missing_date,
    from int_group_translations
    inner join project_currency on project_currency.method = 'historic'
    where
        int_group_translations.missing_date is not null
        and not int_group_translations.is_intercompany
)

select
    members.entity_id,
    members.currency,
    params.currency as into_currency,
    project_currency.method,
    min(missing.missing_date) as missing_date,
    max(missing.missing_date) as last_missing_date,
    count(distinct missing.missing_date) as missing_day_count,
from missing
inner join int_group_entities as members on members.entity_no = missing.entity_no
cross join project_currency
cross join params
group by all
