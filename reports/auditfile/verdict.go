package auditfile

import (
	"math/big"

	"github.com/encours/encours/warehouse/audit"
)

// Grades of a Verdict.
const (
	Reliable = "reliable" // 95 % or more
	Partly   = "partly"   // 50 % or more
	Weak     = "weak"     // less
	None     = "none"     // nothing to stand on
)

// Verdict says how far a later report can be relied on.
type Verdict struct {
	ID    string // ageing_due, ageing_document, dso, lettering, behaviour, d441 or reconciliation
	Side  string // customer or supplier; empty for both
	Grade string
	Share int64 // in ten-thousandths
	// Part of Whole can be relied on; hundredths of the currency, or months for dso.
	Part, Whole int64
}

// Verdicts judges a file by what its lines hold.
func Verdicts(f File) []Verdict {
	var all []Verdict
	if f.Refusal != nil || f.Rows == 0 {
		return nil
	}
	all = append(all, f.reconciliation())
	for _, s := range f.Profile.Sides {
		if f.IsCashBasis {
			s = audit.Side{Side: s.Side}
		}
		all = append(all,
			verdict("ageing_due", s.Side, s.OpenDue, s.Open),
			verdict("ageing_document", s.Side, s.OpenDocument, s.Open))
		if s.Side == "customer" {
			months := int64(0)
			if s.Documents > 0 {
				months = min(int64(len(f.Profile.Months)), 12)
			}
			all = append(all, verdict("dso", s.Side, months, 12))
		}
		all = append(all,
			verdict("lettering", s.Side, s.Lettered, s.Payments),
			verdict("behaviour", s.Side, s.Habit, s.Documents),
			verdict("d441", s.Side, s.DocumentsDue, s.Documents))
	}
	return all
}

// reconciliation is the share of what is booked in entries that balance; a file
// with rejected lines is not the whole ledger.
func (f File) reconciliation() Verdict {
	v := verdict("reconciliation", "", f.Profile.Debit-f.Profile.Unbalanced, f.Profile.Debit)
	if f.Rejects > 0 && v.Grade == Reliable {
		v.Grade = Partly
	}
	return v
}

func verdict(id, side string, part, whole int64) Verdict {
	v := Verdict{ID: id, Side: side, Grade: None, Part: part, Whole: whole}
	if whole <= 0 {
		return v
	}
	// cut, never rounded: a share of 100 % is the whole
	share := new(big.Int).Mul(big.NewInt(part), big.NewInt(10_000))
	v.Share = share.Quo(share, big.NewInt(whole)).Int64()
	switch {
	case v.Share >= 9_500:
		v.Grade = Reliable
	case v.Share >= 5_000:
		v.Grade = Partly
	case v.Share > 0:
		v.Grade = Weak
	}
	return v
}
