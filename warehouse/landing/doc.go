// Package landing keeps what was extracted: append-only Parquet batches, the
// lines that could not be read, and who may write.
//
// Invariant: a batch exists if and only if its manifest does, and a manifest is
// renamed into place only after everything it speaks of is on disk. Nothing that
// is committed is ever rewritten; anything without a manifest is garbage, which
// only the holder of the project's lock may sweep.
//
// Who may write. Loads and builds hold the project's Lock, one at a time. Messages
// that are sent to a server must not wait for a build of minutes, and need not: a
// batch has files of its own, appears by one rename, and a build reads the list of
// batches once. The one thing that a writer does to files of others is the sweep.
// So a Receiver lands without the Lock, under this protocol:
//
//  1. One process receives for a project: it holds receiver.lock for as long as it
//     lives. What has landed under which key it reads from the manifests, once.
//  2. The rows file is created first and locked (flock) before anything is written,
//     and stays open and locked through its renaming until the manifest is in place
//     or everything is removed. Where the name is gone once the lock is there, a
//     sweep came between: the file is created again.
//  3. Then rejects, sync, and Commit: rows, rejects, manifest, each renamed and its
//     folder synced, in this order. Only then the sender is told.
//  4. A sweep, before it removes anything of a batch, opens the rows under the
//     temporary name, then under the final one (they are renamed in that direction
//     only), and tries to lock them. Is the lock taken, the batch is under way. Does
//     it get the lock, the receiver is gone or done: it looks for the manifest again
//     and removes the files only where there is none.
//
// A lock ends with its process, so what a killed receiver leaves is swept by the
// next writer, and its sender, who was told nothing, sends again.
//
//	data/landing/<dataset>/<batch>.parquet   the rows
//	data/landing/<dataset>/<batch>.json      the manifest: a Batch
//	data/rejects/<batch>.parquet             the rejected lines, where there are any
//	data/lock                                the writer
//	data/receiver.lock                       the server that receives messages
//
// Time comes from the caller; the package reads no clock.
package landing

import (
	"path/filepath"
	"sync"
)

// Zone is the landing zone of one project. Reading is safe beside a writer, in
// this process or another. Stage needs the project's Lock; see Receiver.
type Zone struct {
	data string

	mu  sync.Mutex
	ids map[string]bool // batch identifiers given out by this Zone

	isHeld bool // Sweep has seen the lock of the project
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
