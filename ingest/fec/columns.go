package fec

// column is one of the columns that the law names.
type column int

const (
	journalCode column = iota
	journalLabel
	entryNumber
	entryDate
	account
	accountLabel
	auxAccount
	auxLabel
	documentRef
	documentDate
	label
	debit
	credit
	matchingCode
	matchingDate
	validationDate
	currencyAmount
	currency
	amount // with sense, in place of debit and credit
	sense
	columns
)

// kind is how the values of a column are read.
type kind int

const (
	text       kind = iota
	date            // empty is NULL
	money           // empty is 0.00
	moneyBlank      // empty is NULL
)

// legal describes the columns of the law: the canonical name, the name in the
// law, and the other names by which exports call it, as foldName writes them.
// A file without a column that must stand in its header is refused; a value
// that must be there makes its line a reject where it is empty.
var legal = [columns]struct {
	canonical, name string
	kind            kind
	inHeader        bool
	required        bool
	aliases         []string
}{
	journalCode:    {"journal_code", "JournalCode", text, false, false, []string{"codejournal", "journal"}},
	journalLabel:   {"journal_label", "JournalLib", text, false, false, []string{"journallibelle", "libellejournal", "libjournal", "journalintitule"}},
	entryNumber:    {"entry_number", "EcritureNum", text, true, true, []string{"ecriturenumero", "numecriture", "numeroecriture", "ecritureno"}},
	entryDate:      {"entry_date", "EcritureDate", date, true, true, []string{"dateecriture", "datecomptable"}},
	account:        {"account", "CompteNum", text, true, true, []string{"comptenumero", "numcompte", "numerocompte", "compte", "comptegeneral", "comptegeneralnum"}},
	accountLabel:   {"account_label", "CompteLib", text, true, false, []string{"comptelibelle", "libellecompte", "libcompte", "compteintitule", "intitulecompte"}},
	auxAccount:     {"aux_account", "CompAuxNum", text, false, false, []string{"compteauxnum", "comptauxnum", "compteauxiliairenum", "compteauxnumero", "compauxnumero", "numcompteaux", "compteaux", "compaux", "compteauxiliaire"}},
	auxLabel:       {"aux_label", "CompAuxLib", text, false, false, []string{"compteauxlib", "comptauxlib", "compteauxiliairelib", "compteauxlibelle", "compauxlibelle", "libellecompteaux"}},
	documentRef:    {"document_ref", "PieceRef", text, false, false, []string{"piecereference", "refpiece", "referencepiece", "piecenum", "piecenumero", "numpiece", "numeropiece"}},
	documentDate:   {"document_date", "PieceDate", date, false, false, []string{"datepiece"}},
	label:          {"label", "EcritureLib", text, true, false, []string{"ecriturelibelle", "libelleecriture", "libecriture", "libelle"}},
	debit:          {"debit", "Debit", money, true, false, []string{"montantdebit", "debitmontant", "debiteur"}},
	credit:         {"credit", "Credit", money, true, false, []string{"montantcredit", "creditmontant", "crediteur"}},
	matchingCode:   {"matching_code", "EcritureLet", text, false, false, []string{"ecriturelettrage", "ecriturelettre", "lettrage", "codelettrage", "lettragecode"}},
	matchingDate:   {"matching_date", "DateLet", date, false, false, []string{"datelettrage", "lettragedate"}},
	validationDate: {"validation_date", "ValidDate", date, false, false, []string{"datevalid", "datevalidation", "validationdate"}},
	currencyAmount: {"currency_amount", "Montantdevise", moneyBlank, false, false, []string{"devisemontant", "montantendevise"}},
	currency:       {"currency", "Idevise", text, false, false, []string{"devise", "codedevise", "devisecode", "identifiantdevise"}},
	amount:         {"", "Montant", money, false, false, nil},
	sense:          {"", "Sens", text, false, false, nil},
}

// CanonicalColumns lists the columns of the canonical stream in their order.
// The fields of File.Extra follow them.
func CanonicalColumns() []string {
	names := []string{"source_line", "source_part"}
	for c := range amount {
		names = append(names, legal[c].canonical)
	}
	return append(names, "due_date")
}
