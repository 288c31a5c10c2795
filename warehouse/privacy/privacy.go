// Package privacy keeps natural persons out of what leaves the warehouse.
//
// Invariant: a masked query has the rows, the columns and the figures of the query;
// only what says who a person is or where it lives is left out.
package privacy

import (
	"slices"
	"strings"
)

// Persons is the relation that lists natural persons.
const Persons = "int_persons"

// columns that say who a person is, with what stands in their place.
var replaced = map[string]string{
	"counterparty_name": "listed.counterparty_id",
	"search_text":       "lower(strip_accents(listed.counterparty_id))",
}

// emptied are the columns that stay empty.
var emptied = []string{
	"street", "postal_code", "city", "email", "phone", "website", "contact_name", "contact_email", "contact_phone",
	"person_name", "last_name", "first_name",
	"counterparty_postal_code", "counterparty_city", "candidate_name", "candidate_postal_code", "candidate_city",
}

// Masked returns the query without the names of persons: columns are those of the
// query. It returns the query as it is where its rows are not those of
// counterparties, or name nobody. persons is the relation, as the query would name it.
func Masked(query string, columns []string, persons string) string {
	has := func(name string) bool { return slices.Contains(columns, name) }
	if !has("entity_id") || !has("counterparty_id") {
		return query
	}
	var changes []string
	for _, column := range columns {
		switch text, ok := replaced[column]; {
		case ok:
			changes = append(changes, "case when persons.counterparty_id is null then listed."+column+" else "+text+" end as "+column)
		case slices.Contains(emptied, column):
			changes = append(changes, "case when persons.counterparty_id is null then listed."+column+" end as "+column)
		}
	}
	if len(changes) == 0 {
		return query
	}
	on, keys := "persons.entity_id = listed.entity_id and persons.counterparty_id = listed.counterparty_id", "entity_id, counterparty_id"
	if has("side") {
		on, keys = on+" and persons.side = listed.side", keys+", side"
	}
	return "select listed.* replace (" + strings.Join(changes, ", ") + ") from (" + query + "\n) as listed left join (select distinct " +
		keys + " from " + persons + " where is_masked) as persons on " + on
}

// Count is a query that counts the persons who are masked.
func Count(persons string) string { return "select count(*) from " + persons + " where is_masked" }
