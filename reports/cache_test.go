package reports

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/session"
)

func TestCacheComputesOnce(t *testing.T) {
	c := newCache(2)
	var computed atomic.Int64
	release := make(chan struct{})
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			value, err := c.get(context.Background(), key{kind: "a"}, func() (any, error) {
				computed.Add(1)
				<-release
				return 7, nil
			})
			if err != nil || value != 7 {
				t.Errorf("got %v, %v", value, err)
			}
		})
	}
	time.Sleep(10 * time.Millisecond) // lets most of them queue up; the test holds without
	close(release)
	group.Wait()
	if computed.Load() != 1 {
		t.Errorf("computed %d times", computed.Load())
	}
}

func TestCacheIsBounded(t *testing.T) {
	c, computed := newCache(2), map[string]int{}
	ask := func(kind string) {
		_, _ = c.get(context.Background(), key{kind: kind}, func() (any, error) { computed[kind]++; return kind, nil })
	}
	for _, kind := range []string{"a", "b", "a", "c", "a", "b"} { // c pushes b out, the last b pushes c out
		ask(kind)
	}
	if computed["a"] != 1 || computed["b"] != 2 || computed["c"] != 1 || len(c.kept) != 2 || c.order.Len() != 2 || len(c.flights) != 0 {
		t.Errorf("computed %v, kept %d, on their way %d", computed, len(c.kept), len(c.flights))
	}
}

func TestCacheKeepsNoErrors(t *testing.T) {
	c, fail := newCache(2), errors.New("no")
	if _, err := c.get(context.Background(), key{}, func() (any, error) { return nil, fail }); !errors.Is(err, fail) {
		t.Errorf("error %v", err)
	}
	if value, err := c.get(context.Background(), key{}, func() (any, error) { return 1, nil }); err != nil || value != 1 {
		t.Errorf("got %v, %v", value, err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = c.get(context.Background(), key{kind: "panic"}, func() (any, error) { panic("x") })
	}()
	if value, err := c.get(context.Background(), key{kind: "panic"}, func() (any, error) { return 2, nil }); err != nil || value != 2 {
		t.Errorf("after a panic: %v, %v", value, err)
	}
}

func TestCacheSurvivesAReaderWhoLeaves(t *testing.T) {
	c := newCache(2)
	leaving, leave := context.WithCancel(context.Background())
	started, second := make(chan struct{}), make(chan struct{})
	go func() {
		_, _ = c.get(leaving, key{}, func() (any, error) {
			close(started)
			<-leaving.Done()
			<-second
			return nil, leaving.Err()
		})
	}()
	<-started
	done := make(chan struct{})
	go func() {
		defer close(done)
		value, err := c.get(context.Background(), key{}, func() (any, error) { return 3, nil })
		if err != nil || value != 3 {
			t.Errorf("the reader who stayed got %v, %v", value, err)
		}
	}()
	leave()
	close(second)
	<-done
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	c.flights[key{kind: "long"}] = &flight{done: make(chan struct{})}
	if _, err := c.get(gone, key{kind: "long"}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a reader who leaves while waiting: error %v", err)
	}
}

// A view keeps its generation while another is built; the next one sees the new
// figures, never kept ones of the old generation.
func TestGenerationsDoNotMix(t *testing.T) {
	b := ownBooks(t)
	total := func(v *View) string {
		t.Helper()
		a, err := v.Ageing(t.Context(), AgeingFilter{})
		if err != nil {
			t.Fatal(err)
		}
		o, err := v.Overview(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if o.Now.Receivable != a.Total.Open || v.Meta().Proof.Items != a.Total.Open {
			t.Errorf("mixed: ageing %d, overview %d, proof %d", a.Total.Open, o.Now.Receivable, v.Meta().Proof.Items)
		}
		return v.Meta().Generation + " " + plain(a.Total.Open)
	}
	sel := Selection{Entity: "BETA"}
	old := b.open(t, sel)
	before := total(old)
	if err := b.land("BETA", ledgers["BETA"]+"\n2024-12-06|411000|C2|Autre|B2|1.00|"); err != nil {
		t.Fatal(err)
	}
	if err := b.build(); err != nil {
		t.Fatal(err)
	}
	after := total(b.open(t, sel))
	if before[13:] != "250.00" || after[13:] != "251.00" || before[:12] == after[:12] {
		t.Errorf("before %s, after %s", before, after)
	}
	if again := total(old); again != before {
		t.Errorf("the open view moved from %s to %s", before, again)
	}
}

func TestNothingBuilt(t *testing.T) {
	limits := duck.Limits{MemoryBytes: 1 << 30, Threads: 1, TempDir: t.TempDir(), TempBytes: 1 << 30}
	empty := NewService(session.NewPool(generation.NewStore(t.TempDir()), limits), Options{})
	if err := empty.Ready(t.Context()); !errors.Is(err, ErrNoGeneration) {
		t.Errorf("ready: %v", err)
	}
	if v, err := empty.Open(t.Context(), Selection{}); !errors.Is(err, ErrNoGeneration) || v != nil {
		t.Errorf("open: %v, %v", v, err)
	}
	b, err := sharedBooks()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.service.Ready(t.Context()); err != nil {
		t.Errorf("built: %v", err)
	}
}
