-- Fixed exchange rates, for currency.method: fixed in encours.yaml. None is shipped.
-- key: currency, into_currency
create table ref_fixed_rates (
    currency varchar not null,              -- currency of an entity, ISO 4217
    into_currency varchar not null,         -- currency of the group, ISO 4217
    rate decimal(18, 8) not null            -- units of into_currency for one unit of currency
);
