-- Legal forms (catégories juridiques of INSEE, third level) in words.
-- key: legal_form_code
create table ref_legal_forms (
    legal_form_code varchar not null,       -- 4 digits
    form_en varchar not null,               -- in English
    form_fr varchar not null,               -- in French
    is_verified boolean not null            -- compared with the register; false: check before relying on it
);
