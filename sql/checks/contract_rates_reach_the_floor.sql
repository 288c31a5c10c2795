-- severity: warn
-- sentence: These contractual rates of late interest are below three times the legal rate of the
--   semester, the floor of L.441-10: mend late_interest in encours.yaml.
select
    entity_id,
    side,
    counterparty_id,
    min(rate) as contract_rate,
    max(legal_rate) * 3 as floor_rate,
    min(from_date) as first_date,
    max(to_date) as last_date,
from int_late_interest_lines
where rate_basis = 'contract' and rate < 3 * legal_rate
group by entity_id, side, counterparty_id
