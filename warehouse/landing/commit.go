package landing

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/encours/encours/warehouse/durable"
)

// Facts are what is known of a batch once its extract has been read to the end.
type Facts struct {
	Mode            Mode
	FiscalYearStart *Date // for a ledger
	FirstDate       *Date
	LastDate        *Date
	ExtractDate     *Date
	Notes           map[string]string
	Warnings        []string
	Notices         []Notice // what the reader accepted and a person should know of
	ToolVersion     string
}

// Commit makes a staged batch part of the zone: first its rows and rejects are
// made to last, then its manifest appears. A crash at any moment leaves either
// the whole batch or garbage that Sweep removes. After an error the batch does
// not count, and Discard removes what is left of it.
func (s *Staged) Commit(facts Facts) (Batch, error) {
	b := s.batch
	b.Mode, b.ToolVersion = facts.Mode, facts.ToolVersion
	b.FiscalYearStart, b.FirstDate, b.LastDate, b.ExtractDate = facts.FiscalYearStart, facts.FirstDate, facts.LastDate, facts.ExtractDate
	b.Notes, b.Warnings, b.Notices = facts.Notes, facts.Warnings, facts.Notices
	b.Scope = Scope(b.Source, b.EntityID, b.FiscalYearStart)
	if s.done {
		return Batch{}, fmt.Errorf("commit batch %q: it was committed or discarded before", b.ID)
	}
	if err := b.validate(); err != nil {
		return Batch{}, fmt.Errorf("commit batch %q: %w", b.ID, err)
	}
	text, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return Batch{}, fmt.Errorf("commit batch %q: %w", b.ID, err)
	}
	if err := s.place(b, append(text, '\n')); err != nil {
		return Batch{}, fmt.Errorf("commit batch %q: %w", b.ID, err)
	}
	return b, nil
}

// place renames the files in the order that keeps the invariant. Each field of s
// names its file where it is, for Discard.
func (s *Staged) place(b Batch, manifest []byte) error {
	path := s.zone.Path(b)
	if err := durable.Sync(s.rows); err != nil {
		return err
	}
	if err := moveInto(s.rows, path); err != nil {
		return err
	}
	s.rows = path
	if b.Rejects > 0 {
		rejects := filepath.Join(s.zone.rejectsDir(), b.ID+".parquet")
		if err := moveInto(s.rejects, rejects); err != nil {
			return err
		}
		s.rejects = rejects
	}
	s.tempManifest = filepath.Join(s.zone.dir(b.Dataset), tempPrefix+b.ID+".json")
	s.manifest = s.zone.manifestPath(b.Dataset, b.ID)
	if err := writeWhole(s.tempManifest, s.manifest, manifest); err != nil {
		return err
	}
	s.finish()
	return nil
}
