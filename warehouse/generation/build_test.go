package generation_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/warehousetest"
)

func sales() []warehousetest.Line {
	return slices.Concat(
		warehousetest.Sale("2025-01-10", "C1", "F1", "100.00"),
		warehousetest.Sale("2025-02-10", "C2", "F2", "40.00"),
	)
}

func TestBuild(t *testing.T) {
	p := warehousetest.New(t, "")
	batch := p.Land(t, sales()...)
	m := p.Build(t).Manifest
	if m.AsOf.Format(time.DateOnly) != "2025-02-10" || !slices.Equal(m.Batches, []string{batch.ID}) || len(generation.Failed(m.Checks)) > 0 {
		t.Errorf("manifest %+v", m)
	}
	for _, path := range []string{"current/warehouse.duckdb", "published/mart_ageing/mart_ageing.parquet", "published/fct_items/fct_items.parquet"} {
		if _, err := os.Stat(filepath.Join(p.DataDir(), path)); err != nil {
			t.Error(err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(p.DataDir(), "current", "*scratch*")); len(left) > 0 {
		t.Errorf("scratch is left: %v", left)
	}
}

// TestSameInputsSameFingerprint: the fingerprint names the inputs, not the build.
func TestSameInputsSameFingerprint(t *testing.T) {
	p := warehousetest.New(t, "")
	p.Land(t, sales()...)
	a, b := p.Build(t).Manifest, p.Build(t).Manifest
	if a.Fingerprint != b.Fingerprint || a.ID == b.ID {
		t.Errorf("%s %s, then %s %s", a.ID, a.Fingerprint, b.ID, b.Fingerprint)
	}
	options := p.Options()
	options.AsOf = time.Date(2025, 1, 31, 0, 0, 0, 0, time.UTC)
	c, err := p.Store.Build(t.Context(), options)
	if err != nil || c.Manifest.Fingerprint == a.Fingerprint {
		t.Errorf("another as-of date gives the same fingerprint: %v", err)
	}
	if fresh, err := p.Store.IsFresh(t.Context(), options); err != nil || !fresh {
		t.Errorf("the same options are not fresh: %v", err)
	}
	p.Land(t, warehousetest.Sale("2025-01-10", "C1", "F1", "1.00")...)
	if fresh, err := p.Store.IsFresh(t.Context(), options); err != nil || fresh {
		t.Errorf("a new batch and still fresh: %v", err)
	}
}

// TestFailedCheckKeepsServing: a check of severity fail stops the switch; the
// generation before serves on, and nothing is left of the build.
func TestFailedCheckKeepsServing(t *testing.T) {
	p := warehousetest.New(t, "")
	p.Land(t, sales()...)
	before := p.Build(t).Manifest.ID
	if err := os.MkdirAll(filepath.Join(p.Dir, "ref"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(p.Dir, "ref", "ageing_buckets.csv"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("bucket_order,ageing_bucket,from_days,to_days,is_overdue\n1,not_due,,0,false\n2,late,10,,true\n7,unknown,,,false\n")
	_, err := p.Store.Build(t.Context(), p.Options())
	var failed *generation.ChecksFailedError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "ageing_buckets_are_whole") {
		t.Fatalf("%v", err)
	}
	if now, err := p.Store.CurrentID(); err != nil || now != before {
		t.Errorf("now serving %s, %v; before %s", now, err, before)
	}
	if left, _ := filepath.Glob(filepath.Join(p.DataDir(), "generations", ".build-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for text, want := range map[string]string{
		"bucket_order,name\n1,x\n":     `ageing_buckets.csv:1: column "name" is not known`,
		"bucket_order,ageing_bucket\n": `column "from_days" is missing`,
		"bucket_order,ageing_bucket,from_days,to_days,is_overdue\n1,a,x,0,false\n": "ageing_buckets.csv:2",
	} {
		write(text)
		if _, err := p.Store.Build(t.Context(), p.Options()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestKnownAt(t *testing.T) {
	p := warehousetest.New(t, "")
	options := p.Options()
	if _, err := p.Store.Build(t.Context(), options); !errors.Is(err, generation.ErrNothingKnown) {
		t.Errorf("an empty landing zone: %v", err)
	}
	p.Land(t, sales()...)
	options.KnownAt = time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
	if _, err := p.Store.Build(t.Context(), options); !errors.Is(err, generation.ErrNothingKnown) {
		t.Errorf("before the first batch: %v", err)
	}
}

// TestPublished reads a published file without DuckDB: zstd, statistics, sorted,
// with what the figures stand on.
func TestPublished(t *testing.T) {
	p := warehousetest.New(t, "")
	p.Land(t, sales()...)
	m := p.Build(t).Manifest
	f, err := os.Open(filepath.Join(p.DataDir(), "published", "mart_ageing", "mart_ageing.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"encours_as_of": "2025-02-10", "encours_generation": m.Fingerprint, "encours_project": "Test",
	} {
		if got, _ := file.Lookup(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	chunk := file.Metadata().RowGroups[0].Columns[0].MetaData
	if chunk.Codec.String() != "ZSTD" || len(chunk.Statistics.MinValue) == 0 {
		t.Errorf("codec %s, statistics %v", chunk.Codec, chunk.Statistics)
	}
}
