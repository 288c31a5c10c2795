package sample_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest/identifier"
	"github.com/encours/encours/ingest/sample"
)

// readTable reads an extract as records by their columns.
func readTable(t testing.TB, dir, name string) []map[string]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	entity, comma := "", ','
	if path.Base(name) == "tiers.csv" {
		entity, comma = strings.ToUpper(path.Base(path.Dir(name))), ';'
	}
	text, _, _ := decode(t, entity, raw)
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = comma
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var list []map[string]string
	for _, row := range rows[1:] {
		values := map[string]string{}
		for i, column := range rows[0] {
			values[column] = row[i]
		}
		list = append(list, values)
	}
	return list
}

// readNotices reads the records of the gazette; their nested texts become objects.
func readNotices(t testing.TB, dir, name string) []map[string]any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, notice := range list {
		for field, value := range notice {
			if text, ok := value.(string); ok && strings.HasPrefix(text, "{") {
				var inner map[string]any
				if err := json.Unmarshal([]byte(text), &inner); err != nil {
					t.Fatalf("%s: %s: %v", name, field, err)
				}
				notice[field] = inner
			}
		}
	}
	return list
}

const (
	unitsFile   = "extracts/sirene/StockUniteLegale_utf8.csv"
	sitesFile   = "extracts/sirene/StockEtablissement_utf8.csv"
	noticesFile = "extracts/bodacc/annonces.json"
)

// TestLedgersStandAlone: the ledgers are the same bytes with the other extracts and
// without, and those that they have been since they were first written.
func TestLedgersStandAlone(t *testing.T) {
	opt := sample.Demo()
	with, _, _ := generate(t, opt)
	opt.LedgersOnly = true
	without, summary, _ := generate(t, opt)
	left, all := hashTree(t, without), hashTree(t, with)
	if len(left) != 10 || len(summary.Extracts) != 0 {
		t.Errorf("%d files and %d extracts, want 9 ledgers and encours.yaml", len(left), len(summary.Extracts))
	}
	sum := sha256.New()
	for _, f := range summary.Files {
		if left[f.Path] != all[f.Path] {
			t.Errorf("%s differs beside other extracts", f.Path)
		}
		fmt.Fprintln(sum, left[f.Path])
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != "58528a26617e0bc809fc6b0f9cf40d7369102ac8664aa5a9291041ed05b99e7e" {
		t.Errorf("the ledgers of the demonstration have the digest %s", got)
	}
	raw, err := os.ReadFile(summary.Project)
	if err != nil || bytes.Contains(raw, []byte("sirene")) {
		t.Errorf("encours.yaml names extracts that are not there (%v)", err)
	}
}

// TestExtractsAreWhole: each file has the rows that the summary says, and each
// counterparty of the ledgers stands once in its file.
func TestExtractsAreWhole(t *testing.T) {
	dir, summary, extracts := generate(t, sample.Demo())
	for _, e := range summary.Extracts {
		rows := 0
		if strings.HasSuffix(e.Path, ".json") {
			rows = len(readNotices(t, dir, e.Path))
		} else {
			rows = len(readTable(t, dir, e.Path))
		}
		if rows == 0 || int64(rows) != e.Rows {
			t.Errorf("%s: %d rows, want %d", e.Path, rows, e.Rows)
		}
	}
	known := map[string]int{}
	for _, entity := range []string{"ALPHA", "BETA", "GAMMA"} {
		for _, row := range readTable(t, dir, "extracts/"+strings.ToLower(entity)+"/tiers.csv") {
			known[entity+" "+row["Type"]+" "+row["Code"]]++
		}
	}
	for _, e := range extracts {
		for _, r := range e.rows {
			side := map[bool]string{true: "Client", false: "Fournisseur"}[r.in("41")]
			if key := e.Entity + " " + side + " " + r.party(); r.in("40", "41") && known[key] != 1 {
				t.Fatalf("%s stands %d times in its file", key, known[key])
			}
		}
	}
	linked := 0
	for _, row := range readTable(t, dir, "extracts/crm/accounts.csv") {
		if row["AccountNumber"] == "" {
			continue
		}
		linked++
		if known[row["ERP_Entity__c"]+" Client "+row["AccountNumber"]] != 1 {
			t.Errorf("account %s: no customer %s of %s", row["Id"], row["AccountNumber"], row["ERP_Entity__c"])
		}
	}
	if linked < 60 {
		t.Errorf("%d accounts with a code, want 60 at least", linked)
	}
}

// TestNumbersOfExtracts: every number holds its key but those that the files of
// counterparties are meant to have wrong, and every kind of mess is there.
func TestNumbersOfExtracts(t *testing.T) {
	dir, summary, _ := generate(t, sample.Demo())
	kinds := map[string]int{}
	for _, e := range summary.Extracts {
		if path.Base(e.Path) != "tiers.csv" {
			continue
		}
		for _, row := range readTable(t, dir, e.Path) {
			siren := strings.ReplaceAll(row["SIREN"], " ", "")
			switch {
			case row["Pays"] == "DE":
				kinds["foreign"]++
				continue
			case siren == "" && row["SIRET"] == "" && row["N° TVA"] == "":
				kinds["no number"]++
			case siren == "" && identifier.IsVAT(row["N° TVA"]):
				kinds["VAT number only"]++
			case len(siren) == 8 && luhn("0"+siren):
				kinds["lost zero"]++
			case !luhn(siren):
				kinds["wrong key"]++
			default:
				kinds["right"]++
			}
			if s := row["SIRET"]; s != "" && (!identifier.IsSIRET(s) || s[:9] != siren) {
				t.Errorf("%s: SIRET %s of %s", row["Code"], s, siren)
			}
			if v := row["N° TVA"]; v != "" && !identifier.IsVAT(v) {
				t.Errorf("%s: VAT number %s", row["Code"], v)
			}
		}
	}
	for kind, least := range map[string]int{
		"right": 90, "no number": 15, "VAT number only": 4, "lost zero": 2, "wrong key": 3, "foreign": 3,
	} {
		if kinds[kind] < least {
			t.Errorf("%d counterparties with %s, want %d at least of %v", kinds[kind], kind, least, kinds)
		}
	}
	for _, name := range []string{unitsFile, "extracts/agencies/ratings.csv", "extracts/agencies/statements.csv"} {
		for _, row := range readTable(t, dir, name) {
			if !luhn(row["siren"]) {
				t.Errorf("%s: SIREN %q", name, row["siren"])
			}
		}
	}
	for _, row := range readTable(t, dir, sitesFile) {
		if !identifier.IsSIRET(row["siret"]) {
			t.Errorf("SIRET %q", row["siret"])
		}
	}
	for _, n := range readNotices(t, dir, noticesFile) {
		if siren := n["registre"].([]any)[1].(string); !luhn(siren) {
			t.Errorf("notice %v: SIREN %q", n["id"], siren)
		}
	}
}

// TestRegisterOfTheSample: one unit for each number, with one head office each; some have
// ceased, moved, share their name or are natural persons.
func TestRegisterOfTheSample(t *testing.T) {
	dir, _, _ := generate(t, sample.Options{Invoices: 20_000, Seed: 4})
	offices := map[string]int{}
	moved := 0
	for _, row := range readTable(t, dir, sitesFile) {
		if row["etablissementSiege"] == "true" {
			offices[row["siren"]]++
		} else {
			moved++
		}
	}
	seen, names := map[string]bool{}, map[string]int{}
	var ceased, persons, partial, homonyms int
	for _, row := range readTable(t, dir, unitsFile) {
		if seen[row["siren"]] || offices[row["siren"]] != 1 {
			t.Errorf("unit %s: again, or %d head offices", row["siren"], offices[row["siren"]])
		}
		seen[row["siren"]] = true
		if row["etatAdministratifUniteLegale"] == "C" {
			ceased++
		}
		if row["categorieJuridiqueUniteLegale"] == "1000" {
			persons++
		}
		if row["statutDiffusionUniteLegale"] == "P" {
			partial++
			if row["nomUniteLegale"] != "[ND]" || row["categorieJuridiqueUniteLegale"] != "1000" {
				t.Errorf("unit %s tells what is not published: %v", row["siren"], row)
			}
		}
		if name := row["denominationUniteLegale"]; name != "" {
			if names[name]++; names[name] == 2 {
				homonyms++
			}
		}
	}
	if ceased == 0 || moved == 0 || homonyms < 5 || persons <= partial || partial == 0 || len(seen) < 250 {
		t.Errorf("%d units, %d ceased, %d moved, %d names twice, %d persons, %d of them hidden",
			len(seen), ceased, moved, homonyms, persons, partial)
	}
}

// TestDaysOfExtracts: notices, ratings and cases are of the fiscal years of the ledgers,
// whatever those are, and each kind of notice is there.
func TestDaysOfExtracts(t *testing.T) {
	for name, opt := range map[string]sample.Options{
		"demo":     sample.Demo(),
		"one year": {Invoices: 3000, Seed: 2, Years: 1, Entities: 1},
		"leap day": {Invoices: 3000, Seed: 2, LastYearEnd: time.Date(2024, time.February, 29, 0, 0, 0, 0, time.UTC)},
	} {
		t.Run(name, func(t *testing.T) {
			dir, summary, _ := generate(t, opt)
			first := summary.Files[0].YearStart.Format(time.DateOnly)
			last := summary.Files[len(summary.Files)-1].YearEnd.Format(time.DateOnly)
			within := func(what, day string) {
				if day = day[:min(len(day), len(time.DateOnly))]; day < first || day > last {
					t.Errorf("%s of %s, the ledgers are from %s to %s", what, day, first, last)
				}
			}
			var kinds []string
			for _, n := range readNotices(t, dir, noticesFile) {
				within("notice", n["dateparution"].(string))
				kind := n["familleavis"].(string) + " " + n["typeavis"].(string)
				if judgment, ok := n["jugement"].(map[string]any); ok {
					kind += " " + strings.Fields(judgment["nature"].(string))[1]
				}
				kinds = append(kinds, kind)
			}
			slices.Sort(kinds)
			want := []string{
				"collective annonce d'ouverture", "collective annonce de", "collective rectificatif d'ouverture",
				"dpc annonce", "modification annonce", "vente annonce",
			}
			if got := slices.Compact(kinds); name == "demo" && !slices.Equal(got, want) {
				t.Errorf("kinds of notices %q, want %q", got, want)
			}
			for _, row := range readTable(t, dir, "extracts/agencies/ratings.csv") {
				within("rating", row["as_of"])
			}
			for _, row := range readTable(t, dir, "extracts/agencies/statements.csv") {
				within("accounts", row["published_on"])
			}
			for _, row := range readTable(t, dir, "extracts/crm/cases.csv") {
				within("case", row["CreatedDate"])
			}
			for _, row := range readTable(t, dir, "extracts/alpha/assurance.csv") {
				within("cover", row["valid_from"])
			}
		})
	}
}

// TestStoppedExtractsLeaveNoProject: a context that ends behind the ledgers ends the rest.
func TestStoppedExtractsLeaveNoProject(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	dir := t.TempDir()
	_, err := sample.Generate(ctx, dir, sample.Demo(), func(done, total int64) {
		if done == total {
			cancel()
		}
	})
	if _, missing := os.Stat(filepath.Join(dir, "encours.yaml")); err == nil || !os.IsNotExist(missing) {
		t.Errorf("stopped: %v, encours.yaml: %v", err, missing)
	}
}
