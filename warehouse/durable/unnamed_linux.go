package durable

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// unnamed opens a file in a folder that has no name: it is gone when the program
// ends, however it ends. Some file systems have none.
func unnamed(folder string) (*os.File, error) {
	fd, err := unix.Open(folder, unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open an unnamed file in %q: %w", folder, err)
	}
	return os.NewFile(uintptr(fd), folder), nil
}

// link gives an unnamed file a name.
func link(file *os.File, path string) error {
	from := fmt.Sprintf("/proc/self/fd/%d", file.Fd())
	if err := unix.Linkat(unix.AT_FDCWD, from, unix.AT_FDCWD, path, unix.AT_SYMLINK_FOLLOW); err != nil {
		return fmt.Errorf("name %q: %w", path, err)
	}
	return nil
}
