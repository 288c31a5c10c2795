package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/landing"
)

// kills is how often the program is killed.
const kills = 50

// TestKill kills `ingest` and `build` at random moments. Afterwards status and
// check are clean, no committed batch is lost, the last good generation serves,
// and the next run completes with every line counted once.
func TestKill(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "project")
	must(t, "generate", "--ledgers-only", "--invoices", "600", "--entities", "2", "--years", "2", dir)
	must(t, "run", "--project", dir)
	extract := lastExtract(t, dir)
	rng := rand.New(rand.NewPCG(1, 2))
	span := map[string]time.Duration{"ingest": 150 * time.Millisecond, "build": time.Second}
	var committed map[string]bool
	interrupted := map[string]int{}
	for i := range kills {
		command := []string{"ingest", "build"}[i%2]
		if command == "ingest" {
			appendInvoice(t, extract, i)
		}
		cmd := process(t.Context(), command, "--project", dir)
		started := time.Now()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("kill %d: %s ended by itself: %v", i, command, err)
			}
			span[command] = time.Since(started)
		case <-time.After(time.Duration(rng.Int64N(int64(span[command])))):
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-ended
			interrupted[command]++
		}
		committed = afterKill(t, dir, i, committed)
	}
	if interrupted["ingest"] < kills/10 || interrupted["build"] < kills/10 {
		t.Errorf("too few kills hit their command: %v", interrupted)
	}
	must(t, "run", "--project", dir)
	afterNextRun(t, dir)
}

// afterKill checks what a kill must leave and returns the committed batches.
func afterKill(t *testing.T, dir string, i int, before map[string]bool) map[string]bool {
	t.Helper()
	for _, command := range []string{"status", "check"} {
		if r := run(t, command, "--project", dir); r.code != exitDone {
			t.Fatalf("kill %d: %s exits %d: %s%s", i, command, r.code, r.out, r.err)
		}
	}
	if out := query(t, dir, "", "select sum(abs(difference_amount)) from mart_reconciliation"); out[0][0] != "0.00" {
		t.Errorf("kill %d: the generation that serves does not reconcile: %v", i, out)
	}
	batches, err := landing.Open(filepath.Join(dir, "data")).Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := map[string]bool{}
	for _, b := range batches {
		now[b.ID] = true
	}
	for id := range before {
		if !now[id] {
			t.Fatalf("kill %d: committed batch %s is gone", i, id)
		}
	}
	return now
}

// afterNextRun checks that the warehouse holds what the extracts say, and that no
// garbage is left.
func afterNextRun(t *testing.T, dir string) {
	t.Helper()
	var lines int
	files, err := filepath.Glob(filepath.Join(dir, "extracts", "*", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines += strings.Count(string(text), "\n") - 1
	}
	if got := query(t, dir, "", "select sum(row_count) from stg_landing__batches"); got[0][0] != fmt.Sprint(lines) {
		t.Errorf("%s lines count, the extracts hold %d", got[0][0], lines)
	}
	for _, pattern := range []string{"data/generations/.build-*", "data/landing/*/.tmp-*", "data/rejects/.tmp-*"} {
		if left, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern))); err != nil || len(left) > 0 {
			t.Errorf("garbage is left: %v %v", left, err)
		}
	}
}

// lastExtract returns the tab-separated extract of the last fiscal year of ALPHA.
func lastExtract(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "extracts", "alpha", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no extract: %v", err)
	}
	return files[len(files)-1]
}

// appendInvoice makes a later cut of an extract: one more invoice.
func appendInvoice(t testing.TB, path string, number int) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	text := invoice(900000+number, "20251230", "C00001", fmt.Sprintf("LATE-%d", number), "12,00")
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
