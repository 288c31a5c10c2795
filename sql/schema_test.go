package sql

import (
	"database/sql"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

// The reader of schema files must see what DuckDB sees.
func TestSchemasAgreeWithDuckDB(t *testing.T) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables, err := Schemas()
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) == 0 {
		t.Fatal("no schema")
	}
	for _, table := range tables {
		t.Run(table.Name, func(t *testing.T) {
			if _, err := db.ExecContext(t.Context(), table.Create); err != nil {
				t.Fatal(err)
			}
			rows, err := db.QueryContext(t.Context(), `select column_name, data_type, not is_nullable
				from duckdb_columns() where table_name = ? order by column_index`, table.Name)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			var n int
			for ; rows.Next(); n++ {
				var name, typ string
				var notNull bool
				if err := rows.Scan(&name, &typ, &notNull); err != nil {
					t.Fatal(err)
				}
				if n >= len(table.Columns) {
					t.Fatalf("column %s was not read", name)
				}
				got := table.Columns[n]
				plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }
				if got.Name != name || plain(got.Type) != plain(typ) || got.NotNull != notNull || got.Comment == "" {
					t.Errorf("read %+v, DuckDB has %s %s, not null %v", got, name, typ, notNull)
				}
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			if n != len(table.Columns) {
				t.Errorf("read %d columns, DuckDB has %d", len(table.Columns), n)
			}
		})
	}
}

func TestParseTable(t *testing.T) {
	const head = "-- Rates.\n-- By day.\n-- key: day\ncreate table rates (\n"
	for name, c := range map[string]struct{ text, want string }{
		"whole":             {head + "    day date not null, -- the day\n    rate decimal(18, 6) -- the rate\n);\n", ""},
		"no comment":        {"create table rates (\n    day date -- the day\n);\n", "no comment"},
		"column no comment": {head + "    day date\n);\n", "x/rates.sql:5"},
		"missing comma":     {head + "    day date -- the day\n    rate double -- the rate\n);\n", "x/rates.sql:6"},
		"trailing comma":    {head + "    day date, -- the day\n);\n", "x/rates.sql:6"},
		"default value":     {head + "    day date default now() -- the day\n);\n", "x/rates.sql:5"},
		"unknown key":       {strings.Replace(head, "key: day", "key: d", 1) + "    day date -- the day\n);\n", `"d"`},
		"unknown values":    {strings.Replace(head, "create", "-- values of d: a, b\ncreate", 1) + "    day date -- the day\n);\n", `"d"`},
		"twice":             {head + "    day date, -- the day\n    day date -- the day\n);\n", "twice"},
		"cut":               {head + "    day date -- the day\n", "does not end"},
		"text after":        {head + "    day date -- the day\n);\nselect 1;\n", "x/rates.sql:7"},
		"other name":        {strings.Replace(head, "table rates", "table rate", 1) + "    day date -- the day\n);\n", "defines rate"},
	} {
		t.Run(name, func(t *testing.T) {
			table, err := parseTable("x/rates.sql", c.text)
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				if table.Comment != "Rates. By day." || len(table.Columns) != 2 || table.Columns[1].Type != "decimal(18, 6)" ||
					!table.Columns[0].NotNull || table.Columns[1].NotNull || len(table.Key) != 1 {
					t.Errorf("%+v", table)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestSchemaValues(t *testing.T) {
	table, err := Schema("invoices")
	if err != nil {
		t.Fatal(err)
	}
	kind, _ := table.Column("document_type")
	if len(kind.Values) != 2 || kind.Values[0] != "invoice" || kind.Values[1] != "credit_note" {
		t.Errorf("values %q", kind.Values)
	}
	if id, _ := table.Column("document_id"); id.Values != nil {
		t.Errorf("a free column has the values %q", id.Values)
	}
	if strings.Contains(table.Comment, "values of") {
		t.Errorf("the comment tells the values: %s", table.Comment)
	}
}
