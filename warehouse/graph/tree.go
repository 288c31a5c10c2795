package graph

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Statement is what the syntax tree of one SELECT tells: the relations it reads
// that are not its own CTEs, the functions it calls, and the things in it that
// no model and no free query may hold.
type Statement struct {
	Reads          []string // sorted, each once
	Functions      []string // scalar, aggregate and window functions, sorted
	TableFunctions []string // sorted
	Calls          []Call   // in the order of the text
	Columns        []string // last part of the column references, sorted
	Problems       []string // qualified relations and other things that cannot be followed
}

// Call is one use of a function.
type Call struct {
	Name      string
	Arguments int
	IsOrdered bool // has an ORDER BY of its own, or an OVER clause with one
	LastIsRow bool // its last argument is a row value: (a, b)
}

// ErrNotOneSelect says that a text is not exactly one SELECT statement.
var ErrNotOneSelect = errors.New("not exactly one SELECT statement")

// Parse reads one SELECT with DuckDB's own parser. Nothing is run and no
// relation needs to exist. It returns ErrNotOneSelect, wrapped, for anything
// else than one SELECT.
func Parse(ctx context.Context, db *sql.DB, text string) (Statement, error) {
	var raw string
	row := db.QueryRowContext(ctx, "select json_serialize_sql(?::varchar)::varchar", text)
	if err := row.Scan(&raw); err != nil {
		return Statement{}, fmt.Errorf("parse SQL: %w", err)
	}
	var tree struct {
		Error      bool             `json:"error"`
		Message    string           `json:"error_message"`
		Statements []map[string]any `json:"statements"`
	}
	if err := json.Unmarshal([]byte(raw), &tree); err != nil {
		return Statement{}, fmt.Errorf("parse SQL: %w", err)
	}
	if tree.Error {
		return Statement{}, fmt.Errorf("%w: %s", ErrNotOneSelect, tree.Message)
	}
	if len(tree.Statements) != 1 {
		return Statement{}, fmt.Errorf("%w: %d statements", ErrNotOneSelect, len(tree.Statements))
	}
	w := walker{
		reads: map[string]bool{}, functions: map[string]bool{},
		tableFunctions: map[string]bool{}, columns: map[string]bool{},
	}
	w.walk(tree.Statements[0], nil)
	return Statement{
		Reads:          slices.Sorted(maps.Keys(w.reads)),
		Functions:      slices.Sorted(maps.Keys(w.functions)),
		TableFunctions: slices.Sorted(maps.Keys(w.tableFunctions)),
		Columns:        slices.Sorted(maps.Keys(w.columns)),
		Calls:          w.calls,
		Problems:       w.problems,
	}, nil
}

// sortedMark is set on a list() whose result is sorted at once.
const sortedMark = "encours_sorted"

type walker struct {
	reads, functions, tableFunctions, columns map[string]bool
	calls                                     []Call
	problems                                  []string
}

// walk visits a node with the CTE names that are in scope there.
func (w *walker) walk(node any, scope map[string]bool) {
	switch n := node.(type) {
	case []any:
		for _, child := range n {
			w.walk(child, scope)
		}
	case map[string]any:
		scope = w.ctes(n, scope)
		w.visit(n, scope)
		for _, key := range slices.Sorted(maps.Keys(n)) {
			if key != "cte_map" {
				w.walk(n[key], scope)
			}
		}
	}
}

// ctes walks the CTEs of a query node: each sees the earlier ones, and itself
// where it is recursive.
func (w *walker) ctes(n map[string]any, scope map[string]bool) map[string]bool {
	cteMap, _ := n["cte_map"].(map[string]any)
	entries, _ := cteMap["map"].([]any)
	if len(entries) == 0 {
		return scope
	}
	inner := map[string]bool{}
	maps.Copy(inner, scope)
	for _, entry := range entries {
		e, _ := entry.(map[string]any)
		name, _ := e["key"].(string)
		value, _ := e["value"].(map[string]any)
		own := inner
		if isRecursive(value) {
			own = maps.Clone(inner)
			own[name] = true
		}
		w.walk(value, own)
		inner[name] = true
	}
	return inner
}

func isRecursive(cte map[string]any) bool {
	query, _ := cte["query"].(map[string]any)
	node, _ := query["node"].(map[string]any)
	return node["type"] == "RECURSIVE_CTE_NODE"
}

func (w *walker) visit(n map[string]any, scope map[string]bool) {
	text := func(key string) string { s, _ := n[key].(string); return s }
	switch {
	case text("type") == "BASE_TABLE":
		name := text("table_name")
		if text("schema_name") != "" || text("catalog_name") != "" {
			w.problems = append(w.problems, fmt.Sprintf("relation %q is qualified with a schema or a database", name))
			return
		}
		if !scope[name] {
			w.reads[name] = true
		}
	case text("type") == "TABLE_FUNCTION":
		function, _ := n["function"].(map[string]any)
		name, _ := function["function_name"].(string)
		w.tableFunctions[name] = true
	case text("type") == "SHOW_REF" || text("type") == "PIVOT" || text("type") == "COLUMN_DATA":
		w.problems = append(w.problems, fmt.Sprintf("%s cannot be followed to the relations it reads", text("type")))
	case text("class") == "FUNCTION" || text("class") == "WINDOW":
		w.call(n, text("function_name"))
		if schema := text("schema"); schema != "" && schema != "main" {
			w.problems = append(w.problems, fmt.Sprintf("function %q is qualified", text("function_name")))
		}
	case text("class") == "COLUMN_REF":
		if names, _ := n["column_names"].([]any); len(names) > 0 {
			if name, ok := names[len(names)-1].(string); ok {
				w.columns[name] = true
			}
		}
	}
}

func (w *walker) call(n map[string]any, name string) {
	children, _ := n["children"].([]any)
	call := Call{Name: name, Arguments: len(children), IsOrdered: n[sortedMark] == true}
	if name == "list_sort" && len(children) > 0 { // what the parser makes of list(a order by a)
		if list, _ := children[0].(map[string]any); list != nil {
			list[sortedMark] = true
		}
	}
	if order, _ := n["order_bys"].(map[string]any); order != nil {
		list, _ := order["orders"].([]any)
		call.IsOrdered = call.IsOrdered || len(list) > 0
	}
	if list, _ := n["orders"].([]any); len(list) > 0 {
		call.IsOrdered = true
	}
	if len(children) > 0 {
		last, _ := children[len(children)-1].(map[string]any)
		call.LastIsRow = last["function_name"] == "row"
	}
	w.functions[name] = true
	w.calls = append(w.calls, call)
}
