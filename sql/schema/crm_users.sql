-- People who own accounts, opportunities and cases of a CRM.
-- key: user_id
create table crm_users (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    user_id varchar not null,               -- identifier in the CRM
    name varchar not null,                  -- name
    email varchar,                          -- e-mail address
    is_active boolean,                      -- still works with the CRM
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
