package main

import (
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

// fileStamp is what a file looks like from outside; another stamp is another content.
type fileStamp struct {
	modified time.Time
	size     int64
	inode    fs.FileInfo // by which a file that was renamed over another is told
}

func stampOf(path string) (fileStamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return fileStamp{}, err
	}
	return fileStamp{modified: info.ModTime(), size: info.Size(), inode: info}, nil
}

func (s fileStamp) is(other fileStamp) bool {
	return s.modified.Equal(other.modified) && s.size == other.size && os.SameFile(s.inode, other.inode)
}

// watchedProject notices that encours.yaml has changed. A change is taken up when the
// file looks the same at two looks, as an editor may write it in pieces.
type watchedProject struct {
	taken, seen fileStamp
}

// changed tells whether there is a content that has not been taken yet. A file that is
// not there has none: an editor may be replacing it.
func (w *watchedProject) changed(path string) bool {
	now, err := stampOf(path)
	if err != nil {
		return false
	}
	settled := now.is(w.seen)
	w.seen = now
	if !settled || now.is(w.taken) {
		return false
	}
	w.taken = now
	return true
}

// reload takes up encours.yaml where it has changed: sources, schedules, drop folders,
// entities, and the settings of loads and builds. Where it cannot be taken up, all
// stays as it was, and the log, the status and the page of the sources say so.
func (u *unattended) reload(now time.Time) {
	if !u.file.changed(u.current().Path) {
		return
	}
	next, kept, err := u.current().Reload()
	if err == nil {
		err = u.adopt(next, now)
	}
	if err != nil {
		u.log.Error("encours.yaml was changed and cannot be used: what was read before goes on", slog.Any("error", err))
		u.noteFile(runs.Failed, err.Error(), now)
		return
	}
	message := ""
	if len(kept) > 0 {
		message = "these keys take effect when `encours serve` is started again: " + strings.Join(kept, ", ")
		u.log.Warn("encours.yaml: " + message)
	}
	u.log.Info("encours.yaml was changed and read again", slog.Int("sources", len(next.Sources)),
		slog.Int("scheduled", len(u.next)), slog.Int("watched", len(u.folders)))
	u.noteFile(runs.Done, message, now)
}

// noteFile keeps what became of a change of encours.yaml.
func (u *unattended) noteFile(state runs.State, message string, now time.Time) {
	err := runs.Open(u.current().DataDir()).Note(runs.ProjectFile, runs.ByChange, state, message, now)
	if err != nil {
		u.log.Error("keep the reading of encours.yaml", slog.Any("error", err))
	}
}

// settleFile notes that the file is sound where the last look at it said otherwise.
func (u *unattended) settleFile(last map[string]runs.Run) {
	if before, ok := last[runs.ProjectFile]; ok && (before.State != runs.Done || before.Error != "") {
		u.noteFile(runs.Done, "", u.app.Clock())
	}
}

// current is the project as it was read last. Tasks keep the one of their beginning.
func (u *unattended) current() *project.Project {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.project
}

// adopt makes a project the current one. After an error nothing has changed.
func (u *unattended) adopt(next *project.Project, now time.Time) error {
	before := u.current()
	folders, err := u.foldersOf(next)
	if err != nil {
		return err
	}
	due := map[string]time.Time{}
	for _, s := range next.Sources {
		if !s.Schedule.IsSet() {
			continue
		}
		due[s.Name] = s.Schedule.Next(now, next.Zone())
		old, _ := before.Source(s.Name)
		if old.Schedule.Text == s.Schedule.Text && before.Zone().String() == next.Zone().String() {
			due[s.Name] = u.next[s.Name] // which may have come in this moment
		}
	}
	u.next, u.folders = due, folders
	u.mu.Lock()
	u.project = next
	u.mu.Unlock()
	u.adopted(next)
	return nil
}
