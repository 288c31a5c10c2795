-- What agreement and disagreement say about two records of one company: m is how often a level is seen
-- where they are the same company, u where they are not. A weight is log2(m / u).
-- key: comparison, level
-- values of comparison: name, place, street, form, state
create table ref_match_weights (
    comparison varchar not null,            -- what is compared
    level varchar not null,                 -- how far it agrees
    m decimal(12, 10) not null,             -- probability of the level for one company
    u decimal(12, 10) not null              -- probability of the level for two
);
