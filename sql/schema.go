package sql

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Table is one file of the folder schema: a dataset of the landing contract, or
// a table that a build fills itself.
type Table struct {
	Name    string
	Comment string   // the comment lines above the statement, joined by spaces
	Key     []string // columns that identify a row; empty for a table of one row
	Columns []Column // in the order of the file
	Create  string   // the file as it stands: a create table statement
}

// Column is one column of a Table.
type Column struct {
	Name    string
	Type    string // as DuckDB reads it, such as "decimal(18, 2)"
	NotNull bool
	Comment string
	Values  []string // the only ones that it may have; empty: any
}

// Column returns the column of that name.
func (t Table) Column(name string) (Column, bool) {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return Column{}, false
	}
	return t.Columns[i], true
}

// IsLanding says whether the table is a dataset of the landing contract: its rows
// carry the batch and the line that they come from.
func (t Table) IsLanding() bool {
	_, hasBatch := t.Column("batch_id")
	_, hasLine := t.Column("source_line")
	return hasBatch && hasLine
}

// Datasets names the datasets of the landing contract, sorted.
func Datasets() ([]string, error) {
	tables, err := Schemas()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, table := range tables {
		if table.IsLanding() {
			names = append(names, table.Name)
		}
	}
	return names, nil
}

// Schema reads the table of that name.
func Schema(name string) (Table, error) {
	file := "schema/" + name + ".sql"
	text, err := Files.ReadFile(file)
	if err != nil {
		return Table{}, fmt.Errorf("read schema of %q: %w", name, err)
	}
	return parseTable(file, string(text))
}

// Schemas reads every table, in the order of their names.
func Schemas() ([]Table, error) {
	entries, err := Files.ReadDir("schema")
	if err != nil {
		return nil, fmt.Errorf("read schemas: %w", err)
	}
	var tables []Table
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), ".sql")
		if !ok {
			continue
		}
		table, err := Schema(name)
		if err != nil {
			return nil, err
		}
		tables = append(tables, table)
	}
	return tables, nil
}

var (
	createLine = regexp.MustCompile(`^create table ([a-z][a-z0-9_]*) \($`)
	valuesLine = regexp.MustCompile(`^-- values of ([a-z][a-z0-9_]*): (.+)$`)
	columnLine = regexp.MustCompile(`^    ([a-z][a-z0-9_]*) ([a-z]+(?:\([a-z0-9, ]+\))?)( not null)?(,?)\s+-- (.+)$`)
)

// parseTable reads the one shape that a schema file may have: comment lines, a
// key line, lines that list the values of a column, then one commented column per
// line. Anything else is an error, so
// that no column can be missed.
func parseTable(file, text string) (Table, error) {
	table := Table{Create: text}
	var comment []string
	values := map[string][]string{}
	state, last := "comment", false // last: the column before carried no comma
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		listed := valuesLine.FindStringSubmatch(line)
		switch create, column := createLine.FindStringSubmatch(line), columnLine.FindStringSubmatch(line); {
		case state == "comment" && strings.HasPrefix(line, "-- key: "):
			table.Key = strings.Split(strings.TrimPrefix(line, "-- key: "), ", ")
		case state == "comment" && listed != nil:
			values[listed[1]] = strings.Split(listed[2], ", ")
		case state == "comment" && strings.HasPrefix(line, "-- "):
			comment = append(comment, strings.TrimPrefix(line, "-- "))
		case state == "comment" && create != nil:
			table.Name, state = create[1], "columns"
		case state == "columns" && column != nil && !last:
			table.Columns = append(table.Columns, Column{
				Name: column[1], Type: column[2], NotNull: column[3] != "", Comment: column[5], Values: values[column[1]],
			})
			delete(values, column[1])
			last = column[4] == ""
		case state == "columns" && line == ");" && last:
			state = "end"
		default:
			return Table{}, fmt.Errorf("%s:%d: a schema file cannot hold this line: %q", file, i+1, line)
		}
	}
	for name := range values {
		return Table{}, fmt.Errorf("%s: values of %q are listed, which is no column", file, name)
	}
	table.Comment = strings.Join(comment, " ")
	return table, table.validate(file, state)
}

func (t Table) validate(file, state string) error {
	switch {
	case state != "end":
		return fmt.Errorf("%s: the statement does not end", file)
	case t.Comment == "":
		return fmt.Errorf("%s: no comment says what the table is", file)
	case t.Name+".sql" != path.Base(file):
		return fmt.Errorf("%s: the file defines %s", file, t.Name)
	}
	for i, c := range t.Columns {
		if slices.ContainsFunc(t.Columns[:i], func(o Column) bool { return o.Name == c.Name }) {
			return fmt.Errorf("%s: column %s stands twice", file, c.Name)
		}
	}
	for _, name := range t.Key {
		if _, ok := t.Column(name); !ok {
			return fmt.Errorf("%s: the key names %q, which is no column", file, name)
		}
	}
	return nil
}
