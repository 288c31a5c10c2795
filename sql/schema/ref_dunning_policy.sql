-- The levels of reminding by segment and risk class; the lines of one segment and class are a
-- ladder, and the most particular ladder that fits a customer is its own.
-- key: segment, risk_class, level
-- values of kind: reminder, call, formal notice, legal case
-- values of channel: letter, e-mail, phone, none
create table ref_dunning_policy (
    segment varchar not null,               -- segment of the customer, * for every one
    risk_class varchar not null,            -- A to E or N, * for every one
    level integer not null,                 -- 1, 2, 3 … without a gap
    after_days integer not null,            -- days after the due date from which the level is due
    wait_days integer not null,             -- days that must have passed since the level before was done
    minimum_amount decimal(18, 2) not null, -- nothing is sent for less than this, currency of the entity
    kind varchar not null,                  -- reminder, call, formal notice or legal case
    channel varchar not null                -- letter, e-mail, phone or none
);
