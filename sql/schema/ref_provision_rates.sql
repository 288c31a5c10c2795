-- Loss rates of the provision matrix that the project sets itself; the rest comes from roll rates.
-- key: segment, bucket
create table ref_provision_rates (
    segment varchar not null,               -- segment of ecl_segments.csv; all: every segment that has no row of its own
    bucket varchar not null,                -- bucket of provision_buckets.csv, or doubtful for account 416
    rate decimal(9, 6),                     -- percent of the amount; empty: from roll rates
    forward_looking_factor decimal(9, 6),   -- the rate is multiplied by it, 1.1 for a tenth more; empty: 1
    source varchar                          -- where the rate comes from
);
