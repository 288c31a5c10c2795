-- What a recommended credit limit is reckoned with.
-- key: rule
create table ref_limit_rules (
    rule varchar not null,                  -- name of the rule
    value decimal(12, 2) not null           -- its value
);
