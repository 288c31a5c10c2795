package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/session"
)

func TestProbe(t *testing.T) {
	dir := os.Getenv("PROBE")
	if dir == "" {
		t.Skip()
	}
	ctx := context.Background()
	pool := session.NewPool(generation.NewStore(dir+"/data"), duck.Limits{MemoryBytes: 4 << 30, Threads: 2, TempDir: t.TempDir(), TempBytes: 1 << 34})
	defer pool.Close()
	s := NewService(pool, Options{Zone: landing.Open(dir + "/data"), TempDir: t.TempDir()})
	show := func(what string, start time.Time, v any, err error) {
		took := time.Since(start)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		text, _ := json.Marshal(v)
		if len(text) > 900 && os.Getenv("FULL") == "" {
			text = append(text[:900], "…"...)
		}
		if os.Getenv("QUIET") != "" {
			text = nil
		}
		fmt.Printf("== %-28s %8.1f ms %s\n", what, took.Seconds()*1000, text)
	}
	for _, asOf := range []time.Time{{}, time.Date(2025, 3, 15, 0, 0, 0, 0, time.UTC)} {
		for _, sel := range []Selection{{AsOf: asOf}, {Entity: "ALPHA", AsOf: asOf}, {Entity: "BETA", Side: "supplier", AsOf: asOf}} {
			fmt.Println("#######", sel)
			start := time.Now()
			v, err := s.Open(ctx, sel)
			if err != nil {
				t.Fatal(err)
			}
			show("open", start, v.Meta(), err)
			start = time.Now()
			o, err := v.Overview(ctx)
			show("overview", start, o, err)
			start = time.Now()
			a, err := v.Ageing(ctx, AgeingFilter{PageSize: 3})
			show("ageing", start, a, err)
			start = time.Now()
			a2, err := v.Ageing(ctx, AgeingFilter{PageSize: 3, Search: "é", Bucket: "1-30", OnlyOverdue: true, Sort: "name"})
			show("ageing filtered", start, a2, err)
			if len(a.Rows) == 0 {
				continue
			}
			row := a.Rows[0]
			start = time.Now()
			c, err := v.Counterparty(ctx, row.Entity, v.selection.Side, row.ID)
			show("counterparty", start, c, err)
			if err == nil && len(c.Items) > 0 {
				last := c.Items[len(c.Items)-1]
				start = time.Now()
				i, err := v.Item(ctx, last.Entity, last.ItemID)
				show("item", start, i, err)
			}
			start = time.Now()
			b, err := v.Batches(ctx)
			show("batches", start, b, err)
			start = time.Now()
			r, err := v.Reconciliation(ctx)
			show("reconciliation", start, r, err)
			v.Close()
		}
	}
}
