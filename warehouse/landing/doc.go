// Package landing keeps what was extracted: append-only Parquet batches, the
// lines that could not be read, and who may write.
//
// Invariant: a batch exists if and only if its manifest does, and a manifest is
// renamed into place only after everything it speaks of is on disk. Nothing that
// is committed is ever rewritten; anything without a manifest is garbage, which
// only the holder of the project's lock may sweep.
//
//	data/landing/<dataset>/<batch>.parquet   the rows
//	data/landing/<dataset>/<batch>.json      the manifest: a Batch
//	data/rejects/<batch>.parquet             the rejected lines, where there are any
//	data/lock                                the writer
//
// Time comes from the caller; the package reads no clock.
package landing

import (
	"path/filepath"
	"sync"
)

// Zone is the landing zone of one project. Reading is safe beside a writer, in
// this process or another. Staging and committing need the project's Lock.
type Zone struct {
	data string

	mu  sync.Mutex
	ids map[string]bool // batch identifiers given out by this Zone
}

// Open names the landing zone of a data folder. It touches no file.
func Open(dataDir string) *Zone {
	return &Zone{data: filepath.Clean(dataDir), ids: map[string]bool{}}
}

// Path returns the Parquet file of a batch.
func (z *Zone) Path(b Batch) string {
	return filepath.Join(z.dir(b.Dataset), b.ID+".parquet")
}

func (z *Zone) dir(dataset string) string { return filepath.Join(z.data, "landing", dataset) }
func (z *Zone) rejectsDir() string        { return filepath.Join(z.data, "rejects") }

func (z *Zone) rejectsPath(id string) string { return filepath.Join(z.rejectsDir(), id+".parquet") }
