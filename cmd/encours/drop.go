package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
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
		return job{source: t.source.Name, list: func() ([]load, error) { return sourceLoads(t.project, t.source) }}
	}
	return job{
		source: t.source.Name,
		list:   func() ([]load, error) { return u.dropped(t), nil },
		loaded: func(l load, result loaded, err error) error {
			d := l.(droppedLoad).extract
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

// dropped is an extract in a drop folder on its way: a file, or the files that are
// the parts of one.
type dropped struct {
	files   []dropfolder.File
	left    int // loads of it that are still to come
	results []loaded
	errs    []error
}

// droppedLoad is a load of an extract in a drop folder.
type droppedLoad struct {
	load
	extract *dropped
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

// dropped lists the loads of the files of a task: together where that can be done,
// so that the parts of one extract find each other, else file by file, so that one
// that nothing can be made of does not hold up the others.
func (u *unattended) dropped(t task) []load {
	files := slices.DeleteFunc(slices.Clone(t.files), func(file dropfolder.File) bool {
		_, err := os.Lstat(file.Path)
		return errors.Is(err, os.ErrNotExist) // somebody took it away meanwhile
	})
	if loads, err := u.loadsOf(t, files...); err == nil {
		if all, ok := group(files, loads); ok {
			return all
		}
	}
	var all []load
	for _, file := range files {
		loads, err := u.loadsOf(t, file)
		if err != nil {
			loads = []load{unlistable{file.Path, err}}
		}
		d := &dropped{files: []dropfolder.File{file}, left: len(loads)}
		for _, l := range loads {
			all = append(all, droppedLoad{l, d})
		}
	}
	return all
}

func (u *unattended) loadsOf(t task, files ...dropfolder.File) ([]load, error) {
	source := t.source
	source.Paths = nil
	for _, file := range files {
		source.Paths = append(source.Paths, project.Literal(file.Path))
	}
	return sourceLoads(t.project, source)
}

// group finds the files of each load, and puts the loads in the order of the files:
// of two cuts of one ledger the later one counts. It gives up where it cannot tell,
// or where a file would belong to two extracts or to none.
func group(files []dropfolder.File, loads []load) ([]load, bool) {
	place := map[string]int{}
	for i, file := range files {
		place[file.Path] = i
	}
	first := map[*dropped]int{}
	var all []load
	for _, l := range loads {
		paths := []string{l.name()}
		if several, ok := l.(interface{ files() []string }); ok {
			paths = several.files()
		}
		d := &dropped{left: 1}
		first[d] = len(files)
		for _, path := range paths {
			i, ok := place[path]
			if !ok {
				return nil, false
			}
			delete(place, path)
			first[d] = min(first[d], i)
			d.files = append(d.files, files[i])
		}
		all = append(all, droppedLoad{l, d})
	}
	slices.SortStableFunc(all, func(a, b load) int {
		return cmp.Compare(first[a.(droppedLoad).extract], first[b.(droppedLoad).extract])
	})
	return all, len(place) == 0
}

// settle moves a file when it has been dealt with. A crash before it finds the
// file where it was: its bytes are loaded by then, and loading them again changes
// nothing.
func (u *unattended) settle(zone *landing.Zone, t task, d *dropped) error {
	reason, err := u.reason(zone, t, d)
	if err != nil {
		return err
	}
	log := u.log.With(slog.String("source", t.source.Name), slog.String("file", d.files[0].Path), slog.Int("parts", len(d.files)))
	var targets []string
	if reason == "" {
		targets, err = t.folder.Accept(d.files...)
	} else {
		targets, err = t.folder.Refuse(reason, d.files...)
	}
	switch {
	case errors.Is(err, dropfolder.ErrChanged):
		log.Warn("the file changed while it was being loaded: it is loaded again once it has settled")
		return nil
	case err != nil:
		for _, file := range d.files {
			t.folder.Later(file, u.app.Clock().Add(retryMoveFrom))
		}
		return fmt.Errorf("%s has been dealt with and cannot be moved away; it is tried again every minute: %w", d.files[0].Path, err)
	}
	log.Info("file moved", slog.Any("to", targets))
	return nil
}

// reason says in plain words why a file is moved to the failed ones; empty where
// all is well.
func (u *unattended) reason(zone *landing.Zone, t task, d *dropped) (string, error) {
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
	over := rejects > t.project.Rejects.MaxLines
	if len(d.errs) == 0 && !over {
		return "", nil
	}
	var b strings.Builder
	var names []string
	for _, file := range d.files {
		names = append(names, filepath.Base(file.Path))
	}
	at := u.app.Clock().In(t.project.Zone()).Format("2006-01-02 15:04:05 MST")
	fmt.Fprintf(&b, "%s, source %s, %s\n\n", strings.Join(names, ", "), t.source.Name, at)
	if len(d.errs) > 0 {
		fmt.Fprintf(&b, "It was not loaded:\n%s\n", summary(d.errs))
	}
	if over {
		fmt.Fprintf(&b, "It was loaded and counts: %d lines. But %d other lines were rejected, and rejects.max_lines of encours.yaml allows %d.\n\nThe first of them:\n",
			rows, rejects, t.project.Rejects.MaxLines)
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
