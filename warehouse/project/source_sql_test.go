package project

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const wholeSQL = `version: 1
entities: [{id: ALPHA}]
sources:
  - name: erp
    kind: sql
    entity: ALPHA
    driver: postgres
    connection_env: ERP_DSN
    timeout: 90s
    queries:
      - { dataset: invoices, file: sql/invoices.sql, mode: delta, watermark: updated_at, from: 0, overlap: 2h30m, keep: [region, "Point de vente"] }
      - { dataset: payments, file: /q/payments.sql, allow_empty: true }
`

func TestSQLSource(t *testing.T) {
	p, err := parse("/group/encours.yaml", []byte(wholeSQL))
	if err != nil {
		t.Fatal(err)
	}
	s := p.Sources[0].SQL
	if s.Driver != "postgres" || s.ConnectionEnv != "ERP_DSN" || s.Timeout != 90*time.Second || len(s.Queries) != 2 {
		t.Fatalf("%+v", s)
	}
	q := s.Queries[0]
	if q.Dataset != "invoices" || q.Mode != ModeDelta || q.Watermark != "updated_at" || q.From != "0" || q.Overlap != "2h30m" ||
		strings.Join(q.Keep, "|") != "region|Point de vente" || q.AllowEmpty || p.QueryFile(q) != "/group/sql/invoices.sql" {
		t.Errorf("%+v", q)
	}
	if q := s.Queries[1]; q.Mode != ModeFull || !q.AllowEmpty || p.QueryFile(q) != "/q/payments.sql" {
		t.Errorf("%+v", q)
	}
}

// TestSQLSourceOfNoEntity: what belongs to no entity needs none, and is of the group.
func TestSQLSourceOfNoEntity(t *testing.T) {
	p, err := parse("/group/encours.yaml", []byte(`version: 1
entities: [{id: ALPHA}]
sources:
  - { name: crm, kind: sql, driver: postgres, connection_env: CRM_DSN, queries: [{ dataset: crm_accounts, file: a.sql }, { dataset: crm_users, file: u.sql }] }
`))
	if err != nil || p.Sources[0].EntityID != Group {
		t.Errorf("%+v, %v", p, err)
	}
}

// Each case changes the whole file by replacing one text by another.
func TestSQLProblems(t *testing.T) {
	const secret = "does not belong in encours.yaml"
	for name, c := range map[string]struct{ old, new, want string }{
		"password":            {"timeout: 90s", "password: s3cret", "e.yaml:9:5: sources[0].password: a password or a connection string " + secret},
		"connection":          {"timeout: 90s", "connection: s3cret", secret},
		"DSN as variable":     {"ERP_DSN", "postgres://u:s3cret@h/d", "sources[0].connection_env: this is not the name of an environment variable"},
		"DSN as file":         {"connection_env: ERP_DSN", "connection_file: u:s3cret@tcp(h)/d", "sources[0].connection_file: this is not a path; a password"},
		"words as file":       {"connection_env: ERP_DSN", "connection_file: server=h;pwd=s3cret", secret},
		"no place":            {"    connection_env: ERP_DSN\n", "", "a database is named by connection_env or connection_file"},
		"two places":          {"connection_env: ERP_DSN", "connection_env: ERP_DSN\n    connection_file: x", "by one of them"},
		"path":                {"connection_env: ERP_DSN", "path: erp.db", "by one of them"},
		"sqlite":              {"driver: postgres", "driver: sqlite", "an SQLite database is named by path"},
		"driver":              {"driver: postgres", "driver: access", `"access" is not one of postgres, mysql, sqlite, sqlserver, oracle`},
		"no driver":           {"    driver: postgres\n", "", `the key "driver" is missing`},
		"paths":               {"timeout: 90s", "paths: [a]", "paths are of files"},
		"timeout":             {"90s", "soon", `"soon" is not a duration`},
		"no entity":           {"    entity: ALPHA\n", "", `the key "entity" is missing`},
		"entity of a query":   {"    entity: ALPHA\n    driver: postgres\n    connection_env: ERP_DSN\n    timeout: 90s\n    queries:\n", "    driver: postgres\n    connection_env: ERP_DSN\n    queries:\n      - { dataset: crm_users, file: sql/users.sql }\n", `the key "entity" is missing`},
		"dataset":             {"dataset: payments", "dataset: bills", `"bills" is not one of allocations`},
		"ledger":              {"dataset: payments", "dataset: ledger_entries", `"ledger_entries" is not one of`},
		"dataset twice":       {"dataset: payments", "dataset: invoices", `dataset "invoices" stands twice`},
		"no file":             {", file: /q/payments.sql", "", `sources[0].queries[1]: the key "file" is missing`},
		"mode":                {"mode: delta", "mode: append", `"append" is not one of full, delta`},
		"no watermark":        {"watermark: updated_at, ", "", "mode delta needs a watermark"},
		"watermark in full":   {"mode: delta, ", "", "watermark, from and overlap go with mode: delta"},
		"overlap":             {"2h30m", "two hours", `"two hours" is not an overlap`},
		"allow_empty":         {"allow_empty: true", "allow_empty: maybe", `"maybe" is not one of true, false`},
		"key of a query":      {"from: 0", "since: 0", `unknown key "since"`},
		"keys of a file kind": {"kind: sql", "kind: fec\n    paths: [a]", "driver, connection_env, connection_file, path and queries go with kind: sql"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(wholeSQL, c.old, c.new, 1)
			if text == wholeSQL {
				t.Fatal("the case changes nothing")
			}
			_, err := parse("/group/e.yaml", []byte(text))
			var invalid *InvalidError
			if !errors.As(err, &invalid) || len(invalid.Problems) != 1 || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("error %v\nwant %q", err, c.want)
			}
		})
	}
}

func TestConnection(t *testing.T) {
	dir := t.TempDir()
	file := func(mode os.FileMode, text string) string {
		path := filepath.Join(dir, "erp.dsn")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	env := map[string]string{"ERP_DSN": " secret\n", "EMPTY": " "}
	for name, c := range map[string]struct {
		sql  SQL
		mode os.FileMode
		text string
		want string // of the connection string or of the error
	}{
		"environment":       {SQL{ConnectionEnv: "ERP_DSN"}, 0, "", "secret"},
		"empty environment": {SQL{ConnectionEnv: "EMPTY"}, 0, "", "the environment variable EMPTY is empty"},
		"file":              {SQL{ConnectionFile: "erp.dsn"}, 0o600, "secret\n", "secret"},
		"read-only file":    {SQL{ConnectionFile: "erp.dsn"}, 0o400, "secret", "secret"},
		"group can read":    {SQL{ConnectionFile: "erp.dsn"}, 0o640, "secret", "others can read it (mode 0640): run chmod 600"},
		"others can read":   {SQL{ConnectionFile: "erp.dsn"}, 0o604, "secret", "others can read it (mode 0604)"},
		"empty file":        {SQL{ConnectionFile: "erp.dsn"}, 0o600, "\n", "is empty: put the connection string"},
		"large file":        {SQL{ConnectionFile: "erp.dsn"}, 0o600, strings.Repeat("x", maxSecret+1), "too large"},
		"no file":           {SQL{ConnectionFile: "no.dsn"}, 0o600, "", "no such file"},
		"folder":            {SQL{ConnectionFile: "."}, 0o600, "", "it is not a file"},
		"sqlite":            {SQL{Path: "erp.db"}, 0, "", filepath.Join(dir, "erp.db")},
	} {
		t.Run(name, func(t *testing.T) {
			if c.mode != 0 {
				file(c.mode, c.text)
			}
			p := &Project{Dir: dir}
			dsn, _, err := p.Connection(Source{Name: "erp", SQL: c.sql}, func(name string) string { return env[name] })
			if err == nil && dsn != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q, error %v, want %q", dsn, err, c.want)
			}
		})
	}
}
