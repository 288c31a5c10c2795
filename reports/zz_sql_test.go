package reports

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/session"
)

func TestSQL(t *testing.T) {
	dir, file := os.Getenv("PROBE"), os.Getenv("SQLFILE")
	if file == "" {
		t.Skip()
	}
	ctx := context.Background()
	pool := session.NewPool(generation.NewStore(dir+"/data"), duck.Limits{MemoryBytes: 4 << 30, Threads: 2, TempDir: t.TempDir(), TempBytes: 1 << 34})
	defer pool.Close()
	g, err := pool.Pin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Time{}
	if d := os.Getenv("ASOF"); d != "" {
		at = on(d)
	}
	s, release, err := g.Session(ctx, at)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	text, _ := os.ReadFile(file)
	for _, q := range strings.Split(string(text), ";\n") {
		if strings.TrimSpace(q) == "" {
			continue
		}
		best := time.Hour
		for i := range 6 {
			start := time.Now()
			n := 0
			err := s.Query(ctx, func(r *sql.Rows) error {
				n++
				cols, _ := r.Columns()
				vals := make([]any, len(cols))
				for i := range vals {
					vals[i] = new(any)
				}
				if err := r.Scan(vals...); err != nil {
					return err
				}
				if (n <= 3 || strings.HasPrefix(strings.TrimSpace(q), "explain")) && i == 1 {
					for _, v := range vals {
						fmt.Print(*(v.(*any)), " | ")
					}
					fmt.Println()
				}
				return nil
			}, q)
			best = min(best, time.Since(start))
			if i == 5 {
				fmt.Printf("== %6.1f ms %d rows %v: %s\n", best.Seconds()*1000, n, err, strings.Join(strings.Fields(q), " ")[:min(90, len(strings.Join(strings.Fields(q), " ")))])
			}
		}
	}
}
