-- grain: one row per customer that is there at the as-of date
-- key: counterparty_no
-- question: By which segment and class is a customer chased?
-- materialized: view
-- columns:
--   counterparty_no: customer, see int_accounts
--   segment: segment of class and exposure, see int_exposure_bands
--   risk_class: class of the score, N where there is too little history
--   policy_class: class whose rules apply to it
-- decisions: 55, 56, 61
with

final as (
    select
        counterparty_no,
        segment,
        risk_class,
        policy_class,
    from int_exposure_bands
    where side = 'customer' and counterparty_no is not null
)

select * from final
