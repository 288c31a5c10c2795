package generation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/encours/encours/warehouse/graph"
)

// sampleRows is how many offending rows of a check the manifest keeps.
const sampleRows = 20

// allChecks are the checks of the graph and one more per mart: its key is unique.
func allChecks(g *graph.Graph) []graph.Model {
	checks := append([]graph.Model(nil), g.Checks...)
	for _, mart := range g.Marts() {
		checks = append(checks, keyCheck(mart))
	}
	return checks
}

func keyCheck(mart graph.Model) graph.Model {
	key := strings.Join(mart.Header.Key, ", ")
	return graph.Model{
		Name:  "key_of_" + mart.Name,
		Layer: "checks",
		Reads: []string{mart.Name},
		Header: graph.Header{
			Severity: graph.Fail,
			Sentence: fmt.Sprintf("These keys stand more than once in %s.", mart.Name),
		},
		// equal keys have equal hashes: only rows whose hash is not unique are grouped
		// by the key itself, and as a rule there are none
		SQL: fmt.Sprintf(`select %[1]s, count(*) as row_count from %[2]s
			where hash(%[1]s) in (select hash(%[1]s) from %[2]s group by hash(%[1]s) having count(*) > 1)
			group by %[1]s having count(*) > 1`, key, mart.Name),
	}
}

// RunChecks runs every check whose relations are all there for the connection.
// A check that reads relations of the build only is left out afterwards: its
// result stands in the manifest.
func RunChecks(ctx context.Context, conn *sql.Conn, g *graph.Graph, duringBuild bool) ([]CheckResult, error) {
	var results []CheckResult
	for _, check := range allChecks(g) {
		if !duringBuild && readsBuildOnly(g, check) {
			continue
		}
		result, err := runCheck(ctx, conn, check)
		if err != nil {
			return nil, fmt.Errorf("run check %s: %w", check.Name, err)
		}
		results = append(results, result)
	}
	return results, nil
}

func readsBuildOnly(g *graph.Graph, check graph.Model) bool {
	for _, name := range check.Reads {
		if g.IsBuildOnly(name) {
			return true
		}
	}
	return false
}

// runCheck counts the offending rows and keeps the first as text, in the order of all columns.
func runCheck(ctx context.Context, conn *sql.Conn, check graph.Model) (result CheckResult, err error) {
	result = CheckResult{
		Name:     check.Name,
		Severity: check.Header.Severity,
		Sentence: check.Header.Sentence,
	}
	rows, err := conn.QueryContext(ctx, fmt.Sprintf(
		"select count(*) over (), columns(found.*)::varchar from (%s) as found order by all limit %d", check.SQL, sampleRows))
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return result, err
	}
	for rows.Next() {
		values := make([]sql.NullString, len(names)-1)
		targets := []any{&result.Rows}
		for i := range values {
			targets = append(targets, &values[i])
		}
		if err := rows.Scan(targets...); err != nil {
			return result, err
		}
		row := map[string]any{}
		for i, name := range names[1:] {
			row[name] = nil
			if values[i].Valid {
				row[name] = values[i].String
			}
		}
		result.Sample = append(result.Sample, row)
	}
	return result, rows.Err()
}

// first tells the first offending row, by column.
func (r CheckResult) first() string {
	if len(r.Sample) == 0 {
		return ""
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(r.Sample[0])) {
		if value := r.Sample[0][name]; value != nil {
			parts = append(parts, fmt.Sprintf("%s %v", name, value))
		}
	}
	return " The first: " + strings.Join(parts, ", ") + "."
}
