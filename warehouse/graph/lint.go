package graph

import (
	"fmt"
	"slices"
	"strings"
)

// Functions whose result depends on the clock, on chance, on the machine or on
// the number of threads (sums of floating point numbers in no fixed order).
var banned = []string{
	"now", "today", "current_date", "current_timestamp", "get_current_timestamp",
	"get_current_time", "current_localtime", "current_localtimestamp", "transaction_timestamp",
	"random", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7",
	"stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop", "corr",
	"covar_pop", "covar_samp", "regr_slope", "regr_intercept", "regr_r2", "regr_count",
	"regr_sxx", "regr_sxy", "regr_syy", "regr_avgx", "regr_avgy", "skewness", "kurtosis",
	"entropy", "fsum", "favg", "kahan_sum", "sumkahan", "approx_count_distinct",
	"approx_quantile", "reservoir_quantile", "any_value", "arbitrary", "mode", "approx_top_k",
	"getvariable", "getenv", "read_csv", "read_parquet", "read_json", "read_text", "read_blob",
}

// Clock keywords that the parser takes for columns.
var bannedColumns = []string{"current_date", "current_timestamp", "current_time", "localtime", "localtimestamp"}

// Aggregates whose result depends on the order of the rows: each needs an ORDER BY.
var needOrder = []string{"first", "last", "list", "array_agg", "string_agg", "group_concat", "listagg", "first_value", "last_value", "nth_value", "lag", "lead", "row_number", "ntile"}

// Aggregates that pick a row: their last argument must be a row value that ends
// in a key, so that there are no ties.
var needRow = []string{"arg_max", "arg_min", "max_by", "min_by", "argmax", "argmin"}

// tableFunctions may stand in a FROM clause of a model.
var tableFunctions = []string{"range", "generate_series", "unnest"}

// lint returns what a model must not hold.
func lint(m Model, s Statement) []error {
	var out []error
	add := func(format string, args ...any) { out = append(out, fmt.Errorf(format, args...)) }
	for _, problem := range s.Problems {
		add("%s", problem)
	}
	for _, name := range s.TableFunctions {
		if !slices.Contains(tableFunctions, name) {
			add("table function %s: a model reads relations, not files or queries", name)
		}
	}
	for _, name := range s.Columns {
		if slices.Contains(bannedColumns, name) {
			add("%s: dates come from params, never from the clock", name)
		}
	}
	for _, call := range s.Calls {
		name := strings.ToLower(call.Name)
		switch {
		case slices.Contains(banned, name):
			add("%s(): its result is not the same at every build", name)
		case slices.Contains(needOrder, name) && !call.IsOrdered:
			add("%s() without an order: its result is not the same at every build", name)
		case slices.Contains(needRow, name) && !call.LastIsRow:
			add("%s(): order by a row value that ends in a key, (a, key), so that there are no ties", name)
		}
	}
	for number, line := range slices.Collect(strings.Lines(m.SQL)) {
		if strings.Contains(line, "{{") || strings.Contains(line, "{%") {
			add("line %d: templating", number+1)
		}
		if len([]rune(strings.TrimRight(line, "\n"))) > 100 {
			add("line %d: longer than 100 characters", number+1)
		}
		if strings.ContainsRune(line, '\t') {
			add("line %d: a tab; indent by four spaces", number+1)
		}
	}
	return out
}
