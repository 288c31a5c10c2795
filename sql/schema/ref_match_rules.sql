-- When a company that was found is the customer or supplier.
-- key: rule
-- values of rule: universe_units, accept_percent, accept_margin_bits, review_percent, name_similarity_percent, block_units
create table ref_match_rules (
    rule varchar not null,                  -- name of the rule
    value decimal(18, 4) not null           -- its value
);
