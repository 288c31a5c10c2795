-- Attributes of counterparties as persons set them, without those that were withdrawn: they go
-- before every source.
-- key: entity_id, side, counterparty_id, attribute
create table attribute_overrides (
    entity_id varchar not null,             -- the entity of encours.yaml
    side varchar not null,                  -- customer or supplier
    counterparty_id varchar not null,       -- code of the customer or supplier
    attribute varchar not null,             -- name, siren, city and so on
    value varchar not null,                 -- the value; amounts with a point, currency of the entity
    author varchar not null,                -- who set it
    set_on date not null,                   -- day on which it was set
    note varchar                            -- why
);
