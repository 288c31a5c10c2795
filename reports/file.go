package reports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/encours/encours/reports/jsonfile"
	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/warehouse/durable"
)

// ManifestEnding is added to the name of an export for that of its manifest.
const ManifestEnding = ".manifest.json"

// WriteFile exports a report to a file, and a manifest with its hash beside it:
// under a name that nobody sees first, made durable, then renamed. On failure no
// file is left, also when the program is killed, and one that was there before
// stays as it was.
func WriteFile(ctx context.Context, v *View, name, format string, filter AgeingFilter, path string) error {
	return writeFile(path, func(w io.Writer) ([]table.Fact, error) { return v.export(ctx, name, format, filter, w) })
}

func writeFile(path string, export func(io.Writer) ([]table.Fact, error)) error {
	sum := sha256.New()
	var facts []table.Fact
	data, err := durable.New(path, func(w io.Writer) (err error) {
		facts, err = export(io.MultiWriter(w, sum))
		return err
	})
	if err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	beside := path + ManifestEnding
	about := table.Manifest(facts, filepath.Base(path), data.Size, hex.EncodeToString(sum.Sum(nil)))
	text, err := jsonfile.Object(about)
	if err != nil {
		return fmt.Errorf("write %q: %w", beside, errors.Join(err, data.Discard()))
	}
	manifest, err := durable.New(beside, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(append(text, '\n')))
		return err
	})
	if err != nil {
		return fmt.Errorf("write %q: %w", beside, errors.Join(err, data.Discard()))
	}
	// a manifest never stands beside a file that it does not speak of
	if err := os.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace %q: %w", beside, errors.Join(err, data.Discard(), manifest.Discard()))
	}
	if err := data.Install(); err != nil {
		return fmt.Errorf("write %q: %w", path, errors.Join(err, manifest.Discard()))
	}
	if err := manifest.Install(); err != nil {
		return fmt.Errorf("write %q: %w", beside, err)
	}
	return durable.Sync(filepath.Dir(path))
}
