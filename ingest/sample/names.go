package sample

import (
	"math/rand/v2"
	"strings"
)

// The words of invented company names. None is taken from a register.
var (
	trades = []string{
		"Menuiserie", "Transports", "Ateliers", "Imprimerie", "Boulangerie", "Garage", "Plomberie",
		"Électricité", "Maçonnerie", "Fonderie", "Papeterie", "Librairie", "Pharmacie", "Brasserie",
		"Conserverie", "Tôlerie", "Peinture", "Charpente", "Jardinerie", "Quincaillerie", "Hôtellerie",
		"Logistique", "Mécanique", "Chaudronnerie", "Distribution", "Négoce", "Cave", "Fromagerie",
		"Carrelage", "Étanchéité", "Nettoyage", "Sécurité", "Ingénierie", "Bureau d'études", "Clinique",
		"Résidence", "Vergers", "Domaine", "Scierie", "Carrosserie", "Cœur de Ville", "Horlogerie",
	}
	nameHeads = []string{
		"Vass", "Kerb", "Mont", "Ler", "Bris", "Courv", "Dall", "Fév", "Garr", "Hérit", "Jouv", "Lamb",
		"March", "Norm", "Orl", "Pell", "Quint", "Rég", "Saub", "Tourn", "Urb", "Valm", "Wach", "Yv",
		"Aubr", "Berth", "Champ", "Delm", "Escoff", "Fontan", "Gév", "Hauts", "Isab", "Loub", "Mauv", "Ters",
	}
	nameTails = []string{
		"eron", "rat", "bazin", "oux", "agnac", "ière", "ard", "eau", "illon", "esque", "ois", "elin",
		"ange", "érac", "in", "aud", "ellec", "ouzon", "ay", "enne", "ignol", "ure", "ault", "ier",
	}
	legalForms = []string{" SARL", " SAS", " SA", " EURL", "", " SCOP", " & Fils", " SASU", " et Cie", ""}
)

// entityNames are the companies of the group, in order of size.
var entityNames = []struct{ id, name string }{
	{"ALPHA", "Alpha Négoce SAS"},
	{"BETA", "Bêta Services SARL"},
	{"GAMMA", "Gamma Travaux SA"},
	{"DELTA", "Delta Logistique SAS"},
	{"EPSILON", "Epsilon Énergie SAS"},
	{"ZETA", "Zêta Conseil SARL"},
	{"ETA", "Êta Maintenance SAS"},
	{"THETA", "Thêta Édition SA"},
	{"IOTA", "Iota Distribution SAS"},
}

// companyName invents a name; surname is its distinctive word.
func companyName(rng *rand.Rand) (name, surname string) {
	surname = nameHeads[rng.IntN(len(nameHeads))] + nameTails[rng.IntN(len(nameTails))]
	trade := trades[rng.IntN(len(trades))]
	form := legalForms[rng.IntN(len(legalForms))]
	return trade + " " + surname + form, surname
}

var unaccent = strings.NewReplacer("é", "E", "è", "E", "ê", "E", "É", "E", "ô", "O")

// accountSuffix turns a surname into the capitals that some ledgers hang on an
// account number, as in 411DUPONT.
func accountSuffix(surname string) string {
	return strings.ToUpper(unaccent.Replace(surname))
}
