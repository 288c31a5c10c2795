-- What holds of a credit insurance where the cover does not tell it.
-- key: policy_id
create table ref_insurance_rules (
    policy_id varchar not null,             -- policy; *: every other one
    quota_ratio decimal(5, 4) not null,     -- share of a loss that the insurer pays, 0 to 1
    declaration_days integer                -- days overdue after which the cover is void unless the claim was declared; null: never
);
