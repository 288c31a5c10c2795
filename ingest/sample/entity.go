package sample

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// entity is a company of the group and its share of the documents.
type entity struct {
	index     int
	id        string
	name      string
	siren     string
	shape     *shape
	sales     int64 // customer invoices, intercompany ones apart
	purchases int64 // supplier invoices, likewise
	customer  term  // default payment terms
	supplier  term
}

// shape is how the ledger of an entity is written.
type shape struct {
	separator  byte
	lineEnd    string
	encode     func(string) string
	charset    string // as encours.yaml names it
	width      int    // least length of an account number
	detailed   bool   // openings carry one line per open item, not one per counterparty
	dueColumn  bool   // an extra column DateEcheance
	ownAccount bool   // some customers stand in the account number only
	sirenCodes bool   // customers are numbered by their SIREN
	undated    int    // percent of lettering groups without DateLet
	journals   [journals]struct{ code, label string }
	words      words
}

// words are the parts of labels that the charset of the entity must write.
type words struct {
	invoice, purchase, settlement, bounced, allowance, allowanceBack, loss, maturity string
	opening, deposit, wages, charges, vat, unbilled, unreceived, profit              string
}

func newWords(encode func(string) string) words {
	return words{
		invoice: encode("Facture "), purchase: encode("Facture fournisseur "),
		settlement: encode("Règlement client"), bounced: encode("REJET PRÉLÈVEMENT "),
		allowance: encode("Dotation dépréciation "), allowanceBack: encode("Reprise dépréciation "),
		loss: encode("Créance irrécouvrable "), maturity: encode("éch. "), opening: encode("À nouveau"),
		deposit: encode("Imputation acompte "), wages: encode("Salaires à payer"),
		charges: encode("Cotisations sociales à payer"), vat: encode("TVA à décaisser"),
		unbilled: encode("Facture à établir "), unreceived: encode("Facture non parvenue "),
		profit: encode("Affectation du résultat"),
	}
}

// fields encodes values, each followed by the separator.
func (s *shape) fields(values ...string) []byte {
	var b []byte
	for _, v := range values {
		b = append(append(b, s.encode(v)...), s.separator)
	}
	return b
}

// The journals as three different programs name them.
var journalNames = [3][journals]struct{ code, label string }{
	{
		openingJournal: {"AN", "À nouveaux"}, salesJournal: {"VE", "Ventes"}, purchaseJournal: {"AC", "Achats"},
		bankJournal: {"BQ", "Banque"}, billJournal: {"EF", "Effets à recevoir"},
		payrollJournal: {"PA", "Paie"}, generalJournal: {"OD", "Opérations diverses"},
	},
	{
		openingJournal: {"RAN", "Report à nouveau"}, salesJournal: {"VTE", "Journal des ventes"},
		purchaseJournal: {"ACH", "Journal des achats"}, bankJournal: {"TRE", "Trésorerie"},
		billJournal: {"LCR", "Lettres de change"}, payrollJournal: {"SAL", "Salaires"},
		generalJournal: {"OD", "Opérations diverses"},
	},
	{
		openingJournal: {"OUV", "Écritures d'ouverture"}, salesJournal: {"70", "Factures clients"},
		purchaseJournal: {"60", "Factures fournisseurs"}, bankJournal: {"51", "Banque n° 1"},
		billJournal: {"41", "Effets"}, payrollJournal: {"64", "Rémunérations"},
		generalJournal: {"90", "Diverses"},
	},
}

// shapes differ in everything that a reader must recognise by itself.
func newShape(index int) *shape {
	s := &shape{
		separator: '\t', lineEnd: "\n", encode: func(v string) string { return v }, charset: "utf-8",
		width: 6, detailed: true, journals: journalNames[0],
	}
	switch index % 3 {
	case 1:
		s = &shape{
			separator: '|', lineEnd: "\n", encode: encoder(charmap.ISO8859_15), charset: "iso-8859-15",
			width: 8, sirenCodes: true, journals: journalNames[1],
		}
	case 2:
		s = &shape{
			separator: '\t', lineEnd: "\r\n", encode: encoder(charmap.Windows1252), charset: "windows-1252",
			width: 7, detailed: true, dueColumn: true, ownAccount: true, undated: 8, journals: journalNames[2],
		}
	}
	s.words = newWords(s.encode)
	return s
}

// encoder writes text in an 8-bit charset; a character that it lacks becomes a
// question mark.
func encoder(charset *charmap.Charmap) func(string) string {
	return func(v string) string {
		encoded := make([]byte, 0, len(v))
		for _, r := range v {
			b, ok := charset.EncodeRune(r)
			if !ok {
				b = '?'
			}
			encoded = append(encoded, b)
		}
		return string(encoded)
	}
}

// entityShares weigh the entities by size.
var entityShares = [maxEntities]int64{60, 25, 15, 10, 8, 6, 5, 4, 3}

// planEntities shares the invoices out: first the intercompany ones, each of which
// is one invoice of the seller and one of the buyer, then the rest by size. About
// one document in six is a supplier invoice.
func planEntities(opt Options, cal *calendar) []entity {
	rest := int64(opt.Invoices) - 2*intercompanyCount(opt, cal)
	var total, given, sum int64
	for _, share := range entityShares[:opt.Entities] {
		total += share
	}
	entities := make([]entity, opt.Entities)
	for i := range entities {
		sum += entityShares[i]
		documents := rest*sum/total - given
		given += documents
		e := entity{
			index: i, id: entityNames[i].id, name: entityNames[i].name,
			siren: inventedSiren(997, i+11), shape: newShape(i), purchases: documents * 17 / 100,
		}
		e.sales = documents - e.purchases
		e.customer = [3]term{
			{text: "30 jours fin de mois", kind: endOfMonthAfter, n: 30},
			{text: "45 jours fin de mois", kind: endOfMonthAfter, n: 45},
			{text: "NET 30", kind: netDays, n: 30},
		}[i%3]
		e.supplier = term{text: "NET 45", kind: netDays, n: 45}
		entities[i] = e
	}
	return entities
}

// folder is the place of the extracts of an entity, relative to the project.
func (e *entity) folder() string { return "extracts/" + strings.ToLower(e.id) }

// fileName follows the law: SIREN, FEC and the last day of the fiscal year.
func (e *entity) fileName(cal *calendar, lastDay int32) string {
	return fmt.Sprintf("%sFEC%s.txt", e.siren, cal.at(lastDay).ymd)
}
