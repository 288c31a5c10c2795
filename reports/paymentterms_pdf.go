package reports

import (
	"context"

	"github.com/encours/encours/reports/pdffile"
	"github.com/encours/encours/reports/termsfile"
)

// termsDocument holds tables I and II of each entity, a landscape page each. It is
// French in every language, as the report of the management is.
func (v *View) termsDocument(ctx context.Context, _ query, filter AgeingFilter) (pdffile.Document, error) {
	w := wordsOf("fr", v.meta.Currency)
	made := v.document(w, w.t("terms.title"))
	made.Landscape = true
	all, err := v.PaymentTerms(ctx, filter.Terms.Tax)
	if err != nil {
		return made, err
	}
	sides, err := v.proofs(ctx, "")
	if err != nil {
		return made, err
	}
	made.IsProved = sides[Supplier].Status == Proved && sides[Customer].Status == Proved
	made.Proof = w.t("terms.proof", w.proof(sides[Supplier]), w.proof(sides[Customer]))
	for _, of := range all {
		both, err := v.proofs(ctx, of.Entity)
		if err != nil {
			return made, err
		}
		isProved := both[Supplier].Status == Proved && both[Customer].Status == Proved
		for _, t := range of.Tables {
			if len(made.Blocks) > 0 {
				made.Blocks = append(made.Blocks, pdffile.PageBreak{})
			}
			made.Blocks = append(made.Blocks, termsfile.Blocks(v.termsSheet(of, t, isProved))...)
		}
	}
	if len(all) == 0 {
		made.Blocks = append(made.Blocks, pdffile.Paragraph{Text: w.t("terms.empty")})
	}
	return made, nil
}
