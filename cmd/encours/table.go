package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/table"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// tableLoad is one file of a mapped table to be loaded.
type tableLoad struct {
	path, source, entity string
	spec                 table.Spec
	mapping              string // digest of the spec: another mapping reads the same bytes anew
	blocks               ingest.Blocks
	mode                 landing.Mode
	extractDate          time.Time
	note                 string // said once it is loaded
}

// tableLoads lists the files of a source of kind table.
func tableLoads(p *project.Project, s project.Source) ([]load, error) {
	spec, err := tableSpec(*s.Table)
	if err != nil {
		return nil, err
	}
	if s.EntityID == project.Group && project.BelongsToEntity(spec.Dataset) {
		return nil, fmt.Errorf("%s: the key \"entity\" is missing: say whose %s they are", s.Table.At, spec.Dataset)
	}
	blocks := ingest.Blocks(s.Blocks)
	if len(blocks) > 0 && !ingest.HasBlocks(spec.Dataset) {
		return nil, fmt.Errorf("%s.blocks: the fields of %s belong to no blocks: leave the key out", s.Table.At, spec.Dataset)
	}
	if !blocks.Takes(spec.Dataset) {
		return nil, fmt.Errorf("%s.blocks: %s has nothing of %s", s.Table.At, spec.Dataset, blocks)
	}
	maps.DeleteFunc(spec.Columns, func(field string, _ table.Column) bool { return !blocks.Column(spec.Dataset, field) })
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("source %q: %w", s.Name, err)
	}
	digest := sha256.Sum256(text)
	paths, err := p.Files(s)
	if err != nil {
		return nil, err
	}
	var loads []load
	for i, path := range paths {
		one := tableLoad{
			path: path, source: s.Name, entity: s.EntityID, spec: spec, mapping: hex.EncodeToString(digest[:8]),
			blocks: blocks, mode: landing.Mode(s.Table.Mode), extractDate: s.ExtractDate.Time,
		}
		if i > 0 && one.mode == landing.Full {
			one.note = fmt.Sprintf("it takes the place of %s, as the source has mode full; where the files are parts of one extract, write mode: delta",
				filepath.Base(paths[i-1]))
		}
		loads = append(loads, one)
	}
	return loads, nil
}

// tableSpec is the mapping of a source, over its preset.
func tableSpec(t project.Table) (table.Spec, error) {
	spec := table.Spec{
		Dataset: t.Dataset, Format: t.Format, Charset: t.Charset, Delimiter: t.Delimiter, Quote: t.Quote, Sheet: t.Sheet,
		Records: t.Records, HeaderRow: t.HeaderRow, Decimal: t.Decimal, Thousands: t.Thousands, Dates: t.Dates, Keep: t.Keep,
		SkipFooter: t.SkipFooter, SkipRowsMatching: t.SkipRowsMatching, StopAtBlank: t.StopAtBlank,
		Columns: map[string]table.Column{},
	}
	for field, c := range t.Columns {
		spec.Columns[field] = table.Column{
			Column: c.Column, AnyOf: c.AnyOf, Join: c.Join, With: c.With, Constant: c.Constant, Optional: c.Optional,
			Default: c.Default, Values: c.Values, Otherwise: c.Otherwise,
			Dates: c.Dates, Decimal: c.Decimal, Thousands: c.Thousands, Negate: c.Negate, Minus: c.Minus,
			NegativeWhen: table.When{Column: c.NegativeWhenColumn, Values: c.NegativeWhenValues},
			BySign:       table.Signs{Positive: c.Positive, Negative: c.Negative},
			SalesforceID: c.SalesforceID, Before: c.Before, Exponent: c.Exponent, Percent: c.Percent, AsIs: c.AsIs,
		}
	}
	if t.Preset == "" {
		return spec, nil
	}
	preset, err := table.FindPreset(t.Preset)
	if err != nil {
		return spec, fmt.Errorf("%s.preset: %w", t.At, err)
	}
	if spec.Dataset != "" && spec.Dataset != preset.Dataset {
		return spec, fmt.Errorf("%s.dataset: preset %s gives %s, not %s", t.At, t.Preset, preset.Dataset, spec.Dataset)
	}
	return spec.Over(preset.Spec), nil
}

func (load tableLoad) name() string { return load.path }

// run lands one table: it is inspected, written as canonical rows into DuckDB through
// a pipe, and committed.
func (load tableLoad) run(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB) (result loaded, err error) {
	columns, err := fields(load.spec.Dataset)
	if err != nil {
		return result, err
	}
	file, err := table.Inspect(ctx, load.path, load.spec, columns)
	if err != nil {
		return result, err
	}
	batches, err := zone.Batches(ctx)
	if err != nil {
		return result, err
	}
	if same := lastSame(batches, load.spec.Dataset, load.source, load.entity, file.SHA256); same != nil && same.Notes["mapping"] == load.mapping {
		result.same = same
		return result, nil
	}
	staged, stats, err := a.stageTable(ctx, zone, db, load, file)
	if err != nil {
		return result, err
	}
	defer func() {
		if discardErr := staged.Discard(); err == nil {
			err = discardErr
		}
	}()
	result.warnings, result.remarks = stats.Warnings, stats.Remarks
	if load.note != "" {
		result.remarks = append(result.remarks, load.note)
	}
	notes := map[string]string{"format": file.Format, "mapping": load.mapping}
	for name, text := range map[string]string{"charset": file.Charset, "charset_evidence": file.Evidence, "separator": file.Delimiter, "sheet": file.Sheet, "member": file.Member} {
		if text != "" {
			notes[name] = text
		}
	}
	result.batch, err = staged.Commit(landing.Facts{
		Mode: load.mode, FirstDate: datePointer(stats.First), LastDate: datePointer(stats.Last), ExtractDate: datePointer(load.extractDate), Notes: notes,
		Warnings: result.warnings, ToolVersion: version,
	})
	return result, err
}

func (a *app) stageTable(ctx context.Context, zone *landing.Zone, db *sql.DB, load tableLoad, file *table.File) (*landing.Staged, table.Stats, error) {
	progress := a.newBar(file.Content, true, filepath.Base(load.path))
	defer progress.finish()
	var stats table.Stats
	staged, first, err := stage(ctx, zone, db, landing.Table{
		Dataset: load.spec.Dataset, EntityID: load.entity, Source: load.source,
		SourcePath: load.path, Extra: file.Extra, SHA256: file.SHA256, Size: file.Size, LoadedAt: a.Clock(),
	}, func(w io.Writer, reject func(ingest.Reject) error) (err error) {
		stats, err = file.Convert(ctx, w, load.blocks.Rejects(nil, reject), progress.set)
		return err
	})
	if err != nil || stats.Rows > 0 {
		return staged, stats, err
	}
	return nil, stats, refuseUnread(staged, load.path, first, fmt.Sprintf("%d records", stats.Rejects),
		fmt.Sprintf("the mapping leaves out all of its %d records: correct skip_footer, skip_rows_matching or stop_at_blank", stats.LeftOut))
}
