-- severity: fail
-- sentence: ref/exposure_bands.csv needs bands with rising shares and one without a share;
--   ref/segments.csv needs one line for each class, A to E and N, and each band.
with

bands as (
    select
        exposure_band,
        to_percent,
        count(*) over (partition by exposure_band) as line_count,
        count(*) over (partition by to_percent) as same_count,
    from ref_exposure_bands
),

classes as (
    select unnest(['A', 'B', 'C', 'D', 'E', 'N']) as risk_class
),

cells as (
    select
        classes.risk_class,
        names.exposure_band,
    from classes
    cross join (select distinct exposure_band from ref_exposure_bands) as names
),

segments as (
    select
        risk_class,
        exposure_band,
        count(*) as line_count,
        min(review_months) as review_months,
    from ref_segments
    group by risk_class, exposure_band
)

select
    exposure_band as name,
    case
        when line_count > 1 then 'stands more than once in ref/exposure_bands.csv'
        when to_percent is null then 'only one band of ref/exposure_bands.csv is without to_percent'
        when same_count > 1 then 'has the to_percent of another band'
        else 'needs a to_percent above 0 and below 100'
    end as problem,
from bands
where line_count > 1 or same_count > 1 or to_percent <= 0 or to_percent >= 100
union all
select
    'ref/exposure_bands.csv' as name,
    'needs one band without to_percent, for the rest' as problem,
where not exists (select 1 from ref_exposure_bands where to_percent is null)
union all
select
    coalesce(cells.risk_class, segments.risk_class) || '/'
    || coalesce(cells.exposure_band, segments.exposure_band) as name,
    case
        when cells.risk_class is null
            then 'is not a class and band: classes are A to E and N, bands those of '
                || 'ref/exposure_bands.csv'
        when segments.risk_class is null then 'is missing in ref/segments.csv'
        when segments.line_count > 1 then 'stands more than once in ref/segments.csv'
        else 'needs review_months of 1 or more, or none'
    end as problem,
from cells
full join segments
    on segments.risk_class = cells.risk_class
    and segments.exposure_band = cells.exposure_band
where
    cells.risk_class is null
    or segments.risk_class is null
    or segments.line_count > 1
    or segments.review_months < 1
