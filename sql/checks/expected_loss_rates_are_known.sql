-- severity: warn
-- sentence: No loss rate is known for these cells of the provision matrix: the ledger tells less
--   than a year, or nothing ever stood there. Give a rate in ref/provision_rates.csv.
select
    entity_id,
    segment,
    bucket,
    exposure_amount,
from mart_expected_credit_loss
where expected_loss_amount is null and exposure_amount <> 0
