package bench

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/session"
)

const (
	clients  = 20
	requests = 30 // of each client
)

// lastDay is the last day of the generated ledgers.
var lastDay = time.Date(2025, time.December, 31, 0, 0, 0, 0, time.UTC)

// latencies are the times of answers, sorted.
type latencies []time.Duration

func (l latencies) at(percent int) time.Duration {
	if len(l) == 0 {
		return 0
	}
	return l[min(len(l)-1, len(l)*percent/100)]
}

// ageing asks the ageing balance from the built mart and at past dates, without
// any cache of ours; the median of several counts.
func (s *size) ageing(ctx context.Context, dir string) (err error) {
	data := filepath.Join(dir, "data")
	pool := session.NewPool(generation.NewStore(data), duck.Limits{
		MemoryBytes: 2 << 30, TempDir: filepath.Join(data, "tmp"), TempBytes: 50 << 30,
	})
	defer func() { err = errors.Join(err, pool.Close()) }()
	pinned, err := pool.Pin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pinned.Release()) }()
	ask := func(asOf time.Time) (time.Duration, error) {
		view, release, err := pinned.Session(ctx, asOf)
		if err != nil {
			return 0, err
		}
		defer release()
		started := time.Now()
		err = view.Query(ctx, func(*sql.Rows) error { return nil },
			"select entity_id, side, ageing_bucket, sum(open_amount) from mart_ageing group by all")
		return time.Since(started), err
	}
	var built, past latencies
	for i := range 9 {
		took, err := ask(time.Time{})
		if err != nil {
			return err
		}
		built = append(built, took)
		if took, err = ask(pinned.Manifest().AsOf.AddDate(0, 0, -37*(i+1))); err != nil {
			return err
		}
		past = append(past, took)
	}
	slices.Sort(built)
	slices.Sort(past)
	s.ageingBuilt, s.ageingAsOf = built.at(50), past.at(50)
	return nil
}

// FirstPages is what a server logs when the first pages of a generation are computed.
const FirstPages = "the first pages are computed"

// serverLog keeps what a server says, and closes computed when it has its first pages.
type serverLog struct {
	mu       sync.Mutex
	text     strings.Builder
	seen     bool
	computed chan struct{}
}

func (l *serverLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	if !l.seen && strings.Contains(l.text.String(), FirstPages) {
		l.seen = true
		close(l.computed)
	}
	return len(p), nil
}

func (l *serverLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// startServer serves a project; first is closed when the server has computed its first
// pages; stop ends it, and adds what it said to the error of the caller, if there is one.
func (o Options) startServer(ctx context.Context, dir string) (address string, first <-chan struct{}, stop func(error) error, err error) {
	cmd := exec.CommandContext(ctx, o.Program, "serve", "--project", dir, "--addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, nil, err
	}
	log := &serverLog{computed: make(chan struct{})}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		return "", nil, nil, err
	}
	stop = func(failed error) error {
		killErr := cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		if failed != nil {
			return errors.Join(killErr, fmt.Errorf("the server said:\n%s", log.String()))
		}
		return killErr
	}
	address, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		err = fmt.Errorf("serve printed no address: %w", err)
		return "", nil, nil, errors.Join(err, stop(err))
	}
	return strings.TrimSuffix(strings.TrimSpace(address), "/"), log.computed, stop, nil
}

// warmServer is startServer that returns when the first pages are computed.
func (o Options) warmServer(ctx context.Context, dir string) (address string, stop func(error) error, err error) {
	address, first, stop, err := o.startServer(ctx, dir)
	if err != nil {
		return "", nil, err
	}
	select {
	case <-first:
		return address, stop, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-time.After(time.Minute):
		err = errors.New("the server computed no first pages within a minute")
	}
	return "", nil, errors.Join(err, stop(err))
}

// serve starts the server and lets clients read pages all at once.
func (o Options) serve(ctx context.Context, dir string, s *size) (err error) {
	address, stop, err := o.warmServer(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop(err)) }()
	var problems []error
	s.coldPages, problems = readAll(ctx, address, problems)
	s.pages, problems = readAll(ctx, address, problems)
	for i := range 3 {
		took, err := get(ctx, address+"/?as_of="+lastDay.AddDate(0, 0, -50*(i+1)).Format(time.DateOnly))
		s.pastPages = append(s.pastPages, took)
		problems = append(problems, err)
	}
	slices.Sort(s.pastPages)
	for _, problem := range problems {
		if problem != nil {
			return problem
		}
	}
	return nil
}

// readAll lets all clients read their pages at once.
func readAll(ctx context.Context, address string, problems []error) (latencies, []error) {
	var mu sync.Mutex
	var all latencies
	var group sync.WaitGroup
	for client := range clients {
		group.Go(func() {
			for i := range requests {
				took, err := get(ctx, address+page(client, i))
				mu.Lock()
				all = append(all, took)
				problems = append(problems, err)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	slices.Sort(all)
	return all, problems
}

// page is what a client reads next: overviews and their charts, ageing balances in
// some order, the proof, and one search in ten that nobody has asked before.
func page(client, i int) string {
	entity := []string{"", "ALPHA", "BETA", "GAMMA"}[(client+i)%4]
	order := []string{"overdue", "open", "name", "oldest"}[i%4]
	switch i % 10 {
	case 0, 1:
		return "/?entity=" + entity
	case 2, 3:
		return "/charts/overview.json?entity=" + entity
	case 4, 5, 6:
		return "/ageing?entity=" + entity + "&sort=" + order
	case 7:
		return fmt.Sprintf("/ageing?entity=%s&search=%c%c", entity, 'a'+rune(client), 'a'+rune(i/10))
	case 8:
		return "/proof?entity=" + entity
	default:
		return "/data"
	}
}

func get(ctx context.Context, url string) (time.Duration, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	started := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, response.Body)
	took := time.Since(started)
	if response.StatusCode != http.StatusOK {
		err = errors.Join(err, fmt.Errorf("%s: %s", url, response.Status))
	}
	return took, errors.Join(err, response.Body.Close())
}
