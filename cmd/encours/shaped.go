package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/bodacc"
	"github.com/encours/encours/ingest/companies"
	"github.com/encours/encours/ingest/creditsafe"
	"github.com/encours/encours/ingest/dnb"
	"github.com/encours/encours/ingest/jsondocs"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// openShaped opens an extract of a kind whose shape is known.
type openShaped func(ctx context.Context, path string, s project.Source) (ingest.Shaped, error)

// shapedReaders are those of the kinds.
var shapedReaders = map[string]openShaped{
	project.KindBodacc: func(ctx context.Context, path string, _ project.Source) (ingest.Shaped, error) {
		return bodacc.Open(ctx, path)
	},
	project.KindCompanies: func(ctx context.Context, path string, _ project.Source) (ingest.Shaped, error) {
		return companies.Open(ctx, path)
	},
	project.KindDNB: func(ctx context.Context, path string, s project.Source) (ingest.Shaped, error) {
		return orNil(dnb.Open(ctx, path, s.ExtractDate.Time))
	},
	project.KindCreditsafe: func(ctx context.Context, path string, s project.Source) (ingest.Shaped, error) {
		return orNil(creditsafe.Open(ctx, path, s.ExtractDate.Time))
	},
}

// orNil keeps a reader that could not be opened from looking like one.
func orNil(reader *jsondocs.Reader, err error) (ingest.Shaped, error) {
	if err != nil {
		return nil, err
	}
	return reader, nil
}

// noteBlocks is the note of a batch that says which blocks of its extract came in.
const noteBlocks = "blocks"

// shapedLoad is one dataset of one file of such a kind.
type shapedLoad struct {
	path    string
	source  project.Source
	file    ingest.Shaped
	dataset string
}

// shapedLoads lists the datasets of the files of a source. A file is read as often
// as it has datasets, so that each is landed in one stream.
func shapedLoads(p *project.Project, s project.Source) ([]load, error) {
	open, ok := shapedReaders[s.Kind]
	if !ok {
		return nil, fmt.Errorf("source %q: kind %q cannot be loaded", s.Name, s.Kind)
	}
	paths, err := p.Files(s)
	if err != nil {
		return nil, err
	}
	var loads []load
	for _, path := range paths {
		loads = append(loads, shapedFile{path: path, source: s, open: open})
	}
	return loads, nil
}

// shapedFile is a file whose datasets are known once it is opened.
type shapedFile struct {
	path   string
	source project.Source
	open   openShaped
}

func (f shapedFile) name() string { return f.path }

// run lands every dataset of the file.
func (f shapedFile) run(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB) (result loaded, err error) {
	file, err := f.open(ctx, f.path, f.source)
	if err != nil {
		return result, err
	}
	for _, dataset := range file.Datasets() {
		if !ingest.Blocks(f.source.Blocks).Takes(dataset) {
			continue
		}
		one, err := shapedLoad{path: f.path, source: f.source, file: file, dataset: dataset}.run(ctx, a, zone, db)
		if err != nil {
			return result, err
		}
		if result.batch.ID != "" || result.same != nil || result.unchanged != "" {
			result.say(a, f.path)
		}
		result = one
	}
	if result.batch.ID == "" && result.same == nil && result.unchanged == "" {
		result.unchanged = fmt.Sprintf("it has nothing of the blocks %s", ingest.Blocks(f.source.Blocks))
	}
	return result, nil
}

func (load shapedLoad) run(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB) (result loaded, err error) {
	digest, size := load.file.Digest()
	batches, err := zone.Batches(ctx)
	if err != nil {
		return result, err
	}
	blocks := ingest.Blocks(load.source.Blocks)
	if same := lastSame(batches, load.dataset, load.source.Name, load.source.EntityID, digest); same != nil && same.Notes[noteBlocks] == blocks.String() {
		result.same = same
		return result, nil
	}
	columns, err := fields(load.dataset)
	if err != nil {
		return result, err
	}
	columns = blocks.Fields(load.dataset, columns)
	progress := a.newBar(size, true, filepath.Base(load.path))
	defer progress.finish()
	var stats ingest.ShapedStats
	staged, first, err := stage(ctx, zone, db, landing.Table{
		Dataset: load.dataset, EntityID: load.source.EntityID, Source: load.source.Name,
		SourcePath: load.path, SHA256: digest, Size: size, LoadedAt: a.Clock(),
	}, func(w io.Writer, reject func(ingest.Reject) error) (err error) {
		stats, err = load.file.Convert(ctx, load.dataset, columns, w, blocks.Rejects(columns, reject), progress.set)
		return err
	})
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, staged.Discard()) }()
	if stats.Rows == 0 && stats.Rejects > 0 {
		return result, refuseUnread(staged, load.path, first, fmt.Sprintf("%d records", stats.Rejects), "")
	}
	if stats.Rows == 0 {
		result.unchanged = fmt.Sprintf("it holds no rows of %s", load.dataset)
		return result, nil
	}
	result.warnings, result.remarks = stats.Warnings, stats.Remarks
	notes := maps.Clone(load.file.Notes())
	if notes == nil {
		notes = map[string]string{}
	}
	if len(blocks) > 0 {
		notes[noteBlocks] = blocks.String()
	}
	result.batch, err = staged.Commit(landing.Facts{
		Mode: landing.Delta, FirstDate: datePointer(stats.First), LastDate: datePointer(stats.Last),
		ExtractDate: datePointer(load.source.ExtractDate.Time), Notes: notes, Warnings: stats.Warnings, ToolVersion: version,
	})
	return result, err
}
