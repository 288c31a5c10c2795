-- Buckets of the provision matrix by days overdue; the one without boundaries takes what has no
-- known age.
-- key: bucket_order
create table ref_provision_buckets (
    bucket_order integer not null,          -- order of the bucket
    bucket varchar not null,                -- name of the bucket
    from_days integer,                      -- first day overdue, null: no lower end
    to_days integer                         -- last day overdue, null: no upper end
);
