-- What the law gives for a late debt, by kind of debtor.
-- key: regime
create table ref_late_regimes (
    regime varchar not null,                -- business, public_buyer or consumer
    margin_points decimal(9, 4),            -- added to the ECB rate of the semester; null: no statutory interest
    is_rate_fixed boolean not null,         -- the rate of the semester in which interest begins holds to the end
    fee_amount decimal(18, 2) not null,     -- fixed recovery fee per late document
    fee_currency varchar not null,          -- entities in another currency claim no fee
    source varchar                          -- text of law
);
