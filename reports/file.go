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
	data, err := newFile(path, func(w io.Writer) (err error) {
		facts, err = export(io.MultiWriter(w, sum))
		return err
	})
	if err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	beside := path + ManifestEnding
	about := table.Manifest(facts, filepath.Base(path), data.size, hex.EncodeToString(sum.Sum(nil)))
	text, err := jsonfile.Object(about)
	if err != nil {
		return fmt.Errorf("write %q: %w", beside, errors.Join(err, data.discard()))
	}
	manifest, err := newFile(beside, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(append(text, '\n')))
		return err
	})
	if err != nil {
		return fmt.Errorf("write %q: %w", beside, errors.Join(err, data.discard()))
	}
	// a manifest never stands beside a file that it does not speak of
	if err := os.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace %q: %w", beside, errors.Join(err, data.discard(), manifest.discard()))
	}
	if err := data.install(); err != nil {
		return fmt.Errorf("write %q: %w", path, errors.Join(err, manifest.discard()))
	}
	if err := manifest.install(); err != nil {
		return fmt.Errorf("write %q: %w", beside, err)
	}
	return syncFolder(filepath.Dir(path))
}

// pending is a file that is complete and durable and has not got its name yet.
type pending struct {
	file *os.File
	path string
	temp string // its name until then; empty: it has none and goes with the program
	size int64
}

// newFile fills a file for path. On failure nothing is left.
func newFile(path string, fill func(io.Writer) error) (p *pending, err error) {
	p = &pending{path: path}
	folder := filepath.Dir(path)
	if p.file, err = unnamed(folder); err != nil {
		if p.file, err = os.CreateTemp(folder, "."+filepath.Base(path)+".*"); err != nil {
			return nil, err
		}
		p.temp = p.file.Name()
	}
	err = fill(p.file)
	if err == nil {
		err = errors.Join(p.file.Chmod(0o644), p.file.Sync())
	}
	if err == nil {
		var info os.FileInfo
		if info, err = p.file.Stat(); err == nil {
			p.size = info.Size()
			return p, nil
		}
	}
	return nil, errors.Join(err, p.discard())
}

func (p *pending) discard() error {
	err := p.file.Close()
	if p.temp != "" {
		err = errors.Join(err, os.Remove(p.temp))
	}
	return err
}

// install gives the file its name, in the place of what had it.
func (p *pending) install() error {
	if p.temp == "" {
		temp := filepath.Join(filepath.Dir(p.path), fmt.Sprintf(".%s.%d", filepath.Base(p.path), os.Getpid()))
		if err := link(p.file, temp); err != nil {
			return errors.Join(err, p.discard())
		}
		p.temp = temp
	}
	if err := os.Rename(p.temp, p.path); err != nil {
		return errors.Join(err, p.discard())
	}
	return p.file.Close()
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("make %q durable: %w", path, err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// WriteWhole writes a file that is whole or not there, as WriteFile does.
func WriteWhole(path string, fill func(io.Writer) error) error {
	file, err := newFile(path, fill)
	if err == nil {
		err = file.install()
	}
	if err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	return syncFolder(filepath.Dir(path))
}
