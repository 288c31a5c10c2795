-- grain: one row per third-party account of an entity and auxiliary account
-- key: entity_no, account, aux_account
-- question: Which third-party accounts are there, and what were they last called?
-- materialized: scratch
-- columns:
--   entity_no: rank of the entity
--   account: account number
--   aux_account: customer or supplier code, null where the account itself is the customer
--   aux_label: name of the customer or supplier as last written, null where it never is
--   aux_line_key: line that wrote it
--   account_label: name of the account as last written, null where it never is
--   account_line_key: line that wrote it
-- decisions: 6, 16
with

lines as (
    select * from stg_fec__lines
    where account like '40%' or account like '41%'
),

-- a name seldom changes: few rows are left to choose from
names as (
    select
        entity_no,
        account,
        aux_account,
        aux_label,
        account_label,
        max(line_key) as line_key,
    from lines
    group by entity_no, account, aux_account, aux_label, account_label
),

final as (
    select
        entity_no,
        account,
        aux_account,
        arg_max(aux_label, row(line_key)) filter (where aux_label is not null) as aux_label,
        max(line_key) filter (where aux_label is not null) as aux_line_key,
        arg_max(account_label, row(line_key)) filter (where account_label is not null)
            as account_label,
        max(line_key) filter (where account_label is not null) as account_line_key,
    from names
    group by entity_no, account, aux_account
)

select * from final
