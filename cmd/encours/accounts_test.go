package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	accountsYAML = `    payment_terms: { customer: { default: "NET 30" } }
sources:
  - { name: salesforce, kind: table, paths: [accounts.csv], preset: salesforce-accounts }
  - { name: customers, kind: table, dataset: counterparties, entity: ACME, paths: [customers.csv], columns: { side: { constant: customer }, counterparty_id: code, name: name, credit_limit: limit } }
`
	lateAccount, paidAccount, goneAccount, prospect, newAccount = "001x0000002xLCVAA2", "001x0000002xLD0AAM", "001x0000002xLD1AAM", "001x0000002xLD2AAM", "001x0000002xLD3AAM"
)

// accountsProject is a project with four accounts of a CRM: C1 is late with 1,000, C2 and
// C3 owe what is not due yet, and nobody knows the code of the fourth. A generation is
// built on 29 December.
func accountsProject(t *testing.T) string {
	t.Helper()
	dir := newProject(t, accountsYAML)
	writeFile(t, dir, "customers.csv", "code,name,limit\nC1,Un,5000\n")
	writeFile(t, dir, "accounts.csv", "Id,Name,AccountNumber\n"+lateAccount[:15]+",Un,C1\n"+paidAccount+",Deux,C2\n"+goneAccount+",Trois,C3\n"+prospect+",Quatre,\n")
	landAccountsLedger(t, dir, "")
	must(t, "build", "--project", dir, "--as-of", "2024-12-29")
	return dir
}

// landAccountsLedger loads what is there, the ledger with more entries.
func landAccountsLedger(t *testing.T, dir, more string) {
	t.Helper()
	must(t, "ingest", "--project", dir)
	must(t, "ingest", "--project", dir, "--kind", "fec", "--entity", "ACME", writeFile(t, dir, "FEC20241231.txt", header+
		invoice(1, "20240901", "C1", "F1", "1000,00")+invoice(2, "20241205", "C2", "F2", "500,00")+invoice(3, "20241206", "C3", "F3", "200,00")+more))
}

// payment is an entry of the bank.
func payment(number, day, customer, amount string) string {
	entry, rest := "BQ\tBanque\t"+number+"\t"+day+"\t", "\tV"+number+"\t"+day+"\tVirement\t"
	return entry + "512000\tBanque\t\t" + rest + amount + "\t0,00\t\t\t" + day + "\t\t\n" +
		entry + "411000\tClients\t" + customer + "\t" + customer + " SARL" + rest + "0,00\t" + amount + "\t\t\t" + day + "\t\t\n"
}

// crm is a CRM that asks a server.
type crm struct{ base, token string }

func (c crm) get(t *testing.T, path string) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.base+"/api/v1/accounts"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	return answerOf(t, request)
}

// read reads changes to their end, and returns their identifiers, "-" before those that
// are gone, whether the answer began anew, and the last cursor.
func (c crm) read(t *testing.T, cursor, limit string) (changes string, isReset bool, next string) {
	t.Helper()
	var ids []string
	for more := true; more; {
		path := "?limit=" + limit
		if cursor != "" {
			path += "&cursor=" + cursor
		}
		status, answer := c.get(t, path)
		if status != http.StatusOK {
			t.Fatalf("%s: %d %v", path, status, answer)
		}
		for _, one := range answer["accounts"].([]any) {
			account := one.(map[string]any)
			id := account["crm_id"].(string)
			if account["removed"] == true {
				id = "-" + id
			}
			ids = append(ids, id)
		}
		isReset = isReset || answer["reset"] == true
		more, cursor = answer["has_more"].(bool), answer["next_cursor"].(string)
	}
	return strings.Join(ids, " "), isReset, cursor
}

// copyState copies the state file, and returns the path of the copy.
func copyState(t *testing.T, dir string) string {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "data", "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "state.db")
	_, err = db.ExecContext(t.Context(), "vacuum into ?", copied)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return copied
}

// currentGeneration is the folder of the generation that serves.
func currentGeneration(t *testing.T, dir string) string {
	t.Helper()
	folder, err := filepath.EvalSymlinks(filepath.Join(dir, "data", "current"))
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// changeManifest changes the manifest of the generation that serves.
func changeManifest(t *testing.T, dir string, change func(manifest map[string]any)) {
	t.Helper()
	path := filepath.Join(currentGeneration(t, dir), "manifest.json")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var manifest map[string]any
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	change(manifest)
	if raw, err = json.Marshal(manifest); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestAccountsForTheCRM: an account by either form of its identifier, everything in pages,
// then exactly what changed with the next build, also where the generation of the cursor
// is gone, and everything again where the state was put back from a copy.
func TestAccountsForTheCRM(t *testing.T) {
	dir := accountsProject(t)
	token := newToken(t, dir, "--name", "crm", "--datasets", "crm-accounts")
	server := &pushServer{dir: dir}
	server.start(t)
	c := crm{server.address.Load().(string), token}
	t.Run("one", func(t *testing.T) { oneAccount(t, dir, c) })
	all, isReset, first := c.read(t, "", "3")
	if want := strings.Join([]string{lateAccount, paidAccount, goneAccount, prospect}, " "); all != want || isReset {
		t.Fatalf("everything: %s, want %s", all, want)
	}
	if again, _, next := c.read(t, first, "3"); again != "" || next != first {
		t.Errorf("nothing has changed: %s", again)
	}
	stop(t, server.cmd)
	before := currentGeneration(t, dir)
	copied := copyState(t, dir)

	// C2 pays, C3 is no account any more and there is a new one; two days later C1 is late with the same
	writeFile(t, dir, "accounts.csv", "Id,Name,AccountNumber\n"+lateAccount+",Un,C1\n"+paidAccount+",Deux,C2\n"+prospect+",Quatre,\n"+newAccount+",Cinq,\n")
	landAccountsLedger(t, dir, payment("4", "20241231", "C2", "100,00"))
	must(t, "build", "--project", dir, "--as-of", "2024-12-31")
	if err := os.RemoveAll(before); err != nil { // as builds do after a while
		t.Fatal(err)
	}
	server = &pushServer{dir: dir}
	server.start(t)
	c.base = server.address.Load().(string)
	changed, isReset, second := c.read(t, first, "2")
	if want := strings.Join([]string{paidAccount, newAccount, "-" + goneAccount}, " "); changed != want || isReset {
		t.Errorf("changed: %s, want %s", changed, want)
	}
	if again, _, _ := c.read(t, second, "2"); again != "" {
		t.Errorf("twice: %s", again)
	}
	if all, _, _ := c.read(t, "", "1000"); all != strings.Join([]string{lateAccount, prospect, paidAccount, newAccount}, " ") {
		t.Errorf("everything after the change: %s", all)
	}
	if _, answer := c.get(t, "/"+paidAccount); answer["open_amount"] != "400.00" || answer["as_of"] != "2024-12-31" {
		t.Errorf("after the payment: %v", answer)
	}
	stop(t, server.cmd)
	t.Run("another course", func(t *testing.T) { otherGenerations(t, dir, c, second) })

	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(dir, "data", "state.db"+suffix)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if err := os.Rename(copied, filepath.Join(dir, "data", "state.db")); err != nil {
		t.Fatal(err)
	}
	c.base = serveProcess(t, dir)
	if all, isReset, _ := c.read(t, second, "2"); all != strings.Join([]string{lateAccount, prospect, paidAccount, newAccount}, " ") || !isReset {
		t.Errorf("from a cursor that the copy does not know: %s, reset %v", all, isReset)
	}
	if changed, isReset, _ := c.read(t, first, "2"); changed != strings.Join([]string{paidAccount, newAccount, "-" + goneAccount}, " ") || isReset {
		t.Errorf("from one that it knows: %s, reset %v", changed, isReset)
	}
}

// oneAccount asks about an account in every way.
func oneAccount(t *testing.T, dir string, c crm) {
	status, late := c.get(t, "/"+lateAccount)
	versions, _ := late["versions"].(map[string]any)
	if status != http.StatusOK || late["crm_id"] != lateAccount || late["source"] != "salesforce" || late["counterparties"] != "ACME/C1" || late["overdue_amount"] != "1000.00" ||
		late["exposure_amount"] != "1000.00" || late["oldest_overdue_date"] != "2024-10-01" || late["granted_limit_amount"] != "5000.00" || late["limit_amount"] != "5000.00" ||
		late["available_amount"] != "4000.00" || late["open_dispute_count"] != 0.0 || late["as_of"] != "2024-12-29" || late["known_at"] != nil || versions["generation"] != filepath.Base(currentGeneration(t, dir)) {
		t.Errorf("%d %v", status, late)
	}
	for _, form := range []string{lateAccount[:15], strings.ToLower(lateAccount), lateAccount + "?source=salesforce"} {
		if status, answer := c.get(t, "/"+form); status != http.StatusOK || answer["crm_id"] != lateAccount {
			t.Errorf("%s: %d %v", form, status, answer)
		}
	}
	if _, answer := c.get(t, "/"+prospect); answer["link_status"] != "none" || answer["overdue_amount"] != nil || answer["oldest_overdue_date"] != nil {
		t.Errorf("a prospect: %v", answer)
	}
	_, text := c.get(t, "")
	cursor := text["next_cursor"].(string)
	for path, want := range map[string]string{
		"/001x0000002xLC9": "account.unknown", "/" + lateAccount + "?source=hubspot": "account.unknown", "/%27%20or%20true%20--": "account.unknown",
		"?cursor=nonsense": "cursor", "?cursor=" + cursor[:len(cursor)-2]: "cursor", "?limit=1001": "parameter",
	} {
		if _, answer := c.get(t, path); answer["code"] != want {
			t.Errorf("%s: %v, want %s", path, answer, want)
		}
	}
	c.token = newToken(t, dir, "--name", "shop", "--datasets", "credit-decisions,crm_accounts")
	if status, answer := c.get(t, ""); status != http.StatusForbidden || answer["code"] != "right.accounts" {
		t.Errorf("a token for something else: %d %v", status, answer)
	}
}

func TestAccountForms(t *testing.T) {
	for id, want := range map[string]string{
		lateAccount: lateAccount + " " + lateAccount[:15], lateAccount[:15]: lateAccount[:15] + " " + lateAccount,
		" hub-1 ": "hub-1", "1234": "1234", "7f3c5b1e-0000-4000-8000-000000000001": "7f3c5b1e-0000-4000-8000-000000000001",
		"ABCDEFGHIJKLMNO!!!": "ABCDEFGHIJKLMNO!!!", "000000000000000AAA": "000000000000000AAA", "001x0000002xLCV999": "001x0000002xLCV999",
	} {
		if got := strings.Join(accountForms(id), " "); got != want {
			t.Errorf("%q: %s, want %s", id, got, want)
		}
	}
}

// otherGenerations asks where what serves is none of the course of the project, or was
// built by an older program.
func otherGenerations(t *testing.T, dir string, c crm, cursor string) {
	path := filepath.Join(currentGeneration(t, dir), "manifest.json")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(map[string]any){
		"known_at": func(m map[string]any) { m["known_at"] = "2025-01-01T00:00:00Z" },
		"no_accounts": func(m map[string]any) {
			var kept []any
			for _, r := range m["relations"].([]any) {
				if r.(map[string]any)["name"] != "mart_crm_accounts" {
					kept = append(kept, r)
				}
			}
			m["relations"] = kept
		},
	} {
		changeManifest(t, dir, change)
		server := &pushServer{dir: dir}
		server.start(t)
		c.base = server.address.Load().(string)
		if status, answer := c.get(t, "?cursor="+cursor); status != http.StatusServiceUnavailable || answer["code"] != name {
			t.Errorf("%s: %d %v", name, status, answer)
		}
		if status, answer := c.get(t, "/"+lateAccount); name == "known_at" && (status != http.StatusOK || answer["known_at"] != "2025-01-01") || name != "known_at" && answer["code"] != name {
			t.Errorf("one of %s: %d %v", name, status, answer)
		}
		stop(t, server.cmd)
		if err := os.WriteFile(path, whole, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
