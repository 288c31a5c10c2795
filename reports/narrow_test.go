package reports

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// lines runs a query and returns its rows as text, sorted.
func lines(t *testing.T, v *View, query string) []string {
	t.Helper()
	var out []string
	err := v.session.Query(t.Context(), func(rows *sql.Rows) error {
		var line string
		err := rows.Scan(&line)
		out = append(out, line)
		return err
	}, query)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	slices.Sort(out)
	return out
}

// Narrowing changes how much is read, never what: all accounts or all items one by
// one give what the mart gives at once, at the date of the generation and at others.
func TestNarrowedMartsAreTheMarts(t *testing.T) {
	for _, asOf := range []time.Time{{}, on("2024-11-30"), on("2024-12-19"), on("2026-01-01")} {
		v := open(t, Selection{AsOf: asOf})
		keys := func(query string) (out []int64) {
			for _, line := range lines(t, v, query) {
				var key int64
				if _, err := fmt.Sscan(line, &key); err != nil {
					t.Fatal(err)
				}
				out = append(out, key)
			}
			return out
		}
		accounts := keys("select account_key::varchar from int_accounts")
		items := keys("select item_key::varchar from int_items")
		for mart, leaves := range map[string]struct {
			keys []int64
			of   func(int64) map[string]string
		}{
			"mart_ageing":        {accounts, func(k int64) map[string]string { return accountLeaves([]int64{k}) }},
			"int_month_balances": {accounts, func(k int64) map[string]string { return accountLeaves([]int64{k}) }},
			"fct_items":          {items, itemLeaves},
			"fct_item_movements": {items, itemLeaves},
		} {
			t.Run(mart+" at "+day(v.meta.AsOf), func(t *testing.T) {
				want := lines(t, v, "select "+mart+"::varchar from "+mart)
				var got []string
				for _, key := range leaves.keys {
					with, err := v.narrowed(t.Context(), mart, leaves.of(key))
					if err != nil {
						t.Fatal(err)
					}
					condition := ""
					if strings.HasPrefix(mart, "fct_") { // a page asks for its item by name, too
						condition = fmt.Sprintf("where item_id = %d and entity_id = (select entity_id from project_entities where entity_no = %d)",
							key%itemKeyBase, key/itemKeyBase)
					}
					if with == "" { // read as it was built
						condition = "where false"
					}
					got = append(got, lines(t, v, with+" select "+mart+"::varchar from "+mart+" "+condition)...)
				}
				slices.Sort(got)
				// at its own date a generation has these as tables
				built := asOf.IsZero() && (mart == "mart_ageing" || mart == "int_month_balances")
				if !built && (!slices.Equal(got, want) || len(want) == 0) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
				if built && len(got) > 0 {
					t.Errorf("a table was not read as it was built")
				}
			})
		}
	}
}

func TestOnlyWhatIsBuiltOnceIsNarrowed(t *testing.T) {
	v := open(t, Selection{AsOf: on("2024-12-19")})
	if _, err := v.narrowed(t.Context(), "mart_ageing", map[string]string{"int_open_items": "select 1"}); err == nil {
		t.Error("a relation that depends on the as-of date was narrowed")
	}
	for _, id := range []int64{0, -1, itemKeyBase} {
		if _, err := v.itemKey(t.Context(), "ALPHA", id); err == nil {
			t.Errorf("item %d has a key", id)
		}
	}
}
