package generation

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/encours/encours/warehouse/durable"
)

// SweepSides keeps what was known on the days that were built last and removes the
// generations of the others, except those that a reader holds: they are built again
// when they are asked for. Several processes may sweep at once, but not beside a build
// of a day that is removed, which therefore must be one of the last keep.
func SweepSides(dataDir string, keep int) error {
	root := filepath.Join(dataDir, sidesFolder)
	entries, err := durable.Entries(root)
	if err != nil {
		return fmt.Errorf("list the days of known_at: %w", err)
	}
	type side struct {
		store *Store
		built time.Time
	}
	var sides []side
	for _, entry := range entries {
		if _, err := time.Parse(time.DateOnly, entry.Name()); err != nil || !entry.IsDir() {
			continue // not ours
		}
		s := side{store: NewStore(filepath.Join(root, entry.Name()))}
		if info, err := os.Lstat(s.store.current()); err == nil {
			s.built = info.ModTime()
			sides = append(sides, s)
		}
	}
	slices.SortFunc(sides, func(a, b side) int {
		return cmp.Or(b.built.Compare(a.built), cmp.Compare(b.store.data, a.store.data))
	})
	var problems []error
	for i := max(keep, 1); i < len(sides); i++ {
		problems = append(problems, sides[i].store.removeAll())
	}
	return errors.Join(problems...)
}

// removeAll removes the generations that nobody holds, and the folder with the last.
func (s *Store) removeAll() error {
	ids, err := s.IDs()
	if err != nil {
		return err
	}
	for _, id := range ids {
		gone, err := s.remove(id)
		if err != nil || !gone {
			return err
		}
	}
	if err := os.RemoveAll(s.data); err != nil {
		return fmt.Errorf("remove what was known on %s: %w", filepath.Base(s.data), err)
	}
	return nil
}
