package companies

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/sirene"
)

const sireneAnswer = `{"header":{"statut":200,"message":"ok","total":1,"curseur":"*","curseurSuivant":"x"},"unitesLegales":[
 {"siren":"552081317","statutDiffusionUniteLegale":"O","dateCreationUniteLegale":"1955-01-01","sigleUniteLegale":"EDF","trancheEffectifsUniteLegale":"53",
  "anneeEffectifsUniteLegale":"2023","dateDernierTraitementUniteLegale":"2026-01-05T10:11:12.123","categorieEntreprise":"GE","periodesUniteLegale":[
   {"dateFin":null,"dateDebut":"2004-11-20","etatAdministratifUniteLegale":"A","denominationUniteLegale":"ELECTRICITE DE FRANCE","categorieJuridiqueUniteLegale":"5599","activitePrincipaleUniteLegale":"35.11Z","nomenclatureActivitePrincipaleUniteLegale":"NAFRev2","nicSiegeUniteLegale":"00046","caractereEmployeurUniteLegale":"O"},
   {"dateFin":"2004-11-19","dateDebut":null,"etatAdministratifUniteLegale":"A","denominationUniteLegale":"EDF SERVICE NATIONAL","categorieJuridiqueUniteLegale":"4110","activitePrincipaleUniteLegale":"40.1A","nicSiegeUniteLegale":"00012","caractereEmployeurUniteLegale":"O"}]},
 {"siren":"552081318","periodesUniteLegale":[]}]}
`

const siteAnswer = `{"header":{"statut":200},"etablissement":{"siren":"356000000","nic":"49837","siret":"35600000049837","statutDiffusionEtablissement":"O","etablissementSiege":false,
 "dateDernierTraitementEtablissement":"2026-01-09T10:00:00","uniteLegale":{"denominationUniteLegale":"LA POSTE","etatAdministratifUniteLegale":"A","categorieJuridiqueUniteLegale":"5510"},
 "adresseEtablissement":{"numeroVoieEtablissement":"3","typeVoieEtablissement":"RUE","libelleVoieEtablissement":"DU PORT","codePostalEtablissement":"59000","libelleCommuneEtablissement":"LILLE","codeCommuneEtablissement":"59350"},
 "periodesEtablissement":[{"dateFin":null,"dateDebut":"2011-01-01","etatAdministratifEtablissement":"F","enseigne1Etablissement":"[ND]","activitePrincipaleEtablissement":"53.10Z"}]}}
{"header":{"statut":404,"message":"Aucun élément trouvé"}}
`

// fieldsOf are enough fields to see what came.
func fieldsOf(dataset string) []ingest.Field {
	names := map[string]string{
		sirene.LegalUnits: "siren legal_state state_since name acronym last_name first_name usage_name usual_name_1 usual_name_2 usual_name_3 legal_form_code head_office_nic " +
			"diffusion_status created_on naf_code naf_nomenclature naf25_code headcount_band headcount_year company_category is_employer is_purged updated_on",
		sirene.Establishments: "siret siren state state_since postal_code city street_number street_name sign_1 is_head_office updated_on diffusion_status created_on sign_2 sign_3 " +
			"usual_name address_complement street_repetition street_type city_abroad commune_code cedex_code country naf_code headcount_band is_employer",
		sirene.Periods: "siren valid_from valid_to legal_state name last_name legal_form_code naf_code head_office_nic is_employer",
	}
	var fields []ingest.Field
	for _, name := range strings.Fields(names[dataset]) {
		f := ingest.Field{Name: name, Type: "varchar"}
		switch {
		case strings.HasPrefix(name, "is_"):
			f.Type = "boolean"
		case strings.HasSuffix(name, "_on") || strings.HasSuffix(name, "_since") || strings.HasPrefix(name, "valid_"):
			f.Type = "date"
		}
		fields = append(fields, f)
	}
	return fields
}

// read converts a dataset of a text and returns its first fields and the reasons of rejects.
func read(t *testing.T, text, dataset string, count int) (rows, reasons []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := file.Convert(t.Context(), dataset, fieldsOf(dataset), &out, func(r ingest.Reject) error {
		reasons = append(reasons, r.Reason+" "+r.Message)
		return nil
	}, nil); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		rows = append(rows, strings.Join(strings.Split(strings.TrimSpace(line), "\x1f")[:count+1], "|"))
	}
	return rows, reasons
}

func TestSireneAPI(t *testing.T) {
	rows, reasons := read(t, sireneAnswer, sirene.LegalUnits, 5)
	if want := []string{"1|552081317|A|2004-11-20|ELECTRICITE DE FRANCE|EDF"}; !slices.Equal(rows, want) || len(reasons) != 1 || !strings.HasPrefix(reasons[0], "siren.invalid") {
		t.Errorf("units %q, rejects %q", rows, reasons)
	}
	rows, _ = read(t, sireneAnswer, sirene.Periods, 5)
	if want := []string{"1|552081317|2004-11-20||A|ELECTRICITE DE FRANCE", "1|552081317|1900-01-01|2004-11-19|A|EDF SERVICE NATIONAL"}; !slices.Equal(rows, want) {
		t.Errorf("periods %q", rows)
	}
	rows, _ = read(t, siteAnswer, sirene.Establishments, 9)
	if want := []string{"1|35600000049837|356000000|F|2011-01-01|59000|LILLE|3|DU PORT|"}; !slices.Equal(rows, want) {
		t.Errorf("establishments %q", rows)
	}
	rows, reasons = read(t, siteAnswer, sirene.LegalUnits, 4)
	if want := []string{"1|356000000|A||LA POSTE"}; !slices.Equal(rows, want) || len(reasons) != 1 || !strings.Contains(reasons[0], "Aucun élément trouvé") {
		t.Errorf("unit beside an establishment %q, rejects %q", rows, reasons)
	}
}

func TestCompanySearch(t *testing.T) {
	const trader = `{"results":[{"siren":"732829320","nom_complet":"JEAN DUPONT (DUPONT PLOMBERIE)","nom_raison_sociale":null,"nature_juridique":"1000","etat_administratif":"C",
		"date_fermeture":"2024-05-06","statut_diffusion":"O","dirigeants":[{"nom":"DUPONT","prenoms":"JEAN PAUL","type_dirigeant":"personne physique"}],
		"siege":{"siret":"73282932000074","code_postal":"75001","etat_administratif":"F","date_fermeture":"2024-05-06","liste_enseignes":["DUPONT PLOMBERIE"]},
		"matching_etablissements":[{"siret":"73282932000074","etat_administratif":"F"},{"siret":"73282932000075"}]}]}`
	for name, text := range map[string]string{"answer": trader, "list": "[" + trader + "]", "one line each, mark": "\ufeff" + strings.ReplaceAll(trader, "\n", "") + "\n"} {
		t.Run(name, func(t *testing.T) {
			rows, _ := read(t, text, sirene.LegalUnits, 7)
			if want := []string{"1|732829320|C|2024-05-06|||DUPONT|JEAN"}; !slices.Equal(rows, want) {
				t.Errorf("units %q", rows)
			}
			rows, reasons := read(t, text, sirene.Establishments, 10)
			if want := []string{"1|73282932000074|732829320|F|2024-05-06|75001|||" + "|DUPONT PLOMBERIE|true"}; !slices.Equal(rows, want) || len(reasons) != 1 {
				t.Errorf("establishments %q, rejects %q", rows, reasons)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "empty list": "[]", "text": "siren\n123\n", "cut": sireneAnswer[:200], "numbers": "[1,2]", "list that does not end": `[{"nom_complet":"x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.json")
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "is refused") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestRealAnswer(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "legal", "recherche_entreprises_356000000.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the real answer is not beside this checkout")
	}
	rows, reasons := read(t, string(text), sirene.Establishments, 8)
	if want := []string{"1|35600000000048|356000000|A|2008-01-01|75015|PARIS|9|DU COLONEL PIERRE AVIA"}; !slices.Equal(rows, want) || len(reasons) > 0 {
		t.Errorf("%q %q", rows, reasons)
	}
	rows, _ = read(t, string(text), sirene.LegalUnits, 4)
	if want := []string{"1|356000000|A||LA POSTE"}; !slices.Equal(rows, want) {
		t.Errorf("%q", rows)
	}
}

// FuzzAnswers: whatever the bytes, reading them ends, and every row has its number.
func FuzzAnswers(f *testing.F) {
	for _, text := range []string{sireneAnswer, siteAnswer, "[]", `{"results":[{"siren":1,"siege":[]}]}`, `{"etablissements":{"siret":{}}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Bytes(context.Background(), "fuzz", text)
		if err != nil {
			return
		}
		for _, dataset := range file.Datasets() {
			if dataset == "" {
				continue
			}
			var out bytes.Buffer
			stats, err := file.Convert(t.Context(), dataset, fieldsOf(dataset), &out, func(ingest.Reject) error { return nil }, nil)
			if err != nil {
				t.Fatal(err)
			}
			if int64(bytes.Count(out.Bytes(), []byte{'\n'})) != stats.Rows {
				t.Errorf("%d rows, %d lines", stats.Rows, bytes.Count(out.Bytes(), []byte{'\n'}))
			}
		}
	})
}
