-- grain: one row per counterparty and company that it may be, at most the best twenty
-- key: counterparty_no, siren
-- question: Which companies of the register may a customer or supplier be, and why?
-- materialized: table
-- columns:
--   counterparty_no: rank of the counterparty
--   siren: SIREN of the company
--   siret: its establishment that agrees best with the address
--   candidate_name: its name that agrees best
--   candidate_form: its legal form, the code of INSEE
--   candidate_postal_code: postal code of the establishment
--   candidate_city: city of the establishment
--   candidate_state: A: active, C: ceased
--   is_exact: names and postal codes are the same
--   name_bits: what the names say, bits; rare names say more
--   place_bits: what postal code and city say, bits
--   street_bits: what the streets say, bits
--   form_bits: what the legal forms say, bits
--   state_bits: what being active or ceased says, bits
--   total_bits: the sum, less the rarity of any one company
--   match_probability: probability that it is the company, 0 to 1
--   rank_no: 1 is the most likely
--   margin_bits: distance to the next one; null where there is none
--   verdict: accepted, review or rejected; where a number tells of another company none is
--     accepted, as a person has to decide
-- decisions: 117, 118
with

rules as (
    select
        max(case when rule = 'universe_units' then value end) as universe_units,
        max(case when rule = 'accept_percent' then value end) as accept_percent,
        max(case when rule = 'accept_margin_bits' then value end) as accept_margin_bits,
        max(case when rule = 'review_percent' then value end) as review_percent,
        max(case when rule = 'block_units' then value end) as block_units,
    from ref_match_rules
),

weights as (
    select
        comparison,
        level,
        u,
        cast(round(log2(cast(m as double) / cast(u as double)), 3) as decimal(9, 3)) as bits,
        m,
    from ref_match_weights
),

-- what a pair that does not share a place or a street can reach at most, beside its name
reach as (
    select
        coalesce(max(bits) filter (where comparison = 'place' and level <> 'same'), 0)
        + greatest(0, coalesce(max(bits) filter (where comparison = 'form'), 0))
        + greatest(0, coalesce(max(bits) filter (where comparison = 'state'), 0))
        - max(log2(cast(rules.universe_units as double)))
        - max(log2(cast(rules.review_percent as double) / (100.001 - rules.review_percent)))
            as far_bits,
        max(bits) filter (where comparison = 'name' and level = 'close') as close_bits,
        max(bits) filter (where comparison = 'name' and level in ('words', 'other'))
            as other_bits,
    from weights
    cross join rules
),

-- so alike must the names of such a pair be; a person may want to see those that are very close
far as (
    select
        case
            when other_bits + far_bits >= 0 then 0.85
            when close_bits + far_bits >= 0 then 0.88
            else 0.95
        end as similarity,
    from reach
),

-- who has a number that the register knows, under a name that is alike, is not looked for
plausible as (
    select counterparty_no from int_match_numbers
    where is_registered and not is_name_doubtful
),

subjects as (
    select
        subjects.*,
        names.name_key,
        names.token_set,
        names.first4,
        names.first_token,
        names.form_words,
    from int_match_subjects as subjects
    inner join int_match_names as names on names.raw_name = subjects.name
    anti join plausible on plausible.counterparty_no = subjects.counterparty_no
),

unit_texts as (
    select
        siren,
        unnest([
            name, usual_name_1, usual_name_2, usual_name_3, acronym,
            case when name is null then trim(concat_ws(' ', last_name, first_name)) end,
            case when name is null then trim(concat_ws(' ', usage_name, first_name)) end
        ]) as raw_name,
    from stg_sirene__legal_units
    union
    select
        siren,
        unnest([sign_1, sign_2, sign_3, usual_name]),
    from stg_sirene__establishments
),

unit_names as (
    select distinct
        unit_texts.siren,
        names.name_key,
        names.token_set,
        names.first4,
        names.first_token,
        names.form_words,
    from unit_texts
    inner join int_match_names as names on names.raw_name = unit_texts.raw_name
),

places as (
    select
        siren,
        siret,
        postal_code,
        cedex_code,
        left(postal_code, 2) as dept,
        city,
        nullif(trim(regexp_replace(regexp_replace(regexp_replace(
            upper(strip_accents(city)), '[^A-Z]+', ' ', 'g'),
            '\bCEDEX\b', '', 'g'), '(^| )(ST|STE) ', '\1SAINT ', 'g')), '') as city_key,
        ltrim(street_number, '0') as street_number,
        nullif(regexp_replace(
            trim(regexp_replace(upper(strip_accents(street_name)), '[^A-Z0-9]+', ' ', 'g')),
            '^((RUE|R|AVENUE|AV|BOULEVARD|BD|BLD|PLACE|PL|CHEMIN|CHE|ALLEE|ALL|ROUTE|RTE'
            || '|IMPASSE|IMP|SQUARE|SQ|QUAI|COURS|CRS|DE|DU|DES|LA|LE|LES|L|D) )+', ''
        ), '') as street_key,
        coalesce(is_head_office, false) as is_head_office,
        coalesce(state, 'A') as state,
    from stg_sirene__establishments
),

-- a pair is looked at where one of these keys is the same
subject_keys as (
    select
        counterparty_no,
        name_key,
        postal_code,
        city_key,
        street_key,
        unnest([
            't' || token_set,
            'd' || dept || first4,
            'e' || dept || left(name_key, 8),
            'p' || postal_code || first_token
        ]) as block_key,
    from subjects
),

exploded as (
    select
        unit_names.siren,
        unit_names.name_key,
        places.postal_code,
        places.cedex_code,
        places.city_key,
        places.street_key,
        unnest([
            't' || unit_names.token_set,
            'd' || places.dept || unit_names.first4,
            'e' || places.dept || left(unit_names.name_key, 8),
            'p' || places.postal_code || unit_names.first_token
        ]) as block_key,
    from unit_names
    left join places on places.siren = unit_names.siren
),

unit_keys as (
    select distinct
        exploded.siren,
        exploded.name_key,
        exploded.postal_code,
        exploded.cedex_code,
        exploded.city_key,
        exploded.street_key,
        exploded.block_key,
    from exploded
    semi join subject_keys on subject_keys.block_key = exploded.block_key
),

-- a key that too many companies share tells them apart too little; longer keys of theirs do
blocks as (
    select unit_keys.block_key
    from unit_keys
    cross join rules
    where unit_keys.block_key is not null
    group by unit_keys.block_key, rules.block_units
    having count(distinct unit_keys.siren) <= rules.block_units
),

-- names of one block that are far apart are no pair, nor are those that are less than very close
-- and nowhere near one another: there are millions of them
pairs as (
    select distinct
        subject_keys.counterparty_no,
        unit_keys.siren,
    from subject_keys
    inner join blocks on blocks.block_key = subject_keys.block_key
    inner join unit_keys on unit_keys.block_key = subject_keys.block_key
    cross join far
    where
        starts_with(subject_keys.block_key, 't')
        or jaro_winkler_similarity(subject_keys.name_key, unit_keys.name_key) >= case
            when
                subject_keys.postal_code in (unit_keys.postal_code, unit_keys.cedex_code)
                or unit_keys.city_key = subject_keys.city_key
                or unit_keys.street_key = subject_keys.street_key then 0.85
            else far.similarity
        end
),

shares as (
    select
        token_set,
        count(distinct siren) as unit_count,
    from unit_names
    group by token_set
),

named as (
    select
        pairs.counterparty_no,
        pairs.siren,
        unit_names.name_key,
        unit_names.form_words,
        case
            when unit_names.token_set = subjects.token_set then 'exact'
            when jaro_winkler_similarity(unit_names.name_key, subjects.name_key) >= 0.95
                then 'very close'
            when jaro_winkler_similarity(unit_names.name_key, subjects.name_key) >= 0.88
                then 'close'
            when
                10 * length(list_intersect(
                    string_split(unit_names.token_set, ' '), string_split(subjects.token_set, ' ')
                )) >= 6 * length(list_distinct(
                    string_split(unit_names.token_set, ' ')
                    || string_split(subjects.token_set, ' ')
                )) then 'words'
            else 'other'
        end as level,
        shares.unit_count,
        unit_names.form_words = subjects.form_words as is_same_form,
    from pairs
    inner join subjects on subjects.counterparty_no = pairs.counterparty_no
    inner join unit_names on unit_names.siren = pairs.siren
    inner join shares on shares.token_set = unit_names.token_set
),

-- a name that a hundred companies bear says less than one that one bears
name_scored as (
    select
        named.counterparty_no,
        named.siren,
        named.name_key,
        named.form_words,
        named.level,
        named.is_same_form,
        case when named.level = 'exact' then cast(round(log2(
            cast(weights.m as double)
            / greatest(
                cast(weights.u as double), named.unit_count / cast(rules.universe_units as double)
            )
        ), 3) as decimal(9, 3)) else weights.bits end as bits,
    from named
    cross join rules
    inner join weights
        on weights.comparison = 'name'
        and weights.level = named.level
),

best_names as (
    select * from name_scored
    qualify row_number() over (
        partition by counterparty_no, siren
        order by bits desc, is_same_form desc nulls last, name_key, form_words nulls last
    ) = 1
),

placed as (
    select
        pairs.counterparty_no,
        pairs.siren,
        places.siret,
        places.postal_code,
        places.city,
        places.is_head_office,
        places.state,
        case
            when subjects.postal_code is null and subjects.city_key is null then null
            when places.siret is null then null
            when
                subjects.postal_code in (places.postal_code, places.cedex_code)
                or (
                    places.city_key = subjects.city_key
                    and coalesce(places.dept = subjects.dept, true)
                ) then 'same'
            when places.dept = subjects.dept then 'department'
            else 'other'
        end as place_level,
        case
            when subjects.street_key is null or places.street_key is null then null
            when jaro_winkler_similarity(subjects.street_key, places.street_key) < 0.92 then 'other'
            when places.street_number = subjects.street_number then 'number and name'
            else 'name'
        end as street_level,
    from pairs
    inner join subjects on subjects.counterparty_no = pairs.counterparty_no
    left join places on places.siren = pairs.siren
),

-- a street says something only in the same place
place_scored as (
    select
        placed.*,
        coalesce(place_weights.bits, 0) as place_bits,
        case when placed.place_level is distinct from 'other'
            then coalesce(street_weights.bits, 0) else 0 end as street_bits,
    from placed
    left join weights as place_weights
        on place_weights.comparison = 'place'
        and place_weights.level = placed.place_level
    left join weights as street_weights
        on street_weights.comparison = 'street'
        and street_weights.level = placed.street_level
),

best_places as (
    select * from place_scored
    qualify row_number() over (
        partition by counterparty_no, siren
        order by
            place_bits + street_bits desc, is_head_office desc nulls last, state nulls last,
            siret nulls last
    ) = 1
),

summed as (
    select
        best_names.counterparty_no,
        best_names.siren,
        best_places.siret,
        coalesce(
            units.name, nullif(trim(concat_ws(' ', units.first_name, units.last_name)), ''),
            best_names.name_key
        ) as candidate_name,
        units.legal_form_code as candidate_form,
        best_places.postal_code as candidate_postal_code,
        best_places.city as candidate_city,
        coalesce(units.legal_state, 'A') as candidate_state,
        best_names.level = 'exact' and best_places.place_level = 'same' as is_exact,
        best_names.bits as name_bits,
        best_places.place_bits,
        best_places.street_bits,
        coalesce(form_weights.bits, 0) as form_bits,
        coalesce(state_weights.bits, 0) as state_bits,
        rules.universe_units,
        rules.accept_percent,
        rules.accept_margin_bits,
        rules.review_percent,
    from best_names
    cross join rules
    inner join best_places
        on best_places.counterparty_no = best_names.counterparty_no
        and best_places.siren = best_names.siren
    inner join stg_sirene__legal_units as units on units.siren = best_names.siren
    left join weights as form_weights
        on form_weights.comparison = 'form'
        and form_weights.level = case best_names.is_same_form
            when true then 'same' when false then 'other' end
    left join weights as state_weights
        on state_weights.comparison = 'state'
        and state_weights.level = case when units.legal_state = 'C' then 'ceased' else 'active' end
),

weighed as (
    select
        *,
        cast(
            name_bits + place_bits + street_bits + form_bits + state_bits
            - round(log2(cast(universe_units as double)), 3) as decimal(9, 3)
        ) as total_bits,
    from summed
),

ranked as (
    select
        *,
        cast(
            case
                when total_bits >= 40 then 1
                when total_bits <= -40 then 0
                else pow(2, cast(total_bits as double)) / (1 + pow(2, cast(total_bits as double)))
            end as decimal(9, 6)
        ) as match_probability,
        row_number() over (
            partition by counterparty_no order by total_bits desc, candidate_state, siren
        ) as rank_no,
        total_bits - lead(total_bits) over (
            partition by counterparty_no order by total_bits desc, candidate_state, siren
        ) as margin_bits,
    from weighed
),

final as (
    select
        ranked.counterparty_no,
        ranked.siren,
        ranked.siret,
        ranked.candidate_name,
        ranked.candidate_form,
        ranked.candidate_postal_code,
        ranked.candidate_city,
        ranked.candidate_state,
        ranked.is_exact,
        ranked.name_bits,
        ranked.place_bits,
        ranked.street_bits,
        ranked.form_bits,
        ranked.state_bits,
        ranked.total_bits,
        ranked.match_probability,
        cast(ranked.rank_no as integer) as rank_no,
        cast(ranked.margin_bits as decimal(9, 3)) as margin_bits,
        case
            when
                ranked.rank_no = 1
                and ranked.match_probability * 100 >= ranked.accept_percent
                and coalesce(ranked.margin_bits >= ranked.accept_margin_bits, true)
                and coalesce(subjects.siren = ranked.siren, true) then 'accepted'
            when ranked.match_probability * 100 >= ranked.review_percent then 'review'
            else 'rejected'
        end as verdict,
    from ranked
    inner join subjects on subjects.counterparty_no = ranked.counterparty_no
    where ranked.rank_no <= 20
)

select * from final
