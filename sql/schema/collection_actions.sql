-- What was done to collect: calls, letters, e-mails, formal notices, legal cases.
-- key: entity_id, action_id
-- values of kind: call, letter, e-mail, formal notice, legal case, claim declared
create table collection_actions (
    source_line bigint not null,            -- line or record of the extract, the header is line 1
    action_id varchar not null,             -- identifier of the action
    counterparty_id varchar not null,       -- code of the customer, as text
    document_id varchar,                    -- the invoice it is about; null: the whole account
    action_date date not null,              -- day of the action
    kind varchar not null,                  -- call, letter, e-mail, formal notice, legal case or claim declared
    level integer,                          -- level of the reminder
    result varchar,                         -- what came of it
    next_action_date date,                  -- when to act again
    author varchar,                         -- who did it
    comment varchar,                        -- remark
    extra map(varchar, varchar),            -- columns that the mapping keeps beyond the contract, by their name
    entity_id varchar not null,             -- the entity of encours.yaml
    batch_id varchar not null,              -- the batch that landed the row
    source_file varchar not null            -- name of the extract
);
