package landing

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/duck"
)

// TestRewrite: rows are replaced whole, or not at all, whatever is left by a crash.
func TestRewrite(t *testing.T) {
	data := t.TempDir()
	zone, db := Open(data), openDuck(t)
	batch := commitOne(t, zone)
	change := func(path string) string {
		return "select * replace (coalesce(label, '') || '!' as label) from read_parquet(" + duck.Text(path) + ")"
	}
	label := func() (text string) {
		if err := db.QueryRow("select coalesce(label, '') from read_parquet(" + duck.Text(zone.Path(batch)) + ")").Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	if err := zone.Rewrite(t.Context(), db, batch, 1, change); err == nil {
		t.Error("a batch is rewritten without the lock")
	}
	lock, err := Acquire(data, "test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	sweep := func() {
		t.Helper()
		if _, err := zone.Sweep(lock); err != nil {
			t.Fatal(err)
		}
	}
	sweep()
	first := label()
	if err := zone.Rewrite(t.Context(), db, batch, 1, func(path string) string {
		return "select * exclude (label) from read_parquet(" + duck.Text(path) + ")"
	}); err == nil || label() != first {
		t.Errorf("a column less: %v", err)
	}
	for range 2 {
		if err := zone.Rewrite(t.Context(), db, batch, 3, change); err != nil {
			t.Fatal(err)
		}
		batches, err := zone.Batches(t.Context())
		if err != nil || len(batches) != 1 {
			t.Fatal(batches, err)
		}
		batch = batches[0]
	}
	if got := label(); got != first+"!!" || batch.Notes[noteErased] != "6" {
		t.Errorf("the label is %q, the notes are %v", got, batch.Notes)
	}
	// before the change was decided, it leaves nothing
	undecided := zone.erasedPath(batch, ".parquet")
	if err := os.WriteFile(undecided, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	sweep()
	if _, err := os.Stat(undecided); err == nil || label() != first+"!!" {
		t.Errorf("what was not decided stays: %v", err)
	}
	// after it, the next writer completes it: here the rows are in place, the manifest is not
	manifest, err := os.ReadFile(zone.manifestPath(batch.Dataset, batch.ID))
	if err != nil {
		t.Fatal(err)
	}
	if err := zone.Rewrite(t.Context(), db, batch, 1, change); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(zone.manifestPath(batch.Dataset, batch.ID), zone.erasedPath(batch, ".json")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(zone.manifestPath(batch.Dataset, batch.ID), manifest, 0o600); err != nil {
		t.Fatal(err)
	}
	sweep()
	if batches, err := zone.Batches(t.Context()); err != nil || batches[0].Notes[noteErased] != "7" || label() != first+"!!!" {
		t.Errorf("an interrupted change is not completed: %v, %v", batches, err)
	}
	if left, _ := filepath.Glob(filepath.Join(data, "landing", "*", erasedPrefix+"*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
