package project

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const whole = `version: 1
name: Groupe Démonstration
currency: CHF
data: var/data
entities:
  - id: ALPHA
    name: Alpha SAS
    siren: "552081317"
    currency: EUR
    fiscal_year_start: 04-01
    fiscal_years: [2021-01-01, 2022-04-01]
    matching: fifo
    payment_terms:
      customer: { default: "30 jours fin de mois", counterparties: { C0002: comptant, C0001: "NET 60" } }
      supplier: { default: NET 45 }
  - id: 007
intercompany:
  - { entity: ALPHA, side: customer, counterparties: ["IC*", "C0099"] }
  - counterparties: [G?]
sources:
  - name: compta-alpha
    kind: fec
    entity: ALPHA
    paths: ["extracts/alpha/*.txt"]
    charset: cp850
    fiscal_year_start: 2024-01-01
    extract_date: 2025-01-15
rejects: { max_lines: 20 }
build: { keep_generations: 5, history_months: 24, as_of: 2025-12-31 }
resources: { memory: 2.5GB, threads: 4, temp: 10GiB }
serve: { addr: ":9090" }
`

func TestWholeFile(t *testing.T) {
	p, err := parse("/group/encours.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	a := p.Entities[0]
	for what, c := range map[string]struct{ got, want any }{
		"name":           {p.Name, "Groupe Démonstration"},
		"currency":       {p.Currency, "CHF"},
		"data":           {p.DataDir(), "/group/var/data"},
		"entity":         {a.ID + a.Name + a.SIREN + a.Currency + a.Matching, "ALPHAAlpha SAS552081317EURfifo"},
		"month and day":  {a.FiscalYearStart, MonthDay{time.April, 1}},
		"fiscal years":   {fmt.Sprint(a.FiscalYears), "[2021-01-01 2022-04-01]"},
		"digits kept":    {p.Entities[1].ID, "007"},
		"entity default": {p.Entities[1].Name + p.Entities[1].Currency + p.Entities[1].Matching, "007CHFlettering"},
		"intercompany":   {fmt.Sprint(p.Intercompany), "[{ALPHA customer [IC* C0099]} {  [G?]}]"},
		"source":         {fmt.Sprint(p.Sources), "[{compta-alpha fec ALPHA [extracts/alpha/*.txt] cp850 2024-01-01 2025-01-15 <nil> {    1h0m0s []} { } {  0 0001-01-01} [] { <nil>} {  0s  } 0s false}]"},
		"rejects":        {p.Rejects.MaxLines, int64(20)},
		"build":          {fmt.Sprint(p.Build), "{5 24 2025-12-31}"},
		"resources":      {p.Resources, Resources{2_500_000_000, 4, 10 << 30}},
		"serve":          {p.Serve.Addr, ":9090"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
	var rows []string
	for _, r := range a.TermsRows() {
		rows = append(rows, r.Side+" "+r.CounterpartyID+" "+r.Terms.Code)
	}
	if want := []string{"customer  EOM_AFTER(30)", "customer C0001 NET60", "customer C0002 NET0", "supplier  NET45"}; !slices.Equal(rows, want) {
		t.Errorf("terms %q, want %q", rows, want)
	}
}

func TestDefaults(t *testing.T) {
	p, err := parse("/some/group/encours.yaml", []byte("version: 1\nentities: [{id: A}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "group" || p.Currency != "EUR" || p.DataDir() != "/some/group/data" || p.Build.KeepGenerations != 3 ||
		p.Build.HistoryMonths != 36 || !p.Build.AsOf.IsZero() || p.Resources != (Resources{4e9, 0, 50e9}) ||
		p.Serve.Addr != "127.0.0.1:8080" || p.Rejects.MaxLines != 0 || p.Entities[0].Customer.Default != nil {
		t.Errorf("%+v", p)
	}
}

// Each case changes the whole file by replacing one text by another.
func TestProblems(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown key":              {"name: Groupe", "nom: Groupe", `e.yaml:2:1: nom: unknown key "nom": the keys here are after_load, build, currency`},
		"unknown key, deep":        {"keep_generations: 5", "keep: 5", "e.yaml:29:10: build.keep: unknown key"},
		"unknown key, entity":      {"    name: Alpha", "    label: Alpha", "e.yaml:7:5: entities[0].label: unknown key"},
		"key twice":                {"currency: CHF", "name: again", "e.yaml:3:1: name: the key stands twice"},
		"version":                  {"version: 1", "version: 2", "e.yaml:1:10: version: version 2 is not known"},
		"no version":               {"version: 1\n", "", `e.yaml:1:1: the key "version" is missing`},
		"no value":                 {"currency: CHF", "currency:", "e.yaml:3:1: currency: no value is given"},
		"empty value":              {"currency: CHF", `currency: ""`, "e.yaml:3:11: currency: the value is empty"},
		"currency":                 {"currency: CHF", "currency: Euro", `e.yaml:3:11: currency: "Euro" is not a currency`},
		"list expected":            {`paths: ["extracts/alpha/*.txt"]`, `paths: extracts`, "e.yaml:24:12: sources[0].paths: expected a list, found a single value"},
		"value expected":           {"charset: cp850", "charset: [cp850]", "sources[0].charset: expected one value, found a list"},
		"keys expected":            {"rejects: { max_lines: 20 }", "rejects: 20", "rejects: expected keys with values, found a single value"},
		"empty list":               {`["extracts/alpha/*.txt"]`, "[]", "sources[0].paths: the list is empty"},
		"no id":                    {"  - id: 007", "  - name: Beta", `e.yaml:16:5: entities[1]: the key "id" is missing`},
		"bad id":                   {"id: 007", "id: Béta", `entities[1].id: "Béta" is not an identifier`},
		"reserved id":              {"id: 007", "id: Group", `entities[1].id: "Group" is reserved`},
		"id twice":                 {"id: 007", "id: alpha", `entities[1].id: entity "alpha" stands twice`},
		"siren":                    {"552081317", "552081318", `e.yaml:8:12: entities[0].siren: "552081318" is not a SIREN`},
		"month and day":            {"fiscal_year_start: 04-01", "fiscal_year_start: 02-29", `e.yaml:10:24: entities[0].fiscal_year_start: "02-29" is not a day`},
		"fiscal year":              {"2021-01-01,", "2021-02-29,", `e.yaml:11:20: entities[0].fiscal_years[0]: "2021-02-29" is not a date`},
		"fiscal years order":       {"2021-01-01,", "2023-01-01,", "entities[0].fiscal_years[1]: fiscal years must be listed in order"},
		"matching":                 {"matching: fifo", "matching: lifo", `entities[0].matching: "lifo" is not one of lettering, fifo`},
		"terms":                    {`"NET 60"`, `"soon"`, `e.yaml:14:94: entities[0].payment_terms.customer.counterparties.C0001: payment terms "soon" are not understood`},
		"terms side":               {"      supplier:", "      vendor:", "entities[0].payment_terms.vendor: unknown key"},
		"intercompany entity":      {"{ entity: ALPHA, side", "{ entity: GAMMA, side", `intercompany[0].entity: no entity is called "GAMMA": the entities are ALPHA, 007`},
		"intercompany side":        {"side: customer, count", "side: both, count", `intercompany[0].side: "both" is not one of`},
		"intercompany, none":       {"  - counterparties: [G?]", "  - side: customer", `intercompany[1]: the key "counterparties" is missing`},
		"source entity":            {"    entity: ALPHA\n", "    entity: BETA\n", `e.yaml:23:13: sources[0].entity: no entity is called "BETA"`},
		"source name":              {"compta-alpha", "compta/alpha", "sources[0].name"},
		"source kind":              {"kind: fec", "kind: csv", `sources[0].kind: "csv" is not one of fec`},
		"source pattern":           {"alpha/*.txt", "alpha/[a.txt", "sources[0].paths[0]: "},
		"source deep pattern":      {"alpha/*.txt", "**/*.txt", "** is not supported"},
		"charset":                  {"cp850", "utf-16", "sources[0].charset"},
		"extract date":             {"2025-01-15", "15/01/2025", `sources[0].extract_date: "15/01/2025" is not a date: write YYYY-MM-DD`},
		"max lines":                {"max_lines: 20", "max_lines: -1", `rejects.max_lines: "-1" is not a whole number from 0`},
		"not a number":             {"history_months: 24", "history_months: two", `build.history_months: "two" is not a whole number`},
		"as of":                    {"as_of: 2025-12-31", "as_of: 2025-12-32", "build.as_of"},
		"memory":                   {"2.5GB", "lots", `resources.memory: "lots" is not a size`},
		"memory too small":         {"2.5GB", "1MB", `resources.memory: "1MB" is too small`},
		"address":                  {":9090", "localhost", `serve.addr: "localhost" is not an address`},
		"address port":             {":9090", "localhost:http", "serve.addr"},
		"alias":                    {"data: var/data", "data: &x var/data", "e.yaml:4:7: data: expected one value, found an anchor"},
		"not YAML":                 {"name: Groupe", "name: [Groupe", "e.yaml:3:1: the file is not YAML"},
		"tab":                      {"  - id: ALPHA", "\t- id: ALPHA", "e.yaml:6:1: the file is not YAML"},
		"several documents":        {"name: Groupe Démonstration\n", "---\n", "2 documents"},
		"terms without a value":    {"C0002: comptant", "C0002: ", "customer.counterparties.C0002: expected one value, found nothing"},
		"counterparty terms twice": {"C0002: comptant", "C0001: comptant", "customer.counterparties.C0001: the key stands twice"},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Count(whole, c.old) < 1 {
				t.Fatalf("the file has no %q", c.old)
			}
			_, err := parse("/group/e.yaml", []byte(strings.Replace(whole, c.old, c.new, 1)))
			var invalid *InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error:\n%v\nwant in it:\n%s", err, c.want)
			}
			if invalid != nil && len(invalid.Problems) != 1 {
				t.Errorf("%d problems:\n%v", len(invalid.Problems), err)
			}
		})
	}
}

func TestEmptyFiles(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "blank": "\n\n", "comment": "# nothing\n", "marker": "---\n"} {
		t.Run(name, func(t *testing.T) {
			if _, err := parse("/g/e.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), "/g/e.yaml:1:1: the file is empty") {
				t.Errorf("error %v", err)
			}
		})
	}
	for name, text := range map[string]string{"list": "- 1\n", "text": "hello\n", "null": "null\n"} {
		t.Run(name, func(t *testing.T) {
			if _, err := parse("/g/e.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), "expected keys with values") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestProblemsAreReportedTogetherInOrder(t *testing.T) {
	_, err := parse("/g/e.yaml", []byte(`version: 1
sources:
  - { name: s, kind: fec, entity: B, paths: [x], charsets: auto }
entities:
  - { id: A, siren: 123 }
serve: { adr: x }
`))
	var lines []int
	var invalid *InvalidError
	if errors.As(err, &invalid) {
		for _, p := range invalid.Problems {
			lines = append(lines, p.Line)
		}
	}
	if !slices.Equal(lines, []int{3, 3, 5, 6}) {
		t.Errorf("problems on lines %v:\n%v", lines, err)
	}
}

func TestFindAndLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	deep := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(deep); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if _, err := Load(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if err := os.WriteFile(path, []byte(whole), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{dir, deep} {
		if got, err := Find(from); err != nil || got != path {
			t.Errorf("found %q, error %v", got, err)
		}
	}
	p, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := parse(path, []byte(whole+"# \n"))
	if err != nil || p.Hash() == changed.Hash() || len(p.Hash()) != 64 {
		t.Errorf("hashes %q and %q, error %v", p.Hash(), changed.Hash(), err)
	}
	s, ok := p.Source("compta-alpha")
	if _, err := p.Files(s); !ok || err == nil || !strings.Contains(err.Error(), "extracts/alpha/*.txt") {
		t.Errorf("error %v", err)
	}
	folder := filepath.Join(dir, "extracts", "alpha")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b.txt", "a.txt", "c.csv"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s.Paths = append(s.Paths, filepath.Join(folder, "a*"))
	files, err := p.Files(s)
	if want := []string{filepath.Join(folder, "a.txt"), filepath.Join(folder, "b.txt")}; err != nil || !slices.Equal(files, want) {
		t.Errorf("files %q, error %v", files, err)
	}
}

func TestWrite(t *testing.T) {
	for name, c := range map[string]struct {
		entities []Entity
		ok       bool
	}{
		"one":       {[]Entity{{ID: "ALPHA"}}, true},
		"two":       {[]Entity{{ID: "A", Name: `L'"Été": #1 <&> {x}`, SIREN: "552081317"}, {ID: "007", Name: "true"}}, true},
		"none":      {nil, false},
		"bad id":    {[]Entity{{ID: "group"}}, false},
		"bad siren": {[]Entity{{ID: "A", SIREN: "123"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "new")
			path, err := Write(dir, c.entities...)
			if (err == nil) != c.ok {
				t.Fatalf("error %v", err)
			}
			if !c.ok {
				if _, err := os.Stat(dir); err == nil {
					t.Error("something was written")
				}
				return
			}
			p, err := Load(path)
			if err != nil {
				t.Fatal(err)
			}
			for i, e := range c.entities {
				got := p.Entities[i]
				if got.ID != e.ID || got.SIREN != e.SIREN || (got.Name != e.Name && e.Name != "") {
					t.Errorf("wrote %+v, read %+v", e, got)
				}
			}
			if _, err := Write(dir, c.entities...); err == nil || !strings.Contains(err.Error(), "already") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// The keys that the new file only shows in comments must be right too.
func TestWriteShowsValidKeys(t *testing.T) {
	path, err := Write(t.TempDir(), Entity{ID: "ALPHA"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile(`^ *# +(- )?(\{|[a-z_]+:( |$))`)
	var lines []string
	for _, line := range strings.Split(string(text), "\n") {
		if shown.MatchString(line) {
			line = strings.Replace(line, "# ", "", 1)
		}
		lines = append(lines, line)
	}
	p, err := parse(path, []byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(lines, "\n"))
	}
	if len(p.Sources) != 1 || len(p.Intercompany) != 1 || p.Entities[0].Matching != MatchFIFO || p.Entities[0].Customer.Default == nil {
		t.Errorf("%+v", p)
	}
}
