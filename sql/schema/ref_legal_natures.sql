-- What the notices of the gazette say, and how much it weighs: of the family of a notice the first
-- line, by nature_order, whose words stand in its nature, else in what is written beside it, else
-- the line of the family without words; family * is for every other one.
-- key: nature_order
-- values of role: subject, seller, buyer, lessee
-- values of effect: open, convert, plan, close, strike, register, change, mark, file, late, cease
create table ref_legal_natures (
    nature_order integer not null,          -- order in which the lines are tried
    family varchar not null,                -- family of the notice by the code of the BODACC; *: any
    role varchar,                           -- what the notice says of the company; null: anything
    words varchar,                          -- text without accents and marks, * for anything between; null: no words are needed
    event varchar not null,                 -- name of the event
    severity integer not null,              -- 0 to 10, 10 is worst
    effect varchar not null,                -- open, convert, plan, close: of a procedure; strike, register: of the register; others stand alone
    months integer,                         -- it weighs for so many months; null: until something ends it. Of effect late: months after the end of a year in which accounts must be filed
    label_en varchar not null,              -- name of the event as people read it
    label_fr varchar not null               -- the same in French
);
