package reports

import (
	"context"
	"testing"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/session"
)

// TestWarm: what readers look at first is computed once a generation, before they
// ask; the next generation is another one.
func TestWarm(t *testing.T) {
	b := ownBooks(t)
	first, err := b.service.Warm(t.Context(), "")
	if err != nil || first == "" {
		t.Fatalf("generation %q, %v", first, err)
	}
	warmed := len(b.service.cache.kept)
	for _, entity := range []string{"", "ALPHA", "BETA"} {
		v := b.open(t, Selection{Entity: entity})
		if _, err := v.Overview(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Ageing(t.Context(), AgeingFilter{Sort: "overdue", Page: 1}); err != nil {
			t.Fatal(err)
		}
	}
	if now := len(b.service.cache.kept); now != warmed || warmed == 0 {
		t.Errorf("%d figures were computed ahead, %d are kept after reading", warmed, now)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if again, err := b.service.Warm(cancelled, first); err == nil && again != first {
		t.Errorf("the same generation again: %q", again)
	}
	if err := b.land("BETA", ledgers["BETA"]+"\n2024-12-06|411000|C2|Autre|B2|1.00|"); err != nil {
		t.Fatal(err)
	}
	if err := b.build(); err != nil {
		t.Fatal(err)
	}
	second, err := b.service.Warm(t.Context(), first)
	if err != nil || second == first || len(b.service.cache.kept) <= warmed {
		t.Errorf("the next generation is %q after %q, %d figures kept, %v", second, first, len(b.service.cache.kept), err)
	}
}

// TestWarmBeforeTheFirstBuild: nothing to do is no error.
func TestWarmBeforeTheFirstBuild(t *testing.T) {
	pool := session.NewPool(generation.NewStore(t.TempDir()), duck.Limits{MemoryBytes: 256 << 20, TempDir: t.TempDir(), TempBytes: 1 << 30})
	service := NewService(pool, Options{})
	if got, err := service.Warm(t.Context(), ""); got != "" || err != nil {
		t.Errorf("generation %q, %v", got, err)
	}
}
