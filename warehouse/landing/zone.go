package landing

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func (z *Zone) manifestPath(dataset, id string) string {
	return filepath.Join(z.dir(dataset), id+".json")
}

// Batches reads every manifest, in the order in which the batches became known:
// by the day they are known from, then by their loading. A manifest that is
// damaged, or whose Parquet file is gone or has another size, is an error that
// names the file: figures without that batch would be wrong.
func (z *Zone) Batches(ctx context.Context) ([]Batch, error) {
	paths, err := filepath.Glob(filepath.Join(globText(z.data), "landing", "*", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list batches: %w", err)
	}
	batches := make([]Batch, 0, len(paths))
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if name := filepath.Base(path); strings.HasPrefix(name, tempPrefix) || strings.HasPrefix(name, erasedPrefix) {
			continue
		}
		b, err := z.readManifest(path)
		if err != nil {
			return nil, fmt.Errorf("read batch manifest %q: %w; restore the file from a backup, "+
				"or move it away with its Parquet file and ingest the extract again", path, err)
		}
		batches = append(batches, b)
	}
	slices.SortFunc(batches, compareBatches)
	return batches, nil
}

func (z *Zone) readManifest(path string) (Batch, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Batch{}, err
	}
	var b Batch
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&b); err != nil {
		return Batch{}, fmt.Errorf("it is damaged: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Batch{}, errors.New("it is damaged: text follows its end")
	}
	if err := b.validate(); err != nil {
		return Batch{}, fmt.Errorf("it is damaged: %w", err)
	}
	if z.manifestPath(b.Dataset, b.ID) != path {
		return Batch{}, fmt.Errorf("it speaks of batch %s of dataset %s", b.ID, b.Dataset)
	}
	size, err := fileSize(z.Path(b))
	if err != nil {
		return Batch{}, fmt.Errorf("its rows are missing: %w", err)
	}
	if size != b.ParquetSize {
		return Batch{}, fmt.Errorf("its rows are damaged: %q has %d bytes and had %d", z.Path(b), size, b.ParquetSize)
	}
	return b, nil
}

// validate tells whether a manifest can be believed.
func (b Batch) validate() error {
	digest, err := hex.DecodeString(b.SHA256)
	switch {
	case !batchID.MatchString(b.ID):
		return fmt.Errorf("batch_id %q is not a batch identifier", b.ID)
	case err != nil || len(digest) != 32:
		return fmt.Errorf("sha256 %q is not a digest", b.SHA256)
	case b.LoadedAt.IsZero():
		return errors.New("loaded_at is missing")
	case b.ID != b.LoadedAt.Format(idForm)+"-"+b.SHA256[:8]:
		return fmt.Errorf("batch_id %q does not agree with loaded_at and sha256", b.ID)
	case b.Mode != Full && b.Mode != Delta:
		return fmt.Errorf("mode %q is neither %s nor %s", b.Mode, Full, Delta)
	case b.Dataset == "" || b.Source == "" || b.EntityID == "" || b.SourceFile == "":
		return errors.New("dataset, source, entity_id and source_file must be given")
	case b.Scope != Scope(b.Source, b.EntityID, b.FiscalYearStart):
		return fmt.Errorf("scope %q does not agree with source, entity_id and fiscal_year_start", b.Scope)
	case b.Dataset == LedgerDataset && b.FiscalYearStart == nil:
		return errors.New("a ledger needs the start of its fiscal year")
	case b.Rows < 0 || b.Rejects < 0 || b.Size < 0 || b.ParquetSize <= 0:
		return errors.New("a count or a size is not possible")
	}
	return nil
}

// globText quotes a path for filepath.Glob.
func globText(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
