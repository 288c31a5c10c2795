package landing

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// CurrentHolder tells who is writing to a project, nil where nobody is. It takes
// nothing away from a writer that starts meanwhile but a moment.
func CurrentHolder(dataDir string) (holder *Holder, err error) {
	file, err := os.Open(filepath.Join(dataDir, "lock"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read lock: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	switch err := flock(file, unix.LOCK_SH|unix.LOCK_NB); {
	case err == nil:
		return nil, nil
	case errors.Is(err, unix.EWOULDBLOCK):
		if holder := readHolder(file); holder != nil {
			return holder, nil
		}
		return &Holder{Command: "another writer"}, nil
	default:
		return nil, fmt.Errorf("read lock: %w", err)
	}
}

// RowsPath is the Parquet file of a staged batch, for a look at what was read
// before it is decided where it belongs.
func (s *Staged) RowsPath() string { return s.rows }
