-- Words of the type or reason of a case that make it a dispute; of several the least rule_no counts.
-- key: word
create table ref_crm_dispute_reasons (
    rule_no integer not null,               -- the least number counts first
    word varchar not null,                  -- a word of the type or reason, or the whole of it; case and accents do not matter
    reason varchar not null                 -- reason of the dispute: price, quality, delivery, administrative …
);
