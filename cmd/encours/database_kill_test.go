package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest/database/databasetest"
)

// bigERP makes a PostgreSQL server with so many invoices.
func bigERP(t testing.TB, invoices string) databasetest.Server {
	t.Helper()
	server := databasetest.Postgres(t)
	execute(t, server.Admin, `create table invoices as
		select 'F' || n as number, 'C' || n % 20000 as customer, date '2022-01-01' + (n % 1000)::int as issued, (n % 100000)::numeric / 100 as amount,
		       'region ' || n % 13 as region, timestamptz '2022-01-01 00:00+00' + n * interval '1 second' as changed
		from generate_series(1, `+invoices+`) as n`, "create index on invoices (changed)")
	return server
}

// TestDatabaseKilled kills `ingest` while it reads: nothing is loaded, and the next
// run loads everything once. A row that changes afterwards arrives once.
func TestDatabaseKilled(t *testing.T) {
	server := bigERP(t, "150000")
	dir := erpProject(t, "postgres", "connection_env: ERP_DSN", deltaQuery)
	cmd := process(t.Context(), "ingest", "--project", dir)
	cmd.Env = append(cmd.Env, "ERP_DSN="+server.DSN)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); !reading(t, dir); { // killed in the middle
		if time.Now().After(deadline) {
			t.Fatal("nothing is read")
		}
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("ingest ended before it was killed")
	}
	if lines := strings.Count(must(t, "batches", "--project", dir), "\n"); lines != 1 {
		t.Fatalf("%d batches after the kill", lines-1)
	}
	env := map[string]string{"ERP_DSN": server.DSN}
	if r := erp(t, env, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "150000 lines loaded") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	execute(t, server.Admin, "update invoices set amount = 7.77, changed = timestamptz '2022-01-03 00:00+00' where number = 'F5'")
	if r := erp(t, env, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "7202 lines loaded") { // two hours and the change
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	got := folded(t, dir, "invoices", "count(*), count(*) filter (document_id = 'F5' and amount = 7.77)")
	if got[0][0] != "150000" || got[0][1] != "1" {
		t.Errorf("%s rows count, of which %s are the changed one", got[0][0], got[0][1])
	}
	if left, err := filepath.Glob(filepath.Join(dir, "data", "*", "*", ".tmp-*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v %v", left, err)
	}
}

// reading tells whether a batch is being written.
func reading(t *testing.T, dir string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "data", "landing", "invoices", ".tmp-*.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.Size() > 0 {
			return true
		}
	}
	return false
}

// TestDatabaseDropped: the server ends the connection in mid-read. The read is tried
// again, and every row is loaded once.
func TestDatabaseDropped(t *testing.T) {
	server := bigERP(t, "150000")
	dir := erpProject(t, "postgres", "connection_env: ERP_DSN", deltaQuery)
	ended, stop := make(chan int), make(chan struct{})
	go func() {
		killed := 0
		defer func() { ended <- killed }()
		for killed == 0 {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
			if files, err := filepath.Glob(filepath.Join(dir, "data", "landing", "invoices", ".tmp-*.parquet")); err != nil || len(files) == 0 {
				continue
			}
			// counts the connections that were ended
			row := server.Admin.QueryRow("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'reader' and state = 'active'")
			if err := row.Scan(&killed); err != nil {
				return
			}
		}
	}()
	r := erp(t, map[string]string{"ERP_DSN": server.DSN}, "ingest", "--project", dir)
	close(stop)
	if killed := <-ended; killed != 1 {
		t.Fatalf("%d connections were ended\n%s", killed, r.err)
	}
	if r.code != exitDone || !strings.Contains(r.err, "trying again in 2s") || !strings.Contains(r.err, "150000 lines loaded") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
	if got := folded(t, dir, "invoices", "count(*)"); got[0][0] != "150000" {
		t.Errorf("%s rows count", got[0][0])
	}
}
