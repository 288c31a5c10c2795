package landing

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/encours/encours/warehouse/durable"
)

// makeDir creates dir and, below base, makes every name on the way to it last.
func makeDir(base, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("create folder: %w", err)
	}
	for {
		if err := durable.Sync(dir); err != nil {
			return err
		}
		if dir == base || dir == filepath.Dir(dir) {
			return nil
		}
		dir = filepath.Dir(dir)
	}
}

// moveInto renames a synced temporary file and makes its new name last.
func moveInto(temp, path string) error {
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("move into place: %w", err)
	}
	return durable.Sync(filepath.Dir(path))
}

// writeWhole writes a file by way of a temporary one, so that it is there
// entirely or not at all.
func writeWhole(temp, path string, content []byte) error {
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	return moveInto(temp, path)
}

// removeIfThere removes a file that may be absent.
func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove: %w", err)
	}
	return nil
}
