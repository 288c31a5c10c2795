package landing

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Sweep removes what no manifest speaks of: files of loads that were cut off.
// It returns their paths. The lock proves that no other load is under way; what a
// Receiver is landing is known by the lock on its rows. A file that does not carry
// the name of a batch is left alone.
func (z *Zone) Sweep(lock *Lock) ([]string, error) {
	if lock == nil || lock.file.Name() != filepath.Join(lock.data, "lock") || filepath.Clean(lock.data) != z.data {
		return nil, errors.New("sweep landing zone: the lock of the project is needed")
	}
	z.isHeld = true
	if err := z.finishRewrites(); err != nil {
		return nil, err
	}
	garbage, err := z.garbage()
	if err != nil {
		return nil, fmt.Errorf("sweep landing zone: %w", err)
	}
	var removed []string
	for _, id := range slices.Sorted(maps.Keys(garbage)) {
		paths, err := z.sweepBatch(id, garbage[id])
		removed = append(removed, paths...)
		if err != nil {
			return removed, fmt.Errorf("sweep landing zone: %w", err)
		}
	}
	return removed, nil
}

// garbage lists, by batch, the files that no manifest speaks of.
func (z *Zone) garbage() (map[string][]string, error) {
	files, err := filepath.Glob(filepath.Join(globText(z.data), "landing", "*", "*"))
	if err != nil {
		return nil, err
	}
	rejects, err := filepath.Glob(filepath.Join(globText(z.rejectsDir()), "*"))
	if err != nil {
		return nil, err
	}
	committed := map[string]bool{}
	for _, path := range files {
		if id, ext := nameParts(path); ext == ".json" && batchID.MatchString(id) {
			committed[id] = true
		}
	}
	garbage := map[string][]string{}
	for _, path := range slices.Concat(files, rejects) {
		name, ext := nameParts(path)
		id, temporary := strings.CutPrefix(name, tempPrefix)
		if batchID.MatchString(id) && (temporary || ext == ".parquet" && !committed[id]) {
			garbage[id] = append(garbage[id], path)
		}
	}
	return garbage, nil
}

// sweepBatch removes the files of a batch, unless a Receiver is landing it or has
// committed it since they were listed.
func (z *Zone) sweepBatch(id string, paths []string) (removed []string, err error) {
	datasets, err := z.datasets()
	if err != nil {
		return nil, err
	}
	rows, err := openRows(datasets, id)
	if err != nil {
		return nil, err
	}
	if rows != nil {
		defer func() { err = errors.Join(err, rows.Close()) }()
		if err := flock(rows, unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
			return nil, nil
		} else if err != nil {
			return nil, fmt.Errorf("lock %q: %w", rows.Name(), err)
		}
	}
	for _, dir := range datasets {
		if _, err := os.Lstat(filepath.Join(dir, id+".json")); !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	for _, path := range paths {
		if err := removeIfThere(path); err != nil {
			return removed, err
		}
		removed = append(removed, path)
	}
	return removed, nil
}

// openRows opens the rows of a batch, nil where it has none. They are looked for
// under the temporary name first: they may be renamed meanwhile, and only so.
func openRows(datasets []string, id string) (*os.File, error) {
	for _, name := range []string{tempPrefix + id + ".parquet", id + ".parquet"} {
		for _, dir := range datasets {
			file, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0)
			if !errors.Is(err, fs.ErrNotExist) {
				return file, err
			}
		}
	}
	return nil, nil
}

// nameParts splits a file name before its extension.
func nameParts(path string) (name, ext string) {
	ext = filepath.Ext(path)
	return strings.TrimSuffix(filepath.Base(path), ext), ext
}
