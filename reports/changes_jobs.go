package reports

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/session"
)

// Errors of comparisons; the text of each is safe to show.
var (
	ErrComparing       = errors.New("this comparison is not ready yet")
	ErrCannotCompare   = errors.New("what was known on another day cannot be built here")
	ErrNotWritable     = errors.New("this program may not write in its data folder")
	ErrChecksFailed    = errors.New("what was known on that day does not pass the checks")
	ErrLittleMemory    = errors.New("the memory that comparisons get is not enough")
	ErrUnknownDay      = errors.New("no extract became known on this day")
	ErrManyComparisons = errors.New("too many comparisons at once")
)

const (
	maxComparisons  = 32          // complete ones that are kept
	maxWaiting      = 8           // that have not ended
	lookForLockEach = time.Second // while another process writes
)

// Sides gives what was known on other days.
type Sides interface {
	// Prepare builds what was known on a day, where it is not there or its inputs
	// have changed; it tells each step before it starts. It returns a
	// *landing.LockedError at once where another process writes.
	Prepare(ctx context.Context, at time.Time, tell func(done, total int)) error
	// Pool returns a pool over what was prepared last; the caller closes it.
	Pool(at time.Time) *session.Pool
	// Limits are those of the instance that compares.
	Limits() duck.Limits
}

// KnownSpan are two known-at days; a zero To is what the generation that serves knows.
type KnownSpan struct{ From, To time.Time }

// KnownDay is a day on which extracts became known.
type KnownDay struct {
	Day     time.Time
	Batches []BatchRow
}

// Stages of a comparison that is not complete.
const (
	StageQueued    = "queued"    // another comparison is being computed
	StageWaiting   = "waiting"   // another process writes
	StageBuilding  = "building"  // what was known on a day is being built
	StageComparing = "comparing" // both sides are there
)

// Comparison is how far a comparison has come.
type Comparison struct {
	Figures     *ChangeFigures // nil until it is complete
	Stage       string         // until then
	Day         time.Time      // that is being built
	Done, Total int            // steps of the build
	Holder      string         // command that is being waited for; "" where it is not known
}

// comparisonKey is everything that decides a comparison: a generation never changes.
type comparisonKey struct {
	generation string
	selection  Selection
	span       KnownSpan
}

type comparison struct {
	state Comparison
	err   error
}

// comparer computes comparisons beside the readers who ask for them, one at a time: a
// reader never waits for a build, and one who goes away does not stop it.
type comparer struct {
	service *Service
	ctx     context.Context // ends with Stop
	cancel  context.CancelFunc
	running sync.WaitGroup
	turn    chan struct{}

	mu    sync.Mutex
	jobs  map[comparisonKey]*comparison
	ended []comparisonKey // complete ones, the oldest first
}

func newComparer(s *Service) *comparer {
	c := &comparer{service: s, turn: make(chan struct{}, 1), jobs: map[comparisonKey]*comparison{}}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

// StopComparing ends the comparisons that are going on and waits for their end. No
// other may be asked for afterwards.
func (s *Service) StopComparing() {
	s.comparer.cancel()
	s.comparer.running.Wait()
}

// KnownDays lists the days on which the extracts of the generation became known, the
// latest first.
func (v *View) KnownDays(ctx context.Context) ([]KnownDay, error) {
	batches, err := v.Batches(ctx)
	if err != nil {
		return nil, err
	}
	var days []KnownDay
	for _, b := range batches {
		i := slices.IndexFunc(days, func(d KnownDay) bool { return d.Day.Equal(b.KnownOn) })
		if i < 0 {
			i, days = len(days), append(days, KnownDay{Day: b.KnownOn})
		}
		days[i].Batches = append(days[i].Batches, b)
	}
	slices.SortFunc(days, func(a, b KnownDay) int { return b.Day.Compare(a.Day) })
	return days, nil
}

// Changes tells how far the comparison of two days at the selection of the view has
// come, and begins it where nobody has asked for it. It never waits for it. An error
// that ended it is told once: who asks again begins anew. It returns ErrBadSelection,
// ErrUnknownDay, ErrManyComparisons, and what may end a comparison: ErrCannotCompare,
// ErrNotWritable, ErrNothingKnownAt, ErrChecksFailed, ErrLittleMemory.
func (v *View) Changes(ctx context.Context, span KnownSpan) (*Comparison, error) {
	if err := v.checkSpan(ctx, span); err != nil {
		return nil, err
	}
	return v.service.comparer.ask(v.comparisonKey(span))
}

func (v *View) comparisonKey(span KnownSpan) comparisonKey {
	return comparisonKey{generation: v.generation.Manifest().ID, selection: v.selection, span: span}
}

// checkSpan keeps to the days on which something became known: a reader cannot fill
// the disk with days that are all the same.
func (v *View) checkSpan(ctx context.Context, span KnownSpan) error {
	if v.service.options.Sides == nil {
		return ErrCannotCompare
	}
	if span.From.IsZero() || !span.To.IsZero() && !span.From.Before(span.To) {
		return fmt.Errorf("compare %s with %s: %w", day(span.From), day(span.To), ErrBadSelection)
	}
	days, err := v.KnownDays(ctx)
	if err != nil {
		return err
	}
	for _, at := range []time.Time{span.From, span.To} {
		if !at.IsZero() && !slices.ContainsFunc(days, func(d KnownDay) bool { return d.Day.Equal(at) }) {
			return fmt.Errorf("compare %s: %w", day(at), ErrUnknownDay)
		}
	}
	return nil
}

func (c *comparer) ask(key comparisonKey) (*Comparison, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	job, ok := c.jobs[key]
	switch {
	case ok && job.err != nil:
		delete(c.jobs, key)
		return nil, job.err
	case !ok && len(c.jobs)-len(c.ended) >= maxWaiting:
		return nil, ErrManyComparisons
	case !ok:
		job = &comparison{state: Comparison{Stage: StageQueued}}
		c.jobs[key] = job
		c.running.Go(func() { c.run(key, job) })
	}
	state := job.state
	return &state, nil
}

// run waits for its turn, compares, and leaves what came of it.
func (c *comparer) run(key comparisonKey, job *comparison) {
	var figures *ChangeFigures
	err := c.take(c.ctx)
	if err == nil {
		figures, err = c.compute(key, job)
		<-c.turn
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case errors.Is(err, errMovedOn):
		delete(c.jobs, key) // nobody asks for this generation any more
	case err != nil:
		job.err = knownProblem(err)
	default:
		job.state = Comparison{Figures: figures}
		c.ended = append(c.ended, key)
		if len(c.ended) > maxComparisons {
			delete(c.jobs, c.ended[0])
			c.ended = c.ended[1:]
		}
	}
	c.forgetFailed()
}

// forgetFailed drops failures that nobody came back for.
func (c *comparer) forgetFailed() {
	failed := 0
	for _, job := range c.jobs {
		if job.err != nil {
			failed++
		}
	}
	for key, job := range c.jobs {
		if failed >= maxWaiting/2 && job.err != nil {
			delete(c.jobs, key)
			failed--
		}
	}
}

// take takes the turn: the memory of comparisons is that of one.
func (c *comparer) take(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c *comparer) tell(job *comparison, state Comparison) {
	c.mu.Lock()
	defer c.mu.Unlock()
	job.state = state
}

func (c *comparer) compute(key comparisonKey, job *comparison) (figures *ChangeFigures, err error) {
	for _, at := range []time.Time{key.span.From, key.span.To} {
		if at.IsZero() {
			continue
		}
		if err := c.prepare(at, job); err != nil {
			return nil, fmt.Errorf("build what was known on %s: %w", day(at), err)
		}
	}
	c.tell(job, Comparison{Stage: StageComparing})
	var now *View
	if key.span.To.IsZero() {
		if now, err = c.service.Open(c.ctx, key.selection); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, now.Close()) }()
		if now.generation.Manifest().ID != key.generation {
			return nil, errMovedOn
		}
	}
	err = c.service.compare(c.ctx, now, key, func(changes *Changes) error {
		figures, err = changes.Figures(c.ctx)
		return err
	})
	return figures, err
}

// errMovedOn says that another generation serves than the one that was asked.
var errMovedOn = errors.New("another generation serves")

// prepare waits for as long as another process writes.
func (c *comparer) prepare(at time.Time, job *comparison) error {
	c.tell(job, Comparison{Stage: StageBuilding, Day: at})
	for {
		err := c.service.options.Sides.Prepare(c.ctx, at, func(done, total int) {
			c.tell(job, Comparison{Stage: StageBuilding, Day: at, Done: done, Total: total})
		})
		var locked *landing.LockedError
		if !errors.As(err, &locked) {
			return err
		}
		waiting := Comparison{Stage: StageWaiting, Day: at}
		if locked.Holder != nil {
			waiting.Holder = locked.Holder.Command
		}
		c.tell(job, waiting)
		select {
		case <-c.ctx.Done():
			return context.Cause(c.ctx)
		case <-time.After(lookForLockEach):
		}
	}
}

// compare opens both sides, which must be prepared, and hands the comparison to use.
// now is the view of the generation that serves, where that is the later side.
func (s *Service) compare(ctx context.Context, now *View, key comparisonKey, use func(*Changes) error) (err error) {
	after := now
	if after == nil {
		var closeAfter func() error
		if after, closeAfter, err = s.openSide(ctx, key.span.To, key.selection); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, closeAfter()) }()
	}
	before, closeBefore, err := s.openSide(ctx, key.span.From, key.selection)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeBefore()) }()
	changes, err := CompareViews(ctx, before, after, s.options.Sides.Limits())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, changes.Close()) }()
	return use(changes)
}

// openSide opens what was known on a day in an instance of its own.
func (s *Service) openSide(ctx context.Context, at time.Time, sel Selection) (*View, func() error, error) {
	pool := s.options.Sides.Pool(at)
	options := s.options
	options.CacheEntries = 16
	view, err := NewService(pool, options).Open(ctx, sel)
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	return view, func() error { return errors.Join(view.Close(), pool.Close()) }, nil
}

// knownProblem gives an error of a comparison the name that readers know.
func knownProblem(err error) error {
	var failed *generation.ChecksFailedError
	var engine *duckdb.Error
	for _, known := range []struct {
		is   bool
		name error
	}{
		{errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS), ErrNotWritable},
		{errors.Is(err, generation.ErrNothingKnown), ErrNothingKnownAt},
		{errors.As(err, &failed), ErrChecksFailed},
		{errors.As(err, &engine) && engine.Type == duckdb.ErrorTypeOutOfMemory, ErrLittleMemory},
	} {
		if known.is {
			return fmt.Errorf("%w: %w", known.name, err)
		}
	}
	return err
}
