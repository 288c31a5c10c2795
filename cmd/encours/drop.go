package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/encours/encours/ingest/dropfolder"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// reasonRejects is how many rejected lines stand in a reason file.
const reasonRejects = 10

// job makes the job of a task: the paths of its source, or the files of its drop
// folder, each of which is moved when everything in it has been dealt with.
func (u *unattended) job(zone *landing.Zone, t task) job {
	if t.folder == nil {
		return job{source: t.source.Name, list: func() ([]load, error) { return sourceLoads(u.project, t.source) }}
	}
	return job{
		source: t.source.Name,
		list:   func() ([]load, error) { return u.dropped(t), nil },
		loaded: func(l load, result loaded, err error) error {
			d := l.(droppedLoad).file
			if err != nil {
				d.errs = append(d.errs, err)
			} else {
				d.results = append(d.results, result)
			}
			if d.left--; d.left > 0 {
				return err
			}
			return errors.Join(err, u.settle(zone, t, d))
		},
	}
}

// droppedFile is a file of a drop folder on its way.
type droppedFile struct {
	dropfolder.File
	left    int // extracts in it that are still to be loaded
	results []loaded
	errs    []error
}

// droppedLoad is an extract out of a dropped file.
type droppedLoad struct {
	load
	file *droppedFile
}

// unlistable is a file of which not even the extracts can be told.
type unlistable struct {
	path string
	err  error
}

func (l unlistable) name() string { return l.path }

func (l unlistable) run(context.Context, *app, *landing.Zone, *sql.DB) (loaded, error) {
	return loaded{}, l.err
}

func (u *unattended) dropped(t task) []load {
	var all []load
	for _, file := range t.files {
		if _, err := os.Lstat(file.Path); errors.Is(err, os.ErrNotExist) {
			continue // somebody took it away meanwhile
		}
		source := t.source
		source.Paths = []string{project.Literal(file.Path)}
		loads, err := sourceLoads(u.project, source)
		if err != nil {
			loads = []load{unlistable{file.Path, err}}
		}
		d := &droppedFile{File: file, left: len(loads)}
		for _, l := range loads {
			all = append(all, droppedLoad{l, d})
		}
	}
	return all
}

// settle moves a file when it has been dealt with. A crash before it finds the
// file where it was: its bytes are loaded by then, and loading them again changes
// nothing.
func (u *unattended) settle(zone *landing.Zone, t task, d *droppedFile) error {
	reason, err := u.reason(zone, t, d)
	if err != nil {
		return err
	}
	log := u.log.With(slog.String("source", t.source.Name), slog.String("file", d.Path))
	var target string
	if reason == "" {
		target, err = t.folder.Accept(d.File)
	} else {
		target, err = t.folder.Refuse(d.File, reason)
	}
	switch {
	case errors.Is(err, dropfolder.ErrChanged):
		log.Warn("the file changed while it was being loaded: it is loaded again once it has settled")
		return nil
	case err != nil:
		t.folder.Later(d.File, u.app.Clock().Add(retryMoveFrom))
		return fmt.Errorf("%s has been dealt with and cannot be moved away; it is tried again every minute: %w", d.Path, err)
	}
	log.Info("file moved", slog.String("to", target))
	return nil
}

// reason says in plain words why a file is moved to the failed ones; empty where
// all is well.
func (u *unattended) reason(zone *landing.Zone, t task, d *droppedFile) (string, error) {
	var rejected []landing.Batch
	var rows, rejects int64
	for _, result := range d.results {
		batch := result.batch
		if result.same != nil {
			batch = *result.same // it was loaded before, perhaps in a run that was cut off here
		}
		rows += batch.Rows
		rejects += batch.Rejects
		if batch.Rejects > 0 {
			rejected = append(rejected, batch)
		}
	}
	over := rejects > u.project.Rejects.MaxLines
	if len(d.errs) == 0 && !over {
		return "", nil
	}
	var b strings.Builder
	name := filepath.Base(d.Path)
	at := u.app.Clock().In(u.project.Zone()).Format("2006-01-02 15:04:05 MST")
	fmt.Fprintf(&b, "%s, source %s, %s\n\n", name, t.source.Name, at)
	if len(d.errs) > 0 {
		fmt.Fprintf(&b, "It was not loaded:\n%s\n", summary(d.errs))
	}
	if over {
		fmt.Fprintf(&b, "It was loaded and counts: %d lines. But %d other lines were rejected, and rejects.max_lines of encours.yaml allows %d.\n\nThe first of them:\n",
			rows, rejects, u.project.Rejects.MaxLines)
		if err := writeRejects(&b, zone, rejected); err != nil {
			return "", err
		}
	}
	fmt.Fprintf(&b, "\nWhat to do: correct the file, or have it exported again, and put it into %s. This copy is not looked at any more.\n", t.folder.Path)
	return b.String(), nil
}

func writeRejects(b *strings.Builder, zone *landing.Zone, batches []landing.Batch) error {
	written := 0
	for _, batch := range batches {
		for r, err := range zone.Rejects(batch.ID) {
			if err != nil {
				return err
			}
			if written++; written > reasonRejects {
				break
			}
			fmt.Fprintf(b, "  %s:%d: %s %q: %s\n", batch.SourceFile, r.Line, r.Column, r.Value, r.Message)
		}
		fmt.Fprintf(b, "All of them: encours rejects %s\n", batch.ID)
	}
	return nil
}
