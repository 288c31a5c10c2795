-- Lines of an accounting ledger, as the French FEC gives them (LPF art. A.47 A-1).
-- One row per line of the extract; amounts in the currency of the entity.
-- key: entity_id, fiscal_year_start, source_part, source_line
create table ledger_entries (
    source_line bigint not null,            -- line of the file, the header is line 1; in an XML file with several on one line, their rank
    source_part integer not null,           -- part of a split file, 1 where there is one file
    journal_code varchar,                   -- JournalCode
    journal_label varchar,                  -- JournalLib
    entry_number varchar not null,          -- EcritureNum
    entry_date date not null,               -- EcritureDate, the accounting date
    account varchar,                        -- CompteNum; null in a book that keeps no accounts (A.47 A-1 VIII)
    account_label varchar,                  -- CompteLib
    aux_account varchar,                    -- CompAuxNum, the customer or supplier code
    aux_label varchar,                      -- CompAuxLib
    document_ref varchar,                   -- PieceRef
    document_date date,                     -- PieceDate
    label varchar,                          -- EcritureLib
    debit decimal(18, 2) not null,          -- Debit, may be negative (a reversal)
    credit decimal(18, 2) not null,         -- Credit, may be negative (a reversal)
    matching_code varchar,                  -- EcritureLet, the lettering code; case is significant
    matching_date date,                     -- DateLet
    validation_date date,                   -- ValidDate
    currency_amount decimal(18, 2),         -- Montantdevise
    currency varchar,                       -- Idevise
    due_date date,                          -- from an extra column whose name tells a due date
    extra map(varchar, varchar),            -- every column beyond the legal ones, by header name
    entity_id varchar not null,             -- the entity of encours.yaml
    fiscal_year_start date not null,        -- first day of the fiscal year; in the batch manifest, as it is known once the file is read
    batch_id varchar not null,              -- the batch that landed the line
    source_file varchar not null            -- name of the extract
);
