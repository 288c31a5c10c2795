package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports"
)

// decisionProject has a customer C1 that owes 5,000, of it 3,000 for more than sixty
// days at the end of 2024, and C2, which is known and has bought nothing yet.
func decisionProject(t *testing.T) string {
	t.Helper()
	dir := newProject(t, `    payment_terms: { customer: { default: "NET 30" } }
sources:
  - { name: customers, kind: table, dataset: counterparties, entity: ACME, paths: [customers.csv], delimiter: ";", decimal: ".", columns: { side: { constant: customer }, counterparty_id: Code, name: Nom, credit_limit: Limite } }
`)
	writeFile(t, dir, "customers.csv", "Code;Nom;Limite\nC1;C1 SARL;20000\nC2;Nouveau;10000\n")
	fec := writeFile(t, dir, "FEC20241231.txt", header+invoice(1, "20240901", "C1", "F1", "3000,00")+invoice(2, "20241215", "C1", "F2", "2000,00"))
	must(t, "ingest", "--project", dir)
	must(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", fec)
	must(t, "build", "--project", dir, "--as-of", "2024-12-31")
	return dir
}

// decided reads what decide prints as JSON.
func decided(t *testing.T, dir string, args ...string) reports.Decision {
	t.Helper()
	var d reports.Decision
	out := must(t, append([]string{"decide", "--project", dir, "--format", "json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return d
}

func TestDecide(t *testing.T) {
	dir := decisionProject(t)
	t.Run("answers", func(t *testing.T) { decideAnswers(t, dir) })
	t.Run("refuses", func(t *testing.T) {
		for _, c := range []struct {
			code    int
			message string
			args    []string
		}{
			{exitUsage, "which customer", []string{"--amount", "5"}},
			{exitUsage, "is not an amount", []string{"--customer", "C1"}},
			{exitUsage, "is not an amount", []string{"--customer", "C1", "--amount", "1.005"}},
			{exitUsage, "is not an amount", []string{"--customer", "C1", "--amount", "-5"}},
			{exitUsage, "is not an amount", []string{"--customer", "C1", "--amount", "0"}},
			{exitUsage, "is not an amount", []string{"--customer", "C1", "--amount", "1e3"}},
			{exitUsage, "is not in encours.yaml", []string{"--customer", "C1", "--amount", "5", "--entity", "BETA"}},
			{exitUsage, "is not a date", []string{"--customer", "C1", "--amount", "5", "--as-of", "now"}},
			{exitUsage, "--format", []string{"--customer", "C1", "--amount", "5", "--format", "pdf"}},
			{exitUsage, "--lang", []string{"--customer", "C1", "--amount", "5", "--lang", "de"}},
			{exitFailed, `no customer "C9" is known of ACME`, []string{"--customer", "C9", "--amount", "5"}},
		} {
			refuse(t, c.code, c.message, append([]string{"decide", "--project", dir}, c.args...)...)
		}
	})
	t.Run("lists", func(t *testing.T) { listDecisions(t, dir) })
	t.Run("server", func(t *testing.T) { decideOverHTTP(t, dir) })
	t.Run("report", func(t *testing.T) { standingReport(t, dir) })
	t.Run("replays", func(t *testing.T) { replayDecisions(t, dir) })
}

func decideAnswers(t *testing.T, dir string) {
	held := decided(t, dir, "--customer", "C1", "--amount", "100", "--by", "Anne")
	in := held.Inputs
	if held.ID != 1 || held.Decision != "hold" || held.Rule != "long_overdue" || held.RuleNo != 3 || held.Amount != "100.00" || held.MadeBy != "Anne" || held.AsOf != "2024-12-31" {
		t.Errorf("%+v", held)
	}
	// F1 of 1 September is due on 1 October: 91 days late
	if *in.Exposure != "5000.00" || *in.Limit != "20000.00" || *in.LimitSource != "granted" || *in.Headroom != "15000.00" || in.Overdue != "3000.00" ||
		in.LongOverdue != "3000.00" || in.OldestOverdueDays != 91 || *in.LongOverdueDays != 60 || in.RiskClass != "N" || in.PolicyClass != "C" || in.Score != nil {
		t.Errorf("inputs %+v", in)
	}
	v := held.Versions
	if current, err := os.Readlink(filepath.Join(dir, "data", "current")); err != nil || filepath.Base(current) != v.Generation || len(v.Policy) != 64 || len(v.Terms) != 64 || len(v.Models) != 64 || !strings.HasSuffix(v.Generation, v.Fingerprint) {
		t.Errorf("versions %+v, current %s, %v", v, current, err)
	}
	if want := time.Now().AddDate(0, 0, 30).Format(time.DateOnly); held.ValidUntil != want {
		t.Errorf("valid until %s, want %s", held.ValidUntil, want)
	}
	before := decided(t, dir, "--customer", "C1", "--amount", "100", "--as-of", "2024-11-30")
	if before.Decision != "approve" || before.Rule != "new_customer" || before.AsOf != "2024-11-30" || *before.Inputs.Exposure != "3000.00" {
		t.Errorf("sixty days late only: %+v", before)
	}
	for amount, want := range map[string]string{"2000": "new_customer", "2000.01": "within_reduced_limit", "8000.00": "within_reduced_limit", "8000.01": "otherwise"} {
		if d := decided(t, dir, "--customer", "C2", "--amount", amount); d.Rule != want || *d.Inputs.Exposure != "0.00" || *d.Inputs.Limit != "10000.00" {
			t.Errorf("%s of a new customer: %+v", amount, d)
		}
	}
	text := must(t, "decide", "--project", dir, "--customer", "C1", "--amount", "100", "--lang", "fr")
	for _, want := range []string{"BLOCAGE", "plus de 1000 sont échus depuis plus de 60 jours", "30 jours", "5000.00 EUR", "20000.00 EUR (accordée)", "règles de la classe", "valable jusqu'au"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func listDecisions(t *testing.T, dir string) {
	records, err := csv.NewReader(strings.NewReader(must(t, "decisions", "--project", dir, "--format", "csv"))).ReadAll()
	if err != nil || len(records) != 8 || len(records[1]) != len(decisionHeader) {
		t.Fatalf("%d records, %v", len(records), err)
	}
	last := records[len(records)-1]
	if last[0] != "1" || last[8] != "100.00" || last[10] != "hold" || last[18] != "" || last[23] != "5000.00" {
		t.Errorf("the first decision: %q", last)
	}
	var list []reports.Decision
	out := must(t, "decisions", "--project", dir, "--format", "json", "--customer", "C2", "--limit", "2")
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 2 || list[0].ID < list[1].ID || list[0].Customer != "C2" {
		t.Errorf("%v\n%s", err, out)
	}
	if out := must(t, "decisions", "--project", dir, "--decision", "hold", "--entity", "ACME"); strings.Count(out, "\n") != 3 || !strings.Contains(out, "Anne") {
		t.Errorf("held orders:\n%s", out)
	}
	refuse(t, exitUsage, "--decision", "decisions", "--project", dir, "--decision", "perhaps")
	refuse(t, exitUsage, "--format", "decisions", "--project", dir, "--format", "xlsx")
	empty := newProject(t, "")
	if out := must(t, "decisions", "--project", empty, "--format", "json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("of a project without any: %s", out)
	}
	if _, err := os.Stat(filepath.Join(empty, "data", "state.db")); !os.IsNotExist(err) {
		t.Errorf("listing wrote a state file: %v", err)
	}
}

// decideOverHTTP asks a server, with a token that may and with one that may not.
func decideOverHTTP(t *testing.T, dir string) {
	token := strings.TrimSpace(must(t, "token", "add", "--project", dir, "--name", "shop", "--datasets", "credit-decisions"))
	other := strings.TrimSpace(must(t, "token", "add", "--project", dir, "--name", "erp", "--datasets", "invoices"))
	base := serveProcess(t, dir)
	ask := func(token, body, key string) (int, map[string]any) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/v1/credit-decisions", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", key)
		return answerOf(t, request)
	}
	const order = `{"entity":"ACME","customer":"C2","amount":"2500.00"}`
	status, first := ask(token, order, "order-1")
	if status != http.StatusCreated || first["decision"] != "approve" || first["rule"] != "within_reduced_limit" || first["made_by"] != "shop" {
		t.Fatalf("%d %v", status, first)
	}
	if status, again := ask(token, order, "order-1"); status != http.StatusOK || fmt.Sprint(again) != fmt.Sprint(first) {
		t.Errorf("the same again: %d %v", status, again)
	}
	for name, c := range map[string]struct {
		token, body, key string
		status           int
		code             string
	}{
		"another order under the key": {token, strings.Replace(order, "2500", "2501", 1), "order-1", 409, "idempotency_key.reused"},
		"unknown customer":            {token, strings.Replace(order, "C2", "C9", 1), "", 404, "customer.unknown"},
		"before the ledger":           {token, strings.Replace(order, "}", `,"as_of":"2019-01-01"}`, 1), "", 404, "nothing_known"},
		"another entity":              {token, strings.Replace(order, "ACME", "BETA", 1), "", 403, "right.entity"},
		"a token for data":            {other, order, "", 403, "right.decisions"},
		"no such token":               {"encours_x", order, "", 401, "token.invalid"},
	} {
		if status, answer := ask(c.token, c.body, c.key); status != c.status || answer["code"] != c.code {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/api/v1/credit-decisions?customer=C2&limit=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if status, answer := answerOf(t, request); status != http.StatusOK || len(answer["decisions"].([]any)) != 1 || answer["next_before"] == nil {
		t.Errorf("%d %v", status, answer)
	}
	response, err := http.Get(base + "/decisions?lang=en&id=1")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
	if err != nil || !bytes.Contains(body, []byte("more than 1000 is overdue by more than 60 days")) || !bytes.Contains(body, []byte("shop")) {
		t.Errorf("the page: %v\n%s", err, body)
	}
}

func answerOf(t *testing.T, request *http.Request) (int, map[string]any) {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

// standingReport has a row per customer, and says by which tables.
func standingReport(t *testing.T, dir string) {
	out := must(t, "report", "credit-decisions", "--project", dir, "--entity", "ACME")
	manifest := decided(t, dir, "--customer", "C1", "--amount", "1").Versions
	for _, want := range []string{"decision_policy=" + manifest.Policy[:12], "decision_terms=" + manifest.Terms[:12], "# reference_tables: ", "C1,C1 SARL,EUR,hold,3,long_overdue", "C2,Nouveau,EUR,approve,4,new_customer"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	scores := query(t, dir, "", "select decision, decision_rule from mart_risk_scores where counterparty_id = 'C1'")
	if len(scores) != 1 || scores[0][0] != "hold" || scores[0][1] != "long_overdue" {
		t.Errorf("the scores say %v", scores)
	}
}

// replayDecisions makes the first decision again: on its generation, after one with
// other rules, and when its generation is gone.
func replayDecisions(t *testing.T, dir string) {
	r := run(t, "decisions", "replay", "1", "--project", dir)
	if r.code != exitDone || !strings.Contains(r.err, "decision 1: equal") || strings.Contains(r.out, "DIFFERENT") || !strings.Contains(r.out, "inputs.long_overdue_amount") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.err)
	}
	refuse(t, exitFailed, "there is no decision 99", "decisions", "replay", "99", "--project", dir)
	refuse(t, exitUsage, "is not the number of a decision", "decisions", "replay", "x", "--project", dir)
	if err := os.MkdirAll(filepath.Join(dir, "ref"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, "ref/decision_policy.csv", "rule_no,rule,severity,is_ceased,risk_classes,overdue_days,overdue_amount,order_amount,limit_ratio,decision,terms,valid_days,rule_en,rule_fr\n"+
		"1,small,,false,*,,,500,,approve,usual,7,small orders,petites commandes\n2,rest,,false,*,,,,,review,,7,the rest,le reste\n")
	must(t, "build", "--project", dir, "--as-of", "2024-12-31")
	if d := decided(t, dir, "--customer", "C1", "--amount", "100"); d.Decision != "approve" || d.Rule != "small" || d.TermsEN != "usual terms" {
		t.Errorf("by the rules of the project: %+v", d)
	}
	if r := run(t, "decisions", "replay", "1", "--project", dir); r.code != exitDone {
		t.Errorf("on an older generation: exit %d\n%s%s", r.code, r.out, r.err)
	}
	if r := run(t, "decisions", "replay", "2", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "decision 2: equal") {
		t.Errorf("at a past date on an older generation: exit %d\n%s%s", r.code, r.out, r.err)
	}
	first := decided(t, dir, "--customer", "C1", "--amount", "1")
	writeFile(t, dir, "ref/decision_policy.csv", "rule_no,rule,severity,is_ceased,risk_classes,overdue_days,overdue_amount,order_amount,limit_ratio,decision,terms,valid_days,rule_en,rule_fr\n"+
		"1,rest,,false,*,,,,,perhaps,,7,the rest,le reste\n")
	refuse(t, exitChecksFailed, "decision_policy_is_whole", "build", "--project", dir, "--as-of", "2024-12-31")
	var list []reports.Decision
	if err := json.Unmarshal([]byte(must(t, "decisions", "--project", dir, "--format", "json")), &list); err != nil {
		t.Fatal(err)
	}
	gone := list[len(list)-1].Versions.Generation
	if gone == first.Versions.Generation {
		t.Fatal("the two builds are one generation")
	}
	if err := os.RemoveAll(filepath.Join(dir, "data", "generations", gone)); err != nil {
		t.Fatal(err)
	}
	refuse(t, exitFailed, "is not kept any more", "decisions", "replay", "1", "--project", dir)
}
