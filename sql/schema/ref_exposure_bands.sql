-- Bands of customers by size: the largest first, up to a share of the whole.
-- key: exposure_band
create table ref_exposure_bands (
    exposure_band varchar not null,         -- name of the band
    to_percent decimal(5, 2)                -- up to this share of the whole, per cent; null: the rest
);
