package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/fec"
	"github.com/encours/encours/reports/auditfile"
	"github.com/encours/encours/warehouse/audit"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// auditWork is one audit: a landing zone in a folder of its own and what has been
// read into it so far.
type auditWork struct {
	app    *app
	flags  auditFlags
	folder string
	zone   *landing.Zone
	db     *sql.DB
	conn   *sql.Conn

	files   []auditfile.File
	batchOf []string // identifier of the batch of a file; empty where it was refused
	batches []landing.Batch
	notices map[string]string // file of notices by batch
	found   *audit.Audit
}

func newAuditWork(ctx context.Context, a *app, f auditFlags) (_ *auditWork, err error) {
	folder, err := os.MkdirTemp("", "encours-audit-")
	if err != nil {
		return nil, fmt.Errorf("make the folder of an audit: %w", err)
	}
	w := &auditWork{app: a, flags: f, folder: folder, zone: landing.Open(folder), notices: map[string]string{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	limits := ingestLimits(&project.Project{Resources: project.DefaultResources(), Dir: folder})
	limits.TempDir = filepath.Join(folder, "tmp")
	if w.db, err = duck.Open(ctx, "", limits, false); err != nil {
		return nil, err
	}
	if w.conn, err = w.db.Conn(ctx); err != nil {
		return nil, fmt.Errorf("open audit connection: %w", err)
	}
	return w, nil
}

// close removes the folder with all that is in it.
func (w *auditWork) close() error {
	var problems []error
	if w.conn != nil {
		problems = append(problems, w.conn.Close())
	}
	if w.db != nil {
		problems = append(problems, w.db.Close())
	}
	return errors.Join(append(problems, os.RemoveAll(w.folder))...)
}

// read lands one ledger: a file, an archive, or the parts of a split one. What cannot
// be read is part of the report.
func (w *auditWork) read(ctx context.Context, paths []string) error {
	out := auditfile.File{Path: strings.Join(paths, ", "), Name: filepath.Base(paths[0])}
	file, err := fec.InspectExtract(ctx, paths, fec.Options{Charset: w.flags.charset})
	var refused *ingest.RefusedError
	switch {
	case errors.As(err, &refused):
		w.refuse(out, auditRefusal(refused))
		return nil
	case err != nil:
		return err
	}
	describe(&out, file)
	out.Entity = w.entity(file)
	notices, err := audit.CreateNotices(filepath.Join(w.folder, fmt.Sprintf("notices-%d.parquet", len(w.files))))
	if err != nil {
		return err
	}
	staged, stats, err := w.stage(ctx, out, file, notices)
	if err = errors.Join(err, notices.Close()); err != nil {
		return err
	}
	out.Lines, out.Rows, out.Rejects, out.Blank = stats.Lines, stats.Rows, stats.Rejects, stats.Blank
	out.FirstDate, out.LastDate = stats.FirstDate, stats.LastDate
	warnings := stats.Warnings
	if out.FiscalYearStart, err = w.fiscalYear(ctx, file, staged, stats); err != nil {
		return errors.Join(err, staged.Discard())
	}
	if out.Rows > 0 {
		warnings = append(warnings, nameWarnings(fecLoad{paths: paths}, file, out.FiscalYearStart, stats)...)
	}
	for _, warning := range warnings {
		out.Warnings = append(out.Warnings, auditfile.Note{EN: warning.Text("en"), FR: warning.Text("fr")})
	}
	out.Entity = w.distinct(out.Entity, out.FiscalYearStart)
	return w.commit(out, staged, notices.Path())
}

// stage streams a file into the landing zone of the audit, with what its reader
// notices.
func (w *auditWork) stage(ctx context.Context, out auditfile.File, file *fec.Extract, notices *audit.NoticeWriter) (*landing.Staged, fec.Stats, error) {
	keep := func(n ingest.Notice) error { return notices.Write(n.Check, n.Line, n.Column, n.Value) }
	for _, n := range file.HeaderNotices() {
		if err := keep(n); err != nil {
			return nil, fec.Stats{}, err
		}
	}
	if w.flags.receivables != "" {
		if err := keep(ingest.Notice{Check: "C09", Value: w.flags.receivables}); err != nil {
			return nil, fec.Stats{}, err
		}
	}
	file.Notify(keep)
	progress := w.app.newBar(file.Content, true, out.Name)
	defer progress.finish()
	var stats fec.Stats
	staged, _, err := stage(ctx, w.zone, w.db, landing.Table{
		Dataset: landing.LedgerDataset, EntityID: out.Entity, Source: fmt.Sprintf("file %d", len(w.files)+1),
		SourcePath: out.Path, Extra: file.Extra, SHA256: file.SHA256, Size: file.Size, LoadedAt: w.app.Clock(),
	}, func(to io.Writer, reject func(ingest.Reject) error) (err error) {
		stats, err = file.Convert(ctx, to, reject, progress.set)
		return err
	})
	return staged, stats, err
}

func (w *auditWork) commit(out auditfile.File, staged *landing.Staged, notices string) error {
	start, first, last := out.FiscalYearStart, out.FirstDate, out.LastDate
	if out.Rows == 0 { // what is left are its rejects
		start = w.app.Clock().UTC().Truncate(24 * time.Hour)
		first, last = start, start
	}
	batch, err := staged.Commit(landing.Facts{
		Mode: landing.Full, FiscalYearStart: datePointer(start), FirstDate: datePointer(first), LastDate: datePointer(last),
		ToolVersion: version,
	})
	if err != nil {
		return errors.Join(err, staged.Discard())
	}
	batch.EntityID = out.Entity
	w.files, w.batchOf = append(w.files, out), append(w.batchOf, batch.ID)
	w.batches = append(w.batches, batch)
	w.notices[batch.ID] = notices
	return nil
}

func (w *auditWork) refuse(out auditfile.File, r auditfile.Refusal) {
	out.Refusal = &r
	w.files, w.batchOf = append(w.files, out), append(w.batchOf, "")
}

// auditRefusal says which check a file fails that cannot be read at all.
func auditRefusal(e *ingest.RefusedError) auditfile.Refusal {
	r := auditfile.Refusal{Problem: e.Problem, Advice: e.Advice, Missing: e.Missing}
	if e.Reason == fec.RefusedHeader {
		r.Check = "T03"
		if strings.Contains(e.Problem, "commas") {
			r.Check = "T02"
		}
	}
	return r
}

func describe(out *auditfile.File, x *fec.Extract) {
	file := x.Parts[0]
	out.Path, out.Name = x.Path, filepath.Base(x.Path)
	if len(x.Parts) > 1 {
		out.Parts = x.Files()
	}
	shape := file.Shape()
	out.Size, out.SHA256 = x.Size, x.SHA256
	out.Charset, out.Evidence, out.LineEnd = string(file.Charset), file.Evidence, file.LineEnd
	out.Separator = map[byte]string{'\t': "tab", '|': "|", ';': ";"}[file.Separator]
	out.Regime, out.IsSigned, out.IsCashBasis = shape.Regime, shape.IsSigned, file.CashBasis
	out.Columns, out.Extra, out.DueDate = file.Columns, x.Extra, file.DueDate
}

// entity is the option, else the SIREN of the file name, else the name.
func (w *auditWork) entity(file *fec.Extract) string {
	if w.flags.entity != "" {
		return w.flags.entity
	}
	if siren, _, ok := file.NameFacts(); ok && siren != "" {
		return siren
	}
	return strings.TrimSuffix(filepath.Base(file.Path), filepath.Ext(file.Path))
}

// distinct keeps two cuts of one fiscal year from being added up: the second is
// looked at as if it were another entity's.
func (w *auditWork) distinct(entity string, start time.Time) string {
	name := entity
	for n := 2; ; n++ {
		taken := false
		for _, f := range w.files {
			taken = taken || f.Refusal == nil && f.Entity == name && f.FiscalYearStart.Equal(start)
		}
		if !taken {
			return name
		}
		name = fmt.Sprintf("%s (%d)", entity, n)
	}
}

// fiscalYear decides where the fiscal year of a file begins: its opening entries,
// else the closing date of an XML file or its name where the entries agree, else the
// month of its first entry.
func (w *auditWork) fiscalYear(ctx context.Context, file *fec.Extract, staged *landing.Staged, stats fec.Stats) (time.Time, error) {
	if stats.Rows == 0 {
		return time.Time{}, nil
	}
	start, ok, err := generation.OpeningDate(ctx, w.db, staged.RowsPath(), stats.FirstDate)
	if err != nil || ok {
		return start, err
	}
	_, named, _ := file.NameFacts()
	for _, end := range []time.Time{file.YearEnd(), named} {
		if start := end.AddDate(-1, 0, 1); !end.IsZero() && !stats.FirstDate.Before(start) && !stats.FirstDate.After(end) {
			return start, nil
		}
	}
	return time.Date(stats.FirstDate.Year(), stats.FirstDate.Month(), 1, 0, 0, 0, 0, time.UTC), nil
}

// report runs the checks over all files together.
func (w *auditWork) report(ctx context.Context) (auditfile.Report, error) {
	p := &project.Project{Dir: w.folder, Resources: project.DefaultResources()}
	for _, b := range w.batches {
		if _, ok := p.Entity(b.EntityID); !ok {
			p.Entities = append(p.Entities, project.Entity{ID: b.EntityID, Name: b.EntityID, Currency: "EUR"})
		}
	}
	if err := generation.AttachLanding(ctx, w.conn, p, w.zone, w.batches); err != nil {
		return auditfile.Report{}, err
	}
	models, err := graph.Embedded(ctx, w.db)
	if err != nil {
		return auditfile.Report{}, err
	}
	if w.found, err = audit.Open(ctx, w.conn, models, w.zone, w.batches, w.notices); err != nil {
		return auditfile.Report{}, err
	}
	profiles, err := w.found.Profiles(ctx)
	if err != nil {
		return auditfile.Report{}, err
	}
	findings, err := w.found.Findings(ctx, auditfile.Sample)
	if err != nil {
		return auditfile.Report{}, err
	}
	for i := range w.files {
		for _, profile := range profiles {
			if w.batchOf[i] != "" && profile.BatchID == w.batchOf[i] {
				w.files[i].Profile = profile
			}
		}
		for _, finding := range findings {
			if w.batchOf[i] != "" && finding.BatchNo == w.files[i].Profile.BatchNo {
				w.files[i].Findings = append(w.files[i].Findings, finding)
			}
		}
		w.files[i].Verdicts = auditfile.Verdicts(w.files[i])
	}
	return auditfile.Report{Files: w.files}, nil
}

// plainAmount is an amount as the checks read it, exactly.
var plainAmount = regexp.MustCompile(`^-?[0-9]{1,16}(\.[0-9]{1,2})?$`)
