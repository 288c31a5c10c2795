package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/encours/encours/reports/table"
)

// pdfFile verifies a PDF by the manifest beside it: what it holds is drawn, so that
// its bytes are what can be compared. Without a manifest nothing can: the error
// then wraps ErrNoManifest.
func pdfFile(path, manifestEnding string) (Result, error) {
	manifest := path + manifestEnding
	text, err := os.ReadFile(manifest)
	if errors.Is(err, fs.ErrNotExist) {
		return Result{}, fmt.Errorf("verify %q: %w: a PDF is compared with the manifest beside it, and there is no %s",
			path, ErrNoManifest, filepath.Base(manifest))
	}
	if err != nil {
		return Result{}, fmt.Errorf("verify: %w", err)
	}
	facts, err := objectFacts(text)
	if err != nil {
		return Result{}, fmt.Errorf("verify %q: read manifest %q: %w", path, manifest, err)
	}
	for _, ofFile := range []string{"file", "bytes", "sha256"} {
		delete(facts, ofFile)
	}
	if facts[table.FactReport] == "" || facts[table.FactSeal] == "" {
		return Result{}, fmt.Errorf("verify %q: %w (%s)", path, ErrNoManifest, filepath.Base(manifest))
	}
	file, err := os.Open(path)
	if err != nil {
		return Result{}, fmt.Errorf("verify: %w", err)
	}
	defer file.Close() // it was only read
	seal := table.Seal(facts)
	result := Result{Facts: facts, Checks: []Check{{"hash of the manifest", facts[table.FactSeal], seal, facts[table.FactSeal] == seal}}}
	beside, err := besideChecks(file, manifest, facts)
	if err != nil {
		return result, fmt.Errorf("verify %q: %w", path, err)
	}
	result.Checks = append(result.Checks, beside...)
	return result, nil
}
