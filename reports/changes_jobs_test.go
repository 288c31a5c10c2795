package reports

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/session"
)

// noSides never have what was known on a day.
type noSides struct {
	prepare func(ctx context.Context, tell func(done, total int)) error
}

func (s noSides) Prepare(ctx context.Context, _ time.Time, tell func(done, total int)) error {
	return s.prepare(ctx, tell)
}
func (noSides) Pool(time.Time) *session.Pool { return nil }
func (noSides) Limits() duck.Limits          { return duck.Limits{} }

func spanFrom(day int) comparisonKey {
	return comparisonKey{generation: "g", span: KnownSpan{From: time.Date(2025, 1, day, 0, 0, 0, 0, time.UTC)}}
}

// until asks until the comparison is what is wanted.
func until(t *testing.T, c *comparer, key comparisonKey, is func(*Comparison, error) bool) (*Comparison, error) {
	t.Helper()
	for {
		state, err := c.ask(key)
		if is(state, err) {
			return state, err
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("still %+v, %v", state, err)
		case <-time.After(time.Millisecond):
		}
	}
}

// TestComparisonProblems: what ends a build is told under a name that readers know,
// once; who asks again begins anew.
func TestComparisonProblems(t *testing.T) {
	for name, test := range map[string]struct{ cause, want error }{
		"no right to write":     {fmt.Errorf("lock project: %w", fs.ErrPermission), ErrNotWritable},
		"read-only file system": {fmt.Errorf("lock project: %w", syscall.EROFS), ErrNotWritable},
		"nothing known":         {generation.ErrNothingKnown, ErrNothingKnownAt},
		"checks":                {&generation.ChecksFailedError{}, ErrChecksFailed},
		"memory":                {fmt.Errorf("build items: %w", &duckdb.Error{Type: duckdb.ErrorTypeOutOfMemory}), ErrLittleMemory},
		"anything else":         {errors.ErrUnsupported, errors.ErrUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			tries := make(chan struct{}, 16)
			s := NewService(nil, Options{Sides: noSides{func(context.Context, func(int, int)) error {
				tries <- struct{}{}
				return test.cause
			}}})
			defer s.StopComparing()
			for range 2 {
				if _, err := until(t, s.comparer, spanFrom(1), func(_ *Comparison, err error) bool { return err != nil }); !errors.Is(err, test.want) {
					t.Errorf("error %v, want %v", err, test.want)
				}
			}
			if len(tries) != 2 {
				t.Errorf("%d tries", len(tries))
			}
		})
	}
}

// TestComparisonsOneAtATime: one is built, the others wait for their turn, and there are
// not more than may wait; all end with the service.
func TestComparisonsOneAtATime(t *testing.T) {
	s := NewService(nil, Options{Sides: noSides{func(ctx context.Context, tell func(int, int)) error {
		tell(3, 90)
		<-ctx.Done()
		return ctx.Err()
	}}})
	built, err := until(t, s.comparer, spanFrom(1), func(c *Comparison, err error) bool { return err != nil || c.Total > 0 })
	if err != nil || built.Stage != StageBuilding || built.Done != 3 || built.Total != 90 {
		t.Errorf("%+v, %v", built, err)
	}
	for day := 2; day <= maxWaiting; day++ {
		if state, err := s.comparer.ask(spanFrom(day)); err != nil || state.Stage != StageQueued {
			t.Errorf("day %d: %+v, %v", day, state, err)
		}
	}
	if _, err := s.comparer.ask(spanFrom(maxWaiting + 1)); !errors.Is(err, ErrManyComparisons) {
		t.Errorf("error %v", err)
	}
	s.StopComparing()
}

// TestComparisonWaitsForAWriter: another process that writes is waited for and named.
func TestComparisonWaitsForAWriter(t *testing.T) {
	s := NewService(nil, Options{Sides: noSides{func(context.Context, func(int, int)) error {
		return &landing.LockedError{Holder: &landing.Holder{Command: "encours ingest"}}
	}}})
	state, err := until(t, s.comparer, spanFrom(1), func(c *Comparison, err error) bool { return err != nil || c.Stage == StageWaiting })
	if err != nil || state.Holder != "encours ingest" {
		t.Errorf("%+v, %v", state, err)
	}
	s.StopComparing()
}
