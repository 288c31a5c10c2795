-- Categories of the file of counterparties that make a customer or supplier strategic, whatever the
-- case of the letters.
-- key: category
create table ref_strategic_categories (
    category varchar not null               -- category as the source writes it
);
