// Package dropfolder takes files out of a folder into which other programs put
// them.
//
// Invariant: a file is in exactly one of the three folders, whole, at any moment,
// also through a crash: it moves by one rename, and never onto another file. A
// file is given out only once it has not changed for a while and nobody is known
// to be writing it.
package dropfolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrChanged says that a file was written to after it had been given out: it
// stays where it is, and is given out again once it has settled.
var ErrChanged = errors.New("the file changed while it was being loaded")

// Config says where files come from and where they go.
type Config struct {
	Path    string        // where they appear
	Pattern string        // of their names
	Settle  time.Duration // how long a file must not have changed
	Done    string        // where Accept puts them
	Failed  string        // where Refuse puts them

	// Together is how long a file that has settled waits for others that have not:
	// the parts of one extract are written one after the other. 0: it does not wait.
	Together time.Duration
}

// Folder watches one folder. It is safe for concurrent use.
type Folder struct {
	Config

	mu   sync.Mutex
	seen map[string]sighting
}

// sighting is a file as it was seen, and since when it has been so.
type sighting struct {
	info  fs.FileInfo
	since time.Time
}

// File is a file that has settled.
type File struct {
	Path string
	info fs.FileInfo
}

// New watches a folder. It touches nothing.
func New(config Config) *Folder { return &Folder{Config: config, seen: map[string]sighting{}} }

// Prepare makes the three folders where they are missing, refuses ones between
// which a file cannot be renamed, and ends a move of several files that was cut
// off.
func (f *Folder) Prepare() error {
	for _, dir := range []string{f.Path, f.Done, f.Failed} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("prepare drop folder %q: %w", f.Path, err)
		}
		if !sameDevice(f.Path, dir) {
			return fmt.Errorf("the drop folder %q and %q are not on the same file system: files cannot be moved from one to the other in one step; choose a folder beside it",
				f.Path, dir)
		}
	}
	return f.resume()
}

// Ready returns the files that have settled, the oldest first. It has to be called
// again and again, as it compares what it sees with what it saw before.
func (f *Folder) Ready(now time.Time) ([]File, error) {
	entries, err := os.ReadDir(f.Path)
	if err != nil {
		return nil, fmt.Errorf("look into drop folder: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.seen
	f.seen = map[string]sighting{}
	var settled []File
	restless := false
	for _, entry := range entries {
		if !f.matches(entry) {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look into drop folder: %w", err)
		}
		s, ok := before[entry.Name()]
		if !ok || !same(s.info, info) {
			s = sighting{info: info, since: now}
		}
		path := filepath.Join(f.Path, entry.Name())
		switch {
		case now.Sub(s.since) < f.Settle:
			restless = true
		case isBeingWritten(path):
			restless, s.since = true, now
		default:
			settled = append(settled, File{Path: path, info: info})
		}
		f.seen[entry.Name()] = s
	}
	if restless {
		settled = slices.DeleteFunc(settled, func(file File) bool {
			return now.Sub(f.seen[filepath.Base(file.Path)].since) < f.Settle+f.Together
		})
	}
	slices.SortStableFunc(settled, func(a, b File) int { return a.info.ModTime().Compare(b.info.ModTime()) })
	return settled, nil
}

// matches leaves out folders, links and hidden files: many programs write under a
// hidden name first.
func (f *Folder) matches(entry fs.DirEntry) bool {
	name := entry.Name()
	if !entry.Type().IsRegular() || strings.HasPrefix(name, ".") && !strings.HasPrefix(f.Pattern, ".") {
		return false
	}
	ok, err := filepath.Match(f.Pattern, name)
	return ok && err == nil
}

func same(a, b fs.FileInfo) bool {
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && os.SameFile(a, b)
}

// Later makes a file settle anew from a moment, which may lie ahead.
func (f *Folder) Later(file File, from time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen[filepath.Base(file.Path)] = sighting{info: file.info, since: from}
}

// Accept moves files into Done and returns their new paths. A name that is taken
// gets a number. It returns ErrChanged, and moves none, where one is not the file
// that was given out. Several files move as one, through a crash too: Prepare ends
// what was begun.
func (f *Folder) Accept(files ...File) ([]string, error) { return f.moveAll(files, f.Done, "") }

// Refuse moves files into Failed and puts the reason beside each, in a file of the
// same name with .reason.txt behind. Otherwise it is like Accept.
func (f *Folder) Refuse(reason string, files ...File) ([]string, error) {
	return f.moveAll(files, f.Failed, reason)
}

func (f *Folder) moveAll(files []File, dir, reason string) ([]string, error) {
	for _, file := range files {
		info, err := os.Lstat(file.Path)
		if err != nil {
			return nil, fmt.Errorf("move %q: %w", file.Path, err)
		}
		if !same(info, file.info) {
			return nil, fmt.Errorf("move %q: %w", file.Path, ErrChanged)
		}
	}
	if len(files) > 1 {
		if err := f.begin(files, dir, reason); err != nil {
			return nil, err
		}
	}
	var targets []string
	for _, file := range files {
		target, err := move(file.Path, dir, reason)
		if err != nil {
			return targets, err
		}
		targets = append(targets, target)
	}
	if len(files) > 1 {
		return targets, f.end()
	}
	return targets, nil
}

// move moves one file to the first name that is free.
func move(path, dir, reason string) (string, error) {
	const most = 10_000
	for number := range most {
		target := filepath.Join(dir, numbered(filepath.Base(path), number))
		if _, err := os.Lstat(target); err == nil {
			continue
		}
		// first the reason: after a crash a file without one would tell nothing
		if reason != "" {
			if err := writeWhole(target+".reason.txt", reason); err != nil {
				return "", fmt.Errorf("move %q: %w", path, err)
			}
		}
		err := renameNew(path, target)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("move %q: %w", path, err)
		}
		return target, nil
	}
	return "", fmt.Errorf("move %q: %q holds %d files of this name: clear it", path, dir, most)
}

// numbered gives a name a number from the second on: a.txt, a (2).txt.
func numbered(name string, number int) string {
	if number == 0 {
		return name
	}
	ext := filepath.Ext(name)
	return fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), number+1, ext)
}

// writeWhole writes a small file, which is there entirely or not at all.
func writeWhole(path, text string) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return err
	}
	_, err = temp.WriteString(text)
	if err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close()); err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

// renameByReserving moves a file where the system cannot refuse to overwrite: an
// empty file takes the name first, and only that one is replaced.
func renameByReserving(from, to string) error {
	placeholder, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if err := placeholder.Close(); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}
