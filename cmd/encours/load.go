package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"

	sqlfiles "github.com/encours/encours/sql"
)

// load is one extract to be loaded: a file, or what a query of a database gives.
type load interface {
	// name is what messages call it.
	name() string
	// run lands it. After an error nothing of it has been loaded.
	run(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB) (loaded, error)
}

// loaded is what became of one extract.
type loaded struct {
	same      *landing.Batch // the batch that already holds these bytes
	unchanged string         // why there is no batch, though nothing is wrong
	batch     landing.Batch
	warnings  []string
	remarks   []string // how it was read, where something had to decide it
}

// sourceLoads lists the extracts of one source of encours.yaml.
func sourceLoads(p *project.Project, s project.Source) ([]load, error) {
	switch s.Kind {
	case "fec":
		return fecLoads(p, s)
	case "table":
		return tableLoads(p, s)
	case project.KindSQL:
		return sqlLoads(p, s), nil
	case project.KindSirene:
		return stockLoads(p, s)
	}
	if project.IsPulled(s.Kind) {
		return []load{pullLoad{project: p, source: s}}, nil
	}
	if project.IsShaped(s.Kind) {
		return shapedLoads(p, s)
	}
	return nil, fmt.Errorf("source %q: kind %q cannot be loaded", s.Name, s.Kind)
}

// say tells what became of an extract.
func (l loaded) say(a *app, name string) {
	name = filepath.Base(name)
	if l.same != nil {
		a.say("%s: nothing to do, these bytes are already loaded (batch %s, %d lines)", name, l.same.ID, l.same.Rows)
		return
	}
	if l.unchanged != "" {
		a.say("%s: %s", name, l.unchanged)
		return
	}
	b := l.batch
	what := "entity " + b.EntityID
	if b.Dataset != landing.LedgerDataset {
		what += ", " + b.Dataset
	}
	if b.FiscalYearStart != nil {
		what += fmt.Sprintf(", fiscal year from %s, entries %s to %s", b.FiscalYearStart, b.FirstDate, b.LastDate)
	}
	if charset := b.Notes["charset"]; charset != "" {
		what += ", " + charset
	}
	a.say("%s: %d lines loaded, %d rejected; %s (batch %s)", name, b.Rows, b.Rejects, what, b.ID)
	for _, remark := range l.remarks {
		a.say("%s: %s", name, remark)
	}
	for _, warning := range l.warnings {
		a.say("%s: warning: %s", name, warning)
	}
	if b.Rejects > 0 {
		a.say("%s: see the rejected lines with: encours rejects %s", name, b.ID)
	}
}

// lastSame is the batch that was loaded last from these bytes, nil where none was: they
// may have been read in another way since, and that way be taken back.
func lastSame(batches []landing.Batch, dataset, source, entity, sha256 string) *landing.Batch {
	var last *landing.Batch
	for _, b := range batches {
		if _, ok := landing.FindSame([]landing.Batch{b}, dataset, source, entity, sha256); ok && (last == nil || b.LoadedAt.After(last.LoadedAt.Time)) {
			last = &b
		}
	}
	return last
}

// fields are the columns of a dataset that an extract gives: those of the contract
// without the lineage that landing adds.
func fields(dataset string) ([]ingest.Field, error) {
	table, err := sqlfiles.Schema(dataset)
	if err != nil {
		return nil, err
	}
	var out []ingest.Field
	for _, c := range table.Columns {
		switch c.Name {
		case "source_line", "source_part", "extra", "entity_id", "fiscal_year_start", "batch_id", "source_file":
		default:
			out = append(out, ingest.Field{Name: c.Name, Type: c.Type, Required: c.NotNull, Meaning: c.Comment, Values: c.Values})
		}
	}
	return out, nil
}

// toReject passes the rejects of a reader on to the landing zone.
func toReject(reject func(landing.Reject) error) func(ingest.Reject) error {
	return func(r ingest.Reject) error {
		return reject(landing.Reject{
			File: r.File, Line: r.Line, Column: r.Column, Value: r.Value, Reason: r.Reason, Message: r.Message, Raw: r.Raw,
		})
	}
}

// convert writes the canonical stream of an extract and hands on what it rejects.
type convert func(w io.Writer, reject func(ingest.Reject) error) error

// stage lands an extract in temporary files. It returns the first of its rejects, nil
// where there is none.
func stage(ctx context.Context, zone *landing.Zone, db *sql.DB, table landing.Table, convert convert) (_ *landing.Staged, first *ingest.Reject, err error) {
	staged, err := zone.Stage(ctx, db, table, func(w io.Writer, reject func(landing.Reject) error) error {
		return convert(w, func(r ingest.Reject) error {
			if first == nil {
				first = &r
			}
			return toReject(reject)(r)
		})
	})
	return staged, first, err
}

// refuseUnread discards an extract of which nothing can be loaded; count says of how
// much, such as "12 lines", and empty what to say where nothing was rejected either.
func refuseUnread(staged *landing.Staged, path string, first *ingest.Reject, count, empty string) error {
	if err := staged.Discard(); err != nil {
		return err
	}
	if first == nil {
		return fmt.Errorf("%s is refused: %s", path, empty)
	}
	return fmt.Errorf("%s is refused: none of its %s can be read; the first: %s", path, count, position(path, *first)+first.Message)
}
