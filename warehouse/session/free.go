package session

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/graph"
)

// AdmissionError says why a free query was not run.
type AdmissionError struct{ Reason string }

func (e *AdmissionError) Error() string { return "this query is not run: " + e.Reason }

// Free runs one SELECT that a person wrote, read-only, in an instance of its
// own, and streams the result in the format that options name. Its syntax tree
// is checked against an allow-list first: one SELECT, relations of the generation
// by their plain names, listed functions. DuckDB's own lock-down comes on top:
// the instance can reach the generation and the pipe of its result, nothing else.
func (p *Pool) Free(ctx context.Context, asOf time.Time, query, options string, read func(io.Reader) error) (err error) {
	hold, err := p.store.Hold()
	if err != nil {
		return err
	}
	inst := &instance{pool: p, hold: hold}
	defer func() { err = errors.Join(err, inst.close()) }()
	if err := inst.open(ctx); err != nil {
		return err
	}
	if err := inst.admit(ctx, query); err != nil {
		return err
	}
	s, release, err := (&Generation{instance: inst}).Session(ctx, asOf)
	if err != nil {
		return err
	}
	defer release()
	return s.Use(ctx, func(conn *sql.Conn) error {
		return duck.PipeFrom(ctx, func(path string) error {
			for _, statement := range []string{
				"set allowed_paths = [" + duck.Text(path) + "]",
				"set enable_external_access = false",
				"set lock_configuration = true",
			} {
				if _, err := conn.ExecContext(ctx, statement); err != nil {
					return fmt.Errorf("lock the query down: %w", err)
				}
			}
			_, err := conn.ExecContext(ctx, fmt.Sprintf("copy (%s\n) to %s (%s)",
				strings.TrimRight(strings.TrimSpace(query), ";"), duck.Text(path), options))
			return err
		}, read)
	})
}

// admit checks a query against the allow-list.
func (i *instance) admit(ctx context.Context, query string) error {
	statement, err := graph.Parse(ctx, i.db, query)
	if errors.Is(err, graph.ErrNotOneSelect) {
		return &AdmissionError{Reason: err.Error() + "; write one SELECT"}
	}
	if err != nil {
		return err
	}
	if len(statement.Problems) > 0 {
		return &AdmissionError{Reason: statement.Problems[0]}
	}
	relations, err := i.relations(ctx)
	if err != nil {
		return err
	}
	for _, name := range statement.Reads {
		if !slices.Contains(relations, strings.ToLower(name)) {
			return &AdmissionError{Reason: fmt.Sprintf("there is no relation %q; there are: %s", name, strings.Join(relations, ", "))}
		}
	}
	for _, name := range statement.TableFunctions {
		if !slices.Contains(freeTableFunctions, strings.ToLower(name)) {
			return &AdmissionError{Reason: fmt.Sprintf("table function %q is not allowed", name)}
		}
	}
	for _, name := range statement.Functions {
		if !slices.Contains(freeFunctions, strings.ToLower(name)) {
			return &AdmissionError{Reason: fmt.Sprintf("function %q is not allowed", name)}
		}
	}
	return nil
}

// relations lists the tables and views of the generation.
func (i *instance) relations(ctx context.Context) (names []string, err error) {
	rows, err := i.db.QueryContext(ctx, `
		select table_name from duckdb_tables() where database_name = 'warehouse'
		union all
		select view_name from duckdb_views() where database_name = 'warehouse' and not internal
		order by 1`)
	if err != nil {
		return nil, fmt.Errorf("list relations: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

var freeTableFunctions = []string{"range", "generate_series", "unnest"}

// freeFunctions are those that compute from their arguments alone.
var freeFunctions = strings.Fields(`
+ - * / // % ** ^ & | ~ << >> || = <> != < > <= >= ~~ !~~ ~~* !~~* ~~~ !~~
abs ceil ceiling floor round trunc sign sqrt cbrt exp ln log log2 log10 pow power mod fmod greatest least
count count_star sum avg min max median quantile quantile_cont quantile_disc bool_and bool_or
bit_and bit_or bit_xor bit_count product string_agg list array_agg histogram first last any_value
arg_max arg_min max_by min_by mode stddev stddev_samp stddev_pop variance var_samp var_pop corr
covar_pop covar_samp regr_slope regr_intercept regr_r2 approx_count_distinct approx_quantile count_if
row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
lower upper trim ltrim rtrim length strlen substr substring left right lpad rpad replace reverse
repeat concat concat_ws contains starts_with ends_with prefix suffix instr strpos position split
string_split split_part regexp_matches regexp_replace regexp_extract regexp_extract_all
regexp_full_match strip_accents like_escape not_like_escape ilike_escape not_ilike_escape format printf
levenshtein jaccard jaro_winkler_similarity ascii chr md5 sha256 hash
coalesce ifnull nullif if case constant_or_null error
date_trunc date_part date_diff datediff date_add date_sub datepart datetrunc year month day quarter
week weekday dayofweek isodow dayofyear yearweek last_day make_date strftime strptime try_strptime
to_days to_months to_years to_weeks age extract epoch monthname dayname time_bucket
row struct_pack struct_extract list_value list_contains list_extract list_sum list_count array_length len
list_aggregate list_sort list_distinct list_filter list_transform map map_extract element_at map_keys map_values
cast try_cast typeof unnest range generate_series grouping alias
`)
