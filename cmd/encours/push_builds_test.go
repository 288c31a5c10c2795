package main

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
)

const (
	pushClients = 8
	pushEach    = 125 // batches of a client
	pushRows    = 3   // of a batch
)

// pushServer is a server that is killed and started again.
type pushServer struct {
	dir     string
	address atomic.Value // string
	cmd     *exec.Cmd
	done    atomic.Int64 // batches that landed
	builds  atomic.Int64 // builds that have begun
}

func (s *pushServer) start(t *testing.T) {
	t.Helper()
	s.cmd = process(t.Context(), "serve", "--project", s.dir, "--addr", "127.0.0.1:0")
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("serve printed no address: %v", err)
	}
	s.address.Store(strings.TrimSuffix(strings.TrimSpace(address), "/"))
}

// TestPushDuringBuilds: eight clients send a thousand small batches while builds and
// ingests run in other processes and the server is killed and started again. What a
// client was told has landed is in the next generation exactly once, and so is what
// it sent again because it was told nothing.
func TestPushDuringBuilds(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "project")
	must(t, "generate", "--ledgers-only", "--invoices", "300", "--entities", "1", "--years", "1", dir)
	addEntity(t, dir, "WEB")
	must(t, "run", "--project", dir)
	token := newToken(t, dir, "--name", "erp", "--datasets", "payments", "--entity", "WEB")
	server := &pushServer{dir: dir}
	server.start(t)
	acknowledged := make([]map[string]string, pushClients) // payment: batch
	var clients sync.WaitGroup
	for client := range pushClients {
		acknowledged[client] = map[string]string{}
		clients.Go(func() { pushAll(t, server, token, client, acknowledged[client]) })
	}
	finished := make(chan struct{})
	go func() { clients.Wait(); close(finished) }()
	extract := lastExtract(t, dir)
	kills, builds := killAndBuild(t, server, extract, finished)
	<-finished
	if kills < 3 || builds < 4 {
		t.Errorf("%d kills and %d builds: the test did not test", kills, builds)
	}
	stop(t, server.cmd)
	must(t, "build", "--project", dir)
	checkPushed(t, dir, acknowledged)
}

// addEntity gives a project one more entity, without a ledger.
func addEntity(t *testing.T, dir, id string) {
	t.Helper()
	path := filepath.Join(dir, "encours.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "entities:\n", "entities:\n  - id: "+id+"\n", 1)
	if changed == string(text) {
		t.Fatalf("no entities in\n%s", text)
	}
	if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
}

// killAndBuild loads and builds in other processes until the clients are done, and
// kills the server each time after some more batches.
func killAndBuild(t *testing.T, server *pushServer, extract string, finished chan struct{}) (kills, builds int) {
	t.Helper()
	for next := int64(60); ; {
		appendInvoice(t, extract, builds)
		for _, command := range []string{"ingest", "build"} {
			if command == "build" {
				server.builds.Add(1)
			}
			cmd := process(t.Context(), command, "--project", server.dir)
			ended := make(chan error, 1)
			go func() {
				out, err := cmd.CombinedOutput()
				if err != nil {
					err = fmt.Errorf("%s: %w\n%s", command, err, out)
				}
				ended <- err
			}()
			for running := true; running; {
				select {
				case err := <-ended:
					if err != nil {
						t.Fatal(err)
					}
					running = false
				case <-time.After(5 * time.Millisecond):
				}
				if server.done.Load() >= next && next < pushClients*pushEach {
					stop(t, server.cmd)
					server.start(t)
					kills++
					next += 150
				}
			}
		}
		builds++
		select {
		case <-finished:
			return kills, builds
		default:
		}
	}
}

// pushAll sends the batches of one client, each until it is told that it landed.
func pushAll(t *testing.T, server *pushServer, token string, client int, acknowledged map[string]string) {
	for i := range pushEach {
		for server.builds.Load() < int64(1+i*4/pushEach) { // a quarter waits for each build to begin
			time.Sleep(time.Millisecond)
		}
		var body strings.Builder
		var ids []string
		for row := range pushRows {
			id := fmt.Sprintf("P-%d-%d-%d", client, i, row)
			ids = append(ids, id)
			fmt.Fprintf(&body, `{"side":"customer","payment_id":%q,"counterparty_id":"C1","payment_date":"2025-01-15","amount":%d.%02d}`+"\n", id, client+1, i%100)
		}
		key := fmt.Sprintf("Idempotency-Key=%d-%d", client, i)
		for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Errorf("client %d: batch %d was not taken", client, i)
				return
			}
			got, err := send(server.address.Load().(string)+landAPI+"payments", token, ndjson, body.String(), key)
			if err != nil || got.status >= 500 || got.status == 429 {
				continue // the server is gone, or busy: it is sent again
			}
			if got.status > 201 || got.Rows != pushRows {
				t.Errorf("client %d: batch %d: %+v", client, i, got)
				return
			}
			for _, id := range ids {
				acknowledged[id] = got.Batch
			}
			break
		}
		server.done.Add(1)
	}
}

// checkPushed compares what was acknowledged with the landing zone and with the
// generation that was built last.
func checkPushed(t *testing.T, dir string, acknowledged []map[string]string) {
	t.Helper()
	want := map[string]string{}
	for _, of := range acknowledged {
		for id, batch := range of {
			want[id] = batch
		}
	}
	if len(want) != pushClients*pushEach*pushRows {
		t.Errorf("%d rows were acknowledged", len(want))
	}
	built := map[string]int{}
	for _, row := range query(t, dir, "", "select batch_id from stg_landing__batches where source = 'erp'") {
		built[row[0]]++
	}
	zone := landing.Open(filepath.Join(dir, "data"))
	batches, err := zone.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, b := range batches {
		if b.Source == "erp" {
			paths = append(paths, duck.Text(zone.Path(b)))
			if built[b.ID] != 1 {
				t.Errorf("batch %s is %d times in the generation", b.ID, built[b.ID])
			}
		}
	}
	if len(paths) != pushClients*pushEach || len(built) != len(paths) {
		t.Errorf("%d batches landed, %d are in the generation, want %d", len(paths), len(built), pushClients*pushEach)
	}
	landed := landedPayments(t, paths)
	for id, batch := range want {
		if landed[id] != batch {
			t.Errorf("payment %s is in batch %q, the sender was told %s", id, landed[id], batch)
		}
	}
	items := query(t, dir, "", "select document_ref, batch_id from fct_items where entity_id = 'WEB'")
	for _, item := range items {
		if want[item[0]] != item[1] {
			t.Errorf("item %s is of batch %s, the sender was told %q", item[0], item[1], want[item[0]])
		}
		delete(want, item[0])
	}
	if len(want) > 0 || len(landed) != len(items) {
		t.Errorf("%d rows landed, %d are items, %d that were acknowledged are no items", len(landed), len(items), len(want))
	}
}

// landedPayments reads the payments of Parquet files; one that is there twice is an
// error.
func landedPayments(t *testing.T, paths []string) map[string]string {
	t.Helper()
	db, err := duck.Open(t.Context(), "", duck.Limits{MemoryBytes: 1 << 30, Threads: 1, TempDir: t.TempDir(), TempBytes: 1 << 30}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), "select payment_id, batch_id from read_parquet(["+strings.Join(paths, ", ")+"])")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]string{}
	for rows.Next() {
		var id, batch sql.NullString
		if err := rows.Scan(&id, &batch); err != nil {
			t.Fatal(err)
		}
		if other, twice := found[id.String]; twice {
			t.Errorf("payment %s landed in %s and in %s", id.String, other, batch.String)
		}
		found[id.String] = batch.String
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}
