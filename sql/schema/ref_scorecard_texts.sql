-- How the factors of the scorecard are called; {} stands for the value in the sentences.
-- key: factor
create table ref_scorecard_texts (
    factor varchar not null,                -- factor of the scorecard, or too_little_history
    value_unit varchar not null,            -- days, ratio, class, months or count
    label_en varchar not null,              -- name of the factor, in English
    label_fr varchar not null,              -- name of the factor, in French
    reason_en varchar not null,             -- why points are lost, in English
    reason_fr varchar not null,             -- why points are lost, in French
    missing_en varchar not null,            -- why points are lost where the value is not known, in English
    missing_fr varchar not null             -- why points are lost where the value is not known, in French
);
