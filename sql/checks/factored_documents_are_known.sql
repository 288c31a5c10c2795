-- severity: warn
-- sentence: These lines of the lists of sold documents do not count: the document is not known, is
--   one of several customers, or stands in a line before.
select
    source_file,
    source_line,
    document_ref,
    status,
from mart_factored_documents
where status <> 'sold'
