-- What the class of an agency means from A (best) to E. A line of the agency goes before one of *,
-- which is for every agency.
-- key: provider, class
-- values of external_class: A, B, C, D, E
create table ref_external_classes (
    provider varchar not null,              -- the agency, in small letters; *: any
    class varchar not null,                 -- its class, in capital letters
    external_class varchar                  -- class that it counts as; null: it says nothing
);
