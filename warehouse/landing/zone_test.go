package landing

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// commitOne lands one line and one reject.
func commitOne(t *testing.T, zone *Zone) Batch {
	t.Helper()
	staged := stageOne(t, zone)
	batch, err := staged.Commit(ledgerFacts)
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

func stageOne(t *testing.T, zone *Zone) *Staged {
	t.Helper()
	staged, err := zone.Stage(t.Context(), openDuck(t), ledgerTable("x"), fillWithReject)
	if err != nil {
		t.Fatal(err)
	}
	return staged
}

func TestManifest(t *testing.T) {
	data := t.TempDir()
	zone := Open(data)
	staged := stageOne(t, zone)
	facts := ledgerFacts
	facts.ExtractDate, facts.Warnings, facts.Notes = date("2025-01-10"), []string{"odd <é>"}, map[string]string{"charset": "utf-8"}
	want, err := staged.Commit(facts)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(zone.manifestPath(want.Dataset, want.ID))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`"loaded_at": "2025-01-15T12:00:00.123456Z"`, `"fiscal_year_start": "2024-01-01"`, `"extract_date": "2025-01-10"`,
		`"scope": "compta/ALPHA/2024-01-01"`, `"mode": "full"`, `"rows": 1`, `"rejects": 1`, `"source_path": "/x/alpha.txt"`,
		`"sha256": "` + digest("x") + `"`, `"charset": "utf-8"`, `"tool_version": "test"`,
	} {
		if !strings.Contains(string(text), part) {
			t.Errorf("no %s in %s", part, text)
		}
	}
	batches, err := zone.Batches(t.Context())
	if err != nil || len(batches) != 1 {
		t.Fatal(batches, err)
	}
	got := batches[0]
	if got.ID != want.ID || !got.LastDate.Equal(want.LastDate.Time) || !got.LoadedAt.Equal(want.LoadedAt.Time) ||
		got.Warnings[0] != "odd <é>" || got.ParquetSize != want.ParquetSize || !got.KnownOn().Equal(date("2025-01-10").Time) {
		t.Errorf("read %+v, wrote %+v", got, want)
	}
}

func TestCommitRefusesImpossibleFacts(t *testing.T) {
	for name, facts := range map[string]Facts{
		"no mode":        {FiscalYearStart: date("2024-01-01")},
		"no fiscal year": {Mode: Full},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			staged := stageOne(t, Open(data))
			if _, err := staged.Commit(facts); err == nil {
				t.Fatal("committed")
			}
			if err := staged.Discard(); err != nil || len(tree(t, data)) != 0 {
				t.Error(err, tree(t, data))
			}
		})
	}
}

func TestCommitTwiceAndDiscardAfter(t *testing.T) {
	data := t.TempDir()
	zone := Open(data)
	staged := stageOne(t, zone)
	if _, err := staged.Commit(ledgerFacts); err != nil {
		t.Fatal(err)
	}
	if _, err := staged.Commit(ledgerFacts); err == nil {
		t.Error("committed twice")
	}
	if err := staged.Discard(); err != nil {
		t.Fatal(err)
	}
	if batches, err := zone.Batches(t.Context()); err != nil || len(batches) != 1 {
		t.Errorf("%d batches, error %v", len(batches), err)
	}
}

func TestFailedCommitCanBeDiscarded(t *testing.T) {
	data := t.TempDir()
	zone := Open(data)
	staged := stageOne(t, zone)
	blocked := zone.manifestPath(LedgerDataset, staged.ID()) // a folder in the way of the manifest
	if err := os.Mkdir(blocked, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := staged.Commit(ledgerFacts); err == nil {
		t.Fatal("committed")
	}
	if err := staged.Discard(); err != nil || len(tree(t, data)) != 0 {
		t.Error(err, tree(t, data))
	}
}

func TestDamagedManifestsAreNamed(t *testing.T) {
	swap := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	for name, c := range map[string]struct {
		change func(string) string
		want   string
	}{
		"cut":             {func(s string) string { return s[:len(s)/2] }, "damaged"},
		"empty":           {func(string) string { return "" }, "damaged"},
		"not JSON":        {func(string) string { return "rows: 1" }, "damaged"},
		"text after":      {func(s string) string { return s + "{}" }, "follows its end"},
		"unknown field":   {swap(`"rows"`, `"lines": 1, "rows"`), "lines"},
		"bad date":        {swap("2024-01-01", "2024-13-01"), "2024-13-01"},
		"bad instant":     {swap("12:00:00.123456Z", "12:00:00Z"), "12:00:00Z"},
		"other instant":   {swap("12:00:00.123456Z", "12:00:00.123457Z"), "loaded_at"},
		"bad mode":        {swap(`"full"`, `"half"`), "half"},
		"other scope":     {swap("compta/ALPHA/", "compta/BETA/"), "scope"},
		"negative":        {swap(`"rows": 1`, `"rows": -1`), "count"},
		"no fiscal year":  {swap(`"fiscal_year_start": "2024-01-01",`, ""), "fiscal_year_start"},
		"other dataset":   {swap(`"dataset": "ledger_entries"`, `"dataset": "invoices"`), "invoices"},
		"other rows size": {swap(`"parquet_size": `, `"parquet_size": 1`), "bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			zone := Open(t.TempDir())
			batch := commitOne(t, zone)
			path := zone.manifestPath(batch.Dataset, batch.ID)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changed := c.change(string(text))
			if changed == string(text) {
				t.Fatal("nothing was changed")
			}
			if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err = zone.Batches(t.Context())
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q and the path in it", err, c.want)
			}
		})
	}
	t.Run("rows gone", func(t *testing.T) {
		zone := Open(t.TempDir())
		if err := os.Remove(zone.Path(commitOne(t, zone))); err != nil {
			t.Fatal(err)
		}
		if _, err := zone.Batches(t.Context()); err == nil || !strings.Contains(err.Error(), "missing") {
			t.Errorf("error %v", err)
		}
	})
}

func TestBatchesInOrder(t *testing.T) {
	zone := Open(filepath.Join(t.TempDir(), "odd [name]*"))
	db := openDuck(t)
	for _, c := range []struct{ loaded, extract string }{
		{"2025-03-01", ""}, {"2025-04-01", "2025-01-31"}, {"2025-02-01", ""}, {"2025-05-01", "2025-02-01"},
	} {
		table := ledgerTable(c.loaded)
		table.LoadedAt = date(c.loaded).Time
		staged, err := zone.Stage(t.Context(), db, table, writes(ledgerLine(2)))
		if err != nil {
			t.Fatal(err)
		}
		facts := ledgerFacts
		if c.extract != "" {
			facts.ExtractDate = date(c.extract)
		}
		if _, err := staged.Commit(facts); err != nil {
			t.Fatal(err)
		}
	}
	batches, err := zone.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range batches {
		got = append(got, b.LoadedAt.Format("01"))
	}
	if want := "04 02 05 03"; strings.Join(got, " ") != want {
		t.Errorf("loaded in %v, want %s", got, want)
	}
}

func TestBatchesOfNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "none")
	if batches, err := Open(data).Batches(t.Context()); err != nil || len(batches) != 0 {
		t.Error(batches, err)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("reading created the folder")
	}
}

// Every state that a crash can leave between two steps of a commit.
func TestSweepAfterACrash(t *testing.T) {
	for name, c := range map[string]struct {
		crash func(t *testing.T, zone *Zone, s *Staged)
		lost  bool
	}{
		"staged":        {func(*testing.T, *Zone, *Staged) {}, true},
		"rows in place": {func(t *testing.T, z *Zone, s *Staged) { rename(t, s.rows, z.Path(s.batch)) }, true},
		"rejects in place": {func(t *testing.T, z *Zone, s *Staged) {
			rename(t, s.rows, z.Path(s.batch))
			rename(t, s.rejects, filepath.Join(z.rejectsDir(), s.batch.ID+".parquet"))
		}, true},
		"half a manifest": {func(t *testing.T, z *Zone, s *Staged) {
			rename(t, s.rows, z.Path(s.batch))
			if err := os.WriteFile(filepath.Join(z.dir(LedgerDataset), tempPrefix+s.batch.ID+".json"), []byte(`{"batch_`), 0o644); err != nil {
				t.Fatal(err)
			}
		}, true},
		"committed": {func(t *testing.T, _ *Zone, s *Staged) {
			if _, err := s.Commit(ledgerFacts); err != nil {
				t.Fatal(err)
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			zone := Open(data)
			kept := commitOne(t, zone)
			for _, foreign := range []string{"landing/ledger_entries/README.md", "landing/ledger_entries/mine.parquet", "rejects/.tmp-notes"} {
				if err := os.WriteFile(filepath.Join(data, foreign), nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			before := len(tree(t, data))
			c.crash(t, zone, stageOne(t, zone))

			lock, err := Acquire(data, "test", noon)
			if err != nil {
				t.Fatal(err)
			}
			defer lock.Release()
			zone = Open(data)
			removed, err := zone.Sweep(lock)
			if err != nil {
				t.Fatal(err)
			}
			if c.lost != (len(removed) > 0) || c.lost != (len(tree(t, data)) == before) {
				t.Errorf("removed %v, left %v", removed, tree(t, data))
			}
			batches, err := zone.Batches(t.Context())
			if err != nil || len(batches) == 0 || batches[0].ID != kept.ID || c.lost != (len(batches) == 1) {
				t.Errorf("batches %v, error %v", ids(batches), err)
			}
			for _, b := range batches {
				if got := countRejects(t, zone, b.ID); got != b.Rejects {
					t.Errorf("batch %s: %d rejects, want %d", b.ID, got, b.Rejects)
				}
			}
		})
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func TestSweepNeedsTheLock(t *testing.T) {
	zone := Open(t.TempDir())
	if _, err := zone.Sweep(nil); err == nil {
		t.Error("swept without a lock")
	}
	other, err := Acquire(t.TempDir(), "test", time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Release()
	if _, err := zone.Sweep(other); err == nil {
		t.Error("swept with the lock of another project")
	}
}
