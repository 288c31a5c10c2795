package landing

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Holder says who holds the lock of a project.
type Holder struct {
	PID     int     `json:"pid"`
	Host    string  `json:"host"`
	Command string  `json:"command"`
	Since   Instant `json:"since"`
}

// LockedError says that another writer is at work. Holder is nil in the moment
// in which a writer has taken the lock and has not yet written who it is.
type LockedError struct {
	Path   string
	Holder *Holder
}

func (e *LockedError) Error() string {
	if e.Holder == nil {
		return fmt.Sprintf("another writer is at work on this project (%s is locked): wait for it to end", e.Path)
	}
	return fmt.Sprintf("%q is at work on this project (process %d on %s, since %s): wait for it to end, or stop it",
		e.Holder.Command, e.Holder.PID, e.Holder.Host, e.Holder.Since)
}

// Lock is the right to write to a project. It ends with Release, or with the
// process, however that ends.
type Lock struct {
	file *os.File
	data string
}

// Acquire takes the lock of a data folder, which it creates if needed, or
// returns a *LockedError at once. command and now describe the holder to others.
func Acquire(dataDir, command string, now time.Time) (*Lock, error) {
	return acquire(dataDir, "lock", command, now)
}

func acquire(dataDir, name, command string, now time.Time) (*Lock, error) {
	if err := os.MkdirAll(dataDir, 0o755); err != nil {
		return nil, fmt.Errorf("lock project: %w", err)
	}
	path := filepath.Join(dataDir, name)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock project: %w", err)
	}
	if err := flock(file, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = &LockedError{Path: path, Holder: readHolder(file)}
		} else {
			err = fmt.Errorf("lock project with %q: %w", path, err)
		}
		return nil, errors.Join(err, file.Close())
	}
	if err := writeHolder(file, command, now); err != nil {
		return nil, errors.Join(fmt.Errorf("lock project with %q: %w", path, err), file.Close())
	}
	return &Lock{file: file, data: dataDir}, nil
}

// Release gives the lock back. The file stays: removing it would let two writers
// lock two files of one name.
func (l *Lock) Release() error {
	if err := errors.Join(l.file.Truncate(0), l.file.Close()); err != nil {
		return fmt.Errorf("release lock %q: %w", l.file.Name(), err)
	}
	return nil
}

func flock(file *os.File, how int) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var lockErr error
	if err := raw.Control(func(fd uintptr) { lockErr = unix.Flock(int(fd), how) }); err != nil {
		return err
	}
	return lockErr
}

func writeHolder(file *os.File, command string, now time.Time) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	text, err := json.Marshal(Holder{PID: os.Getpid(), Host: host, Command: command, Since: NewInstant(now)})
	if err != nil {
		return err
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err = file.WriteAt(append(text, '\n'), 0)
	return err
}

func readHolder(file *os.File) *Holder {
	var holder Holder
	text, err := io.ReadAll(io.NewSectionReader(file, 0, 1<<16))
	if err != nil || json.Unmarshal(text, &holder) != nil {
		return nil
	}
	return &holder
}
