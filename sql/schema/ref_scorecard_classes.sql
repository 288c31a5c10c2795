-- The risk classes, best first; the one without a score is for those who have too little history.
-- key: risk_class
-- values of risk_class: A, B, C, D, E, N
create table ref_scorecard_classes (
    risk_class varchar not null,            -- name of the class
    from_score decimal(5, 2),               -- lowest score of the class; null: too little history for a score
    policy_class varchar not null           -- class whose rules apply; for N the class that it is treated as
);
