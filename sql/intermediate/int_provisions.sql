-- grain: one row per entity, counterparty and kind of provision account
-- key: entity_id, counterparty_id, kind
-- question: What do the provision accounts say in the fiscal year that holds the as-of date?
-- materialized: view
-- columns:
--   entity_id: identifier of the entity
--   fiscal_year_start: first day of the fiscal year
--   counterparty_id: auxiliary account of the lines, empty where there is none
--   kind: opening, allowance, charge, reversal or write_off
--   amount: of the year up to the as-of date
-- decisions: 39
select
    int_provision_days.entity_id,
    int_provision_days.fiscal_year_start,
    int_provision_days.counterparty_id,
    int_provision_days.kind,
    cast(sum(int_provision_days.amount) as decimal(18, 2)) as amount,
from int_provision_days
cross join params
where
    int_provision_days.fiscal_year_start <= params.as_of
    and (int_provision_days.ends_before is null or int_provision_days.ends_before > params.as_of)
    and int_provision_days.ledger_date <= params.as_of
group by all
