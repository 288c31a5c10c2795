-- What raises an alert: a line is one way of measuring one rule.
-- key: rule, measure
-- values of rule: SCORE_DROP, OVERDUE_JUMP, LIMIT_EXCEEDED, LIMIT_90, DSO_DRIFT, NEW_90PLUS, BROKEN_PROMISE, PAYMENT_REJECT, DISPUTE_OPENED, DISPUTE_LONG, LEGAL_EVENT, CEASED, ADDRESS_CHANGE, OWNER_CHANGE, LEGAL_FORM_CHANGE, ACTIVITY_CHANGE, BUSINESS_SOLD, MERGED, ACCOUNTS_LATE, ACCOUNTS_CONFIDENTIAL, INSURER_LIMIT_CUT, STALE_DATA
-- values of measure: classes, points, overdue_ratio, overdue_factor, utilisation_ratio, late_days, overdue_days, open_days, severity, event, entry_days, invoice_days, payment_days
create table ref_alert_rules (
    rule varchar not null,                  -- name of the rule
    measure varchar not null,               -- what is measured; event: that it happened
    is_enabled boolean not null,            -- false: it raises nothing
    severity integer not null,              -- 1 to 10, 10 is worst
    threshold decimal(18, 4),               -- of the measure; null where the measure is event
    over_amount decimal(18, 2),             -- only where more than this is at stake, currency of the entity; null: always
    window_days integer,                    -- days up to the as-of date in which it must have happened, or over which it is measured; null: as long as it lasts
    words_en varchar not null,              -- sentence, with {old}, {new}, {about}, {date} and {window}
    words_fr varchar not null               -- the same in French
);
