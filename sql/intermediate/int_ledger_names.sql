-- grain: one row per counterparty of a ledger
-- key: counterparty_no
-- question: How does the ledger name a customer or supplier?
-- materialized: scratch
-- columns:
--   counterparty_no: rank of the counterparty
--   entity_no: rank of the entity
--   entity_id: identifier of the entity
--   side: customer or supplier
--   counterparty_id: code of the customer or supplier
--   name: its name as last written; that of the account only where nothing else names it
-- decisions: 6, 22
with

accounts as (
    select * from int_accounts
),

names as (
    select * from int_account_names
),

final as (
    select
        accounts.counterparty_no,
        accounts.entity_no,
        accounts.entity_id,
        accounts.side,
        accounts.counterparty_id,
        coalesce(
            arg_max(names.aux_label, (names.aux_line_key, names.account)),
            arg_max(names.account_label, (names.account_line_key, names.account))
        ) as name,
    from accounts
    inner join names
        on names.entity_no = accounts.entity_no
        and names.account = accounts.account
        and names.aux_account is not distinct from accounts.aux_account
    group by
        accounts.counterparty_no, accounts.entity_no, accounts.entity_id, accounts.side,
        accounts.counterparty_id
)

select * from final
