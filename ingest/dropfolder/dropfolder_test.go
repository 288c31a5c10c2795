package dropfolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func newFolder(t *testing.T) *Folder {
	t.Helper()
	dir := t.TempDir()
	f := New(Config{
		Path: filepath.Join(dir, "in"), Pattern: "*.txt", Settle: 30 * time.Second,
		Done: filepath.Join(dir, "in", "done"), Failed: filepath.Join(dir, "in", "failed"),
	})
	if err := f.Prepare(); err != nil {
		t.Fatal(err)
	}
	return f
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// ready lists the names that are ready so many seconds after noon.
func ready(t *testing.T, f *Folder, seconds int) []string {
	t.Helper()
	files, err := f.Ready(noon.Add(time.Duration(seconds) * time.Second))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		names = append(names, filepath.Base(file.Path))
	}
	return names
}

func one(t *testing.T, f *Folder, name string) File {
	t.Helper()
	for _, seconds := range []int{0, 30} {
		files, err := f.Ready(noon.Add(time.Duration(seconds) * time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(files, func(file File) bool { return filepath.Base(file.Path) == name }); i >= 0 {
			return files[i]
		}
	}
	t.Fatalf("%s is not ready", name)
	return File{}
}

func TestAGrowingFileIsNotTaken(t *testing.T) {
	f := newFolder(t)
	put(t, f.Path, "a.txt", "1")
	for seconds, text := range []string{"12", "123", "1234"} {
		if got := ready(t, f, 25*seconds); len(got) > 0 {
			t.Errorf("while it grows: %v", got)
		}
		put(t, f.Path, "a.txt", text)
	}
	if got := ready(t, f, 75); len(got) > 0 {
		t.Errorf("at once after it grew: %v", got)
	}
	if got := ready(t, f, 104); len(got) > 0 {
		t.Errorf("a second too early: %v", got)
	}
	if got := ready(t, f, 105); !slices.Equal(got, []string{"a.txt"}) {
		t.Errorf("once it has settled: %v", got)
	}
}

func TestSameSizeLaterTimeIsAChange(t *testing.T) {
	f := newFolder(t)
	put(t, f.Path, "a.txt", "1")
	ready(t, f, 0)
	if err := os.Chtimes(filepath.Join(f.Path, "a.txt"), noon, noon); err != nil {
		t.Fatal(err)
	}
	if got := ready(t, f, 30); len(got) > 0 {
		t.Errorf("taken: %v", got)
	}
}

func TestAFileOpenForWritingIsNotTaken(t *testing.T) {
	f := newFolder(t)
	file, err := os.Create(filepath.Join(f.Path, "a.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if !isBeingWritten(file.Name()) {
		t.Skip("this file system cannot tell who writes a file")
	}
	ready(t, f, 0)
	if got := ready(t, f, 60); len(got) > 0 {
		t.Errorf("taken while it is open: %v", got)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if got := ready(t, f, 89); len(got) > 0 {
		t.Errorf("taken before it settled again: %v", got)
	}
	if got := ready(t, f, 90); len(got) != 1 {
		t.Errorf("not taken: %v", got)
	}
}

func TestWhatIsTaken(t *testing.T) {
	f := newFolder(t)
	for i, name := range []string{"b.txt", "a.txt", ".hidden.txt", "a.csv"} {
		put(t, f.Path, name, "x")
		at := noon.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(filepath.Join(f.Path, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(f.Path, "folder.txt"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(f.Path, "link.txt")); err != nil {
		t.Fatal(err)
	}
	ready(t, f, 0)
	if got := ready(t, f, 30); !slices.Equal(got, []string{"b.txt", "a.txt"}) {
		t.Errorf("%v, want the oldest first and nothing else", got)
	}
}

func TestMovesNeverOverwrite(t *testing.T) {
	f := newFolder(t)
	for round := range 3 {
		put(t, f.Path, "a.txt", fmt.Sprint(round))
		if _, err := f.Accept(one(t, f, "a.txt")); err != nil {
			t.Fatal(err)
		}
	}
	for round, name := range []string{"a.txt", "a (2).txt", "a (3).txt"} {
		text, err := os.ReadFile(filepath.Join(f.Done, name))
		if err != nil || string(text) != fmt.Sprint(round) {
			t.Errorf("%s holds %q %v", name, text, err)
		}
	}
}

func TestAReasonStandsBesideAFailedFile(t *testing.T) {
	f := newFolder(t)
	put(t, f.Failed, "a.txt", "an earlier one")
	put(t, f.Failed, "a.txt.reason.txt", "an earlier reason")
	put(t, f.Path, "a.txt", "x")
	targets, err := f.Refuse("because", one(t, f, "a.txt"))
	if err != nil || len(targets) != 1 || targets[0] != filepath.Join(f.Failed, "a (2).txt") {
		t.Fatalf("%s %v", targets, err)
	}
	for name, want := range map[string]string{
		"a.txt": "an earlier one", "a.txt.reason.txt": "an earlier reason", "a (2).txt": "x", "a (2).txt.reason.txt": "because",
	} {
		if text, err := os.ReadFile(filepath.Join(f.Failed, name)); err != nil || string(text) != want {
			t.Errorf("%s holds %q %v", name, text, err)
		}
	}
}

func TestAFileThatChangedStays(t *testing.T) {
	f := newFolder(t)
	put(t, f.Path, "a.txt", "x")
	file := one(t, f, "a.txt")
	put(t, f.Path, "a.txt", "longer")
	if _, err := f.Accept(file); !errors.Is(err, ErrChanged) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(file.Path); err != nil {
		t.Error(err)
	}
	if got := ready(t, f, 31); len(got) > 0 {
		t.Errorf("taken again before it has settled: %v", got)
	}
}

func TestLater(t *testing.T) {
	f := newFolder(t)
	put(t, f.Path, "a.txt", "x")
	f.Later(one(t, f, "a.txt"), noon.Add(time.Minute))
	if got := ready(t, f, 89); len(got) > 0 {
		t.Errorf("too early: %v", got)
	}
	if got := ready(t, f, 90); len(got) != 1 {
		t.Errorf("not taken: %v", got)
	}
}

func TestRenameByReserving(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a", "a")
	put(t, dir, "b", "b")
	from, taken := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for name, rename := range map[string]func(from, to string) error{"reserving": renameByReserving, "system": renameNew} {
		if err := rename(from, taken); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if err := renameByReserving(from, filepath.Join(dir, "c")); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{"b": "b", "c": "a"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(text) != want {
			t.Errorf("%s holds %q %v", name, text, err)
		}
	}
}

func TestOtherFileSystemIsRefused(t *testing.T) {
	if sameDevice("/proc", t.TempDir()) {
		t.Skip("no second file system here")
	}
	f := New(Config{Path: t.TempDir(), Done: "/proc", Failed: "/proc"})
	if err := f.Prepare(); err == nil || !strings.Contains(err.Error(), "not on the same file system") {
		t.Errorf("error %v", err)
	}
}

// list is every file below the drop folder.
func list(t *testing.T, f *Folder) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(f.Path, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, relErr := filepath.Rel(f.Path, path)
			names, err = append(names, filepath.ToSlash(name)), relErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

func parts(t *testing.T, f *Folder) []File {
	t.Helper()
	put(t, f.Path, "p1.txt", "1")
	put(t, f.Path, "p2.txt", "2")
	return []File{one(t, f, "p1.txt"), one(t, f, "p2.txt")}
}

func TestPartsMoveTogether(t *testing.T) {
	f := newFolder(t)
	if targets, err := f.Accept(parts(t, f)...); err != nil || len(targets) != 2 {
		t.Fatalf("%v %v", targets, err)
	}
	if got := list(t, f); got != "done/p1.txt done/p2.txt" {
		t.Errorf("after the move: %s", got)
	}
	if _, err := f.Refuse("why", parts(t, f)...); err != nil {
		t.Fatal(err)
	}
	if got := list(t, f); got != "done/p1.txt done/p2.txt failed/p1.txt failed/p1.txt.reason.txt failed/p2.txt failed/p2.txt.reason.txt" {
		t.Errorf("after the second: %s", got)
	}
}

func TestPartsOfWhichOneChangedAllStay(t *testing.T) {
	f := newFolder(t)
	files := parts(t, f)
	put(t, f.Path, "p2.txt", "longer")
	if _, err := f.Accept(files...); !errors.Is(err, ErrChanged) {
		t.Errorf("error %v", err)
	}
	if got := list(t, f); got != "p1.txt p2.txt" {
		t.Errorf("left: %s", got)
	}
}

// TestACutOffMoveIsEnded: the program was killed after the first of two files, and
// a new file of the name of the third appeared meanwhile.
func TestACutOffMoveIsEnded(t *testing.T) {
	f := newFolder(t)
	put(t, f.Path, "p3.txt", "3")
	files := append(parts(t, f), one(t, f, "p3.txt"))
	if err := f.begin(files, f.Failed, "why"); err != nil {
		t.Fatal(err)
	}
	if _, err := move(files[0].Path, f.Failed, "why"); err != nil {
		t.Fatal(err)
	}
	put(t, f.Path, "p3.txt", "another")
	for range 2 { // a second time there is nothing left to do
		if err := f.Prepare(); err != nil {
			t.Fatal(err)
		}
		if got := list(t, f); got != "failed/p1.txt failed/p1.txt.reason.txt failed/p2.txt failed/p2.txt.reason.txt p3.txt" {
			t.Errorf("after the restart: %s", got)
		}
	}
	put(t, f.Path, journalName, "{")
	if err := f.Prepare(); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged journal: %v", err)
	}
}

func TestFilesWaitForEachOther(t *testing.T) {
	f := newFolder(t)
	f.Together = time.Minute
	put(t, f.Path, "p1.txt", "1")
	ready(t, f, 0)
	put(t, f.Path, "p2.txt", "2")
	ready(t, f, 20)
	if got := ready(t, f, 40); len(got) > 0 {
		t.Errorf("while the second has not settled: %v", got)
	}
	if got := ready(t, f, 50); len(got) != 2 {
		t.Errorf("once both have settled: %v", got)
	}
	for seconds := 55; seconds < 95; seconds += 5 { // one that never settles does not hold the others for ever
		put(t, f.Path, "p2.txt", strings.Repeat("x", seconds))
		want := 0
		if seconds >= 90 {
			want = 1
		}
		if got := ready(t, f, seconds); len(got) != want {
			t.Errorf("after %d seconds: %v", seconds, got)
		}
	}
}
