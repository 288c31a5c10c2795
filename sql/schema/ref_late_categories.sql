-- Which regime of late interest the categories of the file of counterparties stand for; the rest is
-- business. Case and accents do not count.
-- key: category
create table ref_late_categories (
    category varchar not null,              -- category of the file of counterparties
    regime varchar not null                 -- see late_regimes.csv
);
