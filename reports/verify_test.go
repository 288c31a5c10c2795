package reports

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/encours/encours/reports/verify"
)

// TestEveryExportIsVerified: every report in every format holds what its manifest
// says, and so does the manifest beside it.
func TestEveryExportIsVerified(t *testing.T) {
	for _, sel := range []Selection{{}, {Entity: "ALPHA", Side: Supplier}, {Entity: "NONE"}} {
		v := open(t, sel)
		for _, d := range Definitions() {
			if NeedsCounterparty(d.Name) {
				continue // TestStatement names one
			}
			digest := ""
			for _, format := range rowFormats() {
				path := filepath.Join(t.TempDir(), d.Name+"."+format)
				if err := WriteFile(t.Context(), v, d.Name, format, AgeingFilter{}, path); err != nil {
					t.Fatal(err)
				}
				r, err := verify.File(t.Context(), path, ManifestEnding)
				if err != nil || !r.OK() {
					t.Errorf("%s as %s of %v: %v %+v", d.Name, format, sel, err, r.Checks)
				}
				if digest != "" && r.Facts["rows_sha256"] != digest {
					t.Errorf("%s as %s of %v: another digest than in the format before", d.Name, format, sel)
				}
				digest = r.Facts["rows_sha256"]
				last := r.Checks[len(r.Checks)-1]
				if last.Name != "hash of the file" {
					t.Errorf("%s as %s: no manifest was read: %+v", d.Name, format, last)
				}
			}
		}
	}
}

// TestAChangedFileIsFound: one byte of the file, and a manifest of another file.
func TestAChangedFileIsFound(t *testing.T) {
	v := open(t, Selection{})
	folder := t.TempDir()
	path := filepath.Join(folder, "ageing.parquet")
	if err := WriteFile(t.Context(), v, "ageing", "parquet", AgeingFilter{}, path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path + ManifestEnding)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte(`"as_of":"2024-12-31"`), []byte(`"as_of":"2024-12-30"`), 1)
	if err := os.WriteFile(path+ManifestEnding, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if r, err := verify.File(t.Context(), path, ManifestEnding); err != nil || r.OK() {
		t.Errorf("a manifest of another date is right: %v %+v", err, r.Checks)
	}
}

// TestAFailedExportLeavesNothing: cancelled or broken, no file is left, hidden or
// not, and the one before stays with its manifest.
func TestAFailedExportLeavesNothing(t *testing.T) {
	v := open(t, Selection{})
	folder := t.TempDir()
	path := filepath.Join(folder, "ageing.csv")
	if err := WriteFile(t.Context(), v, "ageing", "csv", AgeingFilter{}, path); err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := WriteFile(cancelled, v, "ageing", "csv", AgeingFilter{}, path); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if err := WriteFile(t.Context(), v, "ageing", "csv", AgeingFilter{Bucket: "none"}, filepath.Join(folder, "other.csv")); err == nil {
		t.Error("no error")
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if r, err := verify.File(t.Context(), path, ManifestEnding); err != nil || !r.OK() {
		t.Errorf("the file before: %v %+v", err, r.Checks)
	}
}
