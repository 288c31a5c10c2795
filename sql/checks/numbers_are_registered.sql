-- severity: warn
-- sentence: The register that is loaded knows most numbers of customers and suppliers, but not
--   these: the company is very new, or the number is somebody else's or made up. Check it.
with

numbered as (
    select * from int_identities
    where match_method in ('siren', 'siret', 'vat')
),

counted as (
    select 2 * count(*) filter (where is_registered) > count(*) as is_whole,
    from numbered
)

select
    numbered.entity_id,
    numbered.side,
    numbered.counterparty_id,
    numbered.siren,
    numbered.match_method,
from numbered
cross join counted
where counted.is_whole and not numbered.is_registered
