package sirene

import "github.com/encours/encours/ingest"

// The datasets of the register.
const (
	LegalUnits     = "legal_units"
	Establishments = "establishments"
	Periods        = "legal_unit_periods"
	Successions    = "successions"
)

// place is where a field of a dataset stands in a stock file.
type place struct {
	field  string
	column string // as INSEE writes it
	needed bool   // a file without it is refused
	digits int    // length to which lost zeros are put back; 0: no number
}

// layouts are the places of the four files, by dataset. Names and lengths are those of
// the descriptions that INSEE publishes with the stock files of Sirene.
func layouts() map[string][]place {
	return map[string][]place{
		LegalUnits: {
			{"siren", "siren", true, 9},
			{"diffusion_status", "statutDiffusionUniteLegale", true, 0},
			{"legal_state", "etatAdministratifUniteLegale", true, 0},
			{"state_since", "dateDebut", true, 0},
			{"created_on", "dateCreationUniteLegale", true, 0},
			{"name", "denominationUniteLegale", true, 0},
			{"acronym", "sigleUniteLegale", false, 0},
			{"usual_name_1", "denominationUsuelle1UniteLegale", false, 0},
			{"usual_name_2", "denominationUsuelle2UniteLegale", false, 0},
			{"usual_name_3", "denominationUsuelle3UniteLegale", false, 0},
			{"last_name", "nomUniteLegale", true, 0},
			{"usage_name", "nomUsageUniteLegale", false, 0},
			{"first_name", "prenomUsuelUniteLegale", true, 0},
			{"legal_form_code", "categorieJuridiqueUniteLegale", true, 4},
			{"naf_code", "activitePrincipaleUniteLegale", true, 0},
			{"naf_nomenclature", "nomenclatureActivitePrincipaleUniteLegale", false, 0},
			{"naf25_code", "activitePrincipaleNAF25UniteLegale", false, 0},
			{"headcount_band", "trancheEffectifsUniteLegale", false, 0},
			{"headcount_year", "anneeEffectifsUniteLegale", false, 0},
			{"company_category", "categorieEntreprise", false, 0},
			{"head_office_nic", "nicSiegeUniteLegale", true, 5},
			{"is_employer", "caractereEmployeurUniteLegale", false, 0},
			{"is_purged", "unitePurgeeUniteLegale", false, 0},
			{"updated_on", "dateDernierTraitementUniteLegale", true, 0},
		},
		Establishments: {
			{"siret", "siret", true, 14},
			{"siren", "siren", true, 9},
			{"diffusion_status", "statutDiffusionEtablissement", true, 0},
			{"state", "etatAdministratifEtablissement", true, 0},
			{"state_since", "dateDebut", true, 0},
			{"created_on", "dateCreationEtablissement", false, 0},
			{"is_head_office", "etablissementSiege", true, 0},
			{"sign_1", "enseigne1Etablissement", false, 0},
			{"sign_2", "enseigne2Etablissement", false, 0},
			{"sign_3", "enseigne3Etablissement", false, 0},
			{"usual_name", "denominationUsuelleEtablissement", false, 0},
			{"address_complement", "complementAdresseEtablissement", false, 0},
			{"street_number", "numeroVoieEtablissement", false, 0},
			{"street_repetition", "indiceRepetitionEtablissement", false, 0},
			{"street_type", "typeVoieEtablissement", false, 0},
			{"street_name", "libelleVoieEtablissement", true, 0},
			{"postal_code", "codePostalEtablissement", true, 5},
			{"city", "libelleCommuneEtablissement", true, 0},
			{"city_abroad", "libelleCommuneEtrangerEtablissement", false, 0},
			{"commune_code", "codeCommuneEtablissement", true, 5},
			{"cedex_code", "codeCedexEtablissement", false, 5},
			{"country", "libellePaysEtrangerEtablissement", false, 0},
			{"naf_code", "activitePrincipaleEtablissement", true, 0},
			{"headcount_band", "trancheEffectifsEtablissement", false, 0},
			{"is_employer", "caractereEmployeurEtablissement", false, 0},
			{"updated_on", "dateDernierTraitementEtablissement", true, 0},
		},
		Periods: {
			{"siren", "siren", true, 9},
			{"valid_from", "dateDebut", true, 0},
			{"valid_to", "dateFin", true, 0},
			{"legal_state", "etatAdministratifUniteLegale", true, 0},
			{"name", "denominationUniteLegale", true, 0},
			{"last_name", "nomUniteLegale", false, 0},
			{"legal_form_code", "categorieJuridiqueUniteLegale", true, 4},
			{"naf_code", "activitePrincipaleUniteLegale", true, 0},
			{"head_office_nic", "nicSiegeUniteLegale", true, 5},
			{"is_employer", "caractereEmployeurUniteLegale", false, 0},
		},
		Successions: {
			{"predecessor_siret", "siretEtablissementPredecesseur", true, 14},
			{"successor_siret", "siretEtablissementSuccesseur", true, 14},
			{"succession_date", "dateLienSuccession", true, 0},
			{"is_head_office_transfer", "transfertSiege", true, 0},
			{"is_economic_continuity", "continuiteEconomique", true, 0},
			{"processed_on", "dateDernierTraitementLienSuccession", false, 0},
		},
	}
}

// classify tells which of the files a header is of. folded has its names in small
// letters.
func classify(path string, folded map[string]int) (string, error) {
	has := func(name string) bool { _, ok := folded[name]; return ok }
	switch {
	case has("siretetablissementpredecesseur") || has("siretetablissementsuccesseur"):
		return Successions, nil
	case has("datefin") && (has("siret") || has("etatadministratifetablissement")):
		return "", &ingest.RefusedError{
			Path: path, Reason: "file.unused", Problem: "it is the history of establishments of Sirene, of which no figure is made",
			Advice: "Load StockEtablissement for where companies are today, and StockUniteLegaleHistorique for what they were",
		}
	case has("etatadministratifetablissement") || has("siret"):
		return Establishments, nil
	case has("datefin") && has("siren"):
		return Periods, nil
	case has("etatadministratifunitelegale") || has("categoriejuridiqueunitelegale") || has("denominationunitelegale"):
		return LegalUnits, nil
	}
	return "", &ingest.RefusedError{
		Path: path, Reason: "header.unknown", Problem: "its header is that of none of the stock files of Sirene that are read",
		Advice: "Give StockUniteLegale, StockEtablissement, StockUniteLegaleHistorique or StockEtablissementLiensSuccession, as CSV (also .gz or .zip) or Parquet",
	}
}
