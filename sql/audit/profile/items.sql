-- Lines of the control accounts, and whether lettering closes them.
with

lines as (
    select
        batch_no,
        source_line,
        account,
        aux_account,
        entry_date,
        document_date,
        document_ref,
        due_date,
        debit_less_credit,
        matching_code,
    from stg_fec__lines
    where account like '40%' or account like '41%'
),

families as (
    select
        numbers.account,
        arg_max(
            ref_control_accounts,
            (length(ref_control_accounts.account_prefix), ref_control_accounts.account_prefix)
        ) as family,
    from (select distinct account from lines) as numbers
    inner join ref_control_accounts
        on starts_with(numbers.account, ref_control_accounts.account_prefix)
    group by numbers.account
),

groups as (
    select
        batch_no,
        account,
        aux_account,
        matching_code,
    from lines
    where matching_code is not null
    group by all
    having sum(debit_less_credit) = 0
),

final as (
    select
        lines.batch_no,
        lines.source_line,
        families.family.side as side,
        cast(families.family.account_family as varchar) as account_family,
        families.family.is_aged as is_aged,
        coalesce(lines.aux_account, lines.account) as counterparty_id,
        case when families.family.side = 'customer' then lines.debit_less_credit
            else -lines.debit_less_credit
        end as amount,
        groups.batch_no is not null as is_settled,
        lines.matching_code is not null as is_lettered,
        lines.due_date is not null as has_due_date,
        lines.document_date is not null and lines.document_ref is not null as has_document,
        lines.entry_date,
    from lines
    inner join families on families.account = lines.account
    left join groups
        on groups.batch_no = lines.batch_no
        and groups.account = lines.account
        and groups.aux_account is not distinct from lines.aux_account
        and groups.matching_code = lines.matching_code
)

select * from final
