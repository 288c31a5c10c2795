-- severity: fail
-- sentence: These losses given default are not between 0 and 1, or not of customers or suppliers:
--   mend sql/ref/loss_given_default.csv.
select
    side,
    lgd_ratio,
from ref_loss_given_default
where side not in ('customer', 'supplier') or lgd_ratio < 0 or lgd_ratio > 1
