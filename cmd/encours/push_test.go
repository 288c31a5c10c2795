package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/landing"
)

// sent is the answer to a message.
type sent struct {
	status int
	Status string `json:"status"`
	Batch  string `json:"batch_id"`
	Rows   int64  `json:"rows"`
	Count  int64  `json:"rejects"`
	Code   string `json:"code"`
	Reason string `json:"message"`
	First  []struct {
		Record         int64
		Column, Reason string
	} `json:"rejected"`
}

// send sends a message; headers are name=value.
func send(url, token, contentType, body string, headers ...string) (sent, error) {
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return sent{}, err
	}
	request.Header.Set("Content-Type", contentType)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, "=")
		request.Header.Set(name, value)
	}
	client := http.Client{Timeout: 30 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return sent{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return sent{}, err
	}
	answer := sent{status: response.StatusCode}
	if err := json.Unmarshal(text, &answer); err != nil {
		return answer, fmt.Errorf("status %d: the answer is not JSON: %w: %s", response.StatusCode, err, text)
	}
	return answer, nil
}

func newToken(t *testing.T, dir string, args ...string) string {
	t.Helper()
	return strings.TrimSpace(must(t, append([]string{"token", "add", "--project", dir}, args...)...))
}

const (
	ndjson  = "application/x-ndjson"
	onePay  = `{"side":"customer","payment_id":"P1","counterparty_id":"C1","payment_date":"2025-01-15","amount":10.50}` + "\n"
	landAPI = "/api/v1/landing/"
)

func packed(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// pushCase is one message and what its sender is told.
type pushCase struct {
	name, path, token, contentType, body string
	headers                              []string
	status                               int
	says                                 string // status or code
	rows, rejects                        int64
}

func pushCases(t *testing.T, token, both, old string) []pushCase {
	t.Helper()
	csv := "side,payment_id,counterparty_id,payment_date,amount\ncustomer,P2,C1,2025-02-01,20\ncustomer,P3,C1,2025-02-30,30\n"
	rate := `[{"currency":"USD","base_currency":"EUR","rate_date":"2025-01-15","rate":1.03}]`
	long := strings.Repeat(onePay, 1001)
	return []pushCase{
		{"landed", "payments", token, ndjson, onePay, []string{"Idempotency-Key=k1"}, 201, "landed", 1, 0},
		{"the same again", "payments", token, ndjson, onePay, []string{"Idempotency-Key=k1"}, 200, "already_landed", 1, 0},
		{"the same packed", "payments", token, ndjson, packed(t, onePay), []string{"Idempotency-Key=k1", "Content-Encoding=gzip"}, 200, "already_landed", 1, 0},
		{"other bytes", "payments", token, ndjson, strings.Replace(onePay, "P1", "P9", 1), []string{"Idempotency-Key=k1"}, 409, "idempotency_key.reused", 0, 0},
		{"another mode", "payments?mode=full", token, ndjson, onePay, []string{"Idempotency-Key=k1"}, 409, "idempotency_key.reused", 0, 0},
		{"another day", "payments?extract_date=2025-01-31", token, ndjson, onePay, []string{"Idempotency-Key=k1"}, 409, "idempotency_key.reused", 0, 0},
		{"the key of another sender", "payments?entity=ACME", both, ndjson, onePay, []string{"Idempotency-Key=k1"}, 201, "landed", 1, 0},
		{"without a key", "payments", token, "text/csv", csv, nil, 201, "landed", 1, 1},
		{"without a key again", "payments", token, "text/csv", csv, nil, 200, "already_landed", 1, 1},
		{"for another entity", "payments?entity=BETA&source=b", both, "text/csv", csv, nil, 201, "landed", 1, 1},
		{"rates of the group", "exchange_rates", token, "application/json", rate, nil, 201, "landed", 1, 0},
		{"rates of an entity", "exchange_rates?entity=ACME", token, "application/json", rate, nil, 400, "entity", 0, 0},
		{"which entity", "payments", both, ndjson, onePay, nil, 400, "entity", 0, 0},
		{"not its entity", "payments?entity=BETA", token, ndjson, onePay, nil, 403, "right.entity", 0, 0},
		{"not its source", "payments?source=b", token, ndjson, onePay, nil, 403, "right.source", 0, 0},
		{"not its dataset", "invoices", token, ndjson, onePay, nil, 403, "right.dataset", 0, 0},
		{"the ledger", "ledger_entries", token, ndjson, onePay, nil, 403, "dataset.ledger", 0, 0},
		{"no dataset", "nothing", token, ndjson, onePay, nil, 404, "dataset.unknown", 0, 0},
		{"a path outside", "..%2f..", token, ndjson, onePay, nil, 404, "dataset.unknown", 0, 0},
		{"no token", "payments", "", ndjson, onePay, nil, 401, "token.missing", 0, 0},
		{"a wrong token", "payments", token + "x", ndjson, onePay, nil, 401, "token.invalid", 0, 0},
		{"a revoked token", "payments", old, ndjson, onePay, nil, 401, "token.invalid", 0, 0},
		{"a parameter", "payments?mod=full", token, ndjson, onePay, nil, 400, "parameter", 0, 0},
		{"a mode", "payments?mode=all", token, ndjson, onePay, nil, 400, "parameter", 0, 0},
		{"a date", "payments?extract_date=15/01/2025", token, ndjson, onePay, nil, 400, "parameter", 0, 0},
		{"a key", "payments", token, ndjson, onePay, []string{"Idempotency-Key=é"}, 400, "idempotency_key", 0, 0},
		{"a type", "payments", token, "text/plain", onePay, nil, 415, "content_type", 0, 0},
		{"an encoding", "payments", token, ndjson, onePay, []string{"Content-Encoding=br"}, 415, "content_encoding", 0, 0},
		{"not packed", "payments", token, ndjson, onePay, []string{"Content-Encoding=gzip"}, 400, "body", 0, 0},
		{"an unknown field", "payments", token, ndjson, `{"payement_id":"P1"}`, nil, 422, "fields.unknown", 0, 0},
		{"a value that is not listed", "payments", token, ndjson, strings.Replace(onePay, "customer", "client", 1), nil, 422, "records.all_rejected", 0, 0},
		{"nothing good", "payments", token, ndjson, strings.Replace(onePay, "10.50", `"x"`, 1), nil, 422, "records.all_rejected", 0, 0},
		{"nothing", "payments?mode=full", token, ndjson, "", nil, 422, "records.none", 0, 0},
		{"too many records", "payments", token, ndjson, long, nil, 413, "too_large", 0, 0},
		{"too many bytes", "payments", token, ndjson, strings.Repeat(" ", 1_000_001), nil, 413, "too_large", 0, 0},
		{"a bomb", "payments", token, ndjson, packed(t, strings.Repeat("\n", 50_000_000)), []string{"Content-Encoding=gzip"}, 413, "too_large", 0, 0},
		{"from a page elsewhere", "payments", token, ndjson, onePay, []string{"Sec-Fetch-Site=cross-site"}, 403, "origin", 0, 0},
	}
}

// TestPush walks through what a sender can do and what it is told, in order.
func TestPush(t *testing.T) {
	dir := newProject(t, "  - id: BETA\npush: { max_body: 1MB, max_rows: 1000, concurrent: 2 }\n")
	address := serveProcess(t, dir)
	url := address + landAPI
	if got, err := send(url+"payments", "encours_0_0", ndjson, onePay); err != nil || got.status != 401 || got.Code != "token.invalid" {
		t.Fatalf("before there is a token: %+v, %v", got, err)
	}
	token := newToken(t, dir, "--name", "erp", "--datasets", "payments,exchange_rates", "--entity", "ACME")
	both := newToken(t, dir, "--name", "both", "--datasets", "payments", "--entity", "ACME,BETA", "--source", "a,b")
	old := newToken(t, dir, "--name", "old", "--datasets", "payments", "--entity", "ACME")
	must(t, "token", "revoke", "--project", dir, "old")
	for _, c := range pushCases(t, token, both, old) {
		got, err := send(url+c.path, c.token, c.contentType, c.body, c.headers...)
		if err != nil || got.status != c.status || got.Status+got.Code != c.says || got.Rows != c.rows || got.Count != c.rejects {
			t.Errorf("%s: %+v, %v; want %d %s with %d rows and %d rejects", c.name, got, err, c.status, c.says, c.rows, c.rejects)
		}
		if c.rejects > 0 && (len(got.First) != 1 || got.First[0].Record != 3 || got.First[0].Column != "payment_date" || got.First[0].Reason != "date.invalid") {
			t.Errorf("%s: rejected %+v", c.name, got.First)
		}
	}
	afterPushes(t, dir, token, both, old)
}

// afterPushes looks at what TestPush left.
func afterPushes(t *testing.T, dir string, tokens ...string) {
	t.Helper()
	batches, err := landing.Open(filepath.Join(dir, "data")).Batches(t.Context())
	if err != nil || len(batches) != 5 {
		t.Errorf("%d batches are there, want 5: %v", len(batches), err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "data", "landing", "*", ".tmp-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	list := must(t, "token", "list", "--project", dir)
	for _, want := range []string{"no, revoked on", "payments,exchange_rates", "ACME,BETA", " UTC"} {
		if !strings.Contains(list, want) {
			t.Errorf("no %q in\n%s", want, list)
		}
	}
	for _, token := range tokens {
		secret := token[len("encours_00000000_"):]
		if strings.Contains(list, secret) {
			t.Error("the list shows a token")
		}
		if err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s holds a token", path)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	must(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", "--fiscal-year-start", "2025-01-01",
		writeFile(t, dir, "fec.txt", header+invoice(1, "20250115", "C1", "F1", "98,70")))
	must(t, "build", "--project", dir)
	must(t, "check", "--project", dir)
	got := query(t, dir, "", "select count(*), sum(row_count), sum(reject_count) from stg_landing__batches where source <> 'fec'")
	if strings.Join(got[0], " ") != "5 5 2" {
		t.Errorf("the build counts %v", got)
	}
}

func TestTokenUsage(t *testing.T) {
	dir := newProject(t, "  - id: BETA\n")
	for _, c := range []struct {
		code    int
		message string
		args    []string
	}{
		{exitUsage, "which datasets", []string{"add", "--name", "x", "--entity", "ACME"}},
		{exitUsage, "cannot be sent", []string{"add", "--name", "x", "--entity", "ACME", "--datasets", "ledger_entries"}},
		{exitUsage, "for which entities", []string{"add", "--name", "x", "--datasets", "payments"}},
		{exitUsage, "is not in encours.yaml", []string{"add", "--name", "x", "--datasets", "payments", "--entity", "GAMMA"}},
		{exitUsage, "cannot be a name", []string{"add", "--name", "a b", "--datasets", "payments", "--entity", "ACME"}},
		{exitUsage, "is over", []string{"add", "--name", "x", "--datasets", "payments", "--entity", "ACME", "--expires", "2020-01-01"}},
		{exitUsage, "is not a date", []string{"add", "--name", "x", "--datasets", "payments", "--entity", "ACME", "--expires", "soon"}},
		{exitFailed, "no token \"x\" is in force", []string{"revoke", "x"}},
	} {
		refuse(t, c.code, c.message, append([]string{"token", "--project", dir}, c.args...)...)
	}
	newToken(t, dir, "--name", "x", "--datasets", "payments", "--entity", "ACME")
	refuse(t, exitFailed, "choose another name", "token", "add", "--project", dir, "--name", "x", "--datasets", "payments", "--entity", "ACME")
}

// TestPushToTwoServers: the second server shows pages and refuses messages, until
// the first one is gone.
func TestPushToTwoServers(t *testing.T) {
	dir := newProject(t, "")
	token := newToken(t, dir, "--name", "erp", "--datasets", "payments")
	first := &pushServer{dir: dir}
	first.start(t)
	second := serveProcess(t, dir)
	if got, err := send(first.address.Load().(string)+landAPI+"payments", token, ndjson, onePay); err != nil || got.status != 201 {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err := send(second+landAPI+"payments", token, ndjson, onePay); err != nil || got.status != 503 || got.Code != "other_server" {
		t.Errorf("beside the first: %+v, %v", got, err)
	}
	stop(t, first.cmd)
	if got, err := send(second+landAPI+"payments", token, ndjson, onePay); err != nil || got.status != 200 || got.Status != "already_landed" {
		t.Errorf("after the first: %+v, %v", got, err)
	}
}
