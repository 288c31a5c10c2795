package landing

import (
	"cmp"
	"slices"
	"time"
)

// Mode says how a batch joins the earlier ones of its scope.
type Mode string

const (
	Full  Mode = "full"  // replaces the earlier batches of its scope
	Delta Mode = "delta" // updates and inserts by the key of the dataset
)

// Batch is the manifest of one committed batch. Dates are whole days at midnight
// UTC; a nil date is not known. SHA256 and Size are those of the extract.
type Batch struct {
	ID              string            `json:"batch_id"`
	Dataset         string            `json:"dataset"`
	Source          string            `json:"source"`
	Scope           string            `json:"scope"`
	Mode            Mode              `json:"mode"`
	EntityID        string            `json:"entity_id"`
	FiscalYearStart *Date             `json:"fiscal_year_start,omitempty"`
	FirstDate       *Date             `json:"first_date,omitempty"`
	LastDate        *Date             `json:"last_date,omitempty"`
	ExtractDate     *Date             `json:"extract_date,omitempty"`
	LoadedAt        Instant           `json:"loaded_at"`
	Rows            int64             `json:"rows"`
	Rejects         int64             `json:"rejects"`
	SHA256          string            `json:"sha256"`
	Size            int64             `json:"size"`
	SourceFile      string            `json:"source_file"`
	SourcePath      string            `json:"source_path"`
	Notes           map[string]string `json:"notes,omitempty"` // how the file was read: charset, separator …
	Warnings        []string          `json:"warnings,omitempty"`
	Notices         []Notice          `json:"notices,omitempty"`
	ParquetSize     int64             `json:"parquet_size"`
	ToolVersion     string            `json:"tool_version"`
}

// KnownOn is the day from which the content of the batch counts as known: the
// declared date of the extract, else the day of its loading.
func (b Batch) KnownOn() time.Time {
	if b.ExtractDate != nil {
		return b.ExtractDate.Time
	}
	return NewDate(b.LoadedAt.Time).Time
}

// Scope names what a full batch replaces: a source and an entity, and for a
// ledger the start of the fiscal year (nil elsewhere).
func Scope(source, entityID string, fiscalYearStart *Date) string {
	scope := source + "/" + entityID
	if fiscalYearStart != nil {
		scope += "/" + fiscalYearStart.String()
	}
	return scope
}

// compareBatches orders batches by the moment from which they are known.
func compareBatches(a, b Batch) int {
	return cmp.Or(
		a.KnownOn().Compare(b.KnownOn()),
		a.LoadedAt.Compare(b.LoadedAt.Time),
		cmp.Compare(a.ID, b.ID),
	)
}

// Known keeps the batches known on the day of at, in their order; all of them if
// at is nil. Before the first batch the result is empty: nothing was known.
func Known(batches []Batch, at *time.Time) []Batch {
	known := make([]Batch, 0, len(batches))
	for _, b := range batches {
		if at == nil || !b.KnownOn().After(NewDate(*at).Time) {
			known = append(known, b)
		}
	}
	return known
}

// Live drops the batches that a later full batch of their dataset and scope
// replaces. It takes batches in the order of Zone.Batches and keeps that order.
func Live(batches []Batch) []Batch {
	type scope struct{ dataset, name string }
	replaced := map[scope]bool{}
	live := make([]Batch, 0, len(batches))
	for _, b := range slices.Backward(batches) {
		key := scope{b.Dataset, b.Scope}
		if replaced[key] {
			continue
		}
		live = append(live, b)
		replaced[key] = b.Mode == Full
	}
	slices.Reverse(live)
	return live
}

// FindSame returns the batch that holds the same bytes from the same source for
// the same entity, if there is one.
func FindSame(batches []Batch, dataset, source, entityID, sha256 string) (Batch, bool) {
	i := slices.IndexFunc(batches, func(b Batch) bool {
		return b.Dataset == dataset && b.Source == source && b.EntityID == entityID && b.SHA256 == sha256
	})
	if i < 0 {
		return Batch{}, false
	}
	return batches[i], true
}
