-- Accounts of provisions on customers; the longest prefix that fits an account wins.
-- key: account_prefix
create table ref_provision_accounts (
    account_prefix varchar not null,        -- beginning of the account number, in 49, 65, 68 or 78
    kind varchar not null                   -- allowance, charge, reversal or write_off
);
