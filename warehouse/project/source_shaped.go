package project

import "slices"

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
