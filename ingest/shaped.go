package ingest

import (
	"context"
	"io"
	"time"
)

// Shaped is an extract whose shape is known, so that no mapping is needed, such as
// the notices of a gazette. One extract may give rows of several datasets: each
// becomes a batch of its own.
type Shaped interface {
	// Datasets are those that the extract gives, in the order in which they load.
	Datasets() []string
	// Digest is the SHA-256 of the bytes in hexadecimal, and their number.
	Digest() (sha256 string, size int64)
	// Notes say how the extract was read, for the manifest of a batch.
	Notes() map[string]string
	// Convert writes the rows of one dataset as the canonical stream: its fields in
	// their order. What cannot be a row goes to reject. progress, which may be nil, is
	// told the bytes read.
	Convert(ctx context.Context, dataset string, fields []Field, w io.Writer, reject func(Reject) error, progress func(int64)) (ShapedStats, error)
}

// ShapedStats is what became of an extract, for one dataset.
type ShapedStats struct {
	Rows, Rejects int64
	First, Last   time.Time // of the business dates; zero: none
	Warnings      []string  // what the reader of the figures should know
	Remarks       []string  // how it was read
}
