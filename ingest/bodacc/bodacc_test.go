package bodacc

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest"
)

// The fields of legal_events, as sql/schema/legal_events.sql has them.
func fields() []ingest.Field {
	var out []ingest.Field
	for _, f := range strings.Split("notice_id! siren! role! notice_type! corrects_id bulletin issue notice_number published_on!date "+
		"event_date:date family nature details court name is_person:boolean postal_code city closing_date:date deposit_type "+
		"is_confidential:boolean price_amount:decimal url", " ") {
		name, kind, _ := strings.Cut(strings.Replace(f, "!", ":", 1), ":")
		types := map[string]string{"": "varchar", "date": "date", "boolean": "boolean", "decimal": "decimal(18, 2)"}
		out = append(out, ingest.Field{Name: name, Type: types[kind], Required: strings.Contains(f, "!")})
	}
	return out
}

// converted are the rows by the names of their fields, and the rejects.
func converted(t testing.TB, f *File) (rows []map[string]string, rejects []ingest.Reject, stats ingest.ShapedStats) {
	t.Helper()
	var out bytes.Buffer
	stats, err := f.Convert(context.Background(), "legal_events", fields(), &out, func(r ingest.Reject) error {
		rejects = append(rejects, r)
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\x1f")
		row := map[string]string{"line": cells[0]}
		for i, field := range fields() {
			row[field.Name] = cells[i+1]
		}
		rows = append(rows, row)
	}
	return rows, rejects, stats
}

func written(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, path string) *File {
	t.Helper()
	f, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const (
	opening = `{"id":"A202400511234","publicationavis":"A","parution":"20240051","dateparution":"2024-03-13","numeroannonce":1234,` +
		`"typeavis":"annonce","familleavis":"collective","familleavis_lib":"Procédures collectives","tribunal":"TRIBUNAL DE COMMERCE DE LYON",` +
		`"commercant":"Dupont","ville":"Lyon","cp":"69001","registre":["552 081 317","552081317"],` +
		`"listepersonnes":"{\"personne\":{\"typePersonne\":\"pm\",\"denomination\":\"Dupont\",\"numeroImmatriculation\":{\"numeroIdentification\":\"552 081 317\",\"codeRCS\":\"RCS\"},\"adresseSiegeSocial\":{\"france\":{\"codePostal\":\"69001\",\"ville\":\"Lyon\"}}}}",` +
		`"jugement":"{\"type\":\"initial\",\"famille\":\"Jugement d'ouverture\",\"nature\":\"Jugement d'ouverture d'une procÃ©dure de redressement judiciaire\",\"date\":\"1er janvier 2024\",\"complementJugement\":\"Désignant\nMaître X\"}"}`
	sale = `{"id":"A202400520007","publicationavis":"A","parution":"20240052","dateparution":"2024-03-14","numeroannonce":"0007",` +
		`"familleavis":"vente","registre":"404833048,404 833 048",` +
		`"listepersonnes":{"personne":[{"typePersonne":"pm","denomination":"Acheteur","numeroImmatriculation":{"numeroIdentification":"404833048"}}]},` +
		`"listeprecedentproprietaire":{"personne":{"typePersonne":"pp","nom":"MARTIN","prenom":"Jeanne","numeroImmatriculation":{"numeroIdentification":"732 829 320"}}},` +
		`"listeetablissements":{"etablissement":{"origineFonds":"Fonds acquis au prix stipulé de 120 000,50 Euros"}},` +
		`"acte":{"vente":{"categorieVente":"Achat d'un fonds par une personne morale"},"descriptif":"Vente","dateEffet":"10\u00a0décembre\u202f2023"}}`
)

func TestRecords(t *testing.T) {
	rows, rejects, stats := converted(t, open(t, written(t, "a.json", "["+opening+","+sale+"]")))
	if len(rejects) > 0 || len(rows) != 3 || len(stats.Remarks) > 0 {
		t.Fatalf("%d rows, rejects %v, remarks %v", len(rows), rejects, stats.Remarks)
	}
	for name, want := range map[string]string{
		"notice_id": "A202400511234", "siren": "552081317", "role": "subject", "notice_type": "notice", "corrects_id": "",
		"bulletin": "A", "issue": "20240051", "notice_number": "1234", "published_on": "2024-03-13", "event_date": "2024-01-01",
		"family": "collective", "nature": "Jugement d'ouverture d'une procédure de redressement judiciaire", "details": "Désignant Maître X",
		"name": "Dupont", "is_person": "false", "postal_code": "69001", "city": "Lyon", "is_confidential": "",
		"url": "https://www.bodacc.fr/pages/annonces-commerciales-detail/?q.id=id:A202400511234",
	} {
		if rows[0][name] != want {
			t.Errorf("%s: %q, want %q", name, rows[0][name], want)
		}
	}
	buyer, seller := rows[1], rows[2]
	if buyer["role"] != "buyer" || buyer["siren"] != "404833048" || buyer["price_amount"] != "120000.50" || buyer["event_date"] != "2023-12-10" || buyer["notice_number"] != "7" {
		t.Errorf("buyer %v", buyer)
	}
	if seller["role"] != "seller" || seller["siren"] != "732829320" || seller["is_person"] != "true" || seller["name"] != "MARTIN Jeanne" {
		t.Errorf("seller %v", seller)
	}
	if stats.First != time.Date(2024, 3, 13, 0, 0, 0, 0, time.UTC) || stats.Last.Day() != 14 {
		t.Errorf("published from %s to %s", stats.First, stats.Last)
	}
}

// TestShapes: one notice gives the same row in every shape in which it comes.
func TestShapes(t *testing.T) {
	want, _, _ := converted(t, open(t, written(t, "a.json", "["+opening+"]")))
	shapes := map[string]string{
		"version 1":      `{"nhits":1,"records":[{"datasetid":"annonces-commerciales","fields":` + opening + `}],"facet_groups":[]}`,
		"version 2.0":    `{"total_count":1,"records":[{"links":[],"record":{"id":"x","fields":` + opening + `}}]}`,
		"version 2.1":    `{"total_count":1,"results":[` + opening + `]}`,
		"lines":          opening + "\n\n",
		"one record":     opening,
		"mark":           "\ufeff[" + opening + "]",
		"several pages":  `{"results":[]}` + "\n" + `{"total_count":1,"results":[` + opening + `]}{"results":[]}`,
		"list of nested": `[{"fields":` + opening + `}]`,
	}
	for name, content := range shapes {
		rows, rejects, _ := converted(t, open(t, written(t, "a.json", content)))
		same(t, name, rows, rejects, want)
	}
	rows, rejects, _ := converted(t, FromPages("bodacc", [][]byte{[]byte(`{"results":[]}`), []byte(shapes["version 2.1"]), []byte(shapes["version 1"])}))
	same(t, "pages", rows[:1], rejects, want)
	if len(rows) != 2 || rows[1]["line"] != "2" {
		t.Errorf("two pages of one notice gave %d rows", len(rows))
	}
	same(t, "gzip", must(converted(t, open(t, written(t, "a.json.gz", zipped(t, opening))))), nil, want)
}

func must(rows []map[string]string, _ []ingest.Reject, _ ingest.ShapedStats) []map[string]string {
	return rows
}

func zipped(t *testing.T, content string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func same(t *testing.T, name string, rows []map[string]string, rejects []ingest.Reject, want []map[string]string) {
	t.Helper()
	if len(rows) != len(want) || len(rejects) > 0 {
		t.Errorf("%s: %d rows, rejects %v", name, len(rows), rejects)
		return
	}
	for i := range want {
		for field, value := range want[i] {
			if rows[i][field] != value && field != "line" {
				t.Errorf("%s: %s is %q, want %q", name, field, rows[i][field], value)
			}
		}
	}
}

// export writes records as the service exports them: nested fields are JSON.
func export(t *testing.T, delimiter rune, records ...string) string {
	var objects []map[string]any
	var names []string
	for _, r := range records {
		var object map[string]any
		if err := json.Unmarshal([]byte(r), &object); err != nil {
			t.Fatal(err)
		}
		objects = append(objects, object)
		for name := range object {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = delimiter
	lines := [][]string{names}
	for _, object := range objects {
		var line []string
		for _, name := range names {
			switch v := object[name].(type) {
			case nil:
				line = append(line, "")
			case string:
				line = append(line, v)
			default:
				b, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				line = append(line, string(b))
			}
		}
		lines = append(lines, line)
	}
	if err := w.WriteAll(lines); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCSV(t *testing.T) {
	want, _, _ := converted(t, open(t, written(t, "a.json", "["+opening+","+sale+"]")))
	for _, delimiter := range ";,\t" {
		rows, rejects, _ := converted(t, open(t, written(t, "a.csv", "\ufeff"+export(t, delimiter, opening, sale))))
		same(t, string(delimiter), rows, rejects, want)
		if rows[0]["line"] != "2" {
			t.Errorf("the first notice is of line %s", rows[0]["line"])
		}
	}
	broken := export(t, ';', opening) + "a;b\n" + strings.SplitN(export(t, ';', opening), "\n", 2)[1]
	rows, rejects, _ := converted(t, open(t, written(t, "b.csv", broken)))
	if len(rows) != 2 || len(rejects) != 1 || rejects[0].Reason != "fields.count" || rejects[0].Line != 4 { // the notice before it has a line end in it
		t.Errorf("a broken line: %d rows, rejects %+v", len(rows), rejects)
	}
}

const pcl = `<?xml version="1.0" encoding="ISO-8859-1"?>
<PCL_REDIFF><parution>20240051</parution><dateParution>13/03/2024</dateParution><annonces>
<annonce><typeAnnonce><annonce/></typeAnnonce><nojo>1</nojo><numeroAnnonce>001234</numeroAnnonce><tribunal>TRIBUNAL DE COMMERCE DE LYON</tribunal>
 <personneMorale><denomination>Dupont</denomination></personneMorale>
 <personnePhysique><nom>MARTIN</nom><prenom>Jeanne</prenom></personnePhysique>
 <numeroImmatriculation><numeroIdentificationRCS>552 081 317</numeroIdentificationRCS><codeRCS>RCS</codeRCS></numeroImmatriculation>
 <numeroImmatriculation><numeroIdentificationRCS>732 829 320</numeroIdentificationRCS></numeroImmatriculation>
 <adresse><france><codePostal>69001</codePostal><ville>Lyon</ville></france></adresse>
 <adresse><france><codePostal>75001</codePostal><ville>Paris</ville></france></adresse>
 <jugement><famille>Jugement d'ouverture</famille><nature>Jugement d'ouverture d'une proc` + "\xe9" + `dure de redressement judiciaire</nature><date>1er janvier 2024</date><complementJugement>D` + "\xe9" + `signant
 Ma` + "\xee" + `tre X</complementJugement></jugement></annonce>
<annonce><typeAnnonce><annulation/></typeAnnonce><numeroAnnonce>1235</numeroAnnonce>
 <parutionAvisPrecedent><nomPublication>BODACC A</nomPublication><numeroParution>20240050</numeroParution><dateParution>12 mars 2024</dateParution><numeroAnnonce>0042</numeroAnnonce></parutionAvisPrecedent>
 <personneMorale><denomination>Autre</denomination></personneMorale><numeroImmatriculation><numeroIdentificationRCS>404833048</numeroIdentificationRCS></numeroImmatriculation></annonce>
</annonces></PCL_REDIFF>`

func TestXML(t *testing.T) {
	want, _, _ := converted(t, open(t, written(t, "a.json", "["+opening+"]")))
	rows, rejects, _ := converted(t, open(t, written(t, "PCL_BXA20240051.xml", pcl)))
	if len(rows) != 3 || len(rejects) > 0 {
		t.Fatalf("%d rows, rejects %v", len(rows), rejects)
	}
	same(t, "PCL", rows[:1], rejects, want)
	if p := rows[1]; p["siren"] != "732829320" || p["name"] != "MARTIN Jeanne" || p["is_person"] != "true" || p["city"] != "Paris" || p["notice_id"] != "A202400511234" {
		t.Errorf("the second person: %v", p)
	}
	if c := rows[2]; c["notice_type"] != "cancellation" || c["corrects_id"] != "A2024005042" || c["notice_id"] != "A202400511235" {
		t.Errorf("the cancellation: %v", c)
	}
}

func TestXMLOfTheRegister(t *testing.T) {
	a := `<RCS-A_IMMAT><parution>20240052</parution><dateParution>2024-03-14</dateParution><listeAvis><avis><typeAnnonce><creation/></typeAnnonce><numeroAnnonce>7</numeroAnnonce>
<personnes><personne><personneMorale><numeroImmatriculation><numeroIdentificationRCS>404 833 048</numeroIdentificationRCS></numeroImmatriculation><denomination>Acheteur</denomination></personneMorale></personne></personnes>
<etablissement><origineFonds>Fonds acquis au prix stipulé de 120.000,50 EUR</origineFonds></etablissement>
<precedentProprietairePP><numeroImmatriculation><numeroIdentificationRCS>732829320</numeroIdentificationRCS></numeroImmatriculation><nom>MARTIN</nom><prenom>Jeanne</prenom></precedentProprietairePP>
<acte><vente><categorieVente>Achat d'un fonds par une personne morale</categorieVente><dateEffet>10 décembre 2023</dateEffet><descriptif>Vente</descriptif></vente></acte></avis></listeAvis></RCS-A_IMMAT>`
	want, _, _ := converted(t, open(t, written(t, "a.json", "["+sale+"]")))
	rows, rejects, _ := converted(t, open(t, written(t, "RCS-A.xml", a)))
	for _, row := range append(slices.Clone(rows), want...) {
		row["details"] = "" // 120.000,50 EUR here, 120 000,50 Euros there
		row["notice_id"], row["url"] = "", ""
	}
	same(t, "RCS-A", rows, rejects, want)
	b := `<RCS-B_REDIFF><parution>20240052</parution><dateParution>2024/03/14</dateParution><listeAvis>
<avis><typeAnnonce><annonce/></typeAnnonce><numeroAnnonce>1</numeroAnnonce><personnes><personne><personneMorale><numeroImmatriculation><numeroIdentificationRCS>404833048</numeroIdentificationRCS></numeroImmatriculation></personneMorale></personne></personnes><radiationAuRCS><radiationPM>O</radiationPM></radiationAuRCS></avis>
<avis><typeAnnonce><annonce/></typeAnnonce><numeroAnnonce>2</numeroAnnonce><personnes><personne><personneMorale><numeroImmatriculation><numeroIdentificationRCS>404833048</numeroIdentificationRCS></numeroImmatriculation></personneMorale></personne></personnes><modificationsGenerales><descriptif>Transfert du siège social.</descriptif></modificationsGenerales></avis></listeAvis></RCS-B_REDIFF>`
	bilan := `<Bilan_XML_Rediff><parution>20240053</parution><dateParution>2024-03-15</dateParution><listeAvis><avis><typeAnnonce><annonce/></typeAnnonce><numeroAnnonce>9</numeroAnnonce>
<numeroImmatriculation><numeroIdentificationRCS>404833048</numeroIdentificationRCS></numeroImmatriculation><denomination>Acheteur</denomination>
<depot><dateCloture>2023-12-31</dateCloture><typeDepot>Comptes annuels et rapports</typeDepot></depot></avis></listeAvis></Bilan_XML_Rediff>`
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for name, content := range map[string]string{"b.xml": b, "c.xml": bilan} {
		out, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	rows, rejects, _ = converted(t, open(t, written(t, "day.zip", packed.String())))
	got := map[string]string{}
	for _, row := range rows {
		got[row["notice_id"]] = row["family"] + "|" + row["nature"] + "|" + row["closing_date"] + "|" + row["is_confidential"]
	}
	if len(rejects) > 0 || len(got) != 3 || got["B202400521"] != "radiation|Radiations||" || got["B202400522"] != "modification|Transfert du siège social.||" ||
		got["C202400539"] != "dpc|Comptes annuels et rapports|2023-12-31|false" {
		t.Errorf("rejects %v, rows %v", rejects, got)
	}
}

// TestOddRecords: what a record must have, and what is only remarked.
func TestOddRecords(t *testing.T) {
	for name, c := range map[string]struct{ old, with, reason, remark string }{
		"year 5025":        {`1er janvier 2024`, `1er janvier 5025`, "", "5025"},
		"no day":           {`1er janvier 2024`, `31 février 2024`, "", "5025"},
		"no publication":   {`"dateparution":"2024-03-13"`, `"dateparution":"demain"`, "date.invalid", ""},
		"an unknown kind":  {`"typeavis":"annonce"`, `"typeavis":"essai"`, "notice.kind", ""},
		"a misprint":       {`552`, `553`, "siren.invalid", ""},
		"no number":        {`552`, ``, "siren.invalid", ""},
		"one misprint":     {`["552 081 317"`, `["552 081 318"`, "", "no SIREN"},
		"not UTF-8":        {`Maître`, "Ma\xeetre", "", "UTF-8"},
		"broken part":      {`date\":\"1er`, `date\":1er`, "", "broken JSON"},
		"corrects nothing": {`"typeavis":"annonce"`, `"typeavis":"rectificatif"`, "", "without saying which"},
	} {
		content := strings.ReplaceAll(opening, c.old, c.with)
		if content == opening {
			t.Fatalf("%s: the record is as before", name)
		}
		rows, rejects, stats := converted(t, open(t, written(t, "a.json", content)))
		remarks := strings.Join(stats.Remarks, "; ")
		switch {
		case c.reason != "" && (len(rejects) != 1 || rejects[0].Reason != c.reason || len(rows) > 0 || rejects[0].Line != 1 || rejects[0].Raw == ""):
			t.Errorf("%s: rejects %+v", name, rejects)
		case c.reason == "" && (len(rows) != 1 || len(rejects) > 0 || !strings.Contains(remarks, c.remark)):
			t.Errorf("%s: %d rows, rejects %v, remarks %q", name, len(rows), rejects, remarks)
		}
		if strings.HasPrefix(c.with, "1er janvier 5") && rows[0]["event_date"] != "" {
			t.Errorf("%s: event of %s", name, rows[0]["event_date"])
		}
	}
}

func TestNobodyRegistered(t *testing.T) {
	person := `{"id":"A1","dateparution":"2024-03-13","familleavis":"retablissement_professionnel","listepersonnes":{"personne":{"typePersonne":"pp","nom":"X","nonInscrit":"RCS non inscrit"}}}`
	rows, rejects, stats := converted(t, open(t, written(t, "a.json", person)))
	if len(rows)+len(rejects) > 0 || len(stats.Remarks) != 1 || !strings.Contains(stats.Remarks[0], "no register") {
		t.Errorf("a person: %v, %v, %v", rows, rejects, stats.Remarks)
	}
	company := strings.Replace(strings.Replace(person, `"pp"`, `"pm"`, 1), `,"nonInscrit":"RCS non inscrit"`, "", 1)
	if _, rejects, _ = converted(t, open(t, written(t, "a.json", company))); len(rejects) != 1 || rejects[0].Reason != "siren.missing" {
		t.Errorf("a company: %v", rejects)
	}
	inText := strings.Replace(company, `"listepersonnes"`, `"modificationsgenerales":"{\"descriptif\":\"Fusion avec la société Y (RCS Paris 552 081 317), tél. 404833048\"}","listepersonnes"`, 1)
	if rows, _, stats = converted(t, open(t, written(t, "a.json", inText))); len(rows) != 1 || rows[0]["siren"] != "552081317" || len(stats.Remarks) != 1 {
		t.Errorf("a number in the text: %v, %v", rows, stats.Remarks)
	}
}

func TestRoles(t *testing.T) {
	lease := strings.Replace(sale, "Achat d'un fonds par une personne morale", "Mise en location-gérance", 1)
	rows, _, _ := converted(t, open(t, written(t, "a.json", lease)))
	if rows[0]["role"] != "lessee" || rows[1]["role"] != "seller" {
		t.Errorf("a lease: %v", rows)
	}
	both := strings.Replace(sale, `"acte"`, `"listeprecedentexploitant":{"personne":{"denomination":"Ancien","numeroImmatriculation":{"numeroIdentification":"552081317"}}},"acte"`, 1)
	if rows, _, _ = converted(t, open(t, written(t, "a.json", both))); len(rows) != 3 || rows[2]["role"] != "lessee" {
		t.Errorf("owner and operator: %v", rows)
	}
}

func TestRefused(t *testing.T) {
	for name, content := range map[string]string{
		"cut":           `{"results":[` + opening + `,{"id":`,
		"an error":      `{"error_code":"InvalidREST","message":"limit"}`,
		"a number":      `12`,
		"no list":       `{"results":{"a":1}}`,
		"other XML":     `<ecritures><a/></ecritures>`,
		"cut XML":       pcl[:900],
		"another CSV":   "name;city\nA;B\n",
		"spaces":        "  \n ",
		"compress":      "\x1f\x9d\x90abc",
		"a binary file": "abc\x00\x01",
	} {
		f := open(t, written(t, "a", content))
		_, err := f.Convert(context.Background(), "legal_events", fields(), &bytes.Buffer{}, func(ingest.Reject) error { return nil }, nil)
		var refused *ingest.RefusedError
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(context.Background(), written(t, "a", "")); err == nil {
		t.Error("an empty file is opened")
	}
}

// TestRealFile reads three real notices, where the file is there.
func TestRealFile(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "legal", "bodacc_opendatasoft.json")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%v", err)
	}
	rows, rejects, stats := converted(t, open(t, path))
	if len(rows) != 3 || len(rejects) > 0 || len(stats.Remarks) > 0 {
		t.Fatalf("%d rows, rejects %v, remarks %v", len(rows), rejects, stats.Remarks)
	}
	for i, want := range []string{
		"B20220227446 radiation Radiations  ", "C202200902528 dpc Comptes annuels et rapports 2021-12-31 true", "C202101554392 dpc Comptes annuels et rapports 2020-12-31 true",
	} {
		r := rows[i]
		if got := strings.Join([]string{r["notice_id"], r["family"], r["nature"], r["closing_date"], r["is_confidential"]}, " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if r["siren"] != "880878145" || r["name"] != "Ganymède" || r["role"] != "subject" || r["postal_code"] != "75008" {
			t.Errorf("row %v", r)
		}
	}
}
