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
-- decisions: 6, 16, 22
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

-- an entity without a ledger: the plain account of the side, and every counterparty it knows
plain_accounts as (
    select
        side,
        min(account_prefix) as account,
    from ref_control_accounts
    where is_aged and item_kind is null
    group by side
),

extract_counterparties as (
    select
        stg_erp__counterparties.entity_no,
        stg_erp__counterparties.side,
        stg_erp__counterparties.counterparty_id,
    from stg_erp__counterparties
    anti join int_entities
        on int_entities.entity_no = stg_erp__counterparties.entity_no
        and int_entities.has_ledger
    union
    select
        entity_no,
        side,
        counterparty_id,
    from int_erp_documents
),

from_extracts as (
    select
        extract_counterparties.entity_no,
        plain_accounts.account,
        extract_counterparties.counterparty_id as aux_account,
        cast(null as varchar) as aux_label,
        cast(null as bigint) as aux_line_key,
        cast(null as varchar) as account_label,
        cast(null as bigint) as account_line_key,
    from extract_counterparties
    inner join plain_accounts on plain_accounts.side = extract_counterparties.side
),

from_ledgers as (
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
),

final as (
    select * from from_ledgers
    union all
    select * from from_extracts
)

select * from final
