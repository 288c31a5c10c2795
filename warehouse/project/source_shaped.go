package project

import (
	"slices"
)

// The kinds of sources whose files have a shape of their own, so that no mapping is
// written. Their rows belong to no entity.
const (
	KindSirene     = "sirene"     // stock files of the register of INSEE
	KindCompanies  = "companies"  // answers of the company search and of the API of the register, in JSON
	KindBodacc     = "bodacc"     // notices of the gazette, JSON, CSV or XML
	KindDNB        = "dnb"        // data blocks of D&B, JSON
	KindCreditsafe = "creditsafe" // reports of Creditsafe, JSON
)

var shapedKinds = []string{KindSirene, KindCompanies, KindBodacc, KindDNB, KindCreditsafe}

// ShapedKinds lists them.
func ShapedKinds() []string { return slices.Clone(shapedKinds) }

// IsShaped says whether a kind is one of them.
func IsShaped(kind string) bool { return slices.Contains(shapedKinds, kind) }

// Register says what of the stock files of the register is kept.
type Register struct {
	Rows   string // RowsAll; else RowsWanted
	Sirens string // file with a list of SIRENs that are looked for beside those of the customers; may be empty
}

// Which records of a stock file are kept.
const (
	RowsWanted = "wanted" // those of the companies that the project knows or looks for
	RowsAll    = "all"
)

// keys read the keys that only a source of the register has.
func (r *Register) keys() map[string]func(node) {
	return map[string]func(node){
		"rows":   func(n node) { n.oneOf(&r.Rows, RowsWanted, RowsAll) },
		"sirens": func(n node) { r.Sirens = n.place() },
	}
}

// check checks that they stand where they mean something.
func (r *Register) check(item node, kind string) {
	if r.Rows != "" && kind != KindSirene {
		item.problem("rows goes with kind: %s", KindSirene)
	}
	if r.Sirens != "" && kind != KindSirene && !IsPulled(kind) {
		item.problem("sirens goes with kind: %s, %s and %s", KindSirene, KindSireneAPI, KindBodaccAPI)
	}
}

// SirensFile is the path of the list of SIRENs of a source.
func (p *Project) SirensFile(s Source) string { return p.resolve(s.Register.Sirens) }
