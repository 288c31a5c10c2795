-- What the audit looks for: one row per check.
-- key: check_id
create table quality_checks (
    check_id varchar not null,              -- identifier of the check, such as C01
    severity varchar not null,              -- error, warn or info
    sentence varchar not null,              -- what was found, in English
    sentence_fr varchar not null,           -- what was found, in French
    advice varchar not null,                -- what to do, in English
    advice_fr varchar not null              -- what to do, in French
);
