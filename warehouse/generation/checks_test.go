package generation

import (
	"context"
	"testing"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/graph"
)

// TestKeyCheck: a key that stands twice is found, with null for a value too, and
// the same values in another order are another key.
func TestKeyCheck(t *testing.T) {
	ctx := context.Background()
	db, err := duck.Open(ctx, "", duck.Limits{MemoryBytes: 256 << 20, TempDir: t.TempDir(), TempBytes: 1 << 30}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	check := keyCheck(graph.Model{Name: "mart_m", Header: graph.Header{Key: []string{"a", "b"}}})
	for _, c := range []struct {
		name, rows string
		want       int64
	}{
		{"unique", "('x', 1), ('x', 2), ('y', 1), (null, 1), ('x', null)", 0},
		{"twice", "('x', 1), ('x', 2), ('x', 1), ('y', 1), ('y', 1), ('y', 1)", 2},
		{"null twice", "(null, 1), (null, 1), ('x', 1)", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := db.Conn(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := conn.Close(); err != nil {
					t.Error(err)
				}
			}()
			if _, err := conn.ExecContext(ctx, "create or replace table mart_m as select * from (values "+c.rows+") as rows (a, b)"); err != nil {
				t.Fatal(err)
			}
			result, err := runCheck(ctx, conn, check)
			if err != nil {
				t.Fatal(err)
			}
			if result.Rows != c.want || result.Severity != graph.Fail {
				t.Errorf("%d rows of severity %s, want %d", result.Rows, result.Severity, c.want)
			}
		})
	}
}
