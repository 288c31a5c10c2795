package sample

import "strings"

// control numbers the control accounts: those kept per counterparty.
type control uint8

const (
	customers      control = iota // 411
	retentions                    // 4117
	bills                         // 413
	doubtful                      // 416
	unbilled                      // 4181
	deposits                      // 4191
	suppliers                     // 401
	billsToPay                    // 403
	assetSuppliers                // 404
	unreceived                    // 4081
	advances                      // 4091
	controls
)

// account numbers the general-ledger accounts; those below controls are the
// control accounts.
type account uint8

const (
	capital account = account(controls) + iota
	retained
	result
	resultLoss
	equipment
	payroll
	socialCharges
	vatDue
	vatCredit
	vatOnAssets
	vatPaid
	vatCollected20
	vatCollected10
	vatCollected5
	vatUnreceived
	vatUnbilled
	allowance
	bank
	purchases
	rent
	maintenance
	fees
	transport
	bankFees
	wages
	wageCharges
	badDebts
	discounts
	allowanceCost
	allowanceBack
	goodsSold
	services
	works
	rebates
	accounts
)

// chart gives each account its number (padded to the length of the entity) and its
// label, after the French general chart of accounts.
var chart = [accounts]struct{ number, label string }{
	customers:      {"411", "Clients"},
	retentions:     {"4117", "Clients - Retenues de garantie"},
	bills:          {"413", "Clients - Effets à recevoir"},
	doubtful:       {"416", "Clients douteux ou litigieux"},
	unbilled:       {"4181", "Clients - Factures à établir"},
	deposits:       {"4191", "Clients - Avances et acomptes reçus"},
	suppliers:      {"401", "Fournisseurs"},
	billsToPay:     {"403", "Fournisseurs - Effets à payer"},
	assetSuppliers: {"404", "Fournisseurs d'immobilisations"},
	unreceived:     {"4081", "Fournisseurs - Factures non parvenues"},
	advances:       {"4091", "Fournisseurs - Avances et acomptes versés"},
	capital:        {"1013", "Capital souscrit, appelé, versé"},
	retained:       {"110", "Report à nouveau"},
	result:         {"120", "Résultat de l'exercice (bénéfice)"},
	resultLoss:     {"129", "Résultat de l'exercice (perte)"},
	equipment:      {"2154", "Matériel industriel"},
	payroll:        {"421", "Personnel - Rémunérations dues"},
	socialCharges:  {"431", "Sécurité sociale"},
	vatDue:         {"44551", "TVA à décaisser"},
	vatCredit:      {"44567", "Crédit de TVA à reporter"},
	vatOnAssets:    {"44562", "TVA sur immobilisations"},
	vatPaid:        {"44566", "TVA sur autres biens et services"},
	vatCollected20: {"445710", "TVA collectée 20 %"},
	vatCollected10: {"445711", "TVA collectée 10 %"},
	vatCollected5:  {"445712", "TVA collectée 5,5 %"},
	vatUnreceived:  {"44586", "TVA sur factures non parvenues"},
	vatUnbilled:    {"44587", "TVA sur factures à établir"},
	allowance:      {"491", "Dépréciation des comptes de clients"},
	bank:           {"512", "Banque"},
	purchases:      {"607", "Achats de marchandises"},
	rent:           {"613", "Locations"},
	maintenance:    {"615", "Entretien et réparations"},
	fees:           {"622", "Honoraires"},
	transport:      {"624", "Transports de biens"},
	bankFees:       {"627", "Services bancaires"},
	wages:          {"641", "Rémunérations du personnel"},
	wageCharges:    {"645", "Charges de sécurité sociale"},
	badDebts:       {"654", "Pertes sur créances irrécouvrables"},
	discounts:      {"665", "Escomptes accordés"},
	allowanceCost:  {"68174", "Dotations aux dépréciations des créances"},
	allowanceBack:  {"78174", "Reprises sur dépréciations des créances"},
	goodsSold:      {"707", "Ventes de marchandises"},
	services:       {"706", "Prestations de services"},
	works:          {"704", "Travaux"},
	rebates:        {"709", "Rabais, remises et ristournes accordés"},
}

// families are the lines of File.Balances, with the control account behind each.
var families = [controls]string{
	customers: "411", retentions: "4117", bills: "413", doubtful: "416", unbilled: "418", deposits: "419",
	suppliers: "401", billsToPay: "403", assetSuppliers: "404", unreceived: "408", advances: "409",
}

// accountNumber pads a number with zeros on the right, as accounting software does.
func accountNumber(a account, width int) string {
	number := chart[a].number
	return number + strings.Repeat("0", max(0, width-len(number)))
}

// isIncome reports whether an account belongs to the income statement.
func isIncome(a account) bool { return chart[a].number[0] >= '6' }

// vatAccount returns the account of collected VAT for a rate in thousandths.
func vatAccount(rate int64) account {
	switch rate {
	case 100:
		return vatCollected10
	case 55:
		return vatCollected5
	}
	return vatCollected20
}

// vatOf returns the VAT on an amount without tax, rounded half up to the cent.
func vatOf(net, rate int64) int64 { return (net*rate + 500) / 1000 }

// vatWithin returns the VAT inside an amount with tax, rounded half up to the cent.
func vatWithin(gross, rate int64) int64 {
	return (gross*rate*2 + 1000 + rate) / (2 * (1000 + rate))
}
