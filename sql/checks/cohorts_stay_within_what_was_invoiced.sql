-- severity: warn
-- sentence: More is unpaid of these months' invoices than was invoiced: a transfer or a returned
--   payment took over more than the invoice.
select
    entity_id,
    side,
    month_end_date,
    after_days,
    invoiced_amount,
    unpaid_amount,
from mart_billing_cohorts
where unpaid_amount > invoiced_amount or unpaid_amount < 0
