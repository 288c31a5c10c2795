package sample

// bookReceipt books money from a customer: amount is what leaves the customer's
// account, of which extra (a discount) is not paid.
func (s *simulation) bookReceipt(e *event) {
	p := s.partner(e.control, e.partner)
	l := s.ledger
	l.begin(bankJournal, s.today, s.paymentRef(p, e.ref), s.today)
	s.receiptLabel(p, e.ref)
	l.post(bank, e.amount-e.extra)
	if e.extra > 0 {
		vat := vatWithin(e.extra, e.rate)
		l.post(discounts, e.extra-vat)
		if vat != 0 {
			l.post(vatAccount(e.rate), vat)
		}
	}
	s.post(e.control, e.partner, -e.amount, never, e.group)
	l.end()
}

func (s *simulation) receiptLabel(p *partner, ref docRef) {
	switch p.style {
	case refInPiece:
		s.ledger.text("VIR ", p.label)
	case refInLabel:
		s.ledger.text("VIR ", p.label, " ")
		s.ledger.textRef(ref)
	case refNowhere:
		s.ledger.text(s.shape.words.settlement)
	default:
		s.ledger.text("VIR RECU ", p.label)
	}
}

// bookBounce debits a payment that the bank took back; piece names the invoice.
func (s *simulation) bookBounce(e *event) {
	l := s.ledger
	l.begin(bankJournal, s.today, e.ref, s.today)
	l.text(s.shape.words.bounced, s.customers[e.partner].label, " ")
	l.textRef(e.ref)
	s.post(customers, e.partner, e.amount, e.due, e.group)
	l.post(bank, -e.amount)
	l.end()
}

// bookCreditNote books a credit note of an amount with tax.
func (s *simulation) bookCreditNote(e *event) {
	p := &s.customers[e.partner]
	ref := s.ref(creditNoteSeries)
	vat := vatWithin(e.amount, e.rate)
	l := s.ledger
	l.begin(salesJournal, s.today, ref, s.today)
	l.text("Avoir ")
	l.textRef(ref)
	if e.ref.series == invoiceSeries {
		l.text(" sur ")
		l.textRef(e.ref)
	}
	l.text(" ", p.label)
	to := p.revenue
	if s.rng.IntN(2) == 0 {
		to = rebates
	}
	s.monthNet -= e.amount - vat
	l.post(to, e.amount-vat)
	if vat != 0 {
		l.post(vatAccount(e.rate), vat)
	}
	s.post(customers, e.partner, -e.amount, never, e.group)
	l.end()
}

// bookReversal takes back an invoice booked by mistake, in negative figures; extra
// is its VAT.
func (s *simulation) bookReversal(e *event) {
	p := &s.customers[e.partner]
	l := s.ledger
	l.begin(salesJournal, s.today, e.ref, s.today)
	l.negated = true
	l.text("Annulation ")
	l.textRef(e.ref)
	l.text(" ", p.label)
	s.monthNet -= e.amount - e.extra
	s.post(customers, e.partner, -e.amount, never, e.group)
	l.post(p.revenue, e.amount-e.extra)
	if e.extra != 0 {
		l.post(vatAccount(e.rate), e.extra)
	}
	l.end()
}

// bookDoubtful moves a receivable from 411 to 416 and sets half of it aside.
func (s *simulation) bookDoubtful(e *event) {
	p := &s.customers[e.partner]
	l := s.ledger
	l.begin(generalJournal, s.today, e.ref, e.piece)
	l.text("Client douteux ", p.label, " ")
	l.textRef(e.ref)
	s.post(doubtful, e.partner, e.amount, e.due, e.second)
	s.post(customers, e.partner, -e.amount, never, e.group)
	l.end()
	half := allowanceFor(e.amount, e.rate)
	l.begin(generalJournal, s.today, s.ref(generalSeries), s.today)
	l.text(s.shape.words.allowance, p.label)
	l.post(allowanceCost, half)
	l.post(allowance, -half)
	l.end()
}

// allowanceFor is half of a receivable without tax.
func allowanceFor(amount, rate int64) int64 { return (amount - vatWithin(amount, rate)) / 2 }

// bookWriteOff takes a lost receivable out of 411 or 416, its VAT included; extra
// is the allowance that is no longer needed.
func (s *simulation) bookWriteOff(e *event) {
	p := &s.customers[e.partner]
	vat := vatWithin(e.amount, e.rate)
	l := s.ledger
	l.begin(generalJournal, s.today, e.ref, e.piece)
	l.text(s.shape.words.loss, p.label, " ")
	l.textRef(e.ref)
	l.post(badDebts, e.amount-vat)
	if vat != 0 {
		l.post(vatAccount(e.rate), vat)
	}
	s.post(e.control, e.partner, -e.amount, never, e.group)
	l.end()
	if e.extra > 0 {
		l.begin(generalJournal, s.today, s.ref(generalSeries), s.today)
		l.text(s.shape.words.allowanceBack, p.label)
		l.post(allowance, e.extra)
		l.post(allowanceBack, -e.extra)
		l.end()
	}
}

// bookDraft moves an invoice from 411 to a bill of exchange that names its maturity.
func (s *simulation) bookDraft(e *event) {
	l := s.ledger
	ref := s.ref(draftSeries)
	l.begin(billJournal, s.today, ref, s.today)
	l.text("LCR ")
	l.textRef(e.ref)
	l.text(" ", s.shape.words.maturity, draftMaturity(s.cal, e.due))
	s.post(bills, e.partner, e.amount, e.due, e.second)
	s.post(customers, e.partner, -e.amount, never, e.group)
	l.end()
}

func (s *simulation) bookDeposit(e *event) {
	p := &s.customers[e.partner]
	l := s.ledger
	l.begin(bankJournal, s.today, s.paymentRef(p, docRef{series: transferRef}), s.today)
	l.text("Acompte ", p.label)
	l.post(bank, e.amount)
	s.post(deposits, e.partner, -e.amount, never, e.group)
	l.end()
}

// bookRefund pays a credit balance back.
func (s *simulation) bookRefund(e *event) {
	l := s.ledger
	l.begin(bankJournal, s.today, docRef{series: transferRef}, s.today)
	l.text("REMBOURSEMENT ", s.customers[e.partner].label)
	s.post(customers, e.partner, e.amount, s.today, e.group)
	l.post(bank, -e.amount)
	l.end()
}

// bookCompensation sets a customer invoice off against a purchase of the same
// amount from the same company: partner is the customer, piece the supplier.
func (s *simulation) bookCompensation(e *event) {
	l := s.ledger
	ref := s.ref(generalSeries)
	l.begin(generalJournal, s.today, ref, s.today)
	l.text("Compensation ", s.customers[e.partner].label)
	s.post(suppliers, e.piece, e.amount, never, e.second)
	s.post(customers, e.partner, -e.amount, never, e.group)
	l.end()
}
