-- Payment terms that extracts carry in words, read by the grammar of encours.yaml: one row per text
-- and reading of "end of month".
-- key: end_of_month, terms_text
create table extract_terms (
    end_of_month varchar not null,          -- days_first or month_first, see project_entities
    terms_text varchar not null,            -- the words of the extract
    terms_code varchar,                     -- normal form; null where the words are not understood
    terms_kind varchar,                     -- NET, EOM_AFTER (end of month of d + n) or EOM_THEN (end of month + n)
    term_days integer,                      -- n, days; the mean of instalments
    plus_days integer,                      -- days added at the end
    payment_day_1 integer,                  -- day of the month of payments; null: any day
    payment_day_2 integer,                  -- the second one, later in the month
    instalment_days varchar,                -- days of each instalment, 30/60/90; null: due at once
    discount_percent decimal(5, 2),         -- deducted for paying early
    discount_days integer                   -- within these days
);
