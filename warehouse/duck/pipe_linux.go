package duck

import (
	"os"

	"golang.org/x/sys/unix"
)

// pipeBytes is the buffer asked for: with the default of 64 KiB both sides spend
// their time waking each other.
const pipeBytes = 1 << 20

// widen asks for a larger pipe buffer. The kernel may refuse (a per-user limit);
// the pipe then works as it is.
func widen(w *os.File) {
	raw, err := w.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeBytes)
	})
}
