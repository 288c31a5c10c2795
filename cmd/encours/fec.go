package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/fec"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// fecLoad is one ledger to be loaded: a FEC file, an archive, or the parts of a
// split FEC in their order.
type fecLoad struct {
	paths           []string
	source          string
	project         *project.Project
	entity          project.Entity
	charset         string
	fiscalYearStart time.Time // zero: found out
	extractDate     time.Time // zero: not declared
}

// fecLoads lists the files of a source of FECs.
func fecLoads(p *project.Project, s project.Source) ([]load, error) {
	paths, err := p.Files(s)
	if err != nil {
		return nil, err
	}
	entity, _ := p.Entity(s.EntityID)
	return fecLoad{
		source: s.Name, project: p, entity: entity, charset: s.Charset,
		fiscalYearStart: s.FiscalYearStart.Time, extractDate: s.ExtractDate.Time,
	}.ofEach(paths, s.Parts)
}

// ofEach makes one load of each ledger among files: of each file, or of the parts
// that their names, or the user, say belong together.
func (like fecLoad) ofEach(paths []string, parts bool) ([]load, error) {
	groups, err := fec.GroupParts(paths, parts)
	if err != nil {
		return nil, err
	}
	var loads []load
	for _, group := range groups {
		like.paths = group
		loads = append(loads, like)
	}
	return loads, nil
}

func (load fecLoad) name() string {
	if len(load.paths) == 1 {
		return load.paths[0]
	}
	return fmt.Sprintf("%s (%d parts)", load.paths[0], len(load.paths))
}

// files lists the files that are loaded together.
func (load fecLoad) files() []string { return load.paths }

// run lands one FEC: its bytes are inspected, normalised into DuckDB through a
// pipe, given their fiscal year, and committed.
func (load fecLoad) run(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB) (result loaded, err error) {
	file, err := fec.InspectExtract(ctx, load.paths, fec.Options{Charset: load.charset})
	if err != nil {
		return result, err
	}
	batches, err := zone.Batches(ctx)
	if err != nil {
		return result, err
	}
	if same, ok := landing.FindSame(batches, landing.LedgerDataset, load.source, load.entity.ID, file.SHA256); ok {
		result.same = &same
		return result, nil
	}
	notices := &noticeCounts{}
	for _, n := range file.HeaderNotices() {
		if err := notices.add(n); err != nil {
			return result, err
		}
	}
	file.Notify(notices.add)
	staged, stats, err := a.stageFEC(ctx, zone, db, load, file)
	if err != nil {
		return result, err
	}
	defer func() {
		if discardErr := staged.Discard(); err == nil {
			err = discardErr
		}
	}()
	start, err := fiscalYearStart(ctx, db, load, file, staged, stats)
	if err != nil {
		return result, err
	}
	if err := onePeriod(file, stats); err != nil {
		return result, err
	}
	warning, err := landing.CheckLedgerPeriod(batches, load.entity.ID, start, stats.FirstDate, stats.LastDate, load.source)
	if err != nil {
		return result, fmt.Errorf("%s is refused: %w", file.Path, err)
	}
	result.warnings = ingest.English(append(stats.Warnings, nameWarnings(load, file, start, stats)...))
	if warning != "" {
		result.warnings = append(result.warnings, warning)
	}
	result.batch, err = staged.Commit(landing.Facts{
		Mode:            landing.Full,
		FiscalYearStart: datePointer(start),
		FirstDate:       datePointer(stats.FirstDate),
		LastDate:        datePointer(stats.LastDate),
		ExtractDate:     datePointer(load.extractDate),
		Notes:           fecNotes(file, stats),
		Warnings:        result.warnings,
		Notices:         notices.list,
		ToolVersion:     version,
	})
	return result, err
}

func (a *app) stageFEC(ctx context.Context, zone *landing.Zone, db *sql.DB, load fecLoad, file *fec.Extract) (*landing.Staged, fec.Stats, error) {
	progress := a.newBar(file.Content, true, filepath.Base(file.Path))
	defer progress.finish()
	var stats fec.Stats
	staged, first, err := stage(ctx, zone, db, landing.Table{
		Dataset: landing.LedgerDataset, EntityID: load.entity.ID, Source: load.source,
		SourcePath: file.Path, Extra: file.Extra, SHA256: file.SHA256, Size: file.Size, LoadedAt: a.Clock(),
	}, func(w io.Writer, reject func(ingest.Reject) error) (err error) {
		stats, err = file.Convert(ctx, w, reject, progress.set)
		return err
	})
	if err != nil || stats.Rows > 0 {
		return staged, stats, err
	}
	return nil, stats, refuseUnread(staged, file.Path, first, fmt.Sprintf("%d lines", stats.Lines),
		"it has a header and no line: export it again")
}

// onePeriod refuses parts that cannot be of one fiscal year, which has at most 24
// months.
func onePeriod(file *fec.Extract, stats fec.Stats) error {
	if len(file.Parts) == 1 || stats.LastDate.Before(stats.FirstDate.AddDate(2, 0, 0)) {
		return nil
	}
	return fmt.Errorf("%s is refused: its %d parts hold entries from %s to %s, more than one fiscal year can hold: load the years one by one",
		file.Path, len(file.Parts), stats.FirstDate.Format(time.DateOnly), stats.LastDate.Format(time.DateOnly))
}

func position(path string, r ingest.Reject) string {
	if r.File != "" {
		path = r.File
	}
	text := fmt.Sprintf("%s:%d: ", filepath.Base(path), r.Line)
	if r.Column != "" {
		text += r.Column + ": "
	}
	return text
}

// fiscalYearStart decides where the fiscal year of a file begins: the option or
// encours.yaml, else its opening entries, else the closing date of an XML file or
// its name where the entries agree.
func fiscalYearStart(ctx context.Context, db *sql.DB, load fecLoad, file *fec.Extract, staged *landing.Staged, stats fec.Stats) (time.Time, error) {
	if !load.fiscalYearStart.IsZero() {
		return load.fiscalYearStart, nil
	}
	if start, ok := load.project.FiscalYearStart(load.entity.ID, stats.FirstDate, stats.LastDate); ok {
		return start, nil
	}
	start, ok, err := generation.OpeningDate(ctx, db, staged.RowsPath(), stats.FirstDate)
	if err != nil {
		return start, err
	}
	if ok {
		return start, nil
	}
	ends := []time.Time{file.YearEnd()}
	if _, end, ok := file.NameFacts(); ok {
		ends = append(ends, end)
	}
	for _, end := range ends {
		start := end.AddDate(-1, 0, 1)
		if !end.IsZero() && !stats.FirstDate.Before(start) && !stats.LastDate.After(end) {
			return start, nil
		}
	}
	return start, fmt.Errorf("%s is refused: the start of its fiscal year cannot be told (no opening entries, and its name does not agree "+
		"with its entries, which run from %s to %s): give it by --fiscal-year-start YYYY-MM-DD, or by fiscal_years or fiscal_year_start of entity %s in encours.yaml",
		file.Path, stats.FirstDate.Format(time.DateOnly), stats.LastDate.Format(time.DateOnly), load.entity.ID)
}

// nameWarnings says where the file name contradicts the file or the project.
func nameWarnings(load fecLoad, file *fec.Extract, start time.Time, stats fec.Stats) []ingest.Warning {
	siren, end, ok := file.NameFacts()
	if !ok {
		return nil
	}
	var out []ingest.Warning
	if siren != "" && load.entity.SIREN != "" && siren != load.entity.SIREN {
		out = append(out, ingest.Warn("name.siren",
			siren, load.entity.ID, load.entity.SIREN))
	}
	if end.Before(stats.LastDate) || end.After(start.AddDate(2, 0, 0)) {
		out = append(out, ingest.Warn("name.year",
			end.Format(time.DateOnly), stats.FirstDate.Format(time.DateOnly), stats.LastDate.Format(time.DateOnly)))
	}
	return out
}

// fecNotes says how the files were read.
func fecNotes(file *fec.Extract, stats fec.Stats) map[string]string {
	notes := map[string]string{
		"charset": string(stats.Charset), "line_end": stats.LineEnd,
		"charset_evidence": file.Parts[0].Evidence, "regime": file.Parts[0].Regime,
	}
	if stats.Separator != 0 {
		notes["separator"] = string(stats.Separator)
	}
	if len(file.Parts) > 1 {
		notes["parts"] = strings.Join(file.Files(), ", ")
	}
	if file.CashBasis() {
		notes[cashBasisNote] = fec.CashBasisWarning().EN
	}
	return notes
}

// cashBasisNote marks batches of cash-basis books and says what they cannot tell.
const cashBasisNote = "cash_basis"

func datePointer(t time.Time) *landing.Date {
	if t.IsZero() {
		return nil
	}
	d := landing.NewDate(t)
	return &d
}
