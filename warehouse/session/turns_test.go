package session

import (
	"context"
	"testing"
)

// TestTurns: who finds no free turn runs all the same, after a while or when its
// reader went away, and gives back nothing that it did not take.
func TestTurns(t *testing.T) {
	all := newTurns()
	var held []func()
	for range cap(all) {
		held = append(held, all.take(t.Context()))
	}
	if len(all) != cap(all) {
		t.Fatalf("%d of %d turns are taken", len(all), cap(all))
	}
	all.take(t.Context())()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	all.take(gone)()
	if len(all) != cap(all) {
		t.Errorf("%d of %d turns are taken", len(all), cap(all))
	}
	for _, give := range held {
		give()
	}
	if len(all) != 0 {
		t.Errorf("%d turns were not given back", len(all))
	}
}
