package main

import (
	"bytes"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/encours/encours/ingest"
	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/project"
)

// TestBlocksOfColumns: every column of a dataset about companies is a key or belongs to
// one block, and every block is one that the project file knows.
func TestBlocksOfColumns(t *testing.T) {
	if !slices.Equal(ingest.BlockNames(), project.BlockNames()) {
		t.Errorf("blocks %q, those of encours.yaml %q", ingest.BlockNames(), project.BlockNames())
	}
	names, err := sqlfiles.Datasets()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, dataset := range names {
		columns, err := fields(dataset)
		if err != nil {
			t.Fatal(err)
		}
		if !ingest.HasBlocks(dataset) {
			continue
		}
		checked++
		for _, column := range columns {
			block, ok := ingest.BlockOf(dataset, column.Name)
			if !ok || column.Required && block != "" {
				t.Errorf("%s.%s belongs to block %q (known: %v); a column that is needed is a key", dataset, column.Name, block, ok)
			}
		}
	}
	if checked != 10 {
		t.Errorf("%d datasets have blocks, want 10", checked)
	}
}

// landedText is every byte that a project holds about what it loaded: Parquet files as
// they are and as rows, and all others.
func landedText(t *testing.T, dir string) string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var all bytes.Buffer
	err = filepath.WalkDir(filepath.Join(dir, "data"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		all.Write(text)
		if filepath.Ext(path) != ".parquet" {
			return nil
		}
		var rows string
		if err := db.QueryRow("select coalesce(string_agg(r::varchar, chr(10)), '') from read_parquet(" + duck.Text(path) + ") as r").Scan(&rows); err != nil {
			return err
		}
		all.WriteString(rows)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

const blocksProject = `rejects: { max_lines: 100 }
sources:
  - { name: dnb, kind: dnb, paths: ["dnb.json"], BLOCKS }
  - { name: creditsafe, kind: creditsafe, paths: ["creditsafe.json"], BLOCKS }
  - { name: agency, kind: table, preset: ratings-neutral, mode: delta, paths: ["agency.csv"], BLOCKS }
  - { name: companies, kind: companies, paths: ["companies.json"], BLOCKS }
  - { name: register, kind: sirene, rows: all, paths: ["StockUniteLegale.csv"], BLOCKS }
`

// writeBlockFiles writes extracts in which every text that belongs to a block begins
// with Z and its name, a good and a bad record of each.
func writeBlockFiles(t *testing.T, dir string) {
	t.Helper()
	writeFile(t, dir, "dnb.json", `{"transactionDetail":{"transactionTimestamp":"2026-03-01T10:00:00Z"},"organization":{"duns":"267012345","primaryName":"ZIDENTITY1","countryISOAlpha2Code":"FR",
		"dunsControlStatus":{"operatingStatus":{"description":"ZEVENTS1"}},"registrationNumbers":[{"registrationNumber":"404833048","typeDescription":"SIREN"}],
		"dnbAssessment":{"failureScore":{"classScore":"ZSCORES1","nationalPercentile":71}},
		"latestFiscalFinancials":{"financialStatementToDate":"2024-12-31","currency":"ZFINANCIALS1","overview":{"totalAssets":1}}}}
		{"organization":{"duns":"1","primaryName":"ZIDENTITY2"}}
		{"organization":{"duns":"267012346","primaryName":"ZIDENTITY2","dnbAssessment":{"failureScore":{"nationalPercentile":1e30,"classScore":"ZSCORES2","scoreDate":"2026-01-01"}}}}`)
	writeFile(t, dir, "creditsafe.json", `[{"report":{"companyId":"FR-1","companySummary":{"businessName":"ZIDENTITY3","country":"FR","companyRegistrationNumber":"404833048","companyStatus":{"status":"ZEVENTS3"}},
		"creditScore":{"currentCreditRating":{"commonValue":"ZSCORES3"},"latestRatingChangeDate":"2026-01-15"},"localFinancialStatements":[{"yearEndDate":"2024-12-31","currency":"ZFINANCIALS3"},{"currency":"ZFINANCIALS4"}]}}]`)
	writeFile(t, dir, "agency.csv", "provider;siren;as_of;name;class;status;turnover\nxyz;404833048;2026-01-31;ZIDENTITY4;ZSCORES4;ZEVENTS4;100\nxyz;404833048;2026-13-31;ZIDENTITY5;ZSCORES5;ZEVENTS5;ZFINANCIALS5\n")
	writeFile(t, dir, "companies.json", `{"results":[{"siren":"404833048","nom_complet":"ZIDENTITY6","activite_principale":"ZACTIVITY6","tranche_effectif_salarie":"ZSIZE6","etat_administratif":"A"},
		{"siren":"404833049","nom_complet":"ZIDENTITY7","activite_principale":"ZACTIVITY7"}]}`)
	writeFile(t, dir, "StockUniteLegale.csv", "siren,statutDiffusionUniteLegale,etatAdministratifUniteLegale,dateDebut,denominationUniteLegale,nomUniteLegale,prenomUsuelUniteLegale,categorieJuridiqueUniteLegale,"+
		"activitePrincipaleUniteLegale,trancheEffectifsUniteLegale,categorieEntreprise,nicSiegeUniteLegale,sigleUniteLegale,dateCreationUniteLegale,caractereEmployeurUniteLegale,dateDernierTraitementUniteLegale\n"+
		"404833048,O,A,2020-01-01,ZIDENTITY8,,,5710,ZACTIVITY8,ZSIZE8,PME,00022,,2001-01-01,N,2026-01-01\n404833048,O,A,ZEVENTS9,ZIDENTITY9,,,5710,ZACTIVITY9,ZSIZE9,PME,00022,,2001-01-01,ZSIZE9,2026-01-01\n")
}

// TestBlocks: what is not chosen is nowhere on the disk, not in rejected records either;
// what is chosen is.
func TestBlocks(t *testing.T) {
	for _, c := range []struct{ blocks, there, absent string }{
		{"blocks: [identity, activity, size, events, financials, scores]", "ZIDENTITY1 ZEVENTS1 ZSCORES1 ZFINANCIALS1 ZIDENTITY3 ZEVENTS3 ZSCORES3 ZFINANCIALS3 ZIDENTITY4 ZIDENTITY6 ZACTIVITY6 ZSIZE6 ZIDENTITY8 ZACTIVITY8 ZSIZE8", ""},
		{"blocks: [scores]", "ZSCORES1 ZSCORES3 ZSCORES4", "ZIDENTITY ZEVENTS ZFINANCIALS ZACTIVITY ZSIZE"},
		{"blocks: [financials, size]", "ZFINANCIALS1 ZFINANCIALS3 ZSIZE6 ZSIZE8", "ZIDENTITY ZEVENTS ZSCORES ZACTIVITY"},
		{"blocks: [identity]", "ZIDENTITY1 ZIDENTITY3 ZIDENTITY4 ZIDENTITY6 ZIDENTITY8", "ZFINANCIALS ZEVENTS ZSCORES ZACTIVITY ZSIZE"},
	} {
		t.Run(c.blocks, func(t *testing.T) {
			dir := newProject(t, strings.ReplaceAll(blocksProject, "BLOCKS", c.blocks))
			writeBlockFiles(t, dir)
			must(t, "ingest", "--project", dir)
			text := landedText(t, dir)
			for _, word := range strings.Fields(c.there) {
				if !strings.Contains(text, word) {
					t.Errorf("%s is chosen and nowhere", word)
				}
			}
			for _, word := range strings.Fields(c.absent) {
				if at := strings.Index(text, word); at >= 0 {
					t.Errorf("%s is not chosen and on the disk: …%q", word, text[max(0, at-80):at+40])
				}
			}
			if c.absent == "" {
				return
			}
			if again := run(t, "ingest", "--project", dir); strings.Contains(again.err, "lines loaded, 0 rejected") {
				t.Errorf("the same extracts load again:\n%s", again.err)
			}
			other := strings.ReplaceAll(blocksProject, "BLOCKS", "blocks: [identity, scores]")
			text = strings.Replace(readFile(t, dir, "encours.yaml"), strings.ReplaceAll(blocksProject, "BLOCKS", c.blocks), other, 1)
			writeFile(t, dir, "encours.yaml", text)
			must(t, "ingest", "--project", dir)
			if text := landedText(t, dir); !strings.Contains(text, "ZSCORES1") || !strings.Contains(text, "ZIDENTITY8") {
				t.Error("other blocks do not read the same extracts again")
			}
		})
	}
	for message, source := range map[string]string{
		"belong to no blocks":    "{ name: a, kind: table, entity: ACME, dataset: payments, paths: [a.csv], blocks: [scores], columns: { side: { constant: customer }, payment_id: a, payment_date: b, amount: c } }",
		"has nothing of size":    "{ name: a, kind: table, preset: ratings-neutral, paths: [a.csv], blocks: [size] }",
		"blocks goes with kind":  "{ name: a, kind: bodacc-api, url: \"https://example.org\", blocks: [size] }",
		"stands twice":           "{ name: a, kind: dnb, paths: [a.json], blocks: [size, size] }",
		"the list is empty: add": "{ name: a, kind: dnb, paths: [a.json], blocks: [] }",
	} {
		dir := newProject(t, "sources:\n  - "+source+"\n")
		if r := run(t, "ingest", "--project", dir); r.code == exitDone || !strings.Contains(r.err, message) {
			t.Errorf("%s: exit %d, %s", message, r.code, r.err)
		}
	}
}

func readFile(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
