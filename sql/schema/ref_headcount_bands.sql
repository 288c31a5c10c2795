-- Numbers of employees by band (tranches d'effectifs of INSEE).
-- key: band_code
create table ref_headcount_bands (
    band_code varchar not null,             -- 2 characters of INSEE
    headcount_band varchar not null         -- from and to, in words
);
