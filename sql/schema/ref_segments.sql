-- What is done with the customers of a class and a size.
-- key: risk_class, exposure_band
-- values of risk_class: A, B, C, D, E, N
create table ref_segments (
    risk_class varchar not null,            -- class of the score, N: too little history
    exposure_band varchar not null,         -- band of ref_exposure_bands
    segment varchar not null,               -- name of the segment, as action rules and reminders know it
    segment_en varchar not null,            -- the segment in English
    segment_fr varchar not null,            -- the segment in French
    action_en varchar not null,             -- what to do, in English
    action_fr varchar not null,             -- what to do, in French
    review_months integer                   -- reviewed every so many months; null: at no fixed time
);
