package landing

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/encours/encours/warehouse/duck"
)

// Table says what is about to be landed.
type Table struct {
	Dataset    string   // a table of the landing contract
	EntityID   string   // the entity the rows belong to
	Source     string   // the source, or the kind of an ad hoc load
	SourcePath string   // the extract; its base name is the source_file of every row
	Extra      []string // names of the columns beyond the contract, in stream order
	SHA256     string   // of the bytes of the extract, in hexadecimal
	Size       int64    // of the extract, in bytes
	LoadedAt   time.Time
}

// Staged is a batch that is on disk and does not count yet: it becomes part of
// the zone by Commit and disappears by Discard.
type Staged struct {
	zone  *Zone
	batch Batch
	done  bool // committed or discarded

	held *os.File // the rows of a Receiver, locked; nil for those of Zone.Stage

	// The files as they are named at present; an empty name stands for none.
	manifest, tempManifest, rows, rejects string
}

// ID, Rows and Rejects are those of the batch to be.
func (s *Staged) ID() string     { return s.batch.ID }
func (s *Staged) Rows() int64    { return s.batch.Rows }
func (s *Staged) Rejects() int64 { return s.batch.Rejects }

// Stage lands a stream in temporary files. fill writes the canonical stream
// (UTF-8 text; fields separated by 0x1F, records ended by LF; an empty field is
// NULL; dates YYYY-MM-DD): the columns of the dataset's schema in their order,
// without those that Stage adds itself (extra, entity_id, batch_id, source_file)
// and fiscal_year_start, which stands in the manifest; then one field per name of
// Extra. What it cannot write as a row it hands to reject. The order of the rows
// is lost. A stream that breaks this contract is an error that names the record.
// The caller holds the project's lock.
func (z *Zone) Stage(ctx context.Context, db *sql.DB, table Table, fill func(w io.Writer, reject func(Reject) error) error) (_ *Staged, err error) {
	stream, err := newStream(table)
	if err != nil {
		return nil, err
	}
	if err := z.makeFolders(table.Dataset); err != nil {
		return nil, err
	}
	s, err := z.begin(table, table.LoadedAt)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Discard())
		}
	}()
	if err := s.land(ctx, db, stream, fill); err != nil {
		return nil, err
	}
	if err := s.verify(stream); err != nil {
		return nil, err
	}
	return s, nil
}

// makeFolders makes the folders last into which a batch of a dataset goes.
func (z *Zone) makeFolders(dataset string) error {
	for _, dir := range []string{z.dir(dataset), z.rejectsDir()} {
		if err := makeDir(z.data, dir); err != nil {
			return err
		}
	}
	return nil
}

// begin gives what is about to be landed its identifier and the names of its files,
// none of which exists yet.
func (z *Zone) begin(table Table, at time.Time) (*Staged, error) {
	if digest, err := hex.DecodeString(table.SHA256); err != nil || len(digest) != 32 {
		return nil, fmt.Errorf("stage %q: %q is not a SHA-256 digest", table.SourcePath, table.SHA256)
	}
	id, loadedAt, err := z.newID(at, table.SHA256)
	if err != nil {
		return nil, err
	}
	return &Staged{
		zone: z,
		batch: Batch{
			ID: id, Dataset: table.Dataset, Source: table.Source, EntityID: table.EntityID, LoadedAt: loadedAt,
			SHA256: table.SHA256, Size: table.Size, SourceFile: filepath.Base(table.SourcePath), SourcePath: table.SourcePath,
		},
		rows:    filepath.Join(z.dir(table.Dataset), tempPrefix+id+".parquet"),
		rejects: filepath.Join(z.rejectsDir(), tempPrefix+id+".parquet"),
	}, nil
}

// land runs the pipe: fill → DuckDB → Parquet, and the rejects beside it.
func (s *Staged) land(ctx context.Context, db *sql.DB, stream stream, fill func(io.Writer, func(Reject) error) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("stage %q: %w", s.batch.SourcePath, err)
	}
	defer conn.Close() // the rows it wrote are synced and verified by name
	rejects := newRejectWriter(s.rejects, s.batch.SourceFile)
	written := lineCounter{}
	err = duck.PipeTo(ctx, func(w io.Writer) error {
		written.w = w
		return fill(&written, rejects.Write)
	}, func(pipe string) (err error) {
		s.batch.Rows, err = stream.copy(ctx, conn, pipe, s.rows, s.batch)
		return err
	})
	if closeErr := rejects.Close(); err == nil {
		err = closeErr
	}
	s.batch.Rejects = rejects.count
	if err == nil && s.batch.Rows != written.lines {
		err = fmt.Errorf("land %q: internal error: of %d records %d landed", s.batch.SourcePath, written.lines, s.batch.Rows)
	}
	return err
}

// Discard removes what was staged. After Commit it does nothing. The manifest
// goes first: without it the rest is garbage, whatever happens next.
func (s *Staged) Discard() error {
	if s.done {
		return nil
	}
	for _, path := range []string{s.manifest, s.tempManifest, s.rows, s.rejects} {
		if path == "" {
			continue
		}
		if err := removeIfThere(path); err != nil {
			return fmt.Errorf("discard batch %q: %w", s.batch.ID, err)
		}
	}
	s.finish()
	return nil
}

// finish notes that nothing is left to do and gives the rows file of a Receiver
// free. It has been synced: closing it can lose nothing, so no error matters.
func (s *Staged) finish() {
	s.done = true
	if s.held != nil {
		s.zone.forget(s.batch.ID)
		_ = s.held.Close()
	}
}

// tempPrefix marks files that are not in place yet.
const tempPrefix = ".tmp-"

// batchID is the form of a batch identifier: the moment of loading, which sorts,
// and the head of the digest.
var batchID = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}\.[0-9]{6}Z-[0-9a-f]{8}$`)

// newID returns an identifier that no batch has and none will get. Where the
// moment is taken, the next free microsecond is used.
func (z *Zone) newID(now time.Time, sha256 string) (string, Instant, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	for at := NewInstant(now); ; at = NewInstant(at.Add(time.Microsecond)) {
		id := at.Format(idForm) + "-" + sha256[:8]
		taken, err := z.isTaken(id)
		if err != nil {
			return "", Instant{}, fmt.Errorf("choose batch identifier: %w", err)
		}
		if !taken && !z.ids[id] {
			z.ids[id] = true
			return id, at, nil
		}
	}
}

// isTaken says whether a dataset has a file of a batch.
func (z *Zone) isTaken(id string) (bool, error) {
	datasets, err := z.datasets()
	if err != nil {
		return false, err
	}
	for _, dir := range datasets {
		for _, name := range []string{id + ".parquet", id + ".json", tempPrefix + id + ".parquet", tempPrefix + id + ".json"} {
			if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
				return err == nil, err
			}
		}
	}
	return false, nil
}

// datasets lists the folders of the landing zone.
func (z *Zone) datasets() ([]string, error) {
	return filepath.Glob(filepath.Join(globText(z.data), "landing", "*"))
}

// forget lets the memory of an identifier go: its files tell of it now.
func (z *Zone) forget(id string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	delete(z.ids, id)
}

// fileSize returns the size of a file.
func fileSize(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
