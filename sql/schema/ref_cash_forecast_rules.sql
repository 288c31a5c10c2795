-- What the cash forecast rests on; every rule stands once.
-- key: rule
-- values of rule: history_quarters, pooling_payments, early_percent, mid_percent, late_percent, tail_percent, disputed_days, doubtful_days
create table ref_cash_forecast_rules (
    rule varchar not null,                  -- name of the rule
    value integer                           -- quarters, payments, per cent or days; only those of disputed_days and doubtful_days may be null: not expected
);
