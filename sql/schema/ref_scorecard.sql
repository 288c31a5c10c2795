-- The expert scorecard: what each value of a factor is worth. A range goes from above from_value up
-- to and including to_value; the one without either takes what is not known.
-- key: factor, from_value, to_value
-- values of factor: late_12m_days, paid_late_30_12m_ratio, overdue_ratio, oldest_overdue_days, trend_days, external_class, tenure_months, incident_count
create table ref_scorecard (
    factor varchar not null,                -- what is measured
    weight integer not null,                -- share of the factor in the score, the same on each of its lines; all factors together 100
    from_value decimal(12, 4),              -- above this value, null: no lower end
    to_value decimal(12, 4),                -- up to and including this value, null: no upper end
    points integer not null                 -- worth of the range, 0 to 100; 100 is best
);
