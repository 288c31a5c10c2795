-- What makes two codes one customer or supplier; the first rule that fits is named.
-- key: rule
-- values of rule: siret, siren, vat_number, name_postal_code, name_city
create table ref_duplicate_rules (
    rule_no integer not null,               -- order of the rules
    rule varchar not null,                  -- what is the same
    is_used boolean not null,               -- false: the rule is not looked at
    is_between_entities boolean not null,   -- also codes of two entities; false: within an entity
    rule_en varchar not null,               -- in English
    rule_fr varchar not null                -- in French
);
