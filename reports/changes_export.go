package reports

import (
	"context"
	"fmt"
	"io"
)

// exportChanges writes the comparison that a page shows. It returns ErrComparing where
// that is not complete, having begun it.
func (v *View) exportChanges(ctx context.Context, format string, span KnownSpan, w io.Writer) (err error) {
	if _, err := writerOf(format); err != nil {
		return err
	}
	state, err := v.Changes(ctx, span)
	if err != nil {
		return err
	}
	if state.Figures == nil {
		return fmt.Errorf("export %q: %w", ChangesReport, ErrComparing)
	}
	c, key := v.service.comparer, v.comparisonKey(span)
	if err := c.take(ctx); err != nil {
		return err
	}
	defer func() { <-c.turn }()
	now := v
	if !span.To.IsZero() {
		now = nil
	}
	err = v.service.compare(ctx, now, key, func(changes *Changes) error {
		if from, to := state.Figures.From.Generation, state.Figures.To.Generation; changes.before.meta.Generation != from || changes.after.meta.Generation != to {
			c.forget(key) // it was built again since
			return fmt.Errorf("export %q: %w", ChangesReport, ErrComparing)
		}
		return changes.Export(ctx, format, w)
	})
	if err != nil {
		return knownProblem(err)
	}
	return nil
}

// forget makes the next who asks begin anew.
func (c *comparer) forget(key comparisonKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, ended := range c.ended {
		if ended == key {
			delete(c.jobs, key)
			c.ended = append(c.ended[:i], c.ended[i+1:]...)
			return
		}
	}
}
