package database_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/database"
	"github.com/encours/encours/ingest/database/databasetest"
)

// noRejects fails on a row that cannot be loaded.
func noRejects(r ingest.Reject) error { return errors.New(r.Message) }

// TestMemory: a result of 100 MB passes through a few megabytes.
func TestMemory(t *testing.T) {
	const most = 32 << 20
	for name, c := range map[string]struct {
		start func(testing.TB) databasetest.Server
		query string
	}{
		database.Postgres: {databasetest.Postgres, "select repeat(md5(n::text), 64) as document_id from generate_series(1, 50000) as n"},
		database.MySQL:    {databasetest.MariaDB, "select repeat(md5(seq), 64) as document_id from seq_1_to_50000"},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, database.Connection{Driver: name, DSN: c.start(t).DSN, Timeout: 5 * time.Minute})
			out := &heapWatch{}
			stats, err := db.Read(t.Context(), database.Query{Name: "long.sql", Text: c.query, Fields: invoiceFields[1:2]}, time.Time{}, out, noRejects, nil)
			if err != nil || stats.Rows != 50000 || out.written < 100e6 {
				t.Fatalf("%d rows, %d bytes, error %v", stats.Rows, out.written, err)
			}
			if out.peak > most {
				t.Errorf("%d MB are held while the rows pass", out.peak>>20)
			}
		})
	}
}

// heapWatch samples the live heap every 10 MB that pass.
type heapWatch struct {
	written, next int
	peak          uint64
}

func (w *heapWatch) Write(p []byte) (int, error) {
	if w.written += len(p); w.written >= w.next {
		w.next += 10 << 20
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		w.peak = max(w.peak, m.HeapAlloc)
	}
	return len(p), nil
}

// TestPostgresRefusals: what a result cannot be, and how a read ends early.
func TestPostgresRefusals(t *testing.T) {
	server := databasetest.Postgres(t)
	db := open(t, database.Connection{Driver: database.Postgres, DSN: server.DSN, Timeout: 300 * time.Millisecond})
	execute(t, server.Admin, "create table t as select 1::bigint as version, timestamptz '2024-05-01 23:30+00' as at, 'NaN'::numeric as amount, 'infinity'::date as day")
	for name, c := range map[string]struct{ text, watermark, want string }{
		"a day that depends on the zone": {"select at as issue_date from t", "", `the column "issue_date" is a moment with a time zone`},
		"a watermark of another kind":    {"select 'x' as document_id, version from t where version::text <> :since", "version", "where the watermark is a number, write from: 0"},
		"too slow":                       {"select pg_sleep(20)::text as document_id", "", "the query took longer than 300ms"},
		"no right":                       {"select rolpassword as document_id from pg_authid", "", "the database says: ERROR: permission denied"},
	} {
		t.Run(name, func(t *testing.T) {
			fields := invoiceFields[1:2]
			if strings.Contains(c.text, "issue_date") {
				fields = invoiceFields[3:4]
			}
			_, _, _, err := read(t.Context(), db, database.Query{Name: "q.sql", Text: c.text, Fields: fields, Watermark: c.watermark, Since: database.Earliest()}, time.Time{})
			if err == nil || !strings.Contains(err.Error(), c.want) || database.Retryable(err) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	for name, c := range map[string]struct{ text, value, reason string }{
		"a number that is none": {"select amount from t", "NaN", "number.invalid"},
		"a day that is none":    {"select day as issue_date from t", "infinity", "date.invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			fields := invoiceFields[5:6]
			if c.reason == "date.invalid" {
				fields = invoiceFields[3:4]
			}
			_, rejects, _, err := read(t.Context(), db, database.Query{Name: "q.sql", Text: c.text, Fields: fields}, time.Time{})
			if err != nil || len(rejects) != 1 || rejects[0].Value != c.value || rejects[0].Reason != c.reason {
				t.Errorf("rejects %+v, error %v", rejects, err)
			}
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		stopped := errors.New("stopped by the user")
		ctx, cancel := context.WithCancelCause(t.Context())
		out := &cutter{at: 1, cut: func() error { cancel(stopped); return nil }}
		_, err := db.Read(ctx, database.Query{Name: "q.sql", Text: "select n::text as document_id from generate_series(1, 100000) as n", Fields: invoiceFields[1:2]},
			time.Time{}, out, noRejects, nil)
		if !errors.Is(err, stopped) || database.Retryable(err) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("the receiver fails", func(t *testing.T) {
		_, err := db.Read(t.Context(), database.Query{Name: "q.sql", Text: "select 'x' as document_id", Fields: invoiceFields[1:2]}, time.Time{}, failing{}, noRejects, nil)
		if !errors.Is(err, io.ErrClosedPipe) || database.Retryable(err) {
			t.Errorf("error %v", err)
		}
	})
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
