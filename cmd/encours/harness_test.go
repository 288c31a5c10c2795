package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// runVariable makes the test binary run as the program, so that tests can start
// and kill real processes.
const runVariable = "ENCOURS_TEST_RUN_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(runVariable) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process prepares a process of the program.
func process(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), runVariable+"=1")
	return cmd
}

// result is what a command printed and its exit code.
type result struct {
	out, err string
	code     int
}

// run runs a command as the binary does.
func run(t testing.TB, args ...string) result {
	t.Helper()
	var out, err bytes.Buffer
	m := Main{Out: &out, Err: &err, Getenv: func(string) string { return "" }, Clock: time.Now}
	code := m.Run(context.Background(), args)
	return result{out.String(), err.String(), code}
}

// must runs a command that has to end with 0 and returns what it printed.
func must(t testing.TB, args ...string) string {
	t.Helper()
	r := run(t, args...)
	if r.code != exitDone {
		t.Fatalf("encours %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r.out
}

// refuse runs a command that has to end with a code and a message.
func refuse(t testing.TB, code int, message string, args ...string) {
	t.Helper()
	r := run(t, args...)
	if r.code != code || !strings.Contains(r.err, message) {
		t.Errorf("encours %s: exit %d, want %d with %q\n%s%s", strings.Join(args, " "), r.code, code, message, r.out, r.err)
	}
}

// newProject makes a project with one entity ACME and returns its folder.
func newProject(t testing.TB, more string) string {
	t.Helper()
	dir := t.TempDir()
	yaml := "version: 1\nname: Test\nentities:\n  - id: ACME\n    name: Acme SAS\n" + more
	if err := os.WriteFile(filepath.Join(dir, "encours.yaml"), []byte(yaml), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// query asks the warehouse and returns the records without the header.
func query(t testing.TB, dir, asOf, statement string) [][]string {
	t.Helper()
	args := []string{"query", "--project", dir, "--format", "csv", statement}
	if asOf != "" {
		args = append(args, "--as-of", asOf)
	}
	records, err := csv.NewReader(strings.NewReader(must(t, args...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records[1:]
}

// sharedData is a real file that is not part of the project.
func sharedData(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real file %s is not beside this checkout", name)
	}
	return path
}

// header is that of a FEC.
const header = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\t" +
	"PieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise\n"

// invoice is an entry of a sale.
func invoice(number int, day, customer, ref, amount string) string {
	entry := fmt.Sprintf("VE\tVentes\t%d\t%s\t", number, day)
	rest := fmt.Sprintf("\t%s\t%s\tFacture %s\t", ref, day, ref)
	return entry + "411000\tClients\t" + customer + "\t" + customer + " SARL" + rest + amount + "\t0,00\t\t\t" + day + "\t\t\n" +
		entry + "707000\tVentes\t\t" + rest + "0,00\t" + amount + "\t\t\t" + day + "\t\t\n"
}

// writeFile writes a file and returns its path.
func writeFile(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
