-- What the value of a bankruptcy score says: of a model the last zone, by its limit, that the value
-- reaches.
-- key: model, zone_no
-- values of model: altman_z, altman_z_prime, altman_z_second, conan_holder
-- values of external_class: A, B, C, D, E
create table ref_bankruptcy_zones (
    model varchar not null,                 -- name of the score
    zone_no integer not null,               -- 1 is the worst
    zone varchar not null,                  -- name of the zone
    at_least decimal(12, 4),                -- its limit; null: everything below the others
    is_above boolean not null,              -- the value must be above the limit; else reach it
    external_class varchar                  -- class that it counts as where no agency rates the customer; null: none
);
