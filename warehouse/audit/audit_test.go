package audit_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/audit"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// landed opens a database over one ledger batch; reject, where not nil, is a line of
// it that could not be read.
func landed(t *testing.T, rows []string, reject *landing.Reject, notices ...landing.Notice) (*sql.Conn, *graph.Graph, *landing.Zone, []landing.Batch) {
	t.Helper()
	ctx := t.Context()
	dir := t.TempDir()
	db, err := duck.Open(ctx, "", duck.Limits{MemoryBytes: 1 << 30, Threads: 2, TempDir: filepath.Join(dir, "tmp"), TempBytes: 1 << 30}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	zone := landing.Open(dir)
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	staged, err := zone.Stage(ctx, db, landing.Table{
		Dataset: landing.LedgerDataset, EntityID: "E", Source: "fec", SourcePath: "732829320FEC20241231.txt",
		SHA256: strings.Repeat("ab", 32), LoadedAt: day,
	}, func(w io.Writer, keep func(landing.Reject) error) error {
		if reject != nil {
			if err := keep(*reject); err != nil {
				return err
			}
		}
		_, err := w.Write([]byte(strings.Join(rows, "")))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	start := landing.NewDate(day)
	batch, err := staged.Commit(landing.Facts{Mode: landing.Full, FiscalYearStart: &start, FirstDate: &start, LastDate: &start, Notices: notices})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	models, err := graph.Embedded(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	p := &project.Project{Dir: dir, Entities: []project.Entity{{ID: "E", Name: "E", Currency: "EUR"}}}
	if err := generation.AttachLanding(ctx, conn, p, zone, []landing.Batch{batch}); err != nil {
		t.Fatal(err)
	}
	return conn, models, zone, []landing.Batch{batch}
}

// row is a line of the canonical stream.
func row(line int, account, label, debit, credit string) string {
	return strings.Join([]string{
		fmt.Sprint(line), "1", "VE", "Ventes", "1", "2024-01-01", account, "Compte", "C1", "C1", "FA1", "2024-01-01", label,
		debit, credit, "", "", "2024-01-01", "", "", "",
	}, "\x1f") + "\n"
}

func ids(findings []audit.Finding) string {
	var all []string
	for _, f := range findings {
		all = append(all, f.ID)
	}
	return strings.Join(all, " ")
}

// TestRejectsOfOtherReaders: a reject for a reason that no other check knows is
// told all the same.
func TestRejectsOfOtherReaders(t *testing.T) {
	rows := []string{row(2, "411000", "x", "1.00", "0.00"), row(3, "707000", "x", "0.00", "1.00")}
	conn, models, zone, batches := landed(t, rows, &landing.Reject{Line: 9, Reason: "xml.depth", Message: "m", Raw: "<a>"})
	a, err := audit.Open(t.Context(), conn, models, zone, batches, nil)
	if err != nil {
		t.Fatal(err)
	}
	findings, err := a.Findings(t.Context(), 5)
	if err != nil || ids(findings) != "T15" || findings[0].Sample[0].Line != 9 {
		t.Errorf("%+v, %v", findings, err)
	}
}

// TestCollectCleansUp: a build goes on with a connection on which nothing of the
// audit is left, and the counts of notices become counts of findings.
func TestCollectCleansUp(t *testing.T) {
	rows := []string{row(2, "411000", "x", "1.00", "0.00"), row(3, "707000", "x", "0.00", "0.40")}
	conn, models, zone, batches := landed(t, rows, nil, landing.Notice{Check: "T09", Column: "Debit", Count: 7, FirstLine: 2, Value: "1.00"})
	var found map[string][]audit.Found
	for range 2 { // twice: what is left would be in the way
		var err error
		if found, err = audit.Collect(t.Context(), conn, models, zone, batches); err != nil {
			t.Fatal(err)
		}
	}
	wants := map[string]audit.Found{
		"T09": {Check: "T09", Severity: audit.Warn, Lines: 7, Stake: "0.00", FirstLine: 2},
		"C01": {Check: "C01", Severity: audit.Error, Lines: 2, Stake: "0.60", FirstLine: 2},
		"C03": {Check: "C03", Severity: audit.Error, Lines: 1, Stake: "0.60"},
	}
	for _, f := range found[batches[0].ID] {
		if want, ok := wants[f.Check]; ok && f != want {
			t.Errorf("%+v, want %+v", f, want)
		}
		delete(wants, f.Check)
	}
	if len(wants) > 0 || len(found) != 1 {
		t.Errorf("not found: %v; batches: %d", wants, len(found))
	}
	if none, err := audit.Collect(t.Context(), conn, models, zone, nil); err != nil || len(none) != 0 {
		t.Errorf("without batches: %v, %v", none, err)
	}
	var left int
	if err := conn.QueryRowContext(t.Context(), `select count(*) from (
		select table_name as name from duckdb_tables() where temporary
		union all select view_name from duckdb_views() where temporary and not internal)`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d temporary relations are left: %v", left, err)
	}
}

// TestOpenEndsWithItsContext: an audit that is interrupted stops.
func TestOpenEndsWithItsContext(t *testing.T) {
	conn, models, zone, batches := landed(t, []string{row(2, "411000", "x", "1.00", "0.00")}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := audit.Open(ctx, conn, models, zone, batches, nil); err == nil {
		t.Error("no error")
	}
}

// TestHeaders: every check has its texts in both languages, and no two share an
// identifier.
func TestHeaders(t *testing.T) {
	checks, err := audit.Checks()
	if err != nil || len(checks) < 25 {
		t.Fatalf("%d checks: %v", len(checks), err)
	}
	seen := map[string]bool{}
	for i, c := range checks {
		if seen[c.ID] {
			t.Errorf("two checks are called %s", c.ID)
		}
		seen[c.ID] = true
		if c.Sentence == c.SentenceFR || !strings.HasSuffix(c.Sentence, ".") || !strings.HasSuffix(c.AdviceFR, ".") {
			t.Errorf("texts of %s: %q, %q", c.ID, c.Sentence, c.AdviceFR)
		}
		if i > 0 && checks[i-1].Severity == audit.Info && c.Severity == audit.Error {
			t.Error("an error stands after an observation")
		}
	}
}

// TestIdentifiersFromCounterparties: numbers of a customer file are checked, with
// their line; none at all is no fault.
func TestIdentifiersFromCounterparties(t *testing.T) {
	conn, models, zone, batches := landed(t, []string{row(2, "411000", "x", "0.00", "1.00"), row(3, "411000", "x", "1.00", "0.00")}, nil)
	for i, siren := range []string{"732829320", "732829321", "5,52032E+08", "05420021", ""} {
		if _, err := conn.ExecContext(t.Context(), `insert into counterparties by name
			select ?::bigint as source_line, 'customer' as side, ? as counterparty_id, nullif(?, '') as siren,
				'E' as entity_id, ? as batch_id, 'c.csv' as source_file`, i+2, fmt.Sprint(i), siren, batches[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	a, err := audit.Open(t.Context(), conn, models, zone, batches, nil)
	if err != nil {
		t.Fatal(err)
	}
	findings, err := a.Findings(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findings {
		for _, o := range f.Sample {
			got = append(got, fmt.Sprint(f.ID, " ", o.Line, " ", o.Value))
		}
	}
	if want := "I01 3 732829321; I01 4 5,52032E+08"; strings.Join(got, "; ") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestJudges: what the checks and their relations read of the landing zone are the
// datasets of which a batch is judged.
func TestJudges(t *testing.T) {
	var texts strings.Builder
	for _, pattern := range []string{"audit/checks/*.sql", "audit/relations/*.sql"} {
		files, err := fs.Glob(sqlfiles.Files, pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		for _, file := range files {
			text, err := sqlfiles.Files.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts.Write(append(text, '\n'))
		}
	}
	datasets, err := sqlfiles.Datasets()
	if err != nil {
		t.Fatal(err)
	}
	for _, dataset := range datasets {
		isRead := regexp.MustCompile(`\b(from|join) ` + dataset + `\b`).MatchString(texts.String())
		if judged := audit.Judges(landing.Batch{Dataset: dataset}); isRead != judged {
			t.Errorf("%s: read by a check: %v, judged: %v", dataset, isRead, judged)
		}
	}
	for name, b := range map[string]landing.Batch{
		"ledger":  {Dataset: landing.LedgerDataset},
		"rejects": {Dataset: "crm_users", Rejects: 1},
		"notices": {Dataset: "crm_users", Notices: []landing.Notice{{Check: "T14"}}},
	} {
		if !audit.Judges(b) {
			t.Errorf("%s: not judged", name)
		}
	}
}
