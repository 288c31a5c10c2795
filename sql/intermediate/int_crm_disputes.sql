-- grain: one row per case of a CRM that is a dispute and whose day is known
-- key: source, case_id
-- question: Which cases are disputes, of which customer, and about what?
-- materialized: table
-- columns:
--   source: source of the extract
--   case_id: identifier of the case
--   entity_no: rank of the entity; null where the account is no customer of a ledger
--   entity_id: identifier of the entity
--   counterparty_id: code of the customer
--   document_id: the disputed invoice; null: the account
--   amount: disputed amount; null: what is open of the document
--   reason: reason by ref_crm_dispute_reasons, else as the CRM words it
--   status: open or closed
--   opened_on: day it was opened
--   closed_on: day it was closed; null where it is open or the day is not known
--   owner: who handles it
--   is_repeated: the extract of disputes tells of the same document at that time
-- decisions: 91
with

cases as (
    select
        *,
        nullif(trim(document_ref), '') as document_id,
        lower(strip_accents(coalesce(case_type, ''))) as type_text,
        lower(strip_accents(coalesce(reason, ''))) as reason_text,
    from stg_crm__cases
),

rules as (
    select
        rule_no,
        strip_accents(lower(trim(word))) as word,
        reason,
    from ref_crm_dispute_reasons
),

told as (
    select * from stg_erp__disputes
    where document_id is not null
),

facts as (
    select distinct
        entity_no,
        document_id,
    from int_invoice_facts
    where side = 'customer'
),

-- the words of type and reason, and each as a whole
words as (
    select
        source,
        case_id,
        unnest(list_distinct(list_concat(
            string_split(
                regexp_replace(type_text || ' ' || reason_text, '[^a-z0-9]+', ' ', 'g'), ' '
            ),
            [trim(type_text), trim(reason_text)]
        ))) as word,
    from cases
),

judged as (
    select
        words.source,
        words.case_id,
        arg_min(rules.reason, row(rules.rule_no, rules.word)) as reason,
    from words
    inner join rules on rules.word = words.word
    group by words.source, words.case_id
),

disputes as (
    select
        cases.source,
        cases.case_id,
        cases.document_id,
        cases.amount,
        coalesce(judged.reason, cases.reason, cases.case_type) as reason,
        cases.opened_on,
        cases.closed_on,
        cases.owner_id,
        coalesce(
            cases.is_closed,
            cases.closed_on is not null or regexp_matches(
                lower(strip_accents(cases.status)),
                '\b(closed|solved|resolved|cancell?ed|ferme|clos|cloture|resolu|annule)'
            ),
            false
        ) as is_closed,
    from cases
    left join judged on judged.source = cases.source and judged.case_id = cases.case_id
    where
        cases.opened_on is not null
        and (cases.document_id is not null or judged.case_id is not null)
),

-- the customer of the account that has the document, else the first
customers as (
    select
        disputes.source,
        disputes.case_id,
        keys.entity_no,
        keys.entity_id,
        keys.counterparty_id,
    from disputes
    inner join int_crm_references as named
        on named.source = disputes.source
        and named.record_id = disputes.case_id
        and named.kind = 'case'
    inner join int_crm_links as links
        on links.source = named.account_source
        and links.crm_id = named.crm_id
    inner join int_counterparty_keys as keys on keys.counterparty_no = links.counterparty_no
    left join facts
        on facts.entity_no = keys.entity_no
        and facts.document_id = disputes.document_id
    where links.link_status <> 'none' and keys.side = 'customer'
    qualify row_number() over (
        partition by disputes.source, disputes.case_id
        order by facts.entity_no is null, links.link_no nulls last, keys.counterparty_no
    ) = 1
),

owners as (
    select
        disputes.source,
        disputes.case_id,
        users.name,
    from disputes
    inner join stg_crm__users as users on users.user_id = disputes.owner_id
    qualify
        users.source = disputes.source
        or count(*) over (partition by disputes.source, disputes.case_id) = 1
),

-- a dispute of the document that was over before the case was opened is another one
repeated as (
    select distinct
        disputes.source,
        disputes.case_id,
    from disputes
    inner join customers
        on customers.source = disputes.source
        and customers.case_id = disputes.case_id
    inner join told
        on told.entity_no = customers.entity_no
        and ltrim(
            regexp_replace(upper(strip_accents(told.document_id)), '[^A-Z0-9]', '', 'g'), '0'
        ) = ltrim(
            regexp_replace(upper(strip_accents(disputes.document_id)), '[^A-Z0-9]', '', 'g'), '0'
        )
    where coalesce(told.closed_on >= disputes.opened_on, true)
),

final as (
    select
        disputes.source,
        disputes.case_id,
        customers.entity_no,
        customers.entity_id,
        customers.counterparty_id,
        disputes.document_id,
        disputes.amount,
        disputes.reason,
        case when disputes.is_closed then 'closed' else 'open' end as status,
        disputes.opened_on,
        case when disputes.is_closed then disputes.closed_on end as closed_on,
        owners.name as owner,
        repeated.case_id is not null as is_repeated,
    from disputes
    left join customers
        on customers.source = disputes.source
        and customers.case_id = disputes.case_id
    left join owners on owners.source = disputes.source and owners.case_id = disputes.case_id
    left join repeated
        on repeated.source = disputes.source
        and repeated.case_id = disputes.case_id
)

select * from final
