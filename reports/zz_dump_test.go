package reports

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/session"
)

func TestDump(t *testing.T) {
	dir := os.Getenv("PROBE")
	if dir == "" || os.Getenv("DUMP") == "" {
		t.Skip()
	}
	ctx := context.Background()
	pool := session.NewPool(generation.NewStore(dir+"/data"), duck.Limits{MemoryBytes: 4 << 30, Threads: 2, TempDir: t.TempDir(), TempBytes: 1 << 34})
	defer pool.Close()
	s := NewService(pool, Options{Zone: landing.Open(dir + "/data"), TempDir: t.TempDir()})
	v, err := s.Open(ctx, Selection{Entity: "ALPHA"})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	list, _ := v.listing(AgeingFilter{})
	var cells []string
	for _, b := range v.facts.buckets {
		cells = append(cells, fmt.Sprintf("bucket_%d", b.Order))
	}
	q := fmt.Sprintf(ageingSQL, list.with, list.order, strings.Join(cells, ", "))
	q = strings.NewReplacer("$size", "50", "$skip", "0", "$side", "'customer'", "$entity", "'ALPHA'").Replace(q)
	fmt.Println(q)
}
