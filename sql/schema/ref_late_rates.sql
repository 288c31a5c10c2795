-- Rates of late interest by the day from which they hold, percent per year. statutory_late and
-- legal_professional are given for a semester (1 January or 1 July) and hold for that one only.
-- key: kind, valid_from
create table ref_late_rates (
    kind varchar not null,                  -- ecb_refinancing, statutory_late or legal_professional
    valid_from date not null,               -- first day of the rate
    rate decimal(9, 4) not null,            -- percent per year
    source varchar,                         -- where the rate was published
    is_confirmed boolean not null           -- false: not checked against the publication
);
