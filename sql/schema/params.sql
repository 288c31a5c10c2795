-- The one row of parameters that every model may read.
create table params (
    as_of date not null,                    -- the business date at which figures are asked
    known_at timestamp,                     -- only batches known by then count; null: all batches
    currency varchar not null,              -- currency of the group
    history_months integer not null         -- month ends shown in histories
);
