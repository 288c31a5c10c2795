//go:build !linux

package dropfolder

// renameNew moves a file and fails with fs.ErrExist where the name is taken.
func renameNew(from, to string) error { return renameByReserving(from, to) }

// isBeingWritten cannot tell here: the time to settle has to do.
func isBeingWritten(string) bool { return false }

// sameDevice cannot tell here: a move that is not possible says so itself.
func sameDevice(string, string) bool { return true }
