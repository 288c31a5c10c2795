-- grain: one row per debit and credit that a lettering group puts together
-- key: debit_key, credit_key, match_method
-- question: Inside a lettering group, which credit settles which debit?
-- materialized: scratch
-- columns:
--   debit_key: the debit line
--   credit_key: the credit line
--   amount: amount settled, positive
--   match_method: group (no choice), reference, label, amount or fifo
-- decisions: 8
with

lines as not materialized (
    select * from int_control_lines
),

groups as (
    select
        *,
        (debit_count = 1 and debit_amount >= credit_amount)
        or (credit_count = 1 and credit_amount >= debit_amount) as is_plain,
        debit_count = 1 and debit_amount >= credit_amount as is_debit_centre,
    from int_lettering_groups
),

carried as (
    select
        line_key,
        carried_line_key,
    from int_opening_lines
    where not is_item and carried_line_key is not null
),

-- one debit and one credit, of one year: no line has to be looked up. A group that crosses two
-- years has two rows
single as (
    select distinct
        debit_key,
        credit_key,
        least(debit_amount, credit_amount) as amount,
        'group' as match_method,
    from groups
    where debit_count = 1 and credit_count = 1
),

group_lines as (
    select
        groups.group_no,
        groups.is_plain,
        groups.is_debit_centre,
        case when groups.is_debit_centre then groups.debit_key else groups.credit_key end
            as centre_key,
        lines.account_key,
        lines.line_key,
        lines.movement_date,
        lines.amount,
        lines.document_ref,
        lines.label,
    from lines
    inner join groups
        on groups.fy_no = lines.fy_no
        and groups.account_key = lines.account_key
        and groups.matching_code = lines.matching_code
    where groups.debit_count > 1 or groups.credit_count > 1
),

-- one line on one side that covers all the other side: nothing to choose
plain as (
    select
        case when is_debit_centre then centre_key else line_key end as debit_key,
        case when is_debit_centre then line_key else centre_key end as credit_key,
        abs(amount) as amount,
        'group' as match_method,
    from group_lines
    where is_plain and (amount > 0) <> is_debit_centre
),

-- the others: by reference, then exact amount, then first in first out
open_lines as (
    select
        group_no,
        account_key,
        line_key,
        movement_date,
        amount,
        nullif(regexp_replace(upper(document_ref), '[^A-Z0-9]', '', 'g'), '') as reference,
        label,
    from group_lines
    where not is_plain
),

open_accounts as (
    select distinct account_key from open_lines
),

-- a reference names a debit where it holds a digit and is unique for the account; an opening
-- that repeats an item does not make a second one of it
reference_counts as (
    select
        lines.account_key,
        nullif(regexp_replace(upper(lines.document_ref), '[^A-Z0-9]', '', 'g'), '') as reference,
        count(distinct coalesce(carried.carried_line_key, lines.line_key)) as debit_count,
    from lines
    inner join open_accounts on open_accounts.account_key = lines.account_key
    left join carried on carried.line_key = lines.line_key
    where lines.amount > 0
    group by all
),

named_debits as (
    select
        open_lines.group_no,
        open_lines.line_key,
        open_lines.reference,
        regexp_replace(open_lines.reference, '[^0-9]', '', 'g') as digits,
    from open_lines
    inner join reference_counts
        on reference_counts.account_key = open_lines.account_key
        and reference_counts.reference = open_lines.reference
        and reference_counts.debit_count = 1
    where open_lines.amount > 0 and regexp_matches(open_lines.reference, '[0-9]')
),

reference_links as (
    select
        named_debits.group_no,
        named_debits.line_key as debit_key,
        open_lines.line_key as credit_key,
        'reference' as match_method,
    from open_lines
    inner join named_debits
        on named_debits.group_no = open_lines.group_no
        and named_debits.reference = open_lines.reference
    where open_lines.amount < 0
),

label_words as (
    select
        group_no,
        line_key,
        unnest(regexp_extract_all(upper(label), '[A-Z0-9][A-Z0-9/._-]*')) as word,
    from open_lines
    where
        amount < 0
        and line_key not in (select credit_key from reference_links)
),

label_numbers as (
    select distinct
        group_no,
        line_key,
        regexp_replace(word, '[^A-Z0-9]', '', 'g') as word,
        regexp_replace(word, '[^0-9]', '', 'g') as digits,
    from label_words
    where regexp_matches(word, '[0-9]')
),

-- the whole reference, or its number where that has four digits and is unique in the group
debit_words as (
    select
        group_no,
        line_key,
        reference as word,
    from named_debits
    union
    select
        group_no,
        min(line_key) as line_key,
        digits as word,
    from named_debits
    where length(digits) >= 4
    group by group_no, digits
    having count(*) = 1
),

credit_words as (
    select
        group_no,
        line_key,
        word,
    from label_numbers
    union
    select
        group_no,
        line_key,
        digits as word,
    from label_numbers
    where length(digits) >= 4
),

label_links as (
    select distinct
        debit_words.group_no,
        debit_words.line_key as debit_key,
        credit_words.line_key as credit_key,
        'label' as match_method,
    from credit_words
    inner join debit_words
        on debit_words.group_no = credit_words.group_no
        and debit_words.word = credit_words.word
),

links as (
    select * from reference_links
    union all
    select * from label_links
),

degrees as (
    select
        links.*,
        count(*) over (partition by debit_key) as debit_degree,
        count(*) over (partition by credit_key) as credit_degree,
    from links
),

-- only stars are sure: several credits that name one debit, or one credit that names several
stars as (
    select
        *,
        case when max_credit_degree = 1 then debit_key else credit_key end as centre_key,
        case when max_credit_degree = 1 then credit_key else debit_key end as leaf_key,
    from (
        select
            *,
            max(credit_degree) over (partition by debit_key) as max_credit_degree,
            max(debit_degree) over (partition by credit_key) as max_debit_degree,
        from degrees
    )
    where max_credit_degree = 1 or max_debit_degree = 1
),

star_amounts as (
    select
        stars.debit_key,
        stars.credit_key,
        stars.match_method,
        abs(centre.amount) as centre_amount,
        abs(leaf.amount) as leaf_amount,
        coalesce(sum(abs(leaf.amount)) over (
            partition by stars.centre_key
            order by leaf.movement_date, leaf.line_key
            rows between unbounded preceding and 1 preceding
        ), 0) as before_amount,
    from stars
    inner join open_lines as centre on centre.line_key = stars.centre_key
    inner join open_lines as leaf on leaf.line_key = stars.leaf_key
),

named as (
    select
        debit_key,
        credit_key,
        least(leaf_amount, centre_amount - before_amount) as amount,
        match_method,
    from star_amounts
    where centre_amount > before_amount
),

named_totals as (
    select
        line_key,
        sum(amount) as amount,
    from (
        select debit_key as line_key, amount from named
        union all
        select credit_key as line_key, amount from named
    )
    group by line_key
),

after_names as (
    select
        open_lines.group_no,
        open_lines.line_key,
        open_lines.movement_date,
        open_lines.amount > 0 as is_debit,
        abs(open_lines.amount) - coalesce(named_totals.amount, 0) as amount,
    from open_lines
    left join named_totals on named_totals.line_key = open_lines.line_key
    where abs(open_lines.amount) > coalesce(named_totals.amount, 0)
),

ranked as (
    select
        *,
        row_number() over (
            partition by group_no, is_debit, amount order by movement_date, line_key
        ) as rank_no,
    from after_names
),

exact as (
    select
        debits.line_key as debit_key,
        credits.line_key as credit_key,
        debits.amount,
        'amount' as match_method,
    from ranked as debits
    inner join ranked as credits
        on credits.group_no = debits.group_no
        and credits.amount = debits.amount
        and credits.rank_no = debits.rank_no
    where debits.is_debit and not credits.is_debit
),

after_exact as (
    select * from after_names
    where
        line_key not in (select debit_key from exact)
        and line_key not in (select credit_key from exact)
),

-- both sides laid end to end from the oldest: a stretch of the line belongs to one debit and
-- one credit
stretches as (
    select
        group_no,
        line_key,
        is_debit,
        sum(amount) over (
            partition by group_no, is_debit order by movement_date, line_key
        ) - amount as start_amount,
        sum(amount) over (partition by group_no, is_debit) as side_amount,
    from after_exact
),

points as (
    select
        group_no,
        start_amount,
        max(case when is_debit then line_key end) as debit_key,
        max(case when not is_debit then line_key end) as credit_key,
        max(case when is_debit then side_amount end) as debit_amount,
        max(case when not is_debit then side_amount end) as credit_amount,
    from stretches
    group by group_no, start_amount
),

laid as (
    select
        last_value(debit_key ignore nulls) over point as debit_key,
        last_value(credit_key ignore nulls) over point as credit_key,
        start_amount,
        least(
            coalesce(lead(start_amount) over point, debit_amount, credit_amount),
            max(debit_amount) over whole,
            max(credit_amount) over whole
        ) as end_amount,
        max(debit_amount) over whole as debit_amount,
        max(credit_amount) over whole as credit_amount,
    from points
    window
        point as (partition by group_no order by start_amount),
        whole as (partition by group_no)
),

fifo as (
    select
        debit_key,
        credit_key,
        end_amount - start_amount as amount,
        'fifo' as match_method,
    from laid
    where
        debit_amount is not null
        and credit_amount is not null
        and end_amount > start_amount
),

final as (
    select debit_key, credit_key, amount, match_method from single
    union all
    select debit_key, credit_key, amount, match_method from plain
    union all
    select debit_key, credit_key, amount, match_method from named
    union all
    select debit_key, credit_key, amount, match_method from exact
    union all
    select debit_key, credit_key, amount, match_method from fifo
)

select
    debit_key,
    credit_key,
    cast(amount as decimal(18, 2)) as amount,
    match_method,
from final
