package landing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	schema "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/duck"
)

func receive(t *testing.T, zone *Zone) *Receiver {
	t.Helper()
	r, err := Receive(t.Context(), zone, noon)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Error(err)
		}
	})
	return r
}

func message(dataset, content string) Table {
	return Table{
		Dataset: dataset, EntityID: "ALPHA", Source: "erp", SourcePath: "erp.ndjson",
		SHA256: digest(content), Size: int64(len(content)), LoadedAt: noon,
	}
}

// payment is one record of the stream of payments.
func payment(line int, id string) string {
	return strings.Join([]string{fmt.Sprint(line), "customer", id, "C1", "2025-01-15", "", "-10.50", "", ""}, "\x1f") + "\n"
}

func deltaFacts(key string) Facts {
	return Facts{Mode: Delta, Notes: map[string]string{NoteSender: "erp", NoteKey: key}, ToolVersion: "test"}
}

// streamOf makes records of any dataset: full, with only what is needed, and with
// the extremes of the types.
func streamOf(contract schema.Table) string {
	var out strings.Builder
	for kind := range 3 {
		var fields []string
		for _, c := range contract.Columns {
			switch c.Name {
			case "fiscal_year_start", "extra", "entity_id", "batch_id", "source_file":
				continue
			}
			digits, scale, isDecimal := decimalType(c.Type)
			value := "É=cmd|' \"x\""
			switch {
			case c.Name == "source_line":
				value = fmt.Sprint(kind + 1)
			case kind == 1 && !c.NotNull:
				value = ""
			case c.Type == "date":
				value = []string{"2025-02-28", "1899-12-31", "9999-12-31"}[kind]
			case c.Type == "boolean":
				value = []string{"true", "false", "false"}[kind]
			case c.Type == "integer" || c.Type == "bigint":
				value = []string{"0", "-7", "999999999"}[kind]
			case isDecimal:
				value = []string{"-0.5", "12", strings.Repeat("9", digits-scale) + "." + strings.Repeat("9", scale)}[kind]
			}
			fields = append(fields, value)
		}
		out.WriteString(strings.Join(fields, "\x1f") + "\n")
	}
	return out.String()
}

// TestReceiverLandsWhatStageLands: the two ways to land a stream give the same rows
// of the same types, for every dataset.
func TestReceiverLandsWhatStageLands(t *testing.T) {
	datasets, err := schema.Datasets()
	if err != nil {
		t.Fatal(err)
	}
	for _, dataset := range datasets {
		t.Run(dataset, func(t *testing.T) {
			zone, db := Open(t.TempDir()), openDuck(t)
			r := receive(t, zone)
			contract, err := schema.Schema(dataset)
			if err != nil {
				t.Fatal(err)
			}
			fill := writes(streamOf(contract))
			table := message(dataset, "x")
			byDuck, err := zone.Stage(t.Context(), db, table, fill)
			if err != nil {
				t.Fatal(err)
			}
			small, err := r.Stage(table, fill)
			if err != nil {
				t.Fatal(err)
			}
			if small.Rows() != 3 || byDuck.Rows() != 3 || small.ID() == byDuck.ID() {
				t.Fatalf("batch %s of %d rows and batch %s of %d", small.ID(), small.Rows(), byDuck.ID(), byDuck.Rows())
			}
			if _, err := db.ExecContext(t.Context(), fmt.Sprintf(`
				create table a as select * exclude (batch_id) from read_parquet(%s);
				create table b as select * exclude (batch_id) from read_parquet(%s)`,
				duck.Text(byDuck.RowsPath()), duck.Text(small.RowsPath()))); err != nil {
				t.Fatal(err)
			}
			for what, query := range map[string]string{
				"rows": fmt.Sprintf(`select count(*) from ((select %[1]s from a except all select %[1]s from b)
					union all (select %[1]s from b except all select %[1]s from a))`, ordered(contract)),
				"columns": `select count(*) from (select column_name, data_type from duckdb_columns() where table_name = 'a') x
					full join (select column_name, data_type from duckdb_columns() where table_name = 'b') y
					using (column_name, data_type) where x.column_name is null or y.column_name is null`,
			} {
				var differ int
				if err := db.QueryRowContext(t.Context(), query).Scan(&differ); err != nil {
					t.Fatal(err)
				}
				if differ != 0 {
					t.Errorf("%d %s differ", differ, what)
				}
			}
		})
	}
}

func ordered(contract schema.Table) string {
	var names []string
	for _, c := range contract.Columns {
		if c.Name != "batch_id" && c.Name != "fiscal_year_start" {
			names = append(names, c.Name)
		}
	}
	return strings.Join(names, ", ")
}

func TestReceiverRefusesABrokenStream(t *testing.T) {
	for name, c := range map[string]struct{ stream, message string }{
		"too few fields":   {"1\x1fcustomer\n", "record 1 of the canonical stream has 2 fields"},
		"a null":           {payment(1, "P1") + payment(2, ""), `record 2 of the canonical stream was not accepted in column "payment_id"`},
		"a date":           {strings.Replace(payment(1, "P1"), "2025-01-15", "15/01/2025", 1), `column "payment_date"`},
		"too many decimal": {strings.Replace(payment(1, "P1"), "-10.50", "-10.505", 1), `column "amount"`},
		"too many digits":  {strings.Replace(payment(1, "P1"), "-10.50", "10000000000000000", 1), `column "amount"`},
		"no end":           {strings.TrimSuffix(payment(1, "P1"), "\n"), "does not end"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			r := receive(t, Open(dir))
			if _, err := r.Stage(message("payments", "x"), writes(c.stream)); err == nil || !strings.Contains(err.Error(), c.message) {
				t.Errorf("%v, want %q", err, c.message)
			}
			if left := tree(t, dir); !slices.Equal(left, []string{"receiver.lock"}) {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// TestSweepSparesWhatIsReceived stops a message after each of its steps: a sweep
// leaves it alone as long as its process holds the rows, and removes it after.
func TestSweepSparesWhatIsReceived(t *testing.T) {
	for _, step := range []string{"staged", "rows in place", "rejects in place", "manifest written"} {
		t.Run(step, func(t *testing.T) {
			dir := t.TempDir()
			zone := Open(dir)
			r := receive(t, zone)
			lock, err := Acquire(dir, "test", noon)
			if err != nil {
				t.Fatal(err)
			}
			s, err := r.Stage(message("payments", "x"), func(w io.Writer, reject func(Reject) error) error {
				if err := reject(Reject{Line: 2, Reason: "value.missing", Message: "m", Raw: "r"}); err != nil {
					return err
				}
				return writes(payment(1, "P1"))(w, reject)
			})
			if err != nil {
				t.Fatal(err)
			}
			rejects := filepath.Join(dir, "rejects", s.ID()+".parquet")
			temp := filepath.Join(dir, "landing", "payments", tempPrefix+s.ID()+".json")
			switch step {
			case "manifest written":
				if err := os.WriteFile(temp, []byte("{}"), 0o644); err != nil {
					t.Fatal(err)
				}
				fallthrough
			case "rejects in place":
				rename(t, s.rejects, rejects)
				fallthrough
			case "rows in place":
				rename(t, s.rows, zone.Path(s.batch))
			}
			before := tree(t, dir)
			if removed, err := zone.Sweep(lock); err != nil || len(removed) != 0 {
				t.Fatalf("the sweep took %v, %v", removed, err)
			}
			if after := tree(t, dir); !slices.Equal(before, after) {
				t.Fatalf("before %v, after %v", before, after)
			}
			if err := s.held.Close(); err != nil { // as the end of the process does
				t.Fatal(err)
			}
			if _, err := zone.Sweep(lock); err != nil {
				t.Fatal(err)
			}
			if left := tree(t, dir); !slices.Equal(left, []string{"receiver.lock"}) {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// TestReceiveWhileSweeping lands batches while a writer sweeps without a pause:
// none is harmed.
func TestReceiveWhileSweeping(t *testing.T) {
	const clients, each = 4, 40
	dir := t.TempDir()
	zone := Open(dir)
	r := receive(t, zone)
	lock, err := Acquire(dir, "test", noon)
	if err != nil {
		t.Fatal(err)
	}
	var landed atomic.Int64
	var group, sweeper sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	sweeper.Go(func() {
		for ctx.Err() == nil {
			// it may take a file that is not locked yet, which is then made again
			if _, err := Open(dir).Sweep(lock); err != nil {
				t.Errorf("sweep: %v", err)
			}
		}
	})
	for client := range clients {
		group.Go(func() {
			for i := range each {
				key := fmt.Sprintf("%d-%d", client, i)
				if _, _, err := r.Once(ctx, "erp", key, func() (Batch, error) { return landOne(r, key) }); err != nil {
					t.Error(err)
					return
				}
				landed.Add(1)
			}
		})
	}
	group.Wait()
	stop()
	sweeper.Wait()
	batches, err := zone.Batches(t.Context())
	if err != nil || int64(len(batches)) != landed.Load() || len(batches) != clients*each {
		t.Errorf("%d of %d batches are there, %v", len(batches), landed.Load(), err)
	}
}

func landOne(r *Receiver, key string) (Batch, error) {
	s, err := r.Stage(message("payments", key), writes(payment(1, "P"+key)))
	if err != nil {
		return Batch{}, err
	}
	return s.Commit(deltaFacts(key))
}

func TestOnce(t *testing.T) {
	zone := Open(t.TempDir())
	r := receive(t, zone)
	var calls atomic.Int64
	land := func() (Batch, error) {
		calls.Add(1)
		return landOne(r, "k")
	}
	ids := make([]string, 8)
	var group sync.WaitGroup
	for i := range ids {
		group.Go(func() {
			b, _, err := r.Once(t.Context(), "erp", "k", land)
			if err != nil {
				t.Error(err)
			}
			ids[i] = b.ID
		})
	}
	group.Wait()
	if distinct := slices.Compact(ids); calls.Load() != 1 || len(distinct) != 1 {
		t.Fatalf("landed %d times as %v", calls.Load(), distinct)
	}
	if _, err := Receive(t.Context(), zone, noon); err == nil || !strings.Contains(err.Error(), "encours serve") {
		t.Errorf("a second receiver: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r = receive(t, zone)
	b, found, err := r.Once(t.Context(), "erp", "k", land)
	if err != nil || !found || b.ID != ids[0] || calls.Load() != 1 {
		t.Errorf("after a restart: %s found %t, %v", b.ID, found, err)
	}
	if _, found, err := r.Once(t.Context(), "other", "k", land); err != nil || found {
		t.Errorf("the key of another sender: found %t, %v", found, err)
	}
}

func TestOnceFails(t *testing.T) {
	r := receive(t, Open(t.TempDir()))
	broken := errors.New("broken")
	if _, _, err := r.Once(t.Context(), "erp", "k", func() (Batch, error) { return Batch{}, broken }); !errors.Is(err, broken) {
		t.Fatalf("%v", err)
	}
	if _, found, err := r.Once(t.Context(), "erp", "k", func() (Batch, error) { return landOne(r, "k") }); err != nil || found {
		t.Errorf("after a failure: found %t, %v", found, err)
	}
}
