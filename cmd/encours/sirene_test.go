package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/encours/encours/warehouse/duck"
)

const (
	unitsHeader = "siren,statutDiffusionUniteLegale,unitePurgeeUniteLegale,dateCreationUniteLegale,sigleUniteLegale,prenom1UniteLegale,prenomUsuelUniteLegale," +
		"dateDernierTraitementUniteLegale,categorieEntreprise,dateDebut,etatAdministratifUniteLegale,nomUniteLegale,denominationUniteLegale,denominationUsuelle1UniteLegale," +
		"categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,nicSiegeUniteLegale,caractereEmployeurUniteLegale\n"
	sitesHeader = "siren,nic,siret,statutDiffusionEtablissement,dateDernierTraitementEtablissement,etablissementSiege,libelleVoieEtablissement,codePostalEtablissement," +
		"libelleCommuneEtablissement,codeCommuneEtablissement,dateDebut,etatAdministratifEtablissement,activitePrincipaleEtablissement\n"
	unitLines = "552081317,O,,1955-01-01,EDF,,,2026-01-05T10:00:00,GE,2004-11-20,A,,ELECTRICITE DE FRANCE,,5599,35.11Z,00046,O\n" +
		"404833048,O,,1996-01-01,,,,2026-01-06T10:00:00,PME,2010-01-01,C,,\"DUPONT, TRANSPORTS\",,5499,49.41A,00011,N\n" +
		"552032534,P,true,1960-01-01,,[ND],[ND],2026-01-07T10:00:00,,2012-01-01,A,[ND],,,1000,47.11B,00022,\n" +
		"732829320,O,,1973-01-01,,,,2026-01-08T10:00:00,ETI,2011-01-01,A,,SARL MARTIN-LEROY,,5499,43.99C,00033,N\n" +
		"356000000,O,,1991-01-01,,,,2026-01-09T10:00:00,GE,2011-01-01,A,,LA POSTE,,5510,53.10Z,00048,O\n" +
		"443061841,O,,2002-01-01,,,,2026-01-09T10:00:00,GE,2011-01-01,A,,ATELIERS DU NORD ET CIE,,5710,53.10Z,00048,O\n"
	siteLines = "552081317,00046,55208131700046,O,2026-01-05T10:00:00,true,DE WAGRAM,75008,PARIS,75108,2004-11-20,A,35.11Z\n" +
		"443061841,00048,44306184100048,O,2026-01-05T10:00:00,true,DU PORT,59000,LILLE,59350,2004-11-20,A,35.11Z\n" +
		"356000000,49837,35600000049837,O,2026-01-05T10:00:00,false,DU PORT,59000,LILLE,59350,2004-11-20,F,53.10Z\n"
	registerSources = `sources:
  - name: customers
    kind: table
    entity: ACME
    dataset: counterparties
    mode: full
    paths: [customers.csv]
    columns: {side: {constant: customer}, counterparty_id: code, name: name, siren: {column: siren, optional: true}, vat_number: {column: vat, optional: true}, postal_code: postal}
  - name: register
    kind: sirene
    paths: [stock/*]
`
	customersFile = "code,name,siren,vat,postal\nC1,EDF,552081317,,75008\nC2,Dupont,,FR83404833048,\nC3,Masqué,552032534,,\nC4,Leroy Martin SARL,732829321,,13001\n"
)

// registerProject makes a project with customers and stock files.
func registerProject(t *testing.T, customers string, stock map[string][]byte) string {
	t.Helper()
	dir := newProject(t, registerSources)
	writeFile(t, dir, "customers.csv", customers)
	if err := os.Mkdir(filepath.Join(dir, "stock"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range stock {
		writeFile(t, filepath.Join(dir, "stock"), name, string(content))
	}
	return dir
}

// landedRows reads a dataset of the landing zone.
func landedRows(t *testing.T, dir, dataset, columns, order string) []string {
	t.Helper()
	db := openPlain(t)
	rows, err := db.QueryContext(t.Context(), "select concat_ws('|', "+columns+") from read_parquet('"+filepath.Join(dir, "data", "landing", dataset, "*.parquet")+"') order by "+order)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRegisterKeepsWhatIsLookedFor: in every format, companies by SIREN, by VAT number
// and by name, and of the places those of the companies that were kept.
func TestRegisterKeepsWhatIsLookedFor(t *testing.T) {
	gz := func(text string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(text))
		_ = w.Close()
		return b.Bytes()
	}
	zipped := func(files map[string]string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for name, text := range files {
			f, _ := w.Create(name)
			_, _ = f.Write([]byte(text))
		}
		_ = w.Close()
		return b.Bytes()
	}
	units, sites := unitsHeader+unitLines, sitesHeader+siteLines
	for name, stock := range map[string]map[string][]byte{
		"csv":         {"StockUniteLegale_utf8.csv": []byte(units), "StockEtablissement_utf8.csv": []byte(sites)},
		"upper, crlf": {"u.csv": []byte("\ufeff" + strings.ReplaceAll(strings.ToUpper(unitsHeader)+unitLines, "\n", "\r\n")), "e.csv": []byte(sites)},
		"gzip":        {"u.csv.gz": gz(units), "e.csv.gz": gz(sites)},
		"zip":         {"a.zip": zipped(map[string]string{"e.csv": sites, "u.csv": units})},
		"parquet":     {"u.parquet": parquetOf(t, units), "e.parquet": parquetOf(t, sites)},
	} {
		t.Run(name, func(t *testing.T) {
			dir := registerProject(t, customersFile, stock)
			must(t, "ingest", "--project", dir)
			got := landedRows(t, dir, "legal_units", "siren, legal_state, state_since, coalesce(name, '-'), coalesce(last_name, '-'), legal_form_code, is_employer, is_purged, updated_on, source_line", "siren")
			want := []string{
				"404833048|C|2010-01-01|DUPONT, TRANSPORTS|-|5499|false|2026-01-06|3",
				"552032534|A|2012-01-01|-|-|1000|true|2026-01-07|4",
				"552081317|A|2004-11-20|ELECTRICITE DE FRANCE|-|5599|true|2026-01-05|2",
				"732829320|A|2011-01-01|SARL MARTIN-LEROY|-|5499|false|2026-01-08|5",
			}
			if !slices.Equal(got, want) {
				t.Errorf("legal units:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if got := landedRows(t, dir, "establishments", "siret, is_head_office, postal_code", "siret"); !slices.Equal(got, []string{"55208131700046|true|75008"}) {
				t.Errorf("establishments: %v", got)
			}
		})
	}
}

// TestRegisterIsReadAgainForNewCustomers: the same file is read again where another
// company is looked for, and only then.
func TestRegisterIsReadAgainForNewCustomers(t *testing.T) {
	dir := registerProject(t, customersFile, map[string][]byte{"u.csv": []byte(unitsHeader + unitLines), "e.csv": []byte(sitesHeader + siteLines)})
	must(t, "ingest", "--project", dir)
	if again := run(t, "ingest", "--project", dir, "register"); strings.Count(again.err, "nothing to do") != 2 {
		t.Errorf("the same again: %s", again.err)
	}
	// a name without a number, found by its beginning and its department
	writeFile(t, dir, "customers.csv", customersFile+"C5,Ateliers Nord,,,59200\nC6,La Poste,356000000,,\n")
	must(t, "ingest", "--project", dir)
	got := landedRows(t, dir, "legal_units", "siren", "siren")
	want := []string{"356000000", "404833048", "404833048", "443061841", "552032534", "552032534", "552081317", "552081317", "732829320", "732829320"}
	if !slices.Equal(got, want) {
		t.Errorf("legal units %v, want %v", got, want)
	}
	got = landedRows(t, dir, "establishments", "siret", "siret")
	if want := []string{"35600000049837", "44306184100048", "55208131700046", "55208131700046"}; !slices.Equal(got, want) {
		t.Errorf("establishments %v, want %v", got, want)
	}
}

// TestRegisterRefusals names what is wrong.
func TestRegisterRefusals(t *testing.T) {
	for name, c := range map[string]struct{ text, message string }{
		"missing column": {strings.Replace(unitsHeader, "etatAdministratifUniteLegale,", "", 1) + unitLines, "Missing: etatAdministratifUniteLegale"},
		"no stock file":  {"a,b\n1,2\n", "none of the stock files"},
		"empty":          {"", "it is empty"},
		"history":        {"siren,nic,siret,dateFin,dateDebut,etatAdministratifEtablissement\n", "history of establishments"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := registerProject(t, customersFile, map[string][]byte{"u.csv": []byte(c.text)})
			refuse(t, exitFailed, c.message, "ingest", "--project", dir)
		})
	}
}

// TestRegisterRejects keeps what is wrong with a kept record, and the lines around it.
func TestRegisterRejects(t *testing.T) {
	broken := strings.Replace(unitLines, "2004-11-20", "20/11/2004", 1) + "1,2,3\n"
	dir := registerProject(t, customersFile, map[string][]byte{"u.csv": []byte(unitsHeader + broken)})
	r := run(t, "ingest", "--project", dir)
	if !strings.Contains(r.err, "3 lines loaded, 2 rejected") {
		t.Errorf("%d %s", r.code, r.err)
	}
}

// TestRegisterWithoutAnyMatch: a file that holds nobody who is looked for is no error, but
// says what could not be read.
func TestRegisterWithoutAnyMatch(t *testing.T) {
	dir := registerProject(t, "code,name,siren,vat,postal\nC1,Nobody,999999998,,\n", map[string][]byte{"u.csv": []byte(unitsHeader + unitLines + "1,2\n")})
	if said := run(t, "ingest", "--project", dir); said.code != exitDone || !strings.Contains(said.err, "none of its 7 records of legal_units is looked for; 1 lines are no records, the first: line 8") {
		t.Errorf("exit %d: %s", said.code, said.err)
	}
}

// TestRegisterRealFiles: the real files load or are refused as they should be.
func TestRegisterRealFiles(t *testing.T) {
	for name, c := range map[string]struct {
		dataset string
		rows    int
		message string
	}{
		"sirene_stock_etablissement.csv.gz":        {"establishments", 40, "40 lines loaded, 0 rejected"},
		"sirene_unites_legales_missing_column.csv": {"", 0, "Missing: statutDiffusionUniteLegale"},
		"osf_sireneHistoTestData.csv":              {"", 0, "history of establishments"},
		"osf_sireneTestData.csv":                   {"", 0, "none of its"},
		"osf_sireneULTestData.csv":                 {"", 0, "none of its"},
	} {
		t.Run(name, func(t *testing.T) {
			path, err := filepath.Abs(sharedData(t, "legal/"+name))
			if err != nil {
				t.Fatal(err)
			}
			dir := newProject(t, "sources:\n  - name: register\n    kind: sirene\n    rows: all\n    paths: ["+path+"]\n")
			r := run(t, "ingest", "--project", dir)
			if !strings.Contains(r.err, c.message) {
				t.Errorf("exit %d, want %q in %s", r.code, c.message, r.err)
			}
			if c.rows > 0 && len(landedRows(t, dir, c.dataset, "siret", "1")) != c.rows {
				t.Errorf("not %d rows", c.rows)
			}
		})
	}
}

// TestCompaniesRealFile: the real answer of the company search loads.
func TestCompaniesRealFile(t *testing.T) {
	path, err := filepath.Abs(sharedData(t, "legal/recherche_entreprises_356000000.json"))
	if err != nil {
		t.Fatal(err)
	}
	dir := newProject(t, "sources:\n  - name: search\n    kind: companies\n    paths: ["+path+"]\n")
	must(t, "ingest", "--project", dir)
	if got := landedRows(t, dir, "legal_units", "siren, name, legal_form_code, legal_state, naf25_code, updated_on", "1"); !slices.Equal(got, []string{"356000000|LA POSTE|5510|A|53.10Y|2026-05-13"}) {
		t.Errorf("legal units %v", got)
	}
	if got := landedRows(t, dir, "establishments", "siret, postal_code, is_head_office, sign_1", "1"); !slices.Equal(got, []string{"35600000000048|75015|true|LA POSTE"}) {
		t.Errorf("establishments %v", got)
	}
}

// openPlain opens a DuckDB instance of a test.
func openPlain(t *testing.T) *sql.DB {
	t.Helper()
	db, err := duck.Open(t.Context(), "", duck.Limits{MemoryBytes: 1 << 30, Threads: 2, TempDir: t.TempDir(), TempBytes: 1 << 30}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// parquetOf writes a CSV as Parquet, with the types that INSEE gives the columns.
func parquetOf(t *testing.T, text string) []byte {
	t.Helper()
	dir := t.TempDir()
	from, to := writeFile(t, dir, "x.csv", text), filepath.Join(dir, "x.parquet")
	_, err := openPlain(t).ExecContext(t.Context(), "copy (select * replace (siren::varchar as siren) from read_csv("+duck.Text(from)+
		", types = {'siren': 'varchar'}, sample_size = -1)) to "+duck.Text(to)+" (format parquet)")
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
