package project

// The amounts of the payment-terms table (C. com. D. 441-6).
const (
	TaxIncluded = "incl"
	TaxExcluded = "excl"
)

// PaymentTermsReport holds the settings of the payment-terms table.
type PaymentTermsReport struct{ Tax string } // TaxIncluded or TaxExcluded

func (p *Project) readPaymentTermsReport(n node) {
	n.record(map[string]func(node){
		"tax": func(n node) { n.oneOf(&p.PaymentTermsReport.Tax, TaxIncluded, TaxExcluded) },
	})
}
