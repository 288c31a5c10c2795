-- Ageing buckets by days since the invoice; the one without boundaries takes what has no known age.
-- key: bucket_order
create table ref_invoice_age_buckets (
    bucket_order integer not null,          -- order of the bucket
    ageing_bucket varchar not null,         -- name of the bucket
    from_days integer,                      -- first day since the invoice, null: no lower end
    to_days integer                         -- last day since the invoice, null: no upper end
);
