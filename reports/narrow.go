package reports

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/encours/encours/warehouse/graph"
)

// A page about one counterparty or one item reads marts that are views over
// millions of rows. Their keys are computed in them, so that a condition on a key
// does not reach the tables below. narrowed puts it there: it writes the mart, and
// what stands between it and its tables, as common table expressions of the same
// SQL files over fewer rows. The figures have one definition; a test compares both
// ways of reading.

// narrowed returns the with clause that makes model readable over the rows that
// leaves select, by table. It is empty where the model can be read as it was built.
func (v *View) narrowed(ctx context.Context, model string, leaves map[string]string) (string, error) {
	return v.narrow(ctx, model, leaves)
}

// undecided is narrowed for a reader of scores that reads no exposure, limit or
// decision. At another date than that of the generation they would be computed all the
// same, for nothing, and take longer than the rest.
func (v *View) undecided(ctx context.Context, model string, leaves map[string]string) (string, error) {
	return v.narrow(ctx, model, leaves, "mart_credit_decisions", "mart_risk_limits", "mart_exposure")
}

func (v *View) narrow(ctx context.Context, model string, leaves map[string]string, unread ...string) (string, error) {
	return v.clause(ctx, narrowing{leaves: leaves, unread: unread}, model)
}

// supposed is narrowed for models that are asked about rows which no table holds: the
// tables of fresh, which stand between leaves and models, are computed again.
func (v *View) supposed(ctx context.Context, leaves map[string]string, fresh []string, models ...string) (string, error) {
	return v.clause(ctx, narrowing{leaves: leaves, fresh: fresh}, models...)
}

func (v *View) clause(ctx context.Context, n narrowing, models ...string) (with string, err error) {
	if n.models, err = v.generation.Models(ctx); err != nil {
		return "", err
	}
	n.reached = map[string]bool{}
	for _, dated := range n.models.Downstream("params") {
		n.dated = append(n.dated, dated.Name)
	}
	n.isBuilt = v.selection.AsOf.Equal(v.facts.asOf)
	for _, model := range models {
		n.reach(model)
	}
	if len(n.ctes) == 0 || n.err != nil {
		return "", n.err
	}
	return "with\n" + strings.Join(n.ctes, ",\n"), nil
}

type narrowing struct {
	models  *graph.Graph
	leaves  map[string]string
	unread  []string // models of which no column is read: they stay empty
	fresh   []string // tables that are computed again
	dated   []string // models that depend on the parameters: a session has its own
	isBuilt bool     // the session is at the date of the generation
	redates bool     // leaves may take the place of what depends on the parameters
	reached map[string]bool
	ctes    []string
	err     error
}

// reach adds a relation, and what it reads, to the clause. It says whether the
// relation depends on a narrowed table.
func (n *narrowing) reach(name string) bool {
	if is, known := n.reached[name]; known {
		return is
	}
	n.reached[name] = false
	isDated := slices.Contains(n.dated, name)
	if slices.Contains(n.unread, name) && !n.isBuilt {
		n.add(name, "select * from "+builtTable+name+" where false")
		return true
	}
	if leaf, ok := n.leaves[name]; ok {
		if isDated && !n.redates {
			n.err = fmt.Errorf("narrow %q: internal error: it depends on the as-of date", name)
		}
		n.add(name, leaf)
		return true
	}
	model, ok := n.models.Model(name)
	isComputed := n.isBuilt || !isDated
	if !ok || (model.Header.Materialized == graph.Table && isComputed && !slices.Contains(n.fresh, name)) {
		return false
	}
	for _, read := range model.Reads {
		if n.reach(read) {
			n.reached[name] = true
		}
	}
	if n.reached[name] {
		n.add(name, model.SQL)
	}
	return n.reached[name]
}

func (n *narrowing) add(name, query string) {
	n.reached[name] = true
	n.ctes = append(n.ctes, name+" as (\n"+strings.TrimRight(strings.TrimSpace(query), ";")+"\n)")
}

// builtTable names a table of the generation where a common table expression of
// the same name hides it.
const builtTable = "warehouse.main."

// keyList writes keys as a list of a condition. They are constants, not bound:
// DuckDB skips what cannot hold a constant.
func keyList(keys []int64) string {
	if len(keys) == 0 {
		return "null"
	}
	texts := make([]string, len(keys))
	for i, k := range keys {
		texts[i] = strconv.FormatInt(k, 10)
	}
	return strings.Join(texts, ", ")
}

// accountLeaves narrows the tables of items to accounts.
func accountLeaves(accounts []int64) map[string]string {
	leaves := map[string]string{}
	for _, name := range []string{"int_items", "int_item_balances"} {
		leaves[name] = "select * from " + builtTable + name + " where account_key in (" + keyList(accounts) + ")"
	}
	return leaves
}

// itemLeaves narrows the tables of items to one.
func itemLeaves(itemKey int64) map[string]string {
	key := strconv.FormatInt(itemKey, 10)
	return map[string]string{
		"int_items":         "select * from " + builtTable + "int_items where item_key = " + key,
		"int_item_balances": "select * from " + builtTable + "int_item_balances where item_key = " + key,
		"int_allocations": "select * from " + builtTable + "int_allocations where debit_key = " + key +
			"\nunion all\nselect * from " + builtTable + "int_allocations where credit_key = " + key + " and debit_key <> " + key,
	}
}

// itemKeyBase separates the number of the entity from item_id in item_key.
const itemKeyBase = 1_000_000_000_000_000

// itemKey returns the key under which the tables hold an item, see int_items.
func (v *View) itemKey(ctx context.Context, entity string, id int64) (int64, error) {
	if id <= 0 || id >= itemKeyBase {
		return 0, fmt.Errorf("find item %d of %q: %w", id, entity, ErrNotFound)
	}
	number := int64(0)
	err := v.session.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&number) },
		"select entity_no from project_entities where entity_id = ?", entity)
	if err == nil && number == 0 {
		err = fmt.Errorf("find item %d of %q: %w", id, entity, ErrNotFound)
	}
	return number*itemKeyBase + id, err
}
