-- The payment terms that are recommended, by class.
-- key: terms
create table ref_decision_terms (
    terms varchar not null,                 -- name of the terms
    risk_classes varchar,                   -- classes A to E that have them, such as AB; null: only a rule names them
    term_days integer,                      -- days after the invoice; 0: before delivery; null: as agreed
    terms_en varchar not null,              -- in English; {} stands for the days
    terms_fr varchar not null               -- in French
);
