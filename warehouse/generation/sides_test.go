package generation

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestSweepSides: the days built last stay, and one that a reader holds, until it lets
// go; what is not a day is not touched.
func TestSweepSides(t *testing.T) {
	data := t.TempDir()
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 4 {
		s := NewSideStore(data, start.AddDate(0, 0, i))
		folder := s.folder("000001-aaaaaaaaaaaa")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{holdFile, manifestFile} {
			if err := os.WriteFile(filepath.Join(folder, name), []byte("{}"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.switchTo("000001-aaaaaaaaaaaa"); err != nil {
			t.Fatal(err)
		}
		// the earlier the day, the later it was built
		at := unix.NsecToTimeval(start.AddDate(0, 0, -i).UnixNano())
		if err := unix.Lutimes(s.current(), []unix.Timeval{at, at}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(data, sidesFolder, "notes"), 0o755); err != nil {
		t.Fatal(err)
	}
	sweep := func(want ...string) {
		t.Helper()
		if err := SweepSides(data, 2); err != nil {
			t.Fatal(err)
		}
		var got []string
		entries, err := os.ReadDir(filepath.Join(data, sidesFolder))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			got = append(got, entry.Name())
		}
		if !slices.Equal(got, want) {
			t.Errorf("left %v, want %v", got, want)
		}
	}
	hold, err := NewSideStore(data, start.AddDate(0, 0, 3)).Hold()
	if err != nil {
		t.Fatal(err)
	}
	sweep("2025-01-01", "2025-01-02", "2025-01-04", "notes")
	if err := hold.Release(); err != nil {
		t.Fatal(err)
	}
	sweep("2025-01-01", "2025-01-02", "notes")
	if err := SweepSides(t.TempDir(), 2); err != nil {
		t.Errorf("a project without such days: %v", err)
	}
}
