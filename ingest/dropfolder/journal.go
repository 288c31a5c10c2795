package dropfolder

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// journalName is the file in a drop folder that says which files are being moved
// together.
const journalName = ".encours-moving.json"

// journal is a move of several files that has begun.
type journal struct {
	Dir    string         `json:"dir"`
	Reason string         `json:"reason,omitempty"`
	Files  []journalEntry `json:"files"`
}

// journalEntry is a file as it was when the move began: another one of its name
// is not meant.
type journalEntry struct {
	Name     string    `json:"name"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
}

func (f *Folder) journalPath() string { return filepath.Join(f.Path, journalName) }

// begin notes a move before its first file moves.
func (f *Folder) begin(files []File, dir, reason string) error {
	j := journal{Dir: dir, Reason: reason}
	for _, file := range files {
		j.Files = append(j.Files, journalEntry{filepath.Base(file.Path), file.info.Size(), file.info.ModTime()})
	}
	text, err := json.Marshal(j)
	if err == nil {
		err = writeWhole(f.journalPath(), string(text))
	}
	if err != nil {
		return fmt.Errorf("move files of %q: %w", f.Path, err)
	}
	return nil
}

func (f *Folder) end() error {
	if err := os.Remove(f.journalPath()); err != nil {
		return fmt.Errorf("move files of %q: %w", f.Path, err)
	}
	return nil
}

// resume ends a move that was cut off. Without it the parts of an extract that
// were left behind would be taken for an extract of their own.
func (f *Folder) resume() error {
	text, err := os.ReadFile(f.journalPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("resume moving files of %q: %w", f.Path, err)
	}
	var j journal
	if err := json.Unmarshal(text, &j); err != nil {
		return fmt.Errorf("resume moving files of %q: %s is damaged: %w; remove it and look after the files there yourself", f.Path, journalName, err)
	}
	for _, entry := range j.Files {
		path := filepath.Join(f.Path, filepath.Base(entry.Name))
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // moved already
		}
		if err != nil {
			return fmt.Errorf("resume moving %q: %w", path, err)
		}
		if info.Size() != entry.Size || !info.ModTime().Equal(entry.Modified) {
			continue // a new file of the same name
		}
		if _, err := move(path, j.Dir, j.Reason); err != nil {
			return err
		}
	}
	return f.end()
}
