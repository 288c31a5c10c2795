-- grain: one row per customer that is there at the as-of date
-- key: counterparty_no
-- question: By which segment and class is a customer chased?
-- materialized: view
-- columns:
--   counterparty_no: customer, see int_accounts
--   segment: segment; null, segments are not computed
--   risk_class: class of the score, N where there is too little history
--   policy_class: class whose rules apply to it
-- decisions: 55, 56
with

final as (
    select
        counterparty_no,
        cast(null as varchar) as segment,
        risk_class,
        policy_class,
    from int_risk_scores
    where month_no = 0 and side = 'customer'
)

select * from final
