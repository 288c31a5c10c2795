package state

import (
	"context"
	"sync"
)

// File is the state file of a data folder, which is opened with its first use and stays
// open until Close. It is safe for concurrent use.
type File struct {
	data string

	mu    sync.Mutex
	store *Store
}

// In returns the state file of a data folder. It touches nothing.
func In(dataDir string) *File { return &File{data: dataDir} }

// Open opens the file, and creates it where it is missing. The store is the file's to
// close.
func (f *File) Open(ctx context.Context) (*Store, error) { return f.once(ctx, Open) }

// Existing opens the file, or returns ErrNone where there is none yet.
func (f *File) Existing(ctx context.Context) (*Store, error) { return f.once(ctx, OpenExisting) }

func (f *File) once(ctx context.Context, open func(context.Context, string) (*Store, error)) (*Store, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.store != nil {
		return f.store, nil
	}
	store, err := open(ctx, f.data)
	if err == nil {
		f.store = store
	}
	return store, err
}

// Close closes the file where it is open; a later use opens it again.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.store == nil {
		return nil
	}
	store := f.store
	f.store = nil
	return store.Close()
}
