package graph

import (
	"context"
	"database/sql"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/encours/encours/warehouse/duck"
)

func open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := duck.Open(context.Background(), "", duck.Limits{MemoryBytes: 256 << 20, TempDir: t.TempDir(), TempBytes: 1 << 30}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// TestEmbedded is the lint of the SQL that the program carries.
func TestEmbedded(t *testing.T) {
	g, err := Embedded(t.Context(), open(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Marts()) < 10 || len(g.Checks) < 10 {
		t.Errorf("%d marts, %d checks", len(g.Marts()), len(g.Checks))
	}
	for _, mart := range g.Marts() {
		if !strings.HasPrefix(mart.Name, "mart_") && !strings.HasPrefix(mart.Name, "fct_") && !strings.HasPrefix(mart.Name, "dim_") {
			t.Errorf("%s: a mart is named mart_, fct_ or dim_", mart.Path)
		}
		for _, column := range mart.Header.Columns {
			money := strings.HasSuffix(column.Name, "amount")
			if money && !strings.Contains(column.Meaning, "currency") && !strings.Contains(mart.SQL, "currency") {
				t.Errorf("%s.%s: say in which currency", mart.Name, column.Name)
			}
		}
		if !slices.ContainsFunc(mart.Header.Columns, func(c Column) bool { return c.Name == "entity_id" }) {
			t.Errorf("%s has no entity_id", mart.Name)
		}
	}
}

func TestParse(t *testing.T) {
	db := open(t)
	for _, c := range []struct {
		name, text string
		reads      []string
	}{
		{"plain", "select a from t", []string{"t"}},
		{"alias", "select k.a from t as k join u as t2 on k.a = t2.a", []string{"t", "u"}},
		{"cte hides", "with c as (select 1 as a) select a from c", nil},
		{"cte sees the earlier one", "with a as (select 1 as x), b as (select x from a) select x from b", nil},
		{"cte does not see the later one", "with a as (select x from b), b as (select 1 as x) select x from a", []string{"b"}},
		{"cte does not see itself", "with t as (select x from t) select x from t", []string{"t"}},
		{"recursive sees itself", "with recursive w as (select 1 as x union all select x + 1 from w where x < 3) select x from w", nil},
		{"scope ends", "select * from (with c as (select 1 as a) select a from c) as s, c", []string{"c"}},
		{"subquery", "select a from t where exists (select 1 from u where u.a in (select a from v))", []string{"t", "u", "v"}},
		{"union", "select a from t union all select a from u", []string{"t", "u"}},
		{"lateral", "select * from t, lateral (select * from u where u.a = t.a) as s", []string{"t", "u"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Parse(t.Context(), db, c.text)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(s.Reads, c.reads) {
				t.Errorf("reads %v, want %v", s.Reads, c.reads)
			}
		})
	}
	for _, text := range []string{"", "select 1; select 2", "drop table t", "insert into t values (1)", "selec 1", "copy t to 'x'", "pivot t on a using sum(b)"} {
		if _, err := Parse(t.Context(), db, text); err == nil {
			t.Errorf("%q is taken for one SELECT", text)
		}
	}
	for _, text := range []string{"select * from main.t", "select * from other.main.t"} {
		if s, err := Parse(t.Context(), db, text); err != nil || len(s.Problems) == 0 {
			t.Errorf("%q: %v %v", text, s.Problems, err)
		}
	}
}

func TestOrderedList(t *testing.T) {
	db := open(t)
	for text, want := range map[string]bool{
		"select list(a) from t": false, "select list(a order by a) from t": true,
		"select list(a order by b) from t": true, "select list(a order by a) filter (where b) from t": true,
	} {
		s, err := Parse(t.Context(), db, text)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(s.Calls, func(c Call) bool { return c.Name == "list" })
		if i < 0 || s.Calls[i].IsOrdered != want {
			t.Errorf("%s: %+v", text, s.Calls)
		}
	}
}

const header = `-- grain: one row
-- key: a
-- sort: a
-- question: What?
-- materialized: table
-- columns:
--   a: a thing
-- decisions: 1
`

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func TestLoadRefuses(t *testing.T) {
	db := open(t)
	for _, c := range []struct{ name, path, text, want string }{
		{"unknown relation", "marts/m.sql", header + "select a from nowhere", "nowhere"},
		{"landing table in a mart", "marts/m.sql", header + "select a from ledger_entries", "only staging"},
		{"later layer", "staging/s.sql", header + "select a from good", "later layer"},
		{"missing field", "marts/m.sql", strings.Replace(header, "-- question: What?\n", "", 1) + "select 1 as a", "question"},
		{"unknown field", "marts/m.sql", "-- colour: red\n" + header + "select 1 as a", "colour"},
		{"circle", "marts/m.sql", header + "select a from m", "circle"},
		{"clock function", "marts/m.sql", header + "select now() as a", "now"},
		{"clock keyword", "marts/m.sql", header + "select current_date as a", "current_date"},
		{"chance", "marts/m.sql", header + "select random() as a", "random"},
		{"threads", "marts/m.sql", header + "select stddev(a) as a from leaf", "stddev"},
		{"no order", "marts/m.sql", header + "select list(a) as a from leaf", "order"},
		{"ties", "marts/m.sql", header + "select arg_max(a, a) as a from leaf", "ties"},
		{"file", "marts/m.sql", header + "select * from read_csv('x.csv')", "read_csv"},
		{"file as a table", "marts/m.sql", header + "select * from 'x.parquet'", "x.parquet"},
		{"query function", "marts/m.sql", header + "select * from query('select 1')", "query"},
		{"two statements", "marts/m.sql", header + "select 1 as a; select 2 as a", "one SELECT"},
		{"long line", "marts/m.sql", header + "select 1 as a -- " + strings.Repeat("x", 100), "100 characters"},
		{"check without a sentence", "checks/c.sql", "-- severity: fail\nselect a from good", "sentence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{"marts/good.sql": file(header + "select a from leaf"), c.path: file(c.text)}
			_, err := Load(t.Context(), db, files, []string{"leaf", "ledger_entries"})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant %q", err, c.want)
			}
		})
	}
}

// TestExpired: a scratch table lives as long as a model or a check reads it,
// through however many views.
func TestExpired(t *testing.T) {
	as := func(kind, query string) *fstest.MapFile {
		return file(strings.Replace(header, "materialized: table", "materialized: "+kind, 1) + query)
	}
	files := fstest.MapFS{
		"intermediate/i1.sql": as(Scratch, "select a from leaf"),
		"intermediate/i2.sql": as(Scratch, "select a from i1"),
		"intermediate/i3.sql": as(View, "select a from i2"),
		"intermediate/i4.sql": as(View, "select a from i3"),
		"intermediate/i5.sql": as(Scratch, "select a from leaf"),
		"intermediate/i6.sql": as(Table, "select i2.a from i2, i5"),
		"marts/m.sql":         as(Table, "select a from i4"),
		"marts/n.sql":         as(Table, "select a from i6"),
		"checks/c.sql":        file("-- severity: fail\n-- sentence: Wrong.\nselect a from i5"),
	}
	g, err := Load(t.Context(), open(t), files, []string{"leaf"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, m := range g.Models {
		got = append(got, m.Name+":"+strings.Join(g.Expired(i+1), "+"))
	}
	want := []string{"i1:", "i2:i1", "i3:i1", "i4:i1", "i5:i1", "i6:i1", "m:i1+i2", "n:i1+i2"}
	if !slices.Equal(got, want) {
		t.Errorf("expired %v, want %v", got, want)
	}
}

func TestDownstream(t *testing.T) {
	files := fstest.MapFS{
		"staging/s.sql":       file(header + "select a from leaf"),
		"intermediate/i.sql":  file(header + "select s.a from s, params"),
		"intermediate/i2.sql": file(header + "select a from s"),
		"marts/m.sql":         file(header + "select a from i"),
		"marts/n.sql":         file(header + "select a from i2"),
	}
	g, err := Load(t.Context(), open(t), files, []string{"leaf", "params"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range g.Downstream("params") {
		names = append(names, m.Name)
	}
	if !slices.Equal(names, []string{"i", "m"}) {
		t.Errorf("downstream of params: %v", names)
	}
}

func TestParseHeader(t *testing.T) {
	text, err := os.ReadFile("../../sql/marts/fct_items.sql")
	if err != nil {
		t.Fatal(err)
	}
	h, err := ParseHeader(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(h.Key, []string{"entity_id", "item_id"}) {
		t.Errorf("key %v", h.Key)
	}
	i := slices.IndexFunc(h.Columns, func(c Column) bool { return c.Name == "item_type" })
	if i < 0 || !strings.HasPrefix(h.Columns[i].Meaning, "invoice, credit_note") || !strings.HasSuffix(h.Columns[i].Meaning, "other") {
		t.Errorf("a meaning over two lines: %+v", h.Columns)
	}
}
