-- What to answer to an order on account: the first line, by rule_no, all of whose conditions hold.
-- key: rule_no
-- values of decision: refuse, prepay, hold, approve, review
create table ref_decision_policy (
    rule_no integer not null,               -- order in which the lines are tried: 1, 2, 3 … without a gap
    rule varchar not null,                  -- name of the rule
    severity integer,                       -- legal severity: at least, 0 to 10; null: any
    is_ceased boolean not null,             -- true: a customer that has ceased fits too, whatever the severity
    risk_classes varchar not null,          -- classes whose rules apply, such as AB; N is for those without a score; * for every one
    overdue_days integer,                   -- with overdue_amount: days past due beyond which an item counts, the same on every line; null: any
    overdue_amount decimal(18, 2),          -- what is overdue for longer than that: more than this, currency of the entity
    order_amount decimal(18, 2),            -- the order: at most this, currency of the entity; null: any
    limit_ratio decimal(9, 4),              -- exposure and order: at most this share of the limit, 1.1 is 110 %; null: any
    decision varchar not null,              -- the answer
    terms varchar,                          -- line of ref_decision_terms; null: the one of the class
    valid_days integer not null,            -- days for which the answer holds
    rule_en varchar not null,               -- the rule in English; {severity}, {days}, {amount}, {order} and {percent} stand for its thresholds
    rule_fr varchar not null                -- the rule in French
);
