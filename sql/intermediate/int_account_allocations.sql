-- grain: one row per debit and credit that settle each other across the lines of an account
-- key: debit_key, credit_key, match_method
-- question: Which earlier items does a lettering with an opening settle, and what does FIFO give
--   where a ledger carries no lettering at all?
-- materialized: scratch
-- columns:
--   debit_key: the debit item
--   credit_key: the credit item
--   amount: amount settled, positive
--   match_method: carried_reference, carried_amount, carried_fifo or estimated_fifo
-- decisions: 7, 9
with

pairs as not materialized (
    select * from int_group_allocations
),

carried as (
    select * from int_opening_lines
    where not is_item
),

accounts as (
    select * from int_accounts
),

-- the gap of an opening belongs to the years before, as that opening does
items as not materialized (
    select
        line_key,
        case when entry_key is null then fy_no - 1 else fy_no end as fy_no,
        chain_no,
        account_key,
        movement_date,
        document_ref,
        label,
        amount,
    from int_item_lines
    -- the extracts of an entity without a ledger say themselves what they settle
    where chain_no is not null
),

entities as (
    select * from project_entities
),

-- a line of the year that is lettered with an opening asks for items of earlier years
asked as (
    select
        pairs.credit_key as line_key,
        carried.carried_line_key,
        pairs.amount,
    from pairs
    inner join carried on carried.line_key = pairs.debit_key
    union all
    select
        pairs.debit_key as line_key,
        carried.carried_line_key,
        pairs.amount,
    from pairs
    inner join carried on carried.line_key = pairs.credit_key
),

-- what the items that openings repeat have already settled inside their own group
carried_totals as (
    select
        line_key,
        sum(amount) as amount,
    from (
        select debit_key as line_key, amount from pairs
        union all
        select credit_key as line_key, amount from pairs
    )
    where line_key in (select carried_line_key from carried)
    group by line_key
),

-- two openings lettered together stand for the two items that they repeat, as far as the
-- credit goes
both_carried as (
    select
        credits.carried_line_key as line_key,
        debits.carried_line_key,
        pairs.amount,
    from pairs
    inner join carried as debits on debits.line_key = pairs.debit_key
    inner join carried as credits on credits.line_key = pairs.credit_key
    inner join items on items.line_key = credits.carried_line_key
    left join carried_totals on carried_totals.line_key = credits.carried_line_key
    where
        debits.carried_line_key is not null
        and carried_totals.line_key is null
    qualify
        sum(pairs.amount) over (
            partition by credits.carried_line_key
            order by credits.fy_no, pairs.credit_key, pairs.debit_key
        ) <= abs(items.amount)
),

demands as (
    select
        items.line_key,
        items.fy_no,
        items.chain_no,
        items.account_key,
        items.movement_date,
        items.amount > 0 as is_debit,
        asked.carried_line_key,
        asked.amount,
    from (
        select line_key, carried_line_key, amount from asked
        where line_key not in (select line_key from carried)
        union all
        select line_key, carried_line_key, amount from both_carried
    ) as asked
    inner join items on items.line_key = asked.line_key
),

-- first the item that the opening line repeats, as far as it is still open
star_amounts as (
    select
        demands.line_key,
        demands.is_debit,
        demands.carried_line_key,
        demands.amount,
        abs(items.amount) - coalesce(carried_totals.amount, 0)
        - coalesce(both_totals.amount, 0) as open_amount,
        coalesce(sum(demands.amount) over (
            partition by demands.carried_line_key
            order by demands.movement_date, demands.line_key, demands.amount
            rows between unbounded preceding and 1 preceding
        ), 0) as before_amount,
    from demands
    inner join items on items.line_key = demands.carried_line_key
    left join carried_totals on carried_totals.line_key = demands.carried_line_key
    left join (
        select
            line_key,
            sum(amount) as amount,
        from both_carried
        group by line_key
    ) as both_totals on both_totals.line_key = demands.carried_line_key
),

by_reference as (
    select
        line_key,
        is_debit,
        carried_line_key as item_key,
        sum(least(amount, open_amount - before_amount)) as amount,
    from star_amounts
    where open_amount > before_amount
    group by line_key, is_debit, carried_line_key
),

-- then the items of earlier years that no opening line of the year repeats
left_over as (
    select
        demands.line_key,
        demands.fy_no,
        demands.chain_no,
        demands.account_key,
        demands.movement_date,
        demands.is_debit,
        sum(demands.amount) - coalesce(settled.amount, 0) as amount,
    from demands
    left join (
        select
            line_key,
            sum(amount) as amount,
        from by_reference
        group by line_key
    ) as settled on settled.line_key = demands.line_key
    group by
        demands.line_key, demands.fy_no, demands.chain_no, demands.account_key,
        demands.movement_date, demands.is_debit, settled.amount
    having sum(demands.amount) > coalesce(settled.amount, 0)
),

asking_years as (
    select distinct
        account_key,
        chain_no,
        is_debit,
        fy_no,
    from left_over
),

-- one row per item and later year that asks and does not repeat it, made one per item
pool_keys as (
    select distinct items.line_key
    from items
    inner join asking_years
        on asking_years.account_key = items.account_key
        and asking_years.chain_no = items.chain_no
        and asking_years.is_debit = (items.amount < 0)
        and asking_years.fy_no > items.fy_no
    left join carried
        on carried.carried_line_key = items.line_key
        and carried.fy_no = asking_years.fy_no
    where carried.line_key is null
),

-- what items cannot give any more: settled inside their own group, asked for by themselves,
-- or given to the lines of their opening
given_totals as (
    select
        line_key,
        sum(amount) as amount,
    from (
        select debit_key as line_key, amount from pairs
        union all
        select credit_key as line_key, amount from pairs
        union all
        select line_key, amount from both_carried
        union all
        select item_key as line_key, amount from by_reference
    )
    where line_key in (select line_key from pool_keys)
    group by line_key
),

pool as (
    select
        items.line_key,
        items.fy_no,
        items.chain_no,
        items.account_key,
        items.movement_date,
        items.amount < 0 as is_debit,
        abs(items.amount) - coalesce(given_totals.amount, 0) as amount,
    from items
    inner join pool_keys on pool_keys.line_key = items.line_key
    left join given_totals on given_totals.line_key = items.line_key
    where
        abs(items.amount) > coalesce(given_totals.amount, 0)
        and items.line_key not in (select line_key from left_over)
),

-- a credit that asks names debits of the pool, as it does inside a lettering group: by its
-- document reference, else by numbers in its label
asking_credits as (
    select
        left_over.line_key,
        left_over.fy_no,
        left_over.chain_no,
        left_over.account_key,
        left_over.movement_date,
        left_over.amount,
        nullif(regexp_replace(upper(items.document_ref), '[^A-Z0-9]', '', 'g'), '') as reference,
        items.label,
    from left_over
    inner join items on items.line_key = left_over.line_key
    where not left_over.is_debit
),

asking_accounts as (
    select distinct account_key from asking_credits
),

-- a reference names a debit where it holds a digit and is unique for the account
account_references as (
    select
        items.account_key,
        nullif(regexp_replace(upper(items.document_ref), '[^A-Z0-9]', '', 'g'), '') as reference,
        min(items.line_key) as line_key,
    from items
    inner join asking_accounts on asking_accounts.account_key = items.account_key
    where items.amount > 0
    group by all
    having count(*) = 1
),

named_pool as (
    select
        pool.line_key,
        pool.fy_no,
        pool.chain_no,
        pool.account_key,
        pool.movement_date,
        pool.amount,
        account_references.reference,
        regexp_replace(account_references.reference, '[^0-9]', '', 'g') as digits,
    from pool
    inner join account_references on account_references.line_key = pool.line_key
    where regexp_matches(account_references.reference, '[0-9]')
),

reference_links as (
    select
        named_pool.line_key as debit_key,
        asking_credits.line_key as credit_key,
    from asking_credits
    inner join named_pool
        on named_pool.account_key = asking_credits.account_key
        and named_pool.chain_no = asking_credits.chain_no
        and named_pool.reference = asking_credits.reference
        and named_pool.fy_no < asking_credits.fy_no
),

label_words as (
    select
        line_key,
        unnest(regexp_extract_all(upper(label), '[A-Z0-9][A-Z0-9/._-]*')) as word,
    from asking_credits
    where line_key not in (select credit_key from reference_links)
),

label_numbers as (
    select distinct
        line_key,
        regexp_replace(word, '[^A-Z0-9]', '', 'g') as word,
        regexp_replace(word, '[^0-9]', '', 'g') as digits,
    from label_words
    where regexp_matches(word, '[0-9]')
),

-- the whole reference, or its number where that has four digits and is unique in the pool
debit_words as (
    select
        account_key,
        chain_no,
        line_key,
        reference as word,
    from named_pool
    union
    select
        account_key,
        chain_no,
        min(line_key) as line_key,
        digits as word,
    from named_pool
    where length(digits) >= 4
    group by account_key, chain_no, digits
    having count(*) = 1
),

credit_words as (
    select
        line_key,
        word,
    from label_numbers
    union
    select
        line_key,
        digits as word,
    from label_numbers
    where length(digits) >= 4
),

label_links as (
    select distinct
        debit_words.line_key as debit_key,
        asking_credits.line_key as credit_key,
    from credit_words
    inner join asking_credits on asking_credits.line_key = credit_words.line_key
    inner join debit_words
        on debit_words.account_key = asking_credits.account_key
        and debit_words.chain_no = asking_credits.chain_no
        and debit_words.word = credit_words.word
    inner join named_pool
        on named_pool.line_key = debit_words.line_key
        and named_pool.fy_no < asking_credits.fy_no
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

named_lines as (
    select line_key, movement_date, amount from named_pool
    union all
    select line_key, movement_date, amount from asking_credits
),

named_amounts as (
    select
        stars.debit_key,
        stars.credit_key,
        centre.amount as centre_amount,
        leaf.amount as leaf_amount,
        coalesce(sum(leaf.amount) over (
            partition by stars.centre_key
            order by leaf.movement_date, leaf.line_key
            rows between unbounded preceding and 1 preceding
        ), 0) as before_amount,
    from stars
    inner join named_lines as centre on centre.line_key = stars.centre_key
    inner join named_lines as leaf on leaf.line_key = stars.leaf_key
),

by_name as (
    select
        debit_key,
        credit_key,
        least(leaf_amount, centre_amount - before_amount) as amount,
    from named_amounts
    where centre_amount > before_amount
),

named_totals as (
    select
        line_key,
        sum(amount) as amount,
    from (
        select debit_key as line_key, amount from by_name
        union all
        select credit_key as line_key, amount from by_name
    )
    group by line_key
),

open_demands as (
    select left_over.* replace (
        left_over.amount - coalesce(named_totals.amount, 0) as amount
    )
    from left_over
    left join named_totals on named_totals.line_key = left_over.line_key
    where left_over.amount > coalesce(named_totals.amount, 0)
),

open_pool as (
    select pool.* replace (
        pool.amount - coalesce(named_totals.amount, 0) as amount
    )
    from pool
    left join named_totals on named_totals.line_key = pool.line_key
    where pool.amount > coalesce(named_totals.amount, 0)
),

ranked_demands as (
    select
        *,
        row_number() over (
            partition by account_key, chain_no, is_debit, amount
            order by fy_no, movement_date, line_key
        ) as rank_no,
    from open_demands
),

ranked_pool as (
    select
        *,
        row_number() over (
            partition by account_key, chain_no, is_debit, amount
            order by fy_no, movement_date, line_key
        ) as rank_no,
    from open_pool
),

-- is_debit of the pool is that of the line which asks
by_amount as (
    select
        ranked_demands.line_key,
        ranked_demands.is_debit,
        ranked_pool.line_key as item_key,
        ranked_demands.amount,
    from ranked_demands
    inner join ranked_pool
        on ranked_pool.account_key = ranked_demands.account_key
        and ranked_pool.chain_no = ranked_demands.chain_no
        and ranked_pool.is_debit = ranked_demands.is_debit
        and ranked_pool.amount = ranked_demands.amount
        and ranked_pool.rank_no = ranked_demands.rank_no
        and ranked_pool.fy_no < ranked_demands.fy_no
),

-- entities that ask for FIFO, on a side that carries no lettering at all
fifo_accounts as (
    select
        accounts.account_key,
        accounts.entity_no,
        accounts.side,
    from accounts
    inner join entities
        on entities.entity_no = accounts.entity_no
        and entities.matching = 'fifo'
),

lettered_sides as (
    select distinct
        fifo_accounts.entity_no,
        fifo_accounts.side,
    from int_control_lines as lines
    inner join fifo_accounts on fifo_accounts.account_key = lines.account_key
    where lines.matching_code is not null
),

-- both sides laid end to end from the oldest; a lane is an account, a run of years and a
-- purpose: 1 a debit asks, 2 a credit asks, 3 first in first out
queue as (
    select
        account_key,
        chain_no * 10 + case when is_debit then 1 else 2 end as lane_no,
        is_debit,
        line_key,
        fy_no,
        movement_date,
        amount,
    from open_demands
    where line_key not in (select line_key from by_amount)
    union all
    select
        account_key,
        chain_no * 10 + case when is_debit then 1 else 2 end as lane_no,
        not is_debit as is_debit,
        line_key,
        fy_no,
        movement_date,
        amount,
    from open_pool
    where line_key not in (select item_key from by_amount)
    union all
    select
        items.account_key,
        items.chain_no * 10 + 3 as lane_no,
        items.amount > 0 as is_debit,
        items.line_key,
        items.fy_no,
        items.movement_date,
        abs(items.amount) as amount,
    from items
    inner join fifo_accounts on fifo_accounts.account_key = items.account_key
    where (fifo_accounts.entity_no, fifo_accounts.side) not in (
        select (entity_no, side) from lettered_sides
    )
),

stretches as (
    select
        account_key,
        lane_no,
        line_key,
        fy_no,
        is_debit,
        sum(amount) over (
            partition by account_key, lane_no, is_debit
            order by fy_no, movement_date, line_key
        ) - amount as start_amount,
        sum(amount) over (partition by account_key, lane_no, is_debit) as side_amount,
    from queue
),

points as (
    select
        account_key,
        lane_no,
        start_amount,
        max(case when is_debit then line_key end) as debit_key,
        max(case when is_debit then fy_no end) as debit_fy_no,
        max(case when not is_debit then line_key end) as credit_key,
        max(case when not is_debit then fy_no end) as credit_fy_no,
        max(case when is_debit then side_amount end) as debit_amount,
        max(case when not is_debit then side_amount end) as credit_amount,
    from stretches
    group by account_key, lane_no, start_amount
),

laid as (
    select
        lane_no,
        last_value(debit_key ignore nulls) over point as debit_key,
        last_value(debit_fy_no ignore nulls) over point as debit_fy_no,
        last_value(credit_key ignore nulls) over point as credit_key,
        last_value(credit_fy_no ignore nulls) over point as credit_fy_no,
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
        point as (partition by account_key, lane_no order by start_amount),
        whole as (partition by account_key, lane_no)
),

-- a line that asks settles items of earlier years only
by_fifo as (
    select
        debit_key,
        credit_key,
        end_amount - start_amount as amount,
        case when lane_no % 10 = 3 then 'estimated_fifo' else 'carried_fifo' end as match_method,
    from laid
    where
        debit_amount is not null
        and credit_amount is not null
        and end_amount > start_amount
        and (
            lane_no % 10 = 3
            or (lane_no % 10 = 1 and credit_fy_no < debit_fy_no)
            or (lane_no % 10 = 2 and debit_fy_no < credit_fy_no)
        )
),

final as (
    select
        debit_key,
        credit_key,
        sum(amount) as amount,
        'carried_reference' as match_method,
    from (
        select
            case when is_debit then line_key else item_key end as debit_key,
            case when is_debit then item_key else line_key end as credit_key,
            amount,
        from by_reference
        union all
        select debit_key, credit_key, amount from by_name
    )
    group by debit_key, credit_key
    union all
    select
        case when is_debit then line_key else item_key end as debit_key,
        case when is_debit then item_key else line_key end as credit_key,
        amount,
        'carried_amount' as match_method,
    from by_amount
    union all
    select
        debit_key,
        credit_key,
        amount,
        match_method,
    from by_fifo
)

select
    debit_key,
    credit_key,
    cast(amount as decimal(18, 2)) as amount,
    match_method,
from final
