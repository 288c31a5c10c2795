package dropfolder

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// renameNew moves a file and fails with fs.ErrExist where the name is taken.
func renameNew(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS): // not on this file system
		return renameByReserving(from, to)
	}
	return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
}

// isBeingWritten tells whether some process has the file open for writing, where
// the kernel can tell: it grants a read lease only where none has. It is asked of
// files of the same owner on file systems that know leases; elsewhere the answer
// is no, and the time to settle has to do.
func isBeingWritten(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false // whoever loads it will say so
	}
	defer file.Close()
	raw, err := file.SyscallConn()
	if err != nil {
		return false
	}
	var leaseErr error
	err = raw.Control(func(fd uintptr) {
		if _, leaseErr = unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_RDLCK); leaseErr == nil {
			_, leaseErr = unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_UNLCK)
		}
	})
	return err == nil && errors.Is(leaseErr, unix.EAGAIN)
}

// sameDevice tells whether two folders are on one file system; true where that
// cannot be told.
func sameDevice(a, b string) bool {
	var first, second unix.Stat_t
	if unix.Stat(a, &first) != nil || unix.Stat(b, &second) != nil {
		return true
	}
	return first.Dev == second.Dev
}
