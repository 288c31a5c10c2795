// Package durable puts files in place so that they last.
//
// Invariant: whoever looks at a path that Write writes, also after a crash, finds the
// file as it was before or the whole new one.
package durable

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write writes a file under another name beside it, makes it last and renames it.
// After an error nothing new is there, and a file that was there before stays as it
// was.
func Write(path string, write func(io.Writer) error) error {
	file, err := New(path, write)
	if err == nil {
		err = file.Install()
	}
	if err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	return Sync(filepath.Dir(path))
}

// Sync makes a file, or the names in a folder, last through a crash.
func Sync(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("sync %q: %w", path, err)
	}
	return nil
}

// Entries lists a folder by name; one that does not exist has none.
func Entries(folder string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return entries, err
}
