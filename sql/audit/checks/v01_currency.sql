-- id: V01
-- severity: warn
-- sentence: The line has an amount in another currency without its currency, or a currency
--   without an amount.
-- sentence_fr: La ligne porte un montant en devise sans devise, ou une devise sans montant.
-- advice: Complete Montantdevise and Idevise in the accounting software.
-- advice_fr: Complétez Montantdevise et Idevise dans le logiciel comptable.
select
    batch_no,
    source_line,
    case when currency is null then 'Idevise' else 'Montantdevise' end as source_column,
    concat(currency_amount, ' ', currency) as value,
    cast(abs(debit_less_credit) as decimal(18, 2)) as amount,
    cast(1 as bigint) as line_count,
from stg_fec__lines
where
    coalesce(currency_amount, 0) <> 0 and currency is null
    or currency_amount is null and currency is not null and currency <> 'EUR'
