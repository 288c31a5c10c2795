// Package generation builds immutable generations of the warehouse out of the
// landing zone, checks them, publishes their marts and switches to them.
//
// Invariant: a folder under data/generations that has a manifest is complete and
// never changes again; `current` always points to one whose checks passed; the
// switch is one rename; a generation that a reader holds is never removed.
package generation

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/encours/encours/warehouse/durable"
)

// ErrNone says that no generation has been built yet.
var ErrNone = errors.New("nothing has been built yet")

const (
	databaseFile = "warehouse.duckdb"
	manifestFile = "manifest.json"
	holdFile     = "hold.lock"
	modelsFile   = "models.zip"
	buildPrefix  = ".build-"
	sidesFolder  = "known_at"
)

// Store is the folder of generations of one project.
type Store struct {
	data string
}

// NewStore returns the store of a data folder. It touches nothing.
func NewStore(dataDir string) *Store { return &Store{data: dataDir} }

// NewSideStore returns the store of what was known on a day. Its generations are
// kept apart: readers of the project do not see them.
func NewSideStore(dataDir string, knownAt time.Time) *Store {
	return &Store{data: filepath.Join(dataDir, sidesFolder, knownAt.Format(time.DateOnly))}
}

func (s *Store) generations() string     { return filepath.Join(s.data, "generations") }
func (s *Store) current() string         { return filepath.Join(s.data, "current") }
func (s *Store) folder(id string) string { return filepath.Join(s.generations(), id) }

// Database returns the path of the database file of a generation.
func (s *Store) Database(id string) string { return filepath.Join(s.folder(id), databaseFile) }

// Models returns the SQL files that a generation was built with.
func (s *Store) Models(id string) (fs.FS, error) {
	packed, err := os.ReadFile(filepath.Join(s.folder(id), modelsFile))
	if err != nil {
		return nil, fmt.Errorf("read the models of generation %q: %w", id, err)
	}
	files, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, fmt.Errorf("read the models of generation %q: %w", id, err)
	}
	return files, nil
}

// CurrentID returns the identifier of the generation that serves, or ErrNone.
func (s *Store) CurrentID() (string, error) {
	target, err := os.Readlink(s.current())
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrNone
	}
	if err != nil {
		return "", fmt.Errorf("read the current generation: %w", err)
	}
	return filepath.Base(target), nil
}

// IDs returns the complete generations, oldest first.
func (s *Store) IDs() ([]string, error) {
	entries, err := durable.Entries(s.generations())
	if err != nil {
		return nil, fmt.Errorf("list generations: %w", err)
	}
	var ids []string
	for _, entry := range entries {
		if _, ok := sequence(entry.Name()); !ok || !entry.IsDir() {
			continue
		}
		if _, err := os.Stat(filepath.Join(s.folder(entry.Name()), manifestFile)); err == nil {
			ids = append(ids, entry.Name())
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		x, _ := sequence(a)
		y, _ := sequence(b)
		return x - y
	})
	return ids, nil
}

// sequence reads the number at the head of an identifier: 000012-0a1b2c3d4e5f.
func sequence(id string) (int, bool) {
	head, _, ok := strings.Cut(id, "-")
	n, err := strconv.Atoi(head)
	return n, ok && err == nil
}

func (s *Store) nextID(fingerprint string) (string, error) {
	ids, err := s.IDs()
	if err != nil {
		return "", err
	}
	next := 1
	if len(ids) > 0 {
		last, _ := sequence(ids[len(ids)-1])
		next = last + 1
	}
	return fmt.Sprintf("%06d-%s", next, fingerprint), nil
}

// Hold keeps a generation from being removed until Release, also across
// processes and also when this one is killed.
type Hold struct {
	ID   string
	file *os.File
}

// Hold holds the current generation.
func (s *Store) Hold() (*Hold, error) {
	// Between reading the link and taking the lock the generation may be removed:
	// then `current` has moved on, and is read again.
	for range 100 {
		id, err := s.CurrentID()
		if err != nil {
			return nil, err
		}
		hold, err := s.hold(id, unix.LOCK_SH)
		if err == nil {
			return hold, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("hold the current generation: it kept moving")
}

// ErrGone says that a generation is not kept any more.
var ErrGone = errors.New("the generation is not kept any more")

// HoldID holds the generation of an identifier, or returns ErrGone.
func (s *Store) HoldID(id string) (*Hold, error) {
	if _, ok := sequence(id); !ok || filepath.Base(id) != id {
		return nil, fmt.Errorf("hold generation %q: %w", id, ErrGone)
	}
	hold, err := s.hold(id, unix.LOCK_SH)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("hold generation %q: %w", id, ErrGone)
	}
	return hold, err
}

func (s *Store) hold(id string, how int) (*Hold, error) {
	file, err := os.Open(filepath.Join(s.folder(id), holdFile))
	if err != nil {
		return nil, fmt.Errorf("hold generation %q: %w", id, err)
	}
	if err := unix.Flock(int(file.Fd()), how); err != nil {
		return nil, errors.Join(fmt.Errorf("hold generation %q: %w", id, err), file.Close())
	}
	if _, err := os.Stat(filepath.Join(s.folder(id), manifestFile)); err != nil {
		return nil, errors.Join(fmt.Errorf("hold generation %q: %w", id, err), file.Close())
	}
	return &Hold{ID: id, file: file}, nil
}

// Release lets the generation go.
func (h *Hold) Release() error { return h.file.Close() }

// Sweep removes what interrupted builds left and all but the last keep
// generations, except those that a reader holds and the current one. It must run
// under the writer's lock. It returns the generations it removed.
func (s *Store) Sweep(keep int) ([]string, error) {
	entries, err := durable.Entries(s.generations())
	if err != nil {
		return nil, fmt.Errorf("list generations: %w", err)
	}
	ids, err := s.IDs()
	if err != nil {
		return nil, err
	}
	var problems []error
	for _, entry := range entries {
		if !slices.Contains(ids, entry.Name()) {
			problems = append(problems, os.RemoveAll(s.folder(entry.Name())))
		}
	}
	current, err := s.CurrentID()
	if err != nil && !errors.Is(err, ErrNone) {
		return nil, err
	}
	var removed []string
	for i, id := range ids {
		if id == current || i >= len(ids)-max(keep, 1) {
			continue
		}
		gone, err := s.remove(id)
		problems = append(problems, err)
		if gone {
			removed = append(removed, id)
		}
	}
	return removed, errors.Join(problems...)
}

// remove deletes a generation unless a reader holds it. The manifest goes first,
// so that what a kill leaves behind is garbage, not half a generation.
func (s *Store) remove(id string) (bool, error) {
	hold, err := s.hold(id, unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = errors.Join(
		os.Remove(filepath.Join(s.folder(id), manifestFile)),
		os.RemoveAll(s.folder(id)),
		hold.Release(),
	)
	return err == nil, err
}

// switchTo makes a generation the current one: one rename of a link.
func (s *Store) switchTo(id string) error {
	if err := replaceLink(filepath.Join("generations", id), s.current()); err != nil {
		return fmt.Errorf("switch to generation %q: %w", id, err)
	}
	if err := replaceLink(filepath.Join("current", "parquet"), filepath.Join(s.data, "published")); err != nil {
		return fmt.Errorf("publish generation %q: %w", id, err)
	}
	return durable.Sync(s.data)
}

func replaceLink(target, link string) error {
	if old, err := os.Readlink(link); err == nil && old == target {
		return nil
	}
	temp := link + ".next"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Symlink(target, temp); err != nil {
		return err
	}
	return os.Rename(temp, link)
}

// syncTree makes every file and folder below root durable.
func syncTree(root string) error {
	return filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return durable.Sync(path)
	})
}
