-- severity: fail
-- sentence: The payment-terms table and what it leaves out of these entities is not what is open.
with

listed as (
    select
        entity_id,
        side,
        sum(invoice_amount) as listed_amount,
    from mart_payment_terms_report
    where
        tax = 'incl'
        and table_no = 1
        and (
            (line_code = 'late' and bucket in ('0', 'total'))
            or line_code in ('disputed', 'left_out', 'undated', 'not_due')
        )
    group by entity_id, side
),

open_items as (
    select
        entity_id,
        side,
        sum(open_amount) as open_amount,
    from mart_ageing
    group by entity_id, side
)

select
    listed.entity_id,
    listed.side,
    listed.listed_amount,
    open_items.open_amount,
from listed
full join open_items
    on open_items.entity_id = listed.entity_id
    and open_items.side = listed.side
where coalesce(listed.listed_amount, 0) <> coalesce(open_items.open_amount, 0)
