-- severity: fail
-- sentence: ref/crm_dispute_reasons.csv needs a word and a reason on every line, each word and each
--   rule_no once, whatever its case and accents.
select
    'word' as problem,
    strip_accents(lower(trim(word))) as value,
    count(*) as line_count,
from ref_crm_dispute_reasons
group by strip_accents(lower(trim(word)))
having count(*) > 1 or strip_accents(lower(trim(word))) = '' or bool_or(trim(reason) = '')
union all
select
    'rule_no' as problem,
    cast(rule_no as varchar) as value,
    count(*) as line_count,
from ref_crm_dispute_reasons
group by rule_no
having count(*) > 1
