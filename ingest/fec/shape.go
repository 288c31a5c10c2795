package fec

import "slices"

// Shape is the layout of the law that a file follows, by its columns.
type Shape struct {
	Regime   string // "BIC/IS", "BA cash basis" or "BNC cash basis"
	Columns  int    // of the regime: 18, 21 or 22
	IsSigned bool   // Montant and Sens in the place of Debit and Credit
}

// IsCashBasis tells whether the file is that of a cash-basis ledger, which knows
// no receivables.
func (s Shape) IsCashBasis() bool { return s.Columns > 18 }

// Shape tells the regime of the file (LPF art. A.47 A-1 VII-1°, VIII-5°, VIII-7°).
func (f *File) Shape() Shape {
	has := func(name string) bool {
		return slices.ContainsFunc(f.Columns, func(c string) bool { return foldName(c) == name })
	}
	s := Shape{Regime: "BIC/IS", Columns: 18, IsSigned: f.layout.signed()}
	if has("daterglt") && has("moderglt") {
		s.Regime, s.Columns = "BA cash basis", 21
		if has("idclient") {
			s.Regime, s.Columns = "BNC cash basis", 22
		}
	}
	return s
}
