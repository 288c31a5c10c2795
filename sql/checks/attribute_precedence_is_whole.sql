-- severity: fail
-- sentence: These attributes of ref/attribute_precedence.csv have two sources of one rank, or
--   one source twice; correct the file and build again.
select
    attribute,
    rank_no,
    count(*) as line_count,
from ref_attribute_precedence
group by attribute, rank_no
having count(*) > 1
union all
select
    attribute,
    min(rank_no) as rank_no,
    count(*) as line_count,
from ref_attribute_precedence
group by attribute, source
having count(*) > 1
