package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest/dropfolder"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/runs"
)

func TestDropFolder(t *testing.T) {
	good := header + invoice(1, "20240115", "C1", "F1", "100,00")
	rejected := header + invoice(1, "20240115", "C1", "F1", "100,00") + invoice(2, "20240230", "C1", "F2", "50,00")
	for name, c := range map[string]struct {
		text         string
		done, failed string
		state        runs.State
		rows         int64
		reason       []string
	}{
		"loaded": {good, "a [1].txt", "", runs.Done, 2, nil},
		"not a FEC": {"hello\nworld\n", "", "a [1].txt a [1].txt.reason.txt", runs.Failed, 0,
			[]string{"a [1].txt, source drop, 2026-01-05", "It was not loaded:", "What to do:", "inbox"}},
		"empty": {"", "", "a [1].txt a [1].txt.reason.txt", runs.Failed, 0, []string{"It was not loaded:"}},
		"rejected lines": {rejected, "", "a [1].txt a [1].txt.reason.txt", runs.OverBudget, 2,
			[]string{"It was loaded and counts: 2 lines.", "2 other lines were rejected", "a [1].txt:4: EcritureDate \"20240230\": ", "encours rejects 2026"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newProject(t, dropSource+"after_load: nothing\n")
			r := newRobot(t, dir, monday)
			inbox := filepath.Join(dir, "inbox")
			writeFile(t, inbox, "a [1].txt", c.text)
			writeFile(t, inbox, "a 1.txt.part", "still on its way")
			r.settled()
			if got := names(t, inbox); got != "a 1.txt.part" {
				t.Errorf("left: %q\n%s", got, r.log)
			}
			if got := names(t, filepath.Join(inbox, "done")); got != c.done {
				t.Errorf("done: %q", got)
			}
			if got := names(t, filepath.Join(inbox, "failed")); got != c.failed {
				t.Errorf("failed: %q", got)
			}
			if got := r.last("drop"); got.State != c.state || got.Rows != c.rows || got.Trigger != runs.ByWatch || (got.Error == "") != (c.state == runs.Done) {
				t.Errorf("run: %+v", got)
			}
			if c.reason == nil {
				return
			}
			reason, err := os.ReadFile(filepath.Join(inbox, "failed", "a [1].txt.reason.txt"))
			for _, want := range c.reason {
				if err != nil || !strings.Contains(string(reason), want) {
					t.Errorf("the reason does not say %q: %s %v", want, reason, err)
				}
			}
		})
	}
}

// A file that was loaded before the program was killed, and not yet moved, is the
// same as one that was never seen: it ends where it belongs, and counts once.
func TestKilledBetweenLoadAndMove(t *testing.T) {
	text := header + invoice(1, "20240115", "C1", "F1", "100,00") + invoice(2, "20240230", "C1", "F2", "50,00")
	dir := newProject(t, dropSource+"after_load: nothing\n")
	r := newRobot(t, dir, monday)
	inbox := filepath.Join(dir, "inbox")
	writeFile(t, inbox, "a.txt", text)
	r.settled()
	if err := os.Rename(filepath.Join(inbox, "failed", "a.txt"), filepath.Join(inbox, "a.txt")); err != nil {
		t.Fatal(err)
	}
	r = newRobot(t, dir, monday.Add(time.Hour))
	r.settled()
	if got := names(t, filepath.Join(inbox, "failed")); got != "a.txt a.txt.reason.txt" {
		t.Errorf("failed: %q", got)
	}
	if got := len(batches(t, dir)); got != 1 {
		t.Errorf("%d batches", got)
	}
}

func TestDropFolderIsNotLoadedByHand(t *testing.T) {
	dir := newProject(t, dropSource)
	if r := run(t, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "`encours serve` loads what is put into") {
		t.Errorf("%+v", r)
	}
}

// partLoad is a load of several files.
type partLoad struct {
	load
	of []string
}

func (l partLoad) name() string    { return l.of[0] + " …" }
func (l partLoad) files() []string { return l.of }

func TestGroup(t *testing.T) {
	single := func(path string) load { return unlistable{path: path} }
	parts := func(paths ...string) load { return partLoad{of: paths} }
	for name, c := range map[string]struct {
		files string
		loads []load
		want  string
	}{
		"one each, the oldest first": {"b a c", []load{single("a"), single("b"), single("c")}, "b|a|c"},
		"parts":                      {"c p2 p1", []load{single("c"), parts("p1", "p2")}, "c|p1 p2"},
		"parts that are older":       {"p2 c p1", []load{single("c"), parts("p1", "p2")}, "p1 p2|c"},
		"a file in two extracts":     {"a b", []load{parts("a", "b"), single("a")}, "cannot tell"},
		"a file in none":             {"a b", []load{single("a")}, "cannot tell"},
		"another name":               {"a", []load{single("x")}, "cannot tell"},
	} {
		var files []dropfolder.File
		for path := range strings.FieldsSeq(c.files) {
			files = append(files, dropfolder.File{Path: path})
		}
		got := "cannot tell"
		if loads, ok := group(files, c.loads); ok {
			var extracts []string
			for _, l := range loads {
				var paths []string
				for _, file := range l.(droppedLoad).extract.files {
					paths = append(paths, file.Path)
				}
				extracts = append(extracts, strings.Join(paths, " "))
			}
			got = strings.Join(extracts, "|")
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestOldestFileIsLoadedFirst: of two cuts of one year the later one counts,
// whatever their names.
func TestOldestFileIsLoadedFirst(t *testing.T) {
	dir := newProject(t, dropSource+"after_load: nothing\n")
	r := newRobot(t, dir, monday)
	inbox := filepath.Join(dir, "inbox")
	first := header + invoice(1, "20240115", "C1", "F1", "100,00")
	for i, file := range []struct{ name, text string }{{"z.txt", first}, {"a.txt", first + invoice(2, "20240116", "C1", "F2", "50,00")}} {
		at := monday.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(writeFile(t, inbox, file.name, file.text), at, at); err != nil {
			t.Fatal(err)
		}
	}
	r.settled()
	if live := landing.Live(batches(t, dir)); len(live) != 1 || live[0].SourceFile != "a.txt" {
		t.Errorf("the cut that counts: %+v\n%s", live, r.log)
	}
}

// TestFolderThatVanished: it is told once, and again when it vanishes again.
func TestFolderThatVanished(t *testing.T) {
	dir := newProject(t, dropSource)
	r := newRobot(t, dir, monday)
	if err := os.RemoveAll(filepath.Join(dir, "inbox")); err != nil {
		t.Fatal(err)
	}
	r.look(r.clock())
	first := r.last("drop")
	if first.State != runs.Failed || !strings.Contains(first.Error, "look into drop folder") {
		t.Errorf("%+v", first)
	}
	r.look(r.after(time.Minute))
	if again := r.last("drop"); again.Started != first.Started {
		t.Error("it is told again and again")
	}
}

// TestKilledServe kills a serving program again and again while files are dropped:
// each file ends in done once, and each line counts once.
func TestKilledServe(t *testing.T) {
	dir := newProject(t, dropSource+"after_load: nothing\n")
	inbox := filepath.Join(dir, "inbox")
	if err := os.Mkdir(inbox, 0o755); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	var text strings.Builder
	text.WriteString(header)
	const files = 6
	for i := range files {
		for j := range 3000 {
			text.WriteString(invoice(i*10_000+j, "20240115", "C1", fmt.Sprintf("F%d-%d", i, j), "1,00"))
		}
		writeFile(t, inbox, fmt.Sprintf("cut-%d.txt", i), text.String())
		cmd := process(t.Context(), "serve", "--project", dir, "--addr", "127.0.0.1:0")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		before := len(runFiles(t, dir))
		for deadline := time.Now().Add(30 * time.Second); len(runFiles(t, dir)) == before && time.Now().Before(deadline); {
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(time.Duration(rng.Int64N(int64(250 * time.Millisecond))))
		stop(t, cmd)
	}
	cutOff := 0
	for _, path := range runFiles(t, dir) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), `"state": "running"`) {
			cutOff++
		}
	}
	t.Logf("%d of %d kills hit a load", cutOff, files)
	cmd := process(t.Context(), "serve", "--project", dir, "--addr", "127.0.0.1:0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, cmd) })
	for deadline := time.Now().Add(time.Minute); names(t, inbox) != ""; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("left in the drop folder: %s", names(t, inbox))
		}
	}
	if got := names(t, filepath.Join(inbox, "done")); strings.Count(got, " ") != files-1 || strings.Contains(got, "(") {
		t.Errorf("done: %s", got)
	}
	if got := names(t, filepath.Join(inbox, "failed")); got != "" {
		t.Errorf("failed: %s", got)
	}
	list := batches(t, dir)
	seen := map[string]bool{}
	for _, b := range list {
		if seen[b.SHA256] {
			t.Errorf("%s was loaded twice", b.SourceFile)
		}
		seen[b.SHA256] = true
	}
	live := landing.Live(list)
	if len(list) != files || len(live) != 1 || live[0].Rows != files*3000*2 {
		t.Errorf("%d batches, live: %+v", len(list), live)
	}
}

func runFiles(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "data", "runs", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// TestPartsOfALedgerAreDropped: the parts of a split FEC are one batch, and move
// together.
func TestPartsOfALedgerAreDropped(t *testing.T) {
	dir := newProject(t, dropSource+"after_load: nothing\n")
	r := newRobot(t, dir, monday)
	inbox := filepath.Join(dir, "inbox")
	writeFile(t, inbox, "fec_part1.txt", header+invoice(1, "20240115", "C1", "F1", "100,00"))
	writeFile(t, inbox, "fec_part2.txt", header+invoice(2, "20240116", "C1", "F2", "50,00"))
	r.settled()
	if list := batches(t, dir); len(list) != 1 || list[0].Rows != 4 {
		t.Errorf("batches: %+v\n%s", list, r.log)
	}
	if got := names(t, filepath.Join(inbox, "done")); got != "fec_part1.txt fec_part2.txt" || names(t, inbox) != "" {
		t.Errorf("done: %q, left: %q", got, names(t, inbox))
	}
	writeFile(t, inbox, "other_part2.txt", header+invoice(3, "20240117", "C1", "F3", "50,00"))
	r.after(time.Hour)
	r.settled()
	if got := names(t, filepath.Join(inbox, "failed")); got != "other_part2.txt other_part2.txt.reason.txt" {
		t.Errorf("failed: %q", got)
	}
}
