-- How figures in another currency become figures of the group; empty: they do not.
create table project_currency (
    method varchar not null                 -- closing, historic or fixed
);
