-- When there is too little history for a score; every rule stands once.
-- key: rule
-- values of rule: paid_invoices, history_months
create table ref_scorecard_rules (
    rule varchar not null,                  -- name of the rule
    value integer not null                  -- paid_invoices: fewer paid invoices give class N; history_months: months in which they are counted: 3, 6, 12 or 24
);
