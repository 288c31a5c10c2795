package fec

import (
	"slices"
	"strings"

	"github.com/encours/encours/ingest"
)

// The columns that the cash-basis books have beyond the 18 (VIII-5: three,
// VIII-7: four). They are kept as extra columns under their names.
const (
	receiptDate = "DateRglt"
	receiptMode = "ModeRglt"
	fullMode    = "ModeReglt" // as some programs write it
	clientID    = "IdClient"
)

// readRegime tells the regime from the columns. A line may do without an account
// where the law allows it and the file makes use of that: in a cash-basis book, or
// where no line that was looked at has one (VIII-3).
func (f *File) readRegime(noAccounts bool) {
	has := func(name string) bool {
		return slices.ContainsFunc(f.Extra, func(n string) bool { return foldName(n) == foldName(name) })
	}
	f.Regime = "VII-1"
	if has(receiptDate) && (has(receiptMode) || has(fullMode)) {
		f.CashBasis, f.Regime = true, "VIII-5"
		if has(clientID) {
			f.Regime = "VIII-7"
		}
		f.Warnings = append(f.Warnings, CashBasisWarning())
	}
	f.layout.noAccounts = f.CashBasis || noAccounts
	if noAccounts {
		f.Warnings = append(f.Warnings, ingest.Warn("book.no_accounts"))
	}
}

// Shape is the layout of the law that a file follows, as an audit names it.
type Shape struct {
	Regime   string // "BIC/IS", "BA cash basis" or "BNC cash basis"
	Columns  int    // of the regime: 18, 21 or 22
	IsSigned bool   // Montant and Sens in the place of Debit and Credit
}

// Shape names the regime of the file (LPF art. A.47 A-1 VII-1°, VIII-5°, VIII-7°).
func (f *File) Shape() Shape {
	s := Shape{Regime: "BIC/IS", Columns: 18, IsSigned: f.layout.signed()}
	switch f.Regime {
	case "VIII-5":
		s.Regime, s.Columns = "BA cash basis", 21
	case "VIII-7":
		s.Regime, s.Columns = "BNC cash basis", 22
	}
	return s
}

// CashBasisWarning says what a cash-basis book cannot tell.
func CashBasisWarning() ingest.Warning { return ingest.Warn("book.cash_basis") }

// anyAccount tells whether a line of the sample has an account, or there is no
// line to tell by.
func (l *layout) anyAccount(sample [][][]byte) bool {
	at := l.source[account]
	lines := 0
	for _, fields := range sample {
		if at >= len(fields) || len(fields) < len(l.names) {
			continue
		}
		if len(trimText(fields[at])) > 0 {
			return true
		}
		if strings.TrimSpace(string(fields[l.source[entryNumber]])) != "" {
			lines++
		}
	}
	return lines == 0
}
