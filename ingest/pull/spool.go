package pull

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Page is one answer of a service.
type Page struct {
	Items [][]byte // JSON, without line ends
	Next  string   // cursor of the next page; empty: it was the last
}

// Step is a question that is answered page by page. Name must tell it from the others.
type Step struct {
	Name string
	Page func(ctx context.Context, cursor string) (Page, error) // the first cursor is empty
}

// Spool keeps what has been fetched in a file of one JSON value per line, with a note of
// how far it got, until it is landed. After a kill it goes on behind the last page.
type Spool struct {
	Dir, Name string
}

// progress is the note.
type progress struct {
	Plan   string `json:"plan"` // digest of the steps: other questions begin anew
	Step   int    `json:"step"`
	Cursor string `json:"cursor"`
	Offset int64  `json:"offset"` // of the file, up to which it counts
	Items  int    `json:"items"`
	Done   bool   `json:"done"` // all steps have been answered

	Notes map[string]string `json:"notes,omitempty"`
}

// Path is the file of what was fetched.
func (s Spool) Path() string { return filepath.Join(s.Dir, s.Name+".ndjson") }

func (s Spool) note() string { return filepath.Join(s.Dir, s.Name+".json") }

// Pending tells of answers that were fetched to the end and have not landed: how many
// there are, and the notes that Fetch was given.
func (s Spool) Pending() (items int, notes map[string]string, ok bool, err error) {
	p, ok, err := s.before()
	return p.Items, p.Notes, ok && p.Done, err
}

// Fetch runs the steps, or what is left of them. notes are kept with the answers.
func (s Spool) Fetch(ctx context.Context, notes map[string]string, steps []Step) (items int, err error) {
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return 0, fmt.Errorf("keep answers: %w", err)
	}
	sum := sha256.New()
	for _, step := range steps {
		fmt.Fprintf(sum, "%s\n", step.Name)
	}
	at := progress{Plan: hex.EncodeToString(sum.Sum(nil))}
	at.Notes = notes
	if before, ok, err := s.before(); err != nil {
		return 0, err
	} else if ok && before.Plan == at.Plan {
		at = before
	}
	file, err := os.OpenFile(s.Path(), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return 0, fmt.Errorf("keep answers: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.Truncate(at.Offset); err != nil {
		return 0, fmt.Errorf("keep answers: %w", err)
	}
	if _, err := file.Seek(at.Offset, 0); err != nil {
		return 0, fmt.Errorf("keep answers: %w", err)
	}
	for at.Step < len(steps) {
		page, err := steps[at.Step].Page(ctx, at.Cursor)
		if err != nil {
			return 0, err
		}
		var text strings.Builder
		for _, item := range page.Items {
			text.Write(item)
			text.WriteByte('\n')
		}
		if _, err := file.WriteString(text.String()); err != nil {
			return 0, fmt.Errorf("keep answers: %w", err)
		}
		if err := file.Sync(); err != nil {
			return 0, fmt.Errorf("keep answers: %w", err)
		}
		at.Offset += int64(text.Len())
		at.Items += len(page.Items)
		if at.Cursor = page.Next; page.Next == "" {
			at.Step++
		}
		if err := s.save(at); err != nil {
			return 0, err
		}
	}
	at.Done = true
	return at.Items, s.save(at)
}

func (s Spool) before() (p progress, ok bool, err error) {
	text, err := os.ReadFile(s.note())
	if errors.Is(err, fs.ErrNotExist) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("keep answers: %w", err)
	}
	if json.Unmarshal(text, &p) != nil || p.Offset < 0 {
		return progress{}, false, nil // cut by a crash: begin anew
	}
	info, err := os.Stat(s.Path())
	if err != nil || info.Size() < p.Offset {
		return progress{}, false, nil
	}
	return p, true, nil
}

func (s Spool) save(p progress) error {
	text, err := json.Marshal(p)
	if err == nil {
		err = os.WriteFile(s.note()+".tmp", text, 0o600)
	}
	if err == nil {
		err = os.Rename(s.note()+".tmp", s.note())
	}
	if err != nil {
		return fmt.Errorf("keep answers: %w", err)
	}
	return nil
}

// Done removes what was kept, once it has landed.
func (s Spool) Done() error {
	for _, path := range []string{s.note(), s.Path()} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove kept answers: %w", err)
		}
	}
	return nil
}
