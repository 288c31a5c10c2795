-- Cases of a CRM: complaints and questions of customers; identifiers are those of the source.
-- key: case_id
create table crm_cases (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    case_id varchar not null,               -- identifier in the CRM, else the number of the case
    case_number varchar,                    -- number that people quote
    crm_id varchar,                         -- the account, see crm_accounts
    subject varchar,                        -- subject
    status varchar,                         -- status, in the words of the CRM
    priority varchar,                       -- priority, in the words of the CRM
    origin varchar,                         -- channel by which it came
    reason varchar,                         -- reason, in the words of the CRM
    case_type varchar,                      -- type, in the words of the CRM
    document_ref varchar,                   -- the disputed invoice, where the CRM keeps it
    amount decimal(18, 2),                  -- disputed amount, where the CRM keeps it
    opened_on date,                         -- day it was opened
    closed_on date,                         -- day it was closed
    is_closed boolean,                      -- it is closed; null: told by closed_on
    owner_id varchar,                       -- who handles it, see crm_users
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
