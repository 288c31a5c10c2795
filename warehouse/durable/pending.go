package durable

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Pending is a file that is whole and lasts, and has not got its name yet.
type Pending struct {
	Size int64

	file *os.File
	path string
	temp string // its name until then; empty: it has none and goes with the program
}

// New fills a file for a path. After an error nothing is left; the caller installs or
// discards the file. Where the file system can, the file has no name until then, so
// that nothing is left either when the program is killed.
func New(path string, fill func(io.Writer) error) (*Pending, error) {
	p := &Pending{path: path}
	folder := filepath.Dir(path)
	var err error
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
			p.Size = info.Size()
			return p, nil
		}
	}
	return nil, errors.Join(err, p.Discard())
}

// Discard lets the file go.
func (p *Pending) Discard() error {
	err := p.file.Close()
	if p.temp != "" {
		err = errors.Join(err, os.Remove(p.temp))
	}
	return err
}

// Install gives the file its name, in the place of what had it; the folder is not
// made to last yet, see Sync. After an error nothing is left of it.
func (p *Pending) Install() error {
	if p.temp == "" {
		temp := filepath.Join(filepath.Dir(p.path), fmt.Sprintf(".%s.%d.%d", filepath.Base(p.path), os.Getpid(), p.file.Fd()))
		if err := link(p.file, temp); err != nil {
			return errors.Join(err, p.Discard())
		}
		p.temp = temp
	}
	if err := os.Rename(p.temp, p.path); err != nil {
		return errors.Join(err, p.Discard())
	}
	return p.file.Close()
}
