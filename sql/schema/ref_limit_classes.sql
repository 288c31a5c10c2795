-- What a risk class does to a recommended credit limit. A customer without a score is treated as its
-- policy class of ref_scorecard_classes.
-- key: risk_class
-- values of risk_class: A, B, C, D, E
create table ref_limit_classes (
    risk_class varchar not null,            -- class of the score
    need_coefficient decimal(5, 2) not null, -- times what the customer needs: above 1 for good payers
    capacity_percent decimal(5, 2) not null -- share of what the customer can carry, per cent
);
