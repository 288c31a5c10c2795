-- What is known of the law limits the class, whatever the score; the first that holds and is worse
-- than the class of the score decides.
-- key: override_order
create table ref_scorecard_overrides (
    override_order integer not null,        -- order in which they are looked at
    override_rule varchar not null,         -- name of the rule
    from_severity integer,                  -- severity of the event or more, 0 to 10; null: any
    event varchar,                          -- name of the event, null: any
    risk_class varchar not null             -- best class that is left
);
