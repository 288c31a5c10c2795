package reports

// comparedSQL gives what is compared of the items of one instant.
const comparedSQL = `
with
items as (
    select * from fct_items
    where is_aged and %s
)
select
    items.entity_id,
    items.side,
    items.counterparty_id,
    names.counterparty_name,
    items.item_id,
    items.document_ref,
    items.item_type,
    items.entry_date,
    items.due_date,
    items.amount,
    items.open_amount,
    items.is_disputed,
    items.batch_id,
    items.source_file,
    items.source_line,
from items
left join dim_counterparties as names
    on names.entity_id = items.entity_id
    and names.side = items.side
    and names.counterparty_id = items.counterparty_id`

// matchSQL pairs the items of both instants, each with one at most: a number that a
// line has in one extract is not its number in the next, so that items are known by
// what they say. First those that say the same of document, date and amount; then
// those of one document and date; then those of one document and counterparty.
// Where several say the same, they are paired in the order of what is open. What is
// left appeared or vanished.
var matchSQL = []string{
	pairSQL("exact_pairs", "true",
		"entity_id, side, counterparty_id, coalesce(document_ref, ''), item_type, entry_date, amount"),
	leftSQL("exact_pairs", "before_items", "after_items", "1"),
	pairSQLFrom("document_pairs", "1", "document_ref is not null",
		"entity_id, side, document_ref, item_type, entry_date"),
	leftSQL("document_pairs", "before_1", "after_1", "2"),
	pairSQLFrom("counterparty_pairs", "2", "document_ref is not null",
		"entity_id, side, counterparty_id, document_ref, item_type"),
	`create table pairs as
select * from exact_pairs
union all
select * from document_pairs
union all
select * from counterparty_pairs`,
	changesSQL,
}

func pairSQL(name, condition, key string) string {
	return pairsOf(name, "before_items", "after_items", condition, key)
}

func pairSQLFrom(name, step, condition, key string) string {
	return pairsOf(name, "before_"+step, "after_"+step, condition, key)
}

// pairsOf numbers the items of one key on both sides and joins the numbers.
func pairsOf(name, before, after, condition, key string) string {
	numbered := func(from string) string {
		return `select entity_id, item_id, row(` + key + `) as says,
        row_number() over (partition by ` + key + ` order by open_amount, amount, due_date, counterparty_id, item_id) as number,
    from ` + from + ` where ` + condition
	}
	return "create table " + name + ` as
select
    earlier.entity_id,
    earlier.item_id as previous_item_id,
    later.item_id,
from (` + numbered(before) + `) as earlier
inner join (` + numbered(after) + `) as later
    on later.says = earlier.says
    and later.number = earlier.number`
}

// leftSQL keeps what a step has not paired.
func leftSQL(pairs, before, after, step string) string {
	return `create view before_` + step + ` as
select items.* from ` + before + ` as items
anti join ` + pairs + ` as pairs on pairs.entity_id = items.entity_id and pairs.previous_item_id = items.item_id;
create view after_` + step + ` as
select items.* from ` + after + ` as items
anti join ` + pairs + ` as pairs on pairs.entity_id = items.entity_id and pairs.item_id = items.item_id`
}

const changesSQL = `create table changes as
with
matched as (
    select
        earlier,
        later,
    from pairs
    inner join before_items as earlier
        on earlier.entity_id = pairs.entity_id and earlier.item_id = pairs.previous_item_id
    inner join after_items as later
        on later.entity_id = pairs.entity_id and later.item_id = pairs.item_id
    union all
    select earlier, null
    from before_items as earlier
    anti join pairs on pairs.entity_id = earlier.entity_id and pairs.previous_item_id = earlier.item_id
    union all
    select null, later
    from after_items as later
    anti join pairs on pairs.entity_id = later.entity_id and pairs.item_id = later.item_id
),
compared as (
    select
        earlier,
        later,
        case when earlier is null then 'appeared' when later is null then 'vanished' else 'changed' end as change,
        case when earlier is null or later is null then '' else concat_ws(' ',
            case when later.amount is distinct from earlier.amount then 'amount' end,
            case when later.open_amount is distinct from earlier.open_amount then 'open' end,
            case when later.due_date is distinct from earlier.due_date then 'due_date' end,
            case when later.counterparty_id is distinct from earlier.counterparty_id then 'counterparty' end,
            case when later.is_disputed is distinct from earlier.is_disputed then 'dispute' end
        ) end as changed_fields,
    from matched
)
select
    coalesce(later.entity_id, earlier.entity_id) as entity_id,
    coalesce(later.side, earlier.side) as side,
    coalesce(later.counterparty_id, earlier.counterparty_id) as counterparty_id,
    coalesce(later.counterparty_name, earlier.counterparty_name) as counterparty_name,
    change,
    changed_fields,
    coalesce(later.document_ref, earlier.document_ref) as document_ref,
    coalesce(later.item_type, earlier.item_type) as item_type,
    coalesce(later.entry_date, earlier.entry_date) as entry_date,
    earlier.amount as previous_amount,
    later.amount as amount,
    earlier.open_amount as previous_open_amount,
    later.open_amount as open_amount,
    cast(coalesce(later.open_amount, 0) - coalesce(earlier.open_amount, 0) as decimal(18, 2)) as open_change_amount,
    earlier.due_date as previous_due_date,
    later.due_date as due_date,
    earlier.counterparty_id as previous_counterparty_id,
    earlier.is_disputed as was_disputed,
    later.is_disputed as is_disputed,
    earlier.batch_id as previous_batch_id,
    later.batch_id as batch_id,
    earlier.source_file as previous_source_file,
    earlier.source_line as previous_source_line,
    later.source_file as source_file,
    later.source_line as source_line,
    earlier.item_id as previous_item_id,
    later.item_id as item_id,
from compared
where change <> 'changed' or changed_fields <> ''`
