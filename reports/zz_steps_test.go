package reports

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/session"
)

func TestSteps(t *testing.T) {
	dir := os.Getenv("PROBE")
	if dir == "" || os.Getenv("STEPS") == "" {
		t.Skip()
	}
	ctx := context.Background()
	pool := session.NewPool(generation.NewStore(dir+"/data"), duck.Limits{MemoryBytes: 4 << 30, Threads: 2, TempDir: t.TempDir(), TempBytes: 1 << 34})
	defer pool.Close()
	s := NewService(pool, Options{Zone: landing.Open(dir + "/data"), TempDir: t.TempDir()})
	sel := Selection{Entity: "ALPHA"}
	if d := os.Getenv("ASOF"); d != "" {
		sel.AsOf = on(d)
	}
	v, err := s.Open(ctx, sel)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	step := func(name string, f func() error) {
		best, err := time.Hour, error(nil)
		for range 6 {
			start := time.Now()
			err = f()
			best = min(best, time.Since(start))
		}
		fmt.Printf("%-20s %7.1f ms %v\n", name, best.Seconds()*1000, err)
	}
	c := &counterparty{Counterparty: Counterparty{Entity: "ALPHA", Side: Customer, ID: "C00025", Buckets: v.emptyBuckets()}}
	step("identity", func() error { return v.readIdentity(ctx, c) })
	step("accounts", func() error { c.accounts = nil; return v.readAccounts(ctx, c) })
	step("buckets", func() error { return v.readOwnBuckets(ctx, c) })
	step("months", func() error { return v.readOwnMonths(ctx, c) })
	step("items", func() error { c.Items = nil; return v.readItems(ctx, c) })
	i := &item{}
	i.Entity, i.ItemID = "ALPHA", c.Items[len(c.Items)-1].ItemID
	i.key, _ = v.itemKey(ctx, i.Entity, i.ItemID)
	step("item", func() error { return v.readItem(ctx, i) })
	step("movements", func() error { i.Movements = nil; return v.readMovements(ctx, i) })
	step("counterparts", func() error { return v.readCounterparts(ctx, i) })
	step("batch", func() error { return v.readBatch(ctx, i) })
	step("line", func() error { return v.readLine(ctx, i) })
	o := &Overview{}
	step("o.history", func() error { return v.readHistory(ctx, o) })
	step("o.months", func() error { return v.readMonths(ctx, o) })
	step("o.largest", func() error { return v.readLargest(ctx, o) })
	step("ageing", func() error { _, err := v.ageing(ctx, AgeingFilter{Page: 1, PageSize: 50}); return err })
	q, _ := v.openItemsReport(AgeingFilter{})
	d, _ := definitionOf("open-items")
	step("items table", func() error { _, err := v.table(ctx, d, q, AgeingFilter{}); return err })
	step("items csv", func() error {
		return v.Export(ctx, "open-items", "csv", AgeingFilter{}, devNull{})
	})
	step("items json", func() error {
		return v.Export(ctx, "open-items", "json", AgeingFilter{}, devNull{})
	})
	step("items parquet", func() error {
		return v.Export(ctx, "open-items", "parquet", AgeingFilter{}, devNull{})
	})
	d2 := d
	q2 := query{selects: "select * from fct_items where item_id % 2 = 0 limit 1000000", order: "listed.entity_id, listed.counterparty_id, listed.item_id", totals: []string{"amount"}}
	t2, err := v.table(ctx, d2, q2, AgeingFilter{})
	fmt.Println(t2.Rows, err)
	for _, f := range []string{"csv", "json", "parquet", "xlsx"} {
		w, _ := writerOf(f)
		start := time.Now()
		err := w(ctx, t2, devNull{})
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Println("1M", f, time.Since(start), err, m.HeapAlloc>>20, m.Sys>>20)
	}
	start := time.Now()
	err = v.Export(ctx, "open-items", "xlsx", AgeingFilter{}, devNull{})
	fmt.Println("xlsx", time.Since(start), err)
	fmt.Println(func() int64 { t, _ := v.table(ctx, d, q, AgeingFilter{}); return t.Rows }())
}

type devNull struct{}

func (devNull) Write(p []byte) (int, error) { return len(p), nil }
