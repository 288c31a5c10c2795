-- severity: warn
-- sentence: No public holidays are listed for the year of these promises (ref/holidays.csv): their
--   deadlines count Mondays to Fridays only.
select
    entity_id,
    promise_id,
    promised_date,
from mart_promises
where year(promised_date) not in (select year(holiday_date) from ref_holidays)
