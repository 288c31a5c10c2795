-- Control accounts of customers and suppliers; the longest prefix that fits an account wins.
-- key: account_prefix
create table ref_control_accounts (
    account_prefix varchar not null,        -- beginning of the account number
    side varchar not null,                  -- customer or supplier
    account_family varchar not null,        -- name under which it is reconciled
    is_aged boolean not null,               -- part of the open amount and of the ageing
    in_dso boolean not null,                -- part of the receivable of DSO
    item_kind varchar                       -- bill or retention, null for the rest
);
