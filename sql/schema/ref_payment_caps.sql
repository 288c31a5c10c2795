-- Longest payment terms that the law allows, by category of counterparty; the later date of the
-- two caps counts. The line "standard" is for every counterparty of another category.
-- key: category
create table ref_payment_caps (
    category varchar not null,              -- standard, or a category of the counterparty file
    cap_days integer not null,              -- days after the date of the invoice
    end_of_month_days integer,              -- days with the end of the month, both readings; null: not allowed
    article varchar not null                -- article of the Code de commerce
);
