-- Targets of encours.yaml: what a measure of the monthly key figures should not pass.
-- key: entity_id, measure
create table project_targets (
    entity_id varchar not null,             -- identifier of the entity, or group
    measure varchar not null,               -- column of mart_kpis_monthly
    target_value decimal(18, 6) not null,   -- in the unit of the measure: days, or a ratio from 0 to 1
    is_ceiling boolean not null             -- the measure should not be above it; else not below it
);
