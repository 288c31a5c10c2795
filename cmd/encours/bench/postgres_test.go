package bench

import (
	"testing"
	"time"
)

func TestPostgresCell(t *testing.T) {
	csv := map[string]phase{"csv": {wall: 2 * time.Second}}
	for _, c := range []struct {
		name string
		of   size
		want string
	}{
		{"measured", size{invoices: 10, tables: csv, postgresIngest: phase{wall: 3 * time.Second, peak: 5 << 20}}, "3.00 s (10 rows, 5 MB, 1.50 times the CSV file)"},
		{"no server", size{tables: csv, noPostgres: "the server is missing: apt-get install postgresql"}, "not measured: the server is missing: apt-get install postgresql"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.of.postgresCell(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
