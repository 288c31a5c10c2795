package reports

import (
	"container/list"
	"context"
	"errors"
	"sync"
)

// key names a figure. Everything that decides it is part of the key, the
// generation first: a generation never changes, so what is kept is never wrong,
// and another generation is never served from it.
type key struct {
	generation  string // identifier
	fingerprint string
	asOf        string
	entity      string
	side        string
	kind        string // which figure
	detail      string // its filter or identifier
}

// cache keeps the figures that were asked for last, at most so many, and computes
// each once however many readers ask for it at the same time. It is safe for
// concurrent use. What it returns is shared: nobody may change it.
type cache struct {
	most int

	mu      sync.Mutex
	kept    map[key]*list.Element
	order   *list.List // front: most recently used
	flights map[key]*flight
}

type kept struct {
	key   key
	value any
}

// flight is a figure on its way.
type flight struct {
	done      chan struct{}
	value     any
	err       error
	abandoned bool // the reader who computed it went away
}

var errPanicked = errors.New("compute figure: it broke off")

func newCache(most int) *cache {
	return &cache{most: most, kept: map[key]*list.Element{}, order: list.New(), flights: map[key]*flight{}}
}

// get returns the figure of k, computing it if need be. Errors are not kept. When
// the reader who computes goes away, the next one in line computes anew.
func (c *cache) get(ctx context.Context, k key, compute func() (any, error)) (any, error) {
	for {
		c.mu.Lock()
		if element, ok := c.kept[k]; ok {
			c.order.MoveToFront(element)
			c.mu.Unlock()
			return element.Value.(kept).value, nil
		}
		f, waiting := c.flights[k]
		if !waiting {
			f = &flight{done: make(chan struct{}), err: errPanicked}
			c.flights[k] = f
		}
		c.mu.Unlock()
		if !waiting {
			c.fly(ctx, k, f, compute)
			return f.value, f.err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-f.done:
		}
		if !f.abandoned {
			return f.value, f.err
		}
	}
}

func (c *cache) fly(ctx context.Context, k key, f *flight, compute func() (any, error)) {
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.flights, k)
		if f.err == nil {
			c.keep(k, f.value)
		}
		close(f.done)
	}()
	f.value, f.err = compute()
	f.abandoned = f.err != nil && ctx.Err() != nil
}

// keep puts a figure in front and drops the last one where there are too many.
func (c *cache) keep(k key, value any) {
	c.kept[k] = c.order.PushFront(kept{k, value})
	for c.order.Len() > c.most {
		last := c.order.Back()
		delete(c.kept, last.Value.(kept).key)
		c.order.Remove(last)
	}
}
