package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/encours/encours/ingest/dropfolder"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

const (
	lookEvery     = 500 * time.Millisecond
	stopGrace     = 20 * time.Second // for a load that is going on at the end
	retryMoveFrom = time.Minute      // after a file could not be moved
	togetherTimes = 10               // how many times settle a file waits for others that are still written
)

// unattended loads the sources of a project by themselves: on their schedules, and
// when files appear in their drop folders. One goroutine looks what is due,
// another does one thing after the other, so that a run that is still going on is
// noticed and not doubled.
type unattended struct {
	app      *app
	log      *slog.Logger
	patience time.Duration
	pause    func(context.Context, time.Duration) error
	adopted  func(*project.Project) // told of each project that takes the place of another

	// for look alone
	file    watchedProject
	next    map[string]time.Time // of each source with a schedule
	folders []watched

	unbuilt bool // something landed that no build has seen; for work alone

	mu          sync.Mutex
	project     *project.Project
	queue       []task
	busy        map[string]bool // sources with a task that waits or is going on
	waiting     time.Time       // since when something that was sent waits for a build; zero: nothing does
	buildPushed bool            // the build for it is due
	wake        chan struct{}   // told when there is something new to do
}

// watched is a source with a drop folder.
type watched struct {
	source project.Source
	folder *dropfolder.Folder
	fault  *string // the last error of looking into it, told once
}

// task is one run of a source.
type task struct {
	project *project.Project // as it was when the run fell due
	source  project.Source
	trigger runs.Trigger
	folder  *dropfolder.Folder // for a watched one
	files   []dropfolder.File
}

// newUnattended prepares the drop folders and finds out what was missed.
func (a *app) newUnattended(ctx context.Context, p *project.Project, log *slog.Logger) (*unattended, error) {
	u := &unattended{
		app: a, project: p, log: log, patience: lockPatience, pause: a.sleep, adopted: func(*project.Project) {},
		next: map[string]time.Time{}, busy: map[string]bool{}, wake: make(chan struct{}, 1),
	}
	stamp, err := stampOf(p.Path)
	if err != nil {
		return nil, err
	}
	u.file = watchedProject{taken: stamp, seen: stamp}
	last, err := runs.Open(p.DataDir()).Last()
	if err != nil {
		return nil, err
	}
	u.settleFile(last)
	for _, s := range p.Sources {
		if s.Schedule.IsSet() {
			from := a.Clock()
			if run, ok := last[s.Name]; ok {
				from = run.Started.Time // what came due since then was missed, and is made up for once
			}
			u.next[s.Name] = s.Schedule.Next(from, p.Zone())
		}
	}
	if u.folders, err = u.foldersOf(p); err != nil {
		return nil, err
	}
	if u.unbuilt, err = a.leftUnbuilt(ctx, p, last); err != nil {
		return nil, err
	}
	u.waiting, err = a.waitingFor(ctx, p, last)
	return u, err
}

// foldersOf prepares the drop folders of a project. One that is watched in the same way
// already goes on.
func (u *unattended) foldersOf(p *project.Project) ([]watched, error) {
	var folders []watched
	for _, s := range p.Sources {
		w := s.Watch
		if !w.IsSet() {
			continue
		}
		at := slices.IndexFunc(u.folders, func(old watched) bool { return old.source.Name == s.Name && old.source.Watch == w })
		if at >= 0 {
			folders = append(folders, watched{source: s, folder: u.folders[at].folder, fault: u.folders[at].fault})
			continue
		}
		folder := dropfolder.New(dropfolder.Config{
			Path: w.Folder, Pattern: w.Pattern, Settle: w.Settle, Done: w.Done, Failed: w.Failed, Together: togetherTimes * w.Settle,
		})
		if err := folder.Prepare(); err != nil {
			return nil, fmt.Errorf("source %q: %w", s.Name, err)
		}
		folders = append(folders, watched{source: s, folder: folder, fault: new(string)})
	}
	return folders, nil
}

// run looks and loads until the context ends. What is going on then gets a while to
// finish, and is cancelled cleanly after it.
func (u *unattended) run(ctx context.Context) {
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		u.work(ctx, working)
	}()
	if p := u.current(); p.WorksAlone() {
		u.log.Info("sources are loaded by themselves", slog.Int("scheduled", len(u.next)), slog.Int("watched", len(u.folders)),
			slog.String("timezone", p.Zone().String()))
	}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for ctx.Err() == nil {
		u.look(u.app.Clock())
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
	grace := time.AfterFunc(stopGrace, cancel)
	defer grace.Stop()
	<-done
}

// look takes up a changed project and queues what is due.
func (u *unattended) look(now time.Time) {
	u.reload(now)
	u.lookForPushed(now)
	p := u.current()
	for _, s := range p.Sources {
		due, ok := u.next[s.Name]
		if !ok || due.After(now) {
			continue
		}
		u.next[s.Name] = s.Schedule.Next(now, p.Zone())
		if u.enqueue(task{project: p, source: s, trigger: runs.BySchedule}) {
			continue
		}
		const why = "the run before was still waiting or going on"
		u.log.Warn("run skipped: "+why, slog.String("source", s.Name))
		if err := runs.Open(p.DataDir()).Skip(s.Name, runs.BySchedule, why, now); err != nil {
			u.log.Error("keep skipped run", slog.Any("error", err))
		}
	}
	for _, w := range u.folders {
		u.lookInto(w, now)
	}
}

func (u *unattended) lookInto(w watched, now time.Time) {
	if u.isBusy(w.source.Name) {
		return // its files are being loaded and moved
	}
	files, err := w.folder.Ready(now)
	if err != nil {
		if *w.fault != err.Error() {
			*w.fault = err.Error()
			u.log.Error("watch drop folder", slog.String("source", w.source.Name), slog.Any("error", err))
			if err := u.app.noteFailure(u.current(), w.source.Name, runs.ByWatch, err); err != nil {
				u.log.Error("keep run", slog.Any("error", err))
			}
		}
		return
	}
	*w.fault = ""
	if len(files) > 0 {
		u.enqueue(task{project: u.current(), source: w.source, trigger: runs.ByWatch, folder: w.folder, files: files})
	}
}

// enqueue adds a task, unless its source has one already.
func (u *unattended) enqueue(t task) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.busy[t.source.Name] {
		return false
	}
	u.busy[t.source.Name] = true
	u.queue = append(u.queue, t)
	u.rouse()
	return true
}

// rouse tells work that there is something to do.
func (u *unattended) rouse() {
	select {
	case u.wake <- struct{}{}:
	default:
	}
}

func (u *unattended) isBusy(source string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.busy[source]
}

// take returns the next task, if there is one.
func (u *unattended) take() (task, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.queue) == 0 {
		return task{}, false
	}
	t := u.queue[0]
	u.queue = u.queue[1:]
	return t, true
}

// work does the tasks one after the other, and one build after the last of them.
// It starts nothing once ctx has ended.
func (u *unattended) work(ctx, working context.Context) {
	for ctx.Err() == nil {
		if t, ok := u.take(); ok {
			u.load(ctx, working, t)
			u.mu.Lock()
			delete(u.busy, t.source.Name)
			u.mu.Unlock()
			continue
		}
		if u.unbuilt {
			u.unbuilt = false
			u.build(ctx, working, runs.AfterLoad)
			continue
		}
		if u.takePushed() {
			u.workOffPushed(ctx, working)
			continue
		}
		select {
		case <-ctx.Done():
		case <-u.wake:
		}
	}
}

// load runs one task. Waiting for the lock ends with ctx, loading with working.
func (u *unattended) load(ctx, working context.Context, t task) {
	a, p := u.app, half(t.project)
	log := u.log.With(slog.String("source", t.source.Name), slog.String("trigger", string(t.trigger)))
	var out jobOutcome
	begun := false
	err := u.patiently(ctx, log, func() error {
		return a.write(working, p, "serve", func(zone *landing.Zone) error {
			return a.withIngestDB(working, p, func(db *sql.DB) (err error) {
				begun = true
				out, err = a.runJob(working, p, zone, db, u.job(zone, t), t.trigger)
				return err
			})
		})
	})
	u.unbuilt = u.unbuilt || len(out.batches) > 0 && p.AfterLoad == project.AfterLoadBuild
	switch {
	case ctx.Err() != nil && !begun:
		return // told to stop before it began
	case err != nil:
		log.Error("load source", slog.Any("error", err))
		if !begun {
			if err := a.noteFailure(p, t.source.Name, t.trigger, err); err != nil {
				log.Error("keep run", slog.Any("error", err))
			}
		}
		for _, file := range t.files { // they stay where they are
			t.folder.Later(file, a.Clock().Add(retryMoveFrom))
		}
	case out.State == runs.Done:
		log.Info("source loaded", slog.Int("extracts", out.Extracts), slog.Int("unchanged", out.Unchanged), slog.Int64("rows", out.Rows),
			slog.Int64("rejects", out.Rejects))
	default:
		log.Error("source loaded with problems", slog.String("state", string(out.State)), slog.String("error", out.Error))
	}
}

// build tells whether it could begin, or was told to stop.
func (u *unattended) build(ctx, working context.Context, trigger runs.Trigger) bool {
	err := u.patiently(ctx, u.log, func() error {
		return u.app.buildAfter(working, half(u.current()), trigger, time.Time{}, time.Time{})
	})
	if err != nil && ctx.Err() == nil {
		u.log.Error("build", slog.String("trigger", string(trigger)), slog.Any("error", err))
	}
	var locked *landing.LockedError
	return !errors.As(err, &locked) || ctx.Err() != nil
}
