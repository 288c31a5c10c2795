-- What the project says about natural persons among its customers; empty: the defaults hold.
create table project_privacy (
    shows_persons boolean not null,         -- their names may stand in exports and published files
    retention_months integer                -- months after which a person is due for erasure; null: never
);
