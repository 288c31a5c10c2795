-- grain: one row per regime of late interest and semester
-- key: regime, semester_no
-- question: Which statutory rate of late interest holds in each semester?
-- materialized: table
-- columns:
--   regime: business, public_buyer or consumer
--   semester_no: twice the year, plus one in the second half
--   rate_key: rank of the regime × 10,000 + semester_no: one number to join by
--   starts_on: first day of the semester
--   ends_on: last day of the semester
--   rate: percent per year; null where no rate is known: interest of these days is not computed
--   legal_rate: legal interest rate of the semester, percent per year; null where it is not known
--   is_confirmed: the rates were checked against their publication
--   earlier_percent_days: sum of rate × days of all earlier semesters
--   earlier_unrated_days: days of earlier semesters without a rate
-- decisions: 37
with

-- what is loaded comes before what is shipped
given as (
    select
        kind,
        valid_from,
        rate,
        true as is_confirmed,
    from stg_rates__reference_rates
    union all
    select
        ref_late_rates.kind,
        ref_late_rates.valid_from,
        ref_late_rates.rate,
        ref_late_rates.is_confirmed,
    from ref_late_rates
    anti join stg_rates__reference_rates as loaded
        on loaded.kind = ref_late_rates.kind
        and loaded.valid_from = ref_late_rates.valid_from
),

semesters as (
    select
        cast(semester_no as integer) as semester_no,
        make_date(
            cast(semester_no // 2 as integer), cast(1 + 6 * (semester_no % 2) as integer), 1
        ) as starts_on,
        make_date(
            cast((semester_no + 1) // 2 as integer), cast(7 - 6 * (semester_no % 2) as integer), 1
        ) - 1 as ends_on,
    from (select unnest(range(2 * 1980, 2 * 2201)) as semester_no)
),

-- the rate of the first day, where the series is known to reach that day
first_days as (
    select
        semesters.semester_no,
        arg_max(given.rate, row(given.valid_from)) as rate,
        arg_max(given.is_confirmed, row(given.valid_from)) as is_confirmed,
    from semesters
    inner join given
        on given.kind = 'ecb_refinancing'
        and given.valid_from <= semesters.starts_on
    where semesters.starts_on <= (
        select max(valid_from) from given where kind = 'ecb_refinancing'
    )
    group by semesters.semester_no
),

named as (
    select
        semesters.semester_no,
        semesters.starts_on,
        semesters.ends_on,
        first_days.rate as ecb_rate,
        first_days.is_confirmed as is_ecb_confirmed,
        statutory.rate as statutory_rate,
        statutory.is_confirmed as is_statutory_confirmed,
        legal.rate as legal_rate,
    from semesters
    left join first_days on first_days.semester_no = semesters.semester_no
    left join given as statutory
        on statutory.kind = 'statutory_late'
        and statutory.valid_from = semesters.starts_on
    left join given as legal
        on legal.kind = 'legal_professional'
        and legal.valid_from = semesters.starts_on
),

rated as (
    select
        regimes.regime,
        named.semester_no,
        named.starts_on,
        named.ends_on,
        case
            when regimes.regime = 'business' and named.statutory_rate is not null
                then named.statutory_rate
            when named.ecb_rate is not null then named.ecb_rate + regimes.margin_points
            -- the published rate for businesses tells the ECB rate too
            else named.statutory_rate - business.margin_points + regimes.margin_points
        end as rate,
        named.legal_rate,
        case
            when regimes.regime = 'business' and named.statutory_rate is not null
                then named.is_statutory_confirmed
            else coalesce(named.is_ecb_confirmed, named.is_statutory_confirmed, false)
        end as is_confirmed,
        named.ends_on - named.starts_on + 1 as day_count,
    from named
    cross join ref_late_regimes as regimes
    inner join ref_late_regimes as business on business.regime = 'business'
),

final as (
    select
        regime,
        semester_no,
        cast(dense_rank() over (order by regime) * 10000 + semester_no as integer) as rate_key,
        starts_on,
        ends_on,
        cast(rate as decimal(9, 4)) as rate,
        legal_rate,
        is_confirmed,
        cast(coalesce(sum(rate * day_count) over earlier, 0) as decimal(18, 4))
            as earlier_percent_days,
        cast(coalesce(sum(day_count) filter (where rate is null) over earlier, 0) as integer)
            as earlier_unrated_days,
    from rated
    window earlier as (
        partition by regime
        order by semester_no
        rows between unbounded preceding and 1 preceding
    )
)

select * from final
