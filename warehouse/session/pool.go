// Package session lets readers ask one generation at any business date.
//
// Invariant: a reader that has pinned a generation sees that generation and no
// other until it lets go, whatever is built meanwhile; it never waits for a
// build. There is one DuckDB instance per served generation, with the file
// attached once, read-only. A session is a schema in that instance, searched
// before the generation: where it asks for another as-of date it holds `params`
// and everything downstream of it, made anew from the same SQL files.
package session

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"sync"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/graph"
)

// Pool gives out the current generation of one project.
type Pool struct {
	store *generation.Store
	turns turns

	mu     sync.Mutex
	limits duck.Limits
	open   map[string]*instance
}

// NewPool returns a pool over a store. limits are those of one instance; there
// are two while readers of an old generation finish. It touches nothing.
func NewPool(store *generation.Store, limits duck.Limits) *Pool {
	return &Pool{store: store, turns: newTurns(), limits: limits, open: map[string]*instance{}}
}

// SetLimits gives other limits to the instances that are opened from now on.
func (p *Pool) SetLimits(limits duck.Limits) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limits = limits
}

// instance is the DuckDB instance of one generation.
type instance struct {
	pool     *Pool
	hold     *generation.Hold
	manifest generation.Manifest
	db       *sql.DB
	pins     int // guarded by pool.mu

	reading  sync.Mutex
	models   *graph.Graph // read when it is first asked for: to read a built mart needs none
	sessions *sessions
}

// Generation is a generation that its holder has pinned.
type Generation struct {
	*instance
	once sync.Once
	err  error
}

// Pin pins the current generation. The caller releases it. It returns
// generation.ErrNone where nothing has been built.
func (p *Pool) Pin(ctx context.Context) (*Generation, error) {
	id, err := p.store.CurrentID()
	if err != nil {
		return nil, err
	}
	return p.pin(ctx, id, p.store.Hold)
}

// PinID pins the generation of an identifier, current or not. The caller releases it.
// It returns generation.ErrGone where that one is not kept any more.
func (p *Pool) PinID(ctx context.Context, id string) (*Generation, error) {
	return p.pin(ctx, id, func() (*generation.Hold, error) { return p.store.HoldID(id) })
}

func (p *Pool) pin(ctx context.Context, id string, hold func() (*generation.Hold, error)) (_ *Generation, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	inst, ok := p.open[id]
	if !ok {
		if inst, err = p.start(ctx, hold); err != nil {
			return nil, err
		}
		if other, raced := p.open[inst.hold.ID]; raced {
			err := inst.close()
			inst = other
			if err != nil {
				return nil, err
			}
		}
		p.open[inst.hold.ID] = inst
		if err := p.closeIdle(inst); err != nil {
			return nil, err
		}
	}
	inst.pins++
	return &Generation{instance: inst}, nil
}

// Release lets the generation go; further calls do nothing. An instance that
// nobody uses any more and that is not the newest is closed.
func (g *Generation) Release() error {
	g.once.Do(func() {
		p := g.pool
		p.mu.Lock()
		defer p.mu.Unlock()
		g.pins--
		newest := g.instance
		for _, other := range p.open {
			if other.manifest.ID > newest.manifest.ID {
				newest = other
			}
		}
		g.err = p.closeIdle(newest)
	})
	return g.err
}

// closeIdle closes every instance without pins, except keep.
func (p *Pool) closeIdle(keep *instance) error {
	var problems []error
	for id, inst := range p.open {
		if inst != keep && inst.pins == 0 {
			delete(p.open, id)
			problems = append(problems, inst.close())
		}
	}
	return errors.Join(problems...)
}

// Close closes every instance; nothing may be pinned any more.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var problems []error
	for id, inst := range p.open {
		delete(p.open, id)
		problems = append(problems, inst.close())
	}
	return errors.Join(problems...)
}

func (p *Pool) start(ctx context.Context, hold func() (*generation.Hold, error)) (*instance, error) {
	held, err := hold()
	if err != nil {
		return nil, err
	}
	inst := &instance{pool: p, hold: held}
	if err := inst.open(ctx); err != nil {
		return nil, errors.Join(err, inst.close())
	}
	return inst, nil
}

func (i *instance) open(ctx context.Context) (err error) {
	if i.manifest, err = i.pool.store.Manifest(i.hold.ID); err != nil {
		return err
	}
	if i.db, err = duck.Open(ctx, i.pool.store.Database(i.hold.ID), i.pool.limits, true); err != nil {
		return err
	}
	i.sessions = newSessions(i)
	return nil
}

func (i *instance) close() error {
	var problems []error
	if i.db != nil {
		problems = append(problems, i.db.Close())
	}
	return errors.Join(append(problems, i.hold.Release())...)
}

// Manifest says what the generation stands on.
func (g *Generation) Manifest() generation.Manifest { return g.manifest }

// Models returns the models that the sessions of this generation use: those that it
// was built with, which are those of the program as a rule.
func (i *instance) Models(ctx context.Context) (*graph.Graph, error) {
	i.reading.Lock()
	defer i.reading.Unlock()
	if i.models != nil {
		return i.models, nil
	}
	models, err := graph.Embedded(ctx, i.db)
	if err == nil && models.Fingerprint() != i.manifest.ModelsHash {
		var files fs.FS
		if files, err = i.pool.store.Models(i.hold.ID); err == nil {
			models, err = graph.From(ctx, i.db, files)
		}
	}
	if err != nil {
		return nil, err
	}
	i.models = models
	return models, nil
}
