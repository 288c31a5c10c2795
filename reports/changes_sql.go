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
    items.source_part,
    items.source_line,
from items
left join dim_counterparties as names
    on names.entity_id = items.entity_id
    and names.side = items.side
    and names.counterparty_id = items.counterparty_id`

// matchRule is one way to tell that an item of one extract is an item of another.
// Items agree where they have the same key. Where several of a side have it they are
// paired in the order of tieOrder; with isSingle only where each side has one.
type matchRule struct {
	name      string
	key       string
	condition string // of the items that it is for
	isSingle  bool
}

// matchRules pair the items of both instants, each with one at most, the surest rule
// first: what one has paired the next does not see. A batch that still counts gives
// its lines the same number. In another extract a line has another number, so that
// items are known by what they say; where what they have in common is less than an
// invoice number of a customer, only one candidate on each side will do. What is left
// appeared or vanished.
var matchRules = []matchRule{
	{"line", "entity_id, side, batch_id, source_part, source_line, item_type", "source_line is not null", false},
	{"identical", saysKey + ", amount, open_amount, coalesce(cast(due_date as varchar), '')", "true", false},
	{"same", saysKey + ", amount", "true", false},
	{"amount_corrected", saysKey, "document_ref is not null", false},
	{"date_corrected", documentKey + ", amount", "document_ref is not null", false},
	{"date_and_amount_corrected", documentKey, "document_ref is not null", true},
	{"moved", "entity_id, side, document_ref, item_type, entry_date, amount", "document_ref is not null", true},
	{"reference_corrected", "entity_id, side, counterparty_id, item_type, entry_date, amount", "true", false},
	{"moved_and_corrected", "entity_id, side, document_ref, item_type, entry_date", "document_ref is not null", true},
	{"type_corrected", "entity_id, side, counterparty_id, document_ref, amount", "document_ref is not null", true},
}

const (
	documentKey = "entity_id, side, counterparty_id, coalesce(document_ref, ''), item_type"
	saysKey     = documentKey + ", entry_date"

	// tieOrder is total: of the items that one rule cannot tell apart, those due on
	// one date and open by one amount are paired first.
	tieOrder = "due_date, open_amount, amount, document_ref, entry_date, counterparty_id, source_file, source_part, source_line, item_id"
)

// matchSQL applies the rules one after the other.
func matchSQL() []string {
	statements := []string{
		"create table pairs as select entity_id, item_id as previous_item_id, item_id, '' as matched_by from before_items limit 0",
		`create view before_left as
select items.* from before_items as items
anti join pairs on pairs.entity_id = items.entity_id and pairs.previous_item_id = items.item_id`,
		`create view after_left as
select items.* from after_items as items
anti join pairs on pairs.entity_id = items.entity_id and pairs.item_id = items.item_id`,
	}
	for _, rule := range matchRules {
		statements = append(statements, rule.pairs())
	}
	return append(statements, changesSQL)
}

// pairs numbers the items of one key on both sides and joins the numbers.
func (r matchRule) pairs() string {
	numbered := func(from string) string {
		single := ""
		if r.isSingle {
			single = " qualify count(*) over (partition by " + r.key + ") = 1"
		}
		return `select entity_id, item_id, row(` + r.key + `) as says,
        row_number() over (partition by ` + r.key + ` order by ` + tieOrder + `) as number,
    from ` + from + ` where ` + r.condition + single
	}
	return `insert into pairs
select
    earlier.entity_id,
    earlier.item_id as previous_item_id,
    later.item_id,
    '` + r.name + `' as matched_by,
from (` + numbered("before_left") + `) as earlier
inner join (` + numbered("after_left") + `) as later
    on later.says = earlier.says
    and later.number = earlier.number`
}

const changesSQL = `create table changes as
with
matched as (
    select
        earlier,
        later,
        pairs.matched_by,
    from pairs
    inner join before_items as earlier
        on earlier.entity_id = pairs.entity_id and earlier.item_id = pairs.previous_item_id
    inner join after_items as later
        on later.entity_id = pairs.entity_id and later.item_id = pairs.item_id
    union all
    select earlier, null, null
    from before_items as earlier
    anti join pairs on pairs.entity_id = earlier.entity_id and pairs.previous_item_id = earlier.item_id
    union all
    select null, later, null
    from after_items as later
    anti join pairs on pairs.entity_id = later.entity_id and pairs.item_id = later.item_id
),
compared as (
    select
        earlier,
        later,
        matched_by,
        case when earlier is null then 'appeared' when later is null then 'vanished' else 'changed' end as change,
        case when earlier is null or later is null then '' else concat_ws(' ',
            case when later.amount is distinct from earlier.amount then 'amount' end,
            case when later.open_amount is distinct from earlier.open_amount then 'open' end,
            case when later.due_date is distinct from earlier.due_date then 'due_date' end,
            case when later.counterparty_id is distinct from earlier.counterparty_id then 'counterparty' end,
            case when later.is_disputed is distinct from earlier.is_disputed then 'dispute' end,
            case when later.document_ref is distinct from earlier.document_ref then 'document' end,
            case when later.entry_date is distinct from earlier.entry_date then 'entry_date' end,
            case when later.item_type is distinct from earlier.item_type then 'type' end
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
    matched_by,
    coalesce(later.document_ref, earlier.document_ref) as document_ref,
    coalesce(later.item_type, earlier.item_type) as item_type,
    coalesce(later.entry_date, earlier.entry_date) as entry_date,
    earlier.document_ref as previous_document_ref,
    earlier.item_type as previous_item_type,
    earlier.entry_date as previous_entry_date,
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
