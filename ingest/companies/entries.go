package companies

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/identifier"
	"github.com/encours/encours/ingest/sirene"
)

// object is a JSON object.
type object map[string]any

// entry is one row of an answer, or why it is none.
type entry struct {
	record  int64  // of the company or establishment in the file, 1-based
	dataset string // empty where it is not known of what it would be
	values  map[string]any
	beside  bool // a legal unit that is told beside an establishment
	wrong   *ingest.Reject
	raw     string
}

// entries takes an answer apart.
func entries(answer object, record *int64, row func(entry) error) error {
	next := func() int64 { *record++; return *record }
	switch {
	case answer.object("result") != nil:
		return entries(answer.object("result"), record, row)
	case answer["results"] != nil:
		return answer.each("results", func(o object) error { return searched(o, next(), row) })
	case answer["unitesLegales"] != nil:
		return answer.each("unitesLegales", func(o object) error { return unit(o, next(), row) })
	case answer["etablissements"] != nil:
		return answer.each("etablissements", func(o object) error { return establishment(o, next(), row) })
	case answer.object("uniteLegale") != nil && answer["siret"] == nil:
		return unit(answer.object("uniteLegale"), next(), row)
	case answer.object("etablissement") != nil:
		return establishment(answer.object("etablissement"), next(), row)
	case answer["siret"] != nil:
		return establishment(answer, next(), row)
	case answer["periodesUniteLegale"] != nil:
		return unit(answer, next(), row)
	case answer["nom_complet"] != nil:
		return searched(answer, next(), row)
	}
	message := "this is no answer of the company search or of the Sirene API"
	if header := answer.object("header"); header != nil && header.text("message") != "" {
		message = "the API answered: " + header.text("message")
	}
	return row(entry{record: next(), raw: answer.raw(), wrong: &ingest.Reject{Reason: "answer.unknown", Message: message}})
}

// unit is a legal unit of the Sirene API with its periods, the latest first.
func unit(o object, record int64, row func(entry) error) error {
	latest := object{}
	if err := o.each("periodesUniteLegale", func(p object) error {
		if latest["dateDebut"] == nil || p["dateFin"] == nil {
			latest = p
		}
		return nil
	}); err != nil {
		return err
	}
	if err := row(register(sirene.LegalUnits, record, o, latest)); err != nil {
		return err
	}
	siren := object{"siren": o["siren"]}
	return o.each("periodesUniteLegale", func(p object) error {
		return row(register(sirene.Periods, record, siren, p))
	})
}

// establishment is one of the Sirene API, with the address and the legal unit beside it.
func establishment(o object, record int64, row func(entry) error) error {
	latest := object{}
	if err := o.each("periodesEtablissement", func(p object) error {
		if latest["dateDebut"] == nil || p["dateFin"] == nil {
			latest = p
		}
		return nil
	}); err != nil {
		return err
	}
	if err := row(register(sirene.Establishments, record, o, latest, o.object("adresseEtablissement"))); err != nil {
		return err
	}
	beside := o.object("uniteLegale")
	if beside == nil {
		return nil
	}
	e := register(sirene.LegalUnits, record, object{"siren": o["siren"]}, beside)
	e.beside = true
	return row(e)
}

// register reads a record whose values have the names of INSEE, the first part that
// has one counting.
func register(dataset string, record int64, parts ...object) entry {
	e := entry{record: record, dataset: dataset, raw: parts[0].raw()}
	e.values, e.wrong = sirene.Values(dataset, func(column string) string {
		for _, p := range parts {
			if text := p.text(column); text != "" {
				return text
			}
		}
		return ""
	})
	return e.checked()
}

// checked checks the key of the number that the row is of.
func (e entry) checked() entry {
	if e.wrong != nil {
		return e
	}
	siren, siret := fmt.Sprint(e.values["siren"]), fmt.Sprint(e.values["siret"])
	switch {
	case e.dataset == sirene.Establishments && !identifier.IsSIRET(siret):
		e.wrong = &ingest.Reject{Column: "siret", Value: siret, Reason: "siret.invalid", Message: "this is not a SIRET: 14 digits with the right check digit are needed"}
	case !identifier.IsSIREN(siren):
		e.wrong = &ingest.Reject{Column: "siren", Value: siren, Reason: "siren.invalid", Message: "this is not a SIREN: nine digits with the right check digit are needed"}
	}
	return e
}

// searched is a company of the company search, with its head office and those of its
// establishments that matched.
func searched(o object, record int64, row func(entry) error) error {
	office := o.object("siege")
	person := o.text("nature_juridique") == "1000"
	names := object{"denominationUniteLegale": first(o.text("nom_raison_sociale"), o.text("nom_complet"))}
	if person {
		names = soleTrader(o)
	}
	e := register(sirene.LegalUnits, record, object{
		"siren": o["siren"], "statutDiffusionUniteLegale": o["statut_diffusion"], "etatAdministratifUniteLegale": o["etat_administratif"],
		"dateDebut": o["date_fermeture"], "dateCreationUniteLegale": o["date_creation"], "sigleUniteLegale": o["sigle"],
		"categorieJuridiqueUniteLegale": o["nature_juridique"], "activitePrincipaleUniteLegale": o["activite_principale"],
		"activitePrincipaleNAF25UniteLegale": o["activite_principale_naf25"], "trancheEffectifsUniteLegale": o["tranche_effectif_salarie"],
		"anneeEffectifsUniteLegale": o["annee_tranche_effectif_salarie"], "categorieEntreprise": o["categorie_entreprise"],
		"nicSiegeUniteLegale": nic(office), "caractereEmployeurUniteLegale": o["caractere_employeur"],
		"dateDernierTraitementUniteLegale": first(o.text("date_mise_a_jour_insee"), o.text("date_mise_a_jour")),
	}, names)
	e.raw = o.raw()
	if err := row(e); err != nil {
		return err
	}
	seen := map[string]bool{}
	place := func(p object) error {
		if siret := p.text("siret"); siret == "" || seen[siret] {
			return nil
		}
		seen[p.text("siret")] = true
		return row(searchedPlace(o, p, record))
	}
	if office != nil {
		if office["est_siege"] == nil {
			office["est_siege"] = true
		}
		if err := place(office); err != nil {
			return err
		}
	}
	return o.each("matching_etablissements", place)
}

// soleTrader is the name of a person: of the one who runs the business, where the
// answer tells exactly one.
func soleTrader(o object) object {
	var people []object
	_ = o.each("dirigeants", func(d object) error {
		if d.text("nom") != "" {
			people = append(people, d)
		}
		return nil
	})
	if len(people) == 1 {
		return object{"nomUniteLegale": people[0].text("nom"), "prenomUsuelUniteLegale": strings.Split(people[0].text("prenoms")+" ", " ")[0]}
	}
	return object{"nomUniteLegale": o.text("nom_complet")}
}

func nic(office object) string {
	siret := office.text("siret")
	if len(siret) != 14 {
		return ""
	}
	return siret[9:]
}

func searchedPlace(company, p object, record int64) entry {
	since := first(p.text("date_fermeture"), p.text("date_debut_activite"))
	signs := []string{"", "", ""}
	if list, ok := p["liste_enseignes"].([]any); ok {
		for i := range min(len(list), len(signs)) {
			signs[i], _ = list[i].(string)
		}
	}
	e := register(sirene.Establishments, record, object{
		"siret": p["siret"], "siren": company["siren"], "statutDiffusionEtablissement": p["statut_diffusion_etablissement"],
		"etatAdministratifEtablissement": p["etat_administratif"], "dateDebut": since, "dateCreationEtablissement": p["date_creation"],
		"etablissementSiege": p["est_siege"], "enseigne1Etablissement": signs[0], "enseigne2Etablissement": signs[1], "enseigne3Etablissement": signs[2],
		"denominationUsuelleEtablissement": p["nom_commercial"], "complementAdresseEtablissement": p["complement_adresse"],
		"numeroVoieEtablissement": p["numero_voie"], "indiceRepetitionEtablissement": p["indice_repetition"], "typeVoieEtablissement": p["type_voie"],
		"libelleVoieEtablissement": p["libelle_voie"], "codePostalEtablissement": p["code_postal"], "libelleCommuneEtablissement": p["libelle_commune"],
		"libelleCommuneEtrangerEtablissement": p["libelle_commune_etranger"], "codeCommuneEtablissement": p["commune"], "codeCedexEtablissement": p["cedex"],
		"libellePaysEtrangerEtablissement": p["libelle_pays_etranger"], "activitePrincipaleEtablissement": p["activite_principale"],
		"trancheEffectifsEtablissement": p["tranche_effectif_salarie"], "caractereEmployeurEtablissement": p["caractere_employeur"],
		"dateDernierTraitementEtablissement": first(p.text("date_mise_a_jour_insee"), p.text("date_mise_a_jour")),
	})
	e.raw = p.raw()
	return e
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// object is a value that is an object, nil otherwise.
func (o object) object(key string) object {
	switch v := o[key].(type) {
	case map[string]any:
		return v
	case object:
		return v
	}
	return nil
}

// each calls back for the objects of a list, and for one that stands alone.
func (o object) each(key string, each func(object) error) error {
	if one := o.object(key); one != nil {
		return each(one)
	}
	list, _ := o[key].([]any)
	for _, item := range list {
		if member, ok := item.(map[string]any); ok {
			if err := each(member); err != nil {
				return err
			}
		}
	}
	return nil
}

// text is a single value as text, empty where there is none.
func (o object) text(key string) string {
	switch v := o[key].(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

func (o object) raw() string {
	text, err := json.Marshal(o)
	if err != nil {
		return ""
	}
	return string(text)
}
