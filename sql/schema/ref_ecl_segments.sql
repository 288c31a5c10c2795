-- Which segment of the provision matrix the customers of a country belong to.
-- key: country
create table ref_ecl_segments (
    country varchar,                        -- country of the file of counterparties; empty: all others
    segment varchar not null                -- name of the segment
);
