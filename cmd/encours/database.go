package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/database"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// Notes of a batch that a query made.
const (
	noteDriver        = "driver"
	noteQuery         = "query_sha256" // of the text of the query
	noteColumn        = "watermark_by" // column of the watermark
	noteWatermark     = "watermark"    // greatest mark of all rows read so far
	noteSince         = "read_since"   // mark from which this batch was read
	noteRows          = "rows_digest"  // of the rows, whatever their order
	maxClockSkew      = 24 * time.Hour // a mark further ahead of this machine's clock is an error of the data
	unmarkedShown     = "rows have no watermark: a later change of them is not seen"
	watermarkTooLate  = "rows carry a watermark that lies in the future: it does not count, and they are read again at every run"
	noRowsAdvice      = "where that is right, say allow_empty: true; otherwise check the query and the rights of its user"
	deltaNothingAdded = "nothing new since the last run"
)

// queryLoad is one query of a database to be loaded.
type queryLoad struct {
	project *project.Project
	source  project.Source
	query   project.SQLQuery
	path    string
}

// sqlLoads lists the queries of a database.
func sqlLoads(p *project.Project, s project.Source) []load {
	var loads []load
	for _, q := range s.SQL.Queries {
		loads = append(loads, queryLoad{project: p, source: s, query: q, path: p.QueryFile(q)})
	}
	return loads
}

func (load queryLoad) name() string { return load.path }

// run lands the result of one query. A connection that is lost is tried again, and
// each attempt begins anew: nothing of the one before is left.
func (load queryLoad) run(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB) (result loaded, err error) {
	text, err := os.ReadFile(load.path)
	if err != nil {
		return result, fmt.Errorf("source %q: read query: %w", load.source.Name, err)
	}
	dsn, origin, err := load.project.Connection(load.source, a.Getenv)
	if err != nil {
		return result, err
	}
	from, err := load.from(ctx, zone, text)
	if err != nil {
		return result, fmt.Errorf("source %q: %s: %w", load.source.Name, filepath.Base(load.path), err)
	}
	source, err := database.Open(database.Connection{
		Driver: load.source.SQL.Driver, DSN: dsn, Origin: origin, Timeout: load.source.SQL.Timeout,
	})
	if err != nil {
		return result, fmt.Errorf("source %q: %w", load.source.Name, err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	var staged *landing.Staged
	var stats database.Stats
	var first *ingest.Reject
	err = database.Retry(ctx, database.Waits(), a.sleep, func(err error, wait time.Duration) {
		a.say("%v; trying again in %s", err, wait)
	}, func() (err error) {
		staged, stats, first, err = load.stage(ctx, a, zone, db, source, text, from)
		return err
	})
	if err != nil {
		return result, fmt.Errorf("source %q: %w", load.source.Name, err)
	}
	defer func() { err = errors.Join(err, staged.Discard()) }()
	return load.commit(staged, stats, first, from)
}

// start says from where a query is read.
type start struct {
	last  *landing.Batch // the batch before; nil where none counts
	since database.Mark
	delta bool // what changed; otherwise everything, which replaces what is there
	notes map[string]string
}

// from finds where to read on. Everything is read where there is no batch before,
// or where the query or its watermark is another one: what was left out then may be
// asked for now.
func (load queryLoad) from(ctx context.Context, zone *landing.Zone, text []byte) (start, error) {
	sum := sha256.Sum256(text)
	s := start{notes: map[string]string{noteDriver: load.source.SQL.Driver, noteQuery: hex.EncodeToString(sum[:])}}
	batches, err := zone.Batches(ctx)
	if err != nil {
		return s, err
	}
	for _, b := range batches {
		if b.Dataset == load.query.Dataset && b.Scope == landing.Scope(load.source.Name, load.entityID(), nil) &&
			(s.last == nil || !b.LoadedAt.Before(s.last.LoadedAt.Time)) {
			s.last = &b
		}
	}
	if s.since, err = load.first(); err != nil || load.query.Mode != project.ModeDelta {
		return s, err
	}
	s.notes[noteColumn] = load.query.Watermark
	if s.last == nil || s.last.Notes[noteQuery] != s.notes[noteQuery] || s.last.Notes[noteColumn] != s.notes[noteColumn] || s.last.Notes[noteWatermark] == "" {
		return s, nil
	}
	overlap, err := database.ParseOverlap(load.query.Overlap)
	if err != nil {
		return s, err
	}
	mark, err := database.ParseMark(s.last.Notes[noteWatermark])
	if err != nil {
		return s, fmt.Errorf("batch %s: %w", s.last.ID, err)
	}
	s.delta = true
	s.since, err = mark.Back(overlap)
	return s, err
}

// first is the mark of a first run.
func (load queryLoad) first() (database.Mark, error) {
	if load.query.From == "" {
		return database.Earliest(), nil
	}
	mark, err := database.ParseMark(load.query.From)
	if err != nil {
		return mark, fmt.Errorf("from: %w", err)
	}
	return mark, nil
}

// entityID is the entity of the rows; what belongs to no entity is of the group.
func (load queryLoad) entityID() string {
	if !project.BelongsToEntity(load.query.Dataset) {
		return project.Group
	}
	return load.source.EntityID
}

// stage reads the query once.
func (load queryLoad) stage(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB, source *database.Database, text []byte, from start) (*landing.Staged, database.Stats, *ingest.Reject, error) {
	var stats database.Stats
	columns, err := fields(load.query.Dataset)
	if err != nil {
		return nil, stats, nil, err
	}
	now := a.Clock()
	progress := a.newBar(-1, false, filepath.Base(load.path))
	defer progress.finish()
	staged, first, err := stage(ctx, zone, db, landing.Table{
		Dataset: load.query.Dataset, EntityID: load.entityID(), Source: load.source.Name,
		SourcePath: load.path, Extra: load.query.Keep, SHA256: load.digest(text, from, now), LoadedAt: now,
	}, func(w io.Writer, reject func(ingest.Reject) error) (err error) {
		stats, err = source.Read(ctx, database.Query{
			Name: filepath.Base(load.path), Text: string(text), Fields: columns, Keep: load.query.Keep,
			Watermark: load.query.Watermark, Since: from.since,
		}, now.Add(maxClockSkew), w, reject, progress.set)
		return err
	})
	return staged, stats, first, err
}

// digest identifies the reading of a query: a database has no bytes that could be
// hashed before they are read.
func (load queryLoad) digest(text []byte, from start, now time.Time) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%s\x00%s\x00%s", load.source.Name, load.entityID(), load.query.Dataset,
		from.since, now.UTC().Format(time.RFC3339Nano), text)
	return hex.EncodeToString(h.Sum(nil))
}

// commit makes the rows count, or tells why they do not.
func (load queryLoad) commit(staged *landing.Staged, stats database.Stats, first *ingest.Reject, from start) (loaded, error) {
	name := filepath.Base(load.path)
	switch {
	case from.last != nil && stats.Digest == from.last.Notes[noteRows] && from.notes[noteQuery] == from.last.Notes[noteQuery]:
		return loaded{same: from.last}, nil
	case stats.Rows == 0 && stats.Rejects > 0 && !from.delta:
		return loaded{}, fmt.Errorf("%s is refused: none of its %d rows can be read; the first: row %d: %s: %s",
			name, stats.Rejects, first.Line, first.Column, first.Message)
	case stats.Rows+stats.Rejects == 0 && from.delta:
		return loaded{unchanged: deltaNothingAdded}, nil
	case stats.Rows == 0 && !from.delta && !load.query.AllowEmpty:
		return loaded{}, fmt.Errorf("%s is refused: the query gives no rows; %s", name, noRowsAdvice)
	}
	notes := maps.Clone(from.notes)
	notes[noteRows] = stats.Digest
	mode := landing.Full
	if load.query.Mode == project.ModeDelta {
		watermark := stats.Watermark
		if from.delta {
			mode, notes[noteSince] = landing.Delta, from.since.String()
			if before, err := database.ParseMark(from.last.Notes[noteWatermark]); err == nil {
				watermark = before.Later(watermark)
			}
		}
		notes[noteWatermark] = watermark.String()
	}
	var result loaded
	for _, w := range []struct {
		count int64
		text  string
	}{{stats.Unmarked, unmarkedShown}, {stats.Ahead, watermarkTooLate}} {
		if w.count > 0 && load.query.Watermark != "" {
			result.warnings = append(result.warnings, fmt.Sprintf("%d %s (column %s)", w.count, w.text, load.query.Watermark))
		}
	}
	for _, r := range stats.Rounded {
		result.warnings = append(result.warnings, fmt.Sprintf("%s: %d values had more decimals than it keeps and were rounded, by %s in all", r.Field, r.Count, r.Sum))
	}
	var err error
	result.batch, err = staged.Commit(landing.Facts{
		Mode: mode, ExtractDate: datePointer(load.source.ExtractDate.Time), Notes: notes, Warnings: result.warnings, ToolVersion: version,
	})
	return result, err
}
