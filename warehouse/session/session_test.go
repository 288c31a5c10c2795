package session_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/session"
	"github.com/encours/encours/warehouse/warehousetest"
)

func books(t *testing.T) *warehousetest.Project {
	p := warehousetest.New(t, "")
	lines := slices.Concat(
		warehousetest.Sale("2025-01-10", "C1", "F1", "100.00"),
		warehousetest.Sale("2025-02-10", "C2", "F2", "40.00"),
		warehousetest.Sale("2025-03-31", "C1", "F3", "7.00"),
	)
	p.Land(t, lines...)
	p.Build(t)
	return p
}

func pin(t *testing.T, p *warehousetest.Project) (*session.Pool, *session.Generation) {
	t.Helper()
	pool := session.NewPool(p.Store, p.Limits)
	pinned, err := pool.Pin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(pinned.Release(), pool.Close()); err != nil {
			t.Error(err)
		}
	})
	return pool, pinned
}

func open(t *testing.T, g *session.Generation, asOf string) string {
	t.Helper()
	var day time.Time
	if asOf != "" {
		var err error
		if day, err = time.Parse(time.DateOnly, asOf); err != nil {
			t.Fatal(err)
		}
	}
	s, release, err := g.Session(t.Context(), day)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	return ask(t, s, "select coalesce(sum(open_amount), 0) from mart_ageing")
}

func ask(t *testing.T, s *session.Session, query string) string {
	t.Helper()
	var out []string
	err := s.Query(t.Context(), func(rows *sql.Rows) error {
		var text string
		err := rows.Scan(&text)
		out = append(out, text)
		return err
	}, "select cast(x as varchar) from ("+query+") as q(x)")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}

func TestAsOf(t *testing.T) {
	_, g := pin(t, books(t))
	for asOf, want := range map[string]string{
		"": "147.00", "2025-03-31": "147.00", "2025-03-30": "140.00", "2025-02-10": "140.00",
		"2025-02-09": "100.00", "2025-01-09": "0.00", "2027-01-01": "147.00",
	} {
		if got := open(t, g, asOf); got != want {
			t.Errorf("as of %q: %s, want %s", asOf, got, want)
		}
	}
}

// TestRecreatedSet: a session of another date makes anew exactly what the graph
// says depends on params, and everything else comes from the generation.
func TestRecreatedSet(t *testing.T) {
	_, g := pin(t, books(t))
	s, release, err := g.Session(t.Context(), time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	got := ask(t, s, `select string_agg(view_name, ' ' order by view_name)
		from duckdb_views() where schema_name = 'as_of_20250201'`)
	var want []string
	for _, m := range models(t, g).Downstream("params") {
		want = append(want, m.Name)
	}
	slices.Sort(want)
	if got != strings.Join(want, " ") {
		t.Errorf("the session makes\n%s\nthe graph says\n%s", got, strings.Join(want, " "))
	}
}

// TestBuiltEqualsAnew: at its own date, the built marts are what a session of that
// date computes.
func TestBuiltEqualsAnew(t *testing.T) {
	p := books(t)
	_, built := pin(t, p)
	at := built.Manifest().AsOf.Time
	later := p.Options()
	later.AsOf = at.AddDate(0, 0, -20)
	dump := func(g *session.Generation, day time.Time, mart string) string {
		s, release, err := g.Session(t.Context(), day)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		return ask(t, s, "select coalesce(string_agg(cast(m as varchar), chr(10) order by cast(m as varchar)), '') from "+mart+" as m")
	}
	early := dumpAll(t, built, func(mart string) string { return dump(built, later.AsOf, mart) })
	if _, err := p.Store.Build(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	_, rebuilt := pin(t, p)
	for mart, want := range dumpAll(t, rebuilt, func(mart string) string { return dump(rebuilt, time.Time{}, mart) }) {
		if early[mart] != want {
			t.Errorf("%s: a session gives\n%s\nthe build\n%s", mart, early[mart], want)
		}
	}
}

func models(t *testing.T, g *session.Generation) *graph.Graph {
	t.Helper()
	models, err := g.Models(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return models
}

func dumpAll(t *testing.T, g *session.Generation, dump func(string) string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, m := range models(t, g).Marts() {
		out[m.Name] = dump(m.Name)
	}
	return out
}

func TestManySessions(t *testing.T) {
	_, g := pin(t, books(t))
	first := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 80 {
		s, release, err := g.Session(t.Context(), first.AddDate(0, 0, i%70))
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprint(s.AsOf().Format(time.DateOnly))
		if got := ask(t, s, "select as_of from params"); got != want {
			t.Fatalf("session of %s sees %s", want, got)
		}
		release()
	}
	s, release, err := g.Session(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if n := ask(t, s, "select count(*) from duckdb_schemas() where schema_name like 'as_of_%' and database_name = 'memory'"); n != "64" {
		t.Errorf("%s schemas are kept, want 64", n)
	}
}

// TestPinnedGenerationStays: a reader that has pinned a generation goes on seeing
// it after a build, and it is not cleaned up before it lets go.
func TestPinnedGenerationStays(t *testing.T) {
	p := books(t)
	pool, old := pin(t, p)
	for i := range 5 {
		p.Land(t, warehousetest.Sale("2025-01-10", "C1", "F1", fmt.Sprintf("%d.00", 200+i))...)
		p.Build(t)
	}
	if got := open(t, old, ""); got != "147.00" {
		t.Errorf("the pinned generation gives %s", got)
	}
	if got := open(t, old, "2025-02-09"); got != "100.00" {
		t.Errorf("the pinned generation gives %s at another date", got)
	}
	now, err := pool.Pin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := open(t, now, ""); got != "204.00" {
		t.Errorf("the newest generation gives %s", got)
	}
	if err := now.Release(); err != nil {
		t.Fatal(err)
	}
	ids, err := p.Store.IDs()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(ids, old.Manifest().ID) || len(ids) != 4 {
		t.Errorf("generations %v: want the last three and the pinned one", ids)
	}
	if err := old.Release(); err != nil {
		t.Fatal(err)
	}
	if removed, err := p.Store.Sweep(3); err != nil || len(removed) != 1 {
		t.Errorf("after the release: removed %v, %v", removed, err)
	}
}

func TestNothingBuilt(t *testing.T) {
	p := warehousetest.New(t, "")
	if _, err := session.NewPool(p.Store, p.Limits).Pin(t.Context()); !errors.Is(err, generation.ErrNone) {
		t.Errorf("%v", err)
	}
}

func TestFree(t *testing.T) {
	p := books(t)
	pool := session.NewPool(p.Store, p.Limits)
	run := func(query string) (string, error) {
		var out strings.Builder
		err := pool.Free(t.Context(), time.Time{}, query, "format csv, header false", func(r io.Reader) error {
			_, err := io.Copy(&out, r)
			return err
		})
		return strings.TrimSpace(out.String()), err
	}
	for query, want := range map[string]string{
		"select sum(open_amount) from mart_ageing":                                       "147.00",
		"select count(*) from fct_items where open_amount <> 0;":                         "3",
		"with a as (select 1 as x) select x + 1 from a":                                  "2",
		"select round(sum(open_amount) / 3, 2) from mart_ageing -- a comment at the end": "49.0",
	} {
		if got, err := run(query); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", query, got, err, want)
		}
	}
	for _, query := range []string{
		"drop table params", "select 1; select 2", "update params set as_of = null", "attach 'x.db'",
		"copy params to '/tmp/x'", "select * from read_csv('/etc/passwd')", "select * from '/etc/passwd'",
		"select * from warehouse.main.params", "select * from query('select 1')", "select * from query_table('params')",
		"select getenv('HOME')", "select * from duckdb_settings()", "select current_setting('memory_limit')",
		"select json_execute_serialized_sql('x')", "pragma database_list", "set threads = 1", "install httpfs",
		"select * from information_schema.tables", "select * from nowhere", "from glob('/*')", "select read_text('/etc/passwd')",
	} {
		if got, err := run(query); err == nil {
			t.Errorf("%s was run: %q", query, got)
		}
	}
}
