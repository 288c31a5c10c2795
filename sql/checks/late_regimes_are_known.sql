-- severity: fail
-- sentence: These kinds of debtor are not in ref/late_regimes.csv: mend late_categories.csv or
--   late_regimes.csv, which must hold business, public_buyer and consumer.
select regime
from (
    select regime from ref_late_categories
    union
    select regime from project_late_interest
    where regime is not null
    union
    select 'business' as regime
) as named
anti join ref_late_regimes on ref_late_regimes.regime = named.regime
