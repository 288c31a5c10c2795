-- What to do next with a customer: the first line, by rule_no, that fits the customer and its
-- situation.
-- key: rule_no
-- values of situation: claim, dispute, promise broken, promise due, follow up, legal case due, letter due, call due, overdue
-- values of action: declare the claim, answer the dispute, call about the promise, check the payment, call, hand over, escalate, send the letter, review
create table ref_action_rules (
    rule_no integer not null,               -- order in which the lines are tried
    segment varchar not null,               -- segment of the customer, * for every one
    risk_class varchar not null,            -- A to E or N, * for every one
    situation varchar not null,             -- what must hold of the customer
    from_days integer,                      -- oldest overdue item, days: at least; null: any
    to_days integer,                        -- at most; null: any
    from_level integer,                     -- level of reminding reached: at least; null: any
    to_level integer,                       -- at most; null: any
    quiet_days integer not null,            -- not before so many days after the last action
    action varchar not null,                -- what to do
    priority integer not null               -- 1 comes first in the list
);
