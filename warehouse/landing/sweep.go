package landing

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Sweep removes what no manifest speaks of: files of loads that were cut off.
// It returns their paths. The lock proves that no load is under way; a file that
// does not carry the name of a batch is left alone.
func (z *Zone) Sweep(lock *Lock) ([]string, error) {
	if lock == nil || filepath.Clean(lock.data) != z.data {
		return nil, errors.New("sweep landing zone: the lock of the project is needed")
	}
	files, err := filepath.Glob(filepath.Join(globText(z.data), "landing", "*", "*"))
	if err != nil {
		return nil, fmt.Errorf("sweep landing zone: %w", err)
	}
	rejects, err := filepath.Glob(filepath.Join(globText(z.rejectsDir()), "*"))
	if err != nil {
		return nil, fmt.Errorf("sweep landing zone: %w", err)
	}
	committed := map[string]bool{}
	for _, path := range files {
		if id, ext := nameParts(path); ext == ".json" && batchID.MatchString(id) {
			committed[id] = true
		}
	}
	var removed []string
	for _, path := range slices.Concat(files, rejects) {
		id, ext := nameParts(path)
		temporary := strings.HasPrefix(id, tempPrefix) && batchID.MatchString(strings.TrimPrefix(id, tempPrefix))
		orphan := ext == ".parquet" && batchID.MatchString(id) && !committed[id]
		if !temporary && !orphan {
			continue
		}
		if err := removeIfThere(path); err != nil {
			return removed, fmt.Errorf("sweep landing zone: %w", err)
		}
		removed = append(removed, path)
	}
	return removed, nil
}

// nameParts splits a file name before its extension.
func nameParts(path string) (name, ext string) {
	ext = filepath.Ext(path)
	return strings.TrimSuffix(filepath.Base(path), ext), ext
}
