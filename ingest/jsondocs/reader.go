package jsondocs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

// Row is one row that a document gives, or why it gives none.
type Row struct {
	Dataset string
	Values  map[string]any
	Day     string         // its business date, YYYY-MM-DD; may be empty
	Wrong   *ingest.Reject // Column, Value, Reason and Message
}

// Taken is what a document gives.
type Taken struct {
	Rows []Row
	// Remarks are counted: each is a sentence about one document, without its values.
	Remarks []string
}

// Reader implements ingest.Shaped for files whose documents Take reads.
type Reader struct {
	File *File
	Name string // of the format, for the manifest
	Sets []string
	Take func(Object) Taken
}

// Datasets implements ingest.Shaped.
func (r *Reader) Datasets() []string { return slices.Clone(r.Sets) }

// Digest implements ingest.Shaped.
func (r *Reader) Digest() (string, int64) { return r.File.SHA256, r.File.Size }

// Notes implements ingest.Shaped.
func (r *Reader) Notes() map[string]string { return map[string]string{"format": r.Name} }

// Convert implements ingest.Shaped.
func (r *Reader) Convert(ctx context.Context, dataset string, fields []ingest.Field, w io.Writer, reject func(ingest.Reject) error, progress func(int64)) (stats ingest.ShapedStats, err error) {
	out, err := canonical.NewWriter(w, fields, reject)
	if err != nil {
		return stats, err
	}
	remarks := map[string]int{}
	err = r.File.Each(ctx, progress, func(record int64, o Object) error {
		taken := r.Take(o)
		if dataset == r.Sets[0] {
			for _, remark := range taken.Remarks {
				remarks[remark]++
			}
		}
		at := ingest.Reject{Line: record, Raw: ingest.Cut(o.Raw(), 64<<10)}
		for _, row := range taken.Rows {
			if row.Dataset != dataset {
				continue
			}
			if row.Wrong != nil {
				if err := out.Reject(at, row.Wrong.Column, row.Wrong.Value, row.Wrong.Reason, row.Wrong.Message); err != nil {
					return err
				}
				continue
			}
			before := out.Rows
			if err := out.Write(at, row.Values); err != nil {
				return err
			}
			if day, err := time.Parse(time.DateOnly, row.Day); err == nil && out.Rows > before {
				if stats.First.IsZero() || day.Before(stats.First) {
					stats.First = day
				}
				if day.After(stats.Last) {
					stats.Last = day
				}
			}
		}
		return nil
	})
	if err != nil {
		return stats, err
	}
	for _, remark := range slices.Sorted(maps.Keys(remarks)) {
		stats.Remarks = append(stats.Remarks, fmt.Sprintf("%s (%d)", remark, remarks[remark]))
	}
	stats.Rows, stats.Rejects = out.Rows, out.Rejects
	return stats, out.Flush()
}

// Number is the number at the first of the paths that has one, as its text stands;
// nil where none has. Text that is no number, such as "Not Rated", is none.
func (o Object) Number(paths ...string) any {
	for _, path := range paths {
		text := o.Text(path)
		plain, err := canonical.PlainNumber(text)
		switch {
		case err == nil:
			return plain
		case errors.Is(err, canonical.ErrTooLarge):
			return text // for its field to refuse
		}
	}
	return nil
}

// Exact is the value of a number that Number gave; nil for none.
func Exact(number any) *big.Rat {
	text, _ := number.(string)
	plain, err := canonical.PlainNumber(text)
	if err != nil {
		return nil
	}
	value, _ := new(big.Rat).SetString(plain)
	return value
}

// Times multiplies a number that Number gave, exactly.
func Times(number any, factor int64) any {
	value := Exact(number)
	if value == nil || factor == 1 {
		return number
	}
	value.Mul(value, new(big.Rat).SetInt64(factor))
	places, _ := value.FloatPrec()
	return value.FloatString(places)
}
