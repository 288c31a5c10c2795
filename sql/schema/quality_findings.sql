-- What the audit found in the batches that count: one row per batch and check that found something.
-- key: batch_id, check_id
create table quality_findings (
    batch_id varchar not null,              -- the batch
    check_id varchar not null,              -- identifier of the check, such as C01
    line_count bigint not null,             -- lines concerned
    stake_amount decimal(18, 2) not null,   -- amounts of the lines concerned, without sign
    first_line bigint                       -- first line concerned, null where the file is
);
