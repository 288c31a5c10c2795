-- Which agency goes before which, where several rate a customer. accounts is what is reckoned from
-- the accounts of a company.
-- key: provider
create table ref_external_providers (
    provider varchar not null,              -- the agency, as its ratings name it, in small letters; *: every other one, by name
    rank_no integer not null,               -- 1 goes before 2
    is_used boolean not null                -- false: it is shown and feeds no score
);
