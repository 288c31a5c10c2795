package landing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	schema "github.com/encours/encours/sql"
)

// Notes of the manifest that make a batch the answer to a message: who sent it,
// and the key under which it counts once.
const (
	NoteSender = "sent_by"
	NoteKey    = "idempotency_key"
)

// Receiver lands small batches that are sent to a server. One process receives for
// a project at a time. It does not need the project's Lock: see the package comment
// for why it may land beside a writer.
type Receiver struct {
	zone *Zone
	lock *Lock

	mu    sync.Mutex
	known map[messageKey]place
	busy  map[messageKey]chan struct{} // closed when the message has been dealt with
	ready map[string]bool              // datasets whose folders have been made to last
	last  time.Time                    // of loading
}

type messageKey struct{ sender, key string }

type place struct{ dataset, id string }

// Receive makes this process the receiver of a project, or returns a *LockedError
// if another one is. It reads every manifest to learn which messages have landed.
func Receive(ctx context.Context, zone *Zone, now time.Time) (*Receiver, error) {
	lock, err := acquire(zone.data, "receiver.lock", "encours serve", now)
	if err != nil {
		return nil, err
	}
	batches, err := zone.Batches(ctx)
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	r := &Receiver{
		zone: zone, lock: lock,
		known: map[messageKey]place{}, busy: map[messageKey]chan struct{}{}, ready: map[string]bool{},
	}
	for _, b := range batches {
		r.remember(b)
	}
	return r, nil
}

// Close ends the right to receive.
func (r *Receiver) Close() error { return r.lock.Release() }

func (r *Receiver) remember(b Batch) {
	if b.Notes[NoteKey] != "" {
		r.known[messageKey{b.Notes[NoteSender], b.Notes[NoteKey]}] = place{b.Dataset, b.ID}
	}
}

// Once returns the batch that landed from sender under key, or else calls land,
// which must commit a batch with both in its notes. found tells which of the two.
// Calls with one key wait for each other.
func (r *Receiver) Once(ctx context.Context, sender, key string, land func() (Batch, error)) (b Batch, found bool, err error) {
	at := messageKey{sender, key}
	release, err := r.hold(ctx, at)
	if err != nil {
		return Batch{}, false, err
	}
	defer release()
	r.mu.Lock()
	where, found := r.known[at]
	r.mu.Unlock()
	if found {
		b, err := r.zone.readManifest(r.zone.manifestPath(where.dataset, where.id))
		if !errors.Is(err, fs.ErrNotExist) {
			return b, err == nil, err
		}
		// taken out of the zone by hand: it has not landed any more
	}
	if b, err = land(); err != nil {
		return Batch{}, false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remember(b)
	return b, false, nil
}

// hold waits until no one else deals with a key.
func (r *Receiver) hold(ctx context.Context, at messageKey) (release func(), err error) {
	for {
		r.mu.Lock()
		other, taken := r.busy[at]
		if !taken {
			done := make(chan struct{})
			r.busy[at] = done
			r.mu.Unlock()
			return func() {
				r.mu.Lock()
				defer r.mu.Unlock()
				delete(r.busy, at)
				close(done)
			}, nil
		}
		r.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Stage lands a stream in temporary files as Zone.Stage does, without DuckDB and
// without extra columns. The rows file stays open and locked until Commit or
// Discard, by which Sweep knows that the batch is under way.
func (r *Receiver) Stage(table Table, fill func(w io.Writer, reject func(Reject) error) error) (_ *Staged, err error) {
	contract, err := schema.Schema(table.Dataset)
	if err != nil {
		return nil, err
	}
	if err := r.makeFolders(table.Dataset); err != nil {
		return nil, err
	}
	s, err := r.zone.begin(table, r.moment(table.LoadedAt))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Discard())
		}
	}()
	if s.held, err = createHeld(s.rows); err != nil {
		return nil, fmt.Errorf("stage %q: %w", table.SourcePath, err)
	}
	if err := s.fillRows(contract, fill); err != nil {
		return nil, err
	}
	return s, s.verify(stream{table: contract})
}

// fillRows writes the rows and the rejects.
func (s *Staged) fillRows(contract schema.Table, fill func(w io.Writer, reject func(Reject) error) error) error {
	rows, err := newRowFile(s.held, contract, s.batch)
	if err != nil {
		return err
	}
	rejects := newRejectWriter(s.rejects, s.batch.SourceFile)
	err = fill(rows, rejects.Write)
	if closeErr := rejects.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if err := errors.Join(rows.Close(), s.held.Sync()); err != nil {
		return fmt.Errorf("land %q: %w", s.batch.SourcePath, err)
	}
	s.batch.Rows, s.batch.Rejects = rows.rows, rejects.count
	return nil
}

// makeFolders makes the folders of a dataset last, once.
func (r *Receiver) makeFolders(dataset string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ready[dataset] {
		return nil
	}
	if err := r.zone.makeFolders(dataset); err != nil {
		return err
	}
	r.ready[dataset] = true
	return nil
}

// moment keeps the order in which messages came where the clock is set back.
func (r *Receiver) moment(now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !now.After(r.last) {
		now = r.last.Add(time.Microsecond)
	}
	r.last = now
	return now
}

// createHeld creates a file and locks it. Between the two a sweep may have taken
// it for garbage: then it is created again.
func createHeld(path string) (*os.File, error) {
	for {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return nil, err
		}
		if err := flock(file, unix.LOCK_EX); err != nil {
			return nil, errors.Join(fmt.Errorf("lock %q: %w", path, err), file.Close())
		}
		here, err := file.Stat()
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		named, err := os.Stat(path)
		if err == nil && os.SameFile(here, named) {
			return file, nil
		}
		if err := file.Close(); err != nil {
			return nil, err
		}
	}
}
