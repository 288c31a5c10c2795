package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/encours/encours/web/browsertest"
)

// serveProcess starts `serve` on a free port and returns its address.
func serveProcess(t *testing.T, dir string) string {
	t.Helper()
	cmd := process(t.Context(), "serve", "--project", dir, "--addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, cmd) })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("serve printed no address: %v", err)
	}
	return strings.TrimSuffix(strings.TrimSpace(address), "/")
}

func stop(t *testing.T, cmd *exec.Cmd) {
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
}

func demoProject(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	must(t, "demo", dir, "--no-serve")
	return dir
}

// TestBrowser drives the dashboards of the real program in Chromium: overview,
// filters, drill-down to a source line, language switch, the quality of the extracts and
// the sources, also of a project that has none.
func TestBrowser(t *testing.T) {
	t.Parallel()
	browsertest.Run(t, serveProcess(t, demoProject(t)))
	browsertest.RunEmpty(t, serveProcess(t, newProject(t, "")), false)
}

var (
	inCSV  = regexp.MustCompile(`(?m)^# generation: ([0-9a-f]{12})$`)
	inJSON = regexp.MustCompile(`"generation": ?"([0-9a-f]{12})"`)
	inPage = regexp.MustCompile(`<code>([0-9a-f]{12})</code>`)
)

// TestReadersDuringBuilds: while builds run in a loop over changing extracts, 20
// clients read pages and exports. None sees an error, and everything that names
// one generation is the same to the byte: no figures of another are mixed in.
func TestReadersDuringBuilds(t *testing.T) {
	t.Parallel()
	dir := demoProject(t)
	address := serveProcess(t, dir)
	extract := lastExtract(t, dir)
	stopReading := make(chan struct{})
	var mu sync.Mutex
	bodies := map[string][32]byte{}
	generations := map[string]bool{}
	var group sync.WaitGroup
	for client := range 20 {
		group.Go(func() {
			urls := []string{
				"/", "/ageing?sort=open", "/proof", "/?entity=ALPHA", "/ageing?as_of=2024-06-30",
				"/export/ageing.csv", "/export/open-items.csv?entity=ALPHA", "/export/kpis.json", "/export/reconciliation.csv",
			}
			for i := client; ; i++ {
				select {
				case <-stopReading:
					return
				default:
				}
				url := urls[i%len(urls)]
				body, err := get(address + url)
				if err != nil {
					t.Error(err)
					return
				}
				pattern := inPage
				if strings.Contains(url, ".csv") {
					pattern = inCSV
				} else if strings.Contains(url, ".json") {
					pattern = inJSON
				}
				found := pattern.FindStringSubmatch(body)
				if found == nil {
					t.Errorf("%s names no generation", url)
					return
				}
				sum := sha256.Sum256([]byte(body))
				mu.Lock()
				generations[found[1]] = true
				if first, ok := bodies[url+found[1]]; ok && first != sum {
					t.Errorf("%s: two answers of generation %s differ", url, found[1])
				}
				bodies[url+found[1]] = sum
				mu.Unlock()
			}
		})
	}
	for i := range 4 {
		appendInvoice(t, extract, i)
		for _, command := range []string{"ingest", "build"} {
			cmd := process(t.Context(), command, "--project", dir)
			if out, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != exitRejects {
				t.Fatalf("%s: %v\n%s", command, err, out)
			}
		}
	}
	close(stopReading)
	group.Wait()
	if len(generations) < 3 {
		t.Errorf("readers saw %d generations: the test did not read across builds", len(generations))
	}
}

func get(url string) (string, error) {
	client := http.Client{Timeout: 60 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", fmt.Errorf("%s: %w", url, err)
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: status %d: %.300s", url, response.StatusCode, body)
	}
	return string(body), nil
}

// TestLargeAmounts: a customer who owes billions shows on every page and report.
func TestLargeAmounts(t *testing.T) {
	dir := newProject(t, "")
	text := header + invoice(1, "20240115", "C1", "F1", "98765432109,87") + invoice(2, "20240215", "C2", "F2", "12000000,00")
	must(t, "ingest", "--project", dir, "--kind", "fec", "--fiscal-year-start", "2024-01-01", writeFile(t, dir, "large.txt", text))
	must(t, "build", "--project", dir)
	address := serveProcess(t, dir)
	for _, url := range []string{
		"/", "/charts/overview.json", "/?entity=ACME&as_of=2024-01-31", "/ageing", "/proof",
		"/counterparties/ACME/customer/C1", "/export/kpis.csv", "/export/ageing.csv", "/export/open-items.json", "/export/ageing.xlsx",
	} {
		body, err := get(address + url)
		if err != nil {
			t.Error(err)
		}
		if url == "/export/ageing.csv" && !strings.Contains(body, "98765432109.87") {
			t.Errorf("the amount is not there: %s", body)
		}
	}
}
