package durable

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.csv")
	text := func(s string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, writeErr := io.WriteString(w, s)
			return errors.Join(writeErr, err)
		}
	}
	broken := errors.New("broken off")
	for _, c := range []struct {
		name  string
		write func(io.Writer) error
		err   error
		want  string
	}{
		{"new", text("one", nil), nil, "one"},
		{"broken off", text("tw", broken), broken, "one"},
		{"replaced", text("three", nil), nil, "three"},
	} {
		if err := Write(path, c.write); !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", c.name, err, c.err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
		entries, err := Entries(dir)
		if err != nil || len(entries) != 1 {
			t.Errorf("%s: in the folder %v, %v, want the file alone", c.name, entries, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := Write(filepath.Join(dir, "nowhere", "a"), text("", nil)); err == nil {
		t.Error("a file was written into a folder that does not exist")
	}
}

func TestEntries(t *testing.T) {
	if entries, err := Entries(filepath.Join(t.TempDir(), "nowhere")); err != nil || len(entries) != 0 {
		t.Errorf("a folder that does not exist: %v, %v", entries, err)
	}
	if _, err := Entries("durable.go"); err == nil {
		t.Error("a file was listed as a folder")
	}
}
