-- Payment terms of encours.yaml: one row per counterparty named there, and one per entity and side.
-- key: entity_id, side, counterparty_id
create table project_terms (
    entity_id varchar not null,             -- identifier of the entity
    side varchar not null,                  -- customer or supplier
    counterparty_id varchar,                -- null: the default of the entity
    terms_code varchar not null,            -- the terms as written, normalised
    terms_kind varchar not null,            -- NET, EOM_AFTER (end of month of d + n) or EOM_THEN (end of month + n)
    term_days integer not null,             -- n, days
    plus_days integer not null,             -- days added at the end (30 jours fin de mois le 10)
    payment_day_1 integer,                  -- day of the month of payments; null: any day
    payment_day_2 integer,                  -- the second one, later in the month
    instalment_days varchar,                -- days of each instalment, 30/60/90; null: due at once. term_days is their mean
    discount_percent decimal(5, 2),         -- deducted for paying early
    discount_days integer                   -- within these days
);
