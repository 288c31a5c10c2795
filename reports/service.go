package reports

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
)

// cacheEntries is how many figures a service keeps unless it is told otherwise: a
// page of 200 rows takes about 100 kB, so that they stay within tens of megabytes.
const cacheEntries = 512

// Options are what a service needs beside its pool.
type Options struct {
	Zone         *landing.Zone // for the ledger line that an item comes from
	TempDir      string        // for the files that exports make on their way
	CacheEntries int           // figures kept; 0: 512

	Project *project.Project // for how its sources are doing; nil: nothing is told of them
	Clock   func() time.Time // nil: time.Now; for the same

	Sides Sides // of Changes; nil: nothing is compared

	Alerts *AlertBook // of what became of alerts, which stays the caller's to close; nil: nothing is known of it

	Accounts *AccountBook // of which accounts of a CRM changed, which stays the caller's to close; nil: nothing is kept of it

	Matches *MatchBook // of what persons decide about identities, which stays the caller's to close; nil: nothing can be decided
}

// Service opens views. It is safe for concurrent use.
type Service struct {
	pool     *session.Pool
	options  Options
	cache    *cache
	recent   recent
	comparer *comparer
}

// NewService returns a service over a pool, which stays the caller's to close. It
// touches nothing.
func NewService(pool *session.Pool, options Options) *Service {
	if options.CacheEntries <= 0 {
		options.CacheEntries = cacheEntries
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	s := &Service{pool: pool, options: options, cache: newCache(options.CacheEntries)}
	s.comparer = newComparer(s)
	return s
}

// UseProject makes another project the one of whose sources the service tells. It must
// have the same data folder.
func (s *Service) UseProject(p *project.Project) {
	s.recent.mu.Lock()
	defer s.recent.mu.Unlock()
	s.options.Project, s.recent.value = p, nil
}

// Ready returns nil when a generation can be read, ErrNoGeneration before the
// first build.
func (s *Service) Ready(ctx context.Context) error {
	pinned, err := s.pin(ctx)
	if err != nil {
		return err
	}
	return pinned.Release()
}

func (s *Service) pin(ctx context.Context) (*session.Generation, error) {
	pinned, err := s.pool.Pin(ctx)
	if errors.Is(err, generation.ErrNone) {
		return nil, ErrNoGeneration
	}
	return pinned, err
}

// Open pins the current generation at the as-of date of the selection, whose
// defaults it fills in. The caller closes the view. It returns ErrNoGeneration,
// ErrUnknownEntity, ErrBadSelection (the side) or ErrNothingKnownAt (a date
// before the ledgers begin); a date after their end is allowed.
func (s *Service) Open(ctx context.Context, sel Selection) (*View, error) {
	pinned, err := s.pin(ctx)
	if err != nil {
		return nil, err
	}
	return s.view(ctx, pinned, sel)
}

// OpenGeneration is Open on the generation of an identifier, current or not. It returns
// ErrGenerationGone where that one is not kept any more.
func (s *Service) OpenGeneration(ctx context.Context, id string, sel Selection) (*View, error) {
	pinned, err := s.pool.PinID(ctx, id)
	if errors.Is(err, generation.ErrGone) {
		return nil, ErrGenerationGone
	}
	if err != nil {
		return nil, err
	}
	return s.view(ctx, pinned, sel)
}

// view makes the view of a pinned generation, which it releases after an error.
func (s *Service) view(ctx context.Context, pinned *session.Generation, sel Selection) (_ *View, err error) {
	v := &View{service: s, generation: pinned, release: func() {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, v.Close())
		}
	}()
	if v.facts, err = s.facts(ctx, pinned); err != nil {
		return nil, err
	}
	if v.selection, err = v.facts.complete(sel); err != nil {
		return nil, err
	}
	if v.session, v.release, err = pinned.Session(ctx, v.selection.AsOf); err != nil {
		v.release = func() {}
		return nil, err
	}
	if v.meta, err = v.newMeta(ctx); err != nil {
		return nil, err
	}
	return v, nil
}

// View is one selection of one generation. It is not safe for concurrent use.
// What its methods return may be shared with other views: it must not be changed.
type View struct {
	service    *Service
	generation *session.Generation
	session    *session.Session
	release    func()
	facts      *facts
	selection  Selection
	meta       Meta
	isClosed   bool
}

// Meta says what the figures of the view stand on.
func (v *View) Meta() Meta { return v.meta }

// Close lets the generation go; further calls do nothing.
func (v *View) Close() error {
	if v.isClosed {
		return nil
	}
	v.isClosed = true
	v.release()
	return v.generation.Release()
}

// figure returns a figure of the view from the cache of its service.
func figure[T any](ctx context.Context, v *View, kind, detail string, compute func() (T, error)) (T, error) {
	manifest := v.generation.Manifest()
	value, err := v.service.cache.get(ctx, key{
		generation: manifest.ID, fingerprint: manifest.Fingerprint,
		asOf:   day(v.selection.AsOf),
		entity: v.selection.Entity, side: v.selection.Side,
		kind: kind, detail: detail,
	}, func() (any, error) { return compute() })
	if err != nil {
		var none T
		return none, fmt.Errorf("read %s: %w", kind, err)
	}
	return value.(T), nil
}
