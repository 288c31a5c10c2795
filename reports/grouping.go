package reports

import (
	"fmt"
	"slices"
)

// What an age counts from.
const (
	ByDueDate   = "due_date"
	ByIssueDate = "issue_date"
)

// ByCounterparty is the ageing with a row per counterparty.
const ByCounterparty = "counterparty"

// Groupings lists what counterparties can be grouped by.
func Groupings() []string {
	return []string{"group", "account_manager", "country", "risk_class", "segment"}
}

// grouping is an attribute of a counterparty.
type grouping struct {
	key, name string // SQL over counterparty, a row of dim_counterparties, head, that of its group, and what joins adds
	nameFR    string // SQL of the name in French, where it is another
	joins     string // SQL: what else is read
	entity    string // SQL: a value belongs to one entity, or to none
}

var groupings = map[string]grouping{
	// whoever has no parent is the head of a group
	"group": {
		key:    "coalesce(nullif(trim(counterparty.group_id), ''), counterparty.counterparty_id)",
		name:   "coalesce(head.counterparty_name, nullif(trim(counterparty.group_id), ''), counterparty.counterparty_name)",
		entity: "own.entity_id",
	},
	"account_manager": plainGrouping("account_manager"),
	"country":         plainGrouping("country"),
	// of the date, as the balances are
	"risk_class": {
		key: "coalesce(score.risk_class, '')", name: "coalesce(score.risk_class, '')", entity: "''",
		joins: `
    left join mart_risk_scores as score
        on score.entity_id = counterparty.entity_id
        and score.side = counterparty.side
        and score.counterparty_id = counterparty.counterparty_id`,
	},
	"segment": {
		key: "coalesce(segments.segment, '')", entity: "''",
		name: "coalesce(segments.segment_en, segments.segment, '')", nameFR: "coalesce(segments.segment_fr, segments.segment, '')",
		joins: `
    left join mart_risk_segments as segments
        on segments.entity_id = counterparty.entity_id
        and segments.side = counterparty.side
        and segments.counterparty_id = counterparty.counterparty_id`,
	},
}

func plainGrouping(column string) grouping {
	value := "coalesce(trim(counterparty." + column + "), '')"
	return grouping{key: value, name: value, entity: "''"}
}

// normal fills in the defaults, so that equal filters are equal.
func (f AgeingFilter) normal() AgeingFilter {
	if f.By == "" {
		f.By = ByDueDate
	}
	if f.GroupBy == "" {
		f.GroupBy = ByCounterparty
	}
	if f.Within == "" {
		f.Value = ""
	}
	return f
}

// check says whether a normal filter can be answered.
func (f AgeingFilter) check(facts *facts) error {
	switch {
	case f.By != ByDueDate && f.By != ByIssueDate:
		return fmt.Errorf("age by %q: %w", f.By, ErrBadSelection)
	case f.GroupBy != ByCounterparty && !slices.Contains(Groupings(), f.GroupBy):
		return fmt.Errorf("group by %q: %w", f.GroupBy, ErrBadSelection)
	case f.Within != "" && (!slices.Contains(Groupings(), f.Within) || f.GroupBy != ByCounterparty):
		return fmt.Errorf("narrow by %q and group by %q: %w", f.Within, f.GroupBy, ErrBadSelection)
	case f.Bucket != "" && !facts.bucket(f.By, f.Bucket):
		return fmt.Errorf("filter by bucket %q: %w", f.Bucket, ErrBadSelection)
	}
	return nil
}

func ageingMart(by string) string {
	if by == ByIssueDate {
		return "mart_ageing_by_issue_date"
	}
	return "mart_ageing"
}

func ageingGroupMart(by string) string {
	if by == ByIssueDate {
		return "mart_group_ageing_by_issue_date"
	}
	return "mart_group_ageing"
}

// attributes is a select with the value of the attribute for every counterparty of
// the side, and its name in a language.
func (g grouping) attributes(language string) string {
	name := g.name
	if language == "fr" && g.nameFR != "" {
		name = g.nameFR
	}
	return fmt.Sprintf(`
    select
        counterparty.entity_id,
        counterparty.counterparty_id,
        %s as attribute_id,
        %s as attribute_name,
    from dim_counterparties as counterparty
    left join dim_counterparties as head
        on head.entity_id = counterparty.entity_id
        and head.side = counterparty.side
        and head.counterparty_id = counterparty.group_id%s
    where counterparty.side = $side`, g.key, name, g.joins)
}

// condition keeps the rows of a relation with entity_id and counterparty_id whose
// value of the attribute is $value.
func (g grouping) condition() string {
	return "(entity_id, counterparty_id) in (\n        select (entity_id, counterparty_id) from (" +
		g.attributes("") + "\n        ) where attribute_id = $value\n    )"
}

// groupedListingSQL is listingSQL with a row per value of an attribute.
const groupedListingSQL = `
with
attributes as (%[1]s
),
own as (
    select * from mart_counterparty_balances
    where %[2]s%[3]s
),
counterparties as (
    select
        %[4]s as entity_id,
        attributes.attribute_id as counterparty_id,
        min(attributes.attribute_name) as counterparty_name,
        false as is_intercompany,
        count(*) as counterparty_count,
        cast(sum(own.open_amount) as decimal(18, 2)) as open_amount,
        cast(sum(own.overdue_amount) as decimal(18, 2)) as overdue_amount,
        cast(sum(own.credit_amount) as decimal(18, 2)) as credit_amount,
        max(own.oldest_overdue_days) as oldest_overdue_days,
        cast(sum(own.item_count) as bigint) as item_count,
        lower(strip_accents(
            attributes.attribute_id || ' | ' || min(attributes.attribute_name)
        )) as search_text,
    from own
    inner join attributes
        on attributes.entity_id = own.entity_id
        and attributes.counterparty_id = own.counterparty_id
    group by %[4]s, attributes.attribute_id
),
balances as (
    select
        %[4]s as entity_id,
        attributes.attribute_id as counterparty_id,
        ageing.ageing_bucket,
        ageing.bucket_order,
        cast(sum(ageing.open_amount) as decimal(18, 2)) as open_amount,
        cast(sum(ageing.debit_amount) as decimal(18, 2)) as debit_amount,
        cast(sum(ageing.credit_amount) as decimal(18, 2)) as credit_amount,
        cast(sum(ageing.item_count) as bigint) as item_count,
    from own
    inner join %[5]s as ageing
        on ageing.entity_id = own.entity_id
        and ageing.side = own.side
        and ageing.counterparty_id = own.counterparty_id
    inner join attributes
        on attributes.entity_id = own.entity_id
        and attributes.counterparty_id = own.counterparty_id
    group by %[4]s, attributes.attribute_id, ageing.ageing_bucket, ageing.bucket_order
),
matching as (
    select * from counterparties
    where %[6]s
)`
