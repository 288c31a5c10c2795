package sample

// sellOddly books the deal in one of the rarer ways and reports whether it did. It
// may also add a payment or a credit note beside a deal that goes its usual way.
func (s *simulation) sellOddly(d *deal) bool {
	if d.partner.habit == failing {
		return false
	}
	switch dice := s.rng.IntN(10_000); {
	case dice < 30:
		s.sellByMistake(d)
	case dice < 70:
		s.sellInDispute(d)
	case dice < 120:
		s.sellShort(d)
	case dice < 170:
		s.sellAndCancel(d)
	case dice < 200:
		return s.sellAgainstPurchase(d)
	default:
		s.besideSale(d, dice)
		return false
	}
	return true
}

// besideSale plans what matches no invoice.
func (s *simulation) besideSale(d *deal, dice int) {
	switch {
	case dice < 235: // money that nobody can place; most of it is sent back
		day := s.later(s.today, 0, 20)
		e := d.event(receipt, skewed(s.rng, d.partner.size), nil)
		e.ref = docRef{series: noRef}
		if s.chance(7000) {
			back := s.later(day, 20, 90)
			e.group = s.group(customers, d.index, s.lettered(back))
			s.at(back, d.event(refund, e.amount, e.group))
		}
		s.at(day, e)
	case dice < 270: // paid twice, paid back
		first := s.later(s.today, 20, 50)
		back := s.later(first, 20, 60)
		g := s.group(customers, d.index, s.lettered(back))
		s.at(first, d.event(receipt, d.total, g))
		s.at(back, d.event(refund, d.total, g))
	case dice < 330: // a rebate at the end of the day; most of them are paid out
		e := d.event(creditNote, d.total/5, nil)
		e.ref = docRef{}
		e.ref.series = noRef
		day := s.later(s.today, 0, 10)
		if s.chance(8000) {
			back := s.later(day, 20, 60)
			e.group = s.group(customers, d.index, s.lettered(back))
			s.at(back, d.event(refund, e.amount, e.group))
		}
		s.at(day, e)
	}
}

// sellInDispute plans a payment of what the customer does not contest and, three times
// in four, a credit note on the rest.
func (s *simulation) sellInDispute(d *deal) {
	paid, settled := s.later(d.due, 0, 20), s.later(d.due, 40, 200)
	g := s.group(customers, d.index, never)
	g.part, g.marked = paid, true
	amount := d.total * int64(s.between(40, 90)) / 100
	if s.chance(7500) {
		g.closes = s.lettered(settled)
		s.at(settled, d.event(creditNote, d.total-amount, g))
	}
	s.bookInvoice(d.index, d.ref, d.sale, d.due, g)
	s.at(paid, d.event(receipt, amount, g))
}

// sellByMistake books an invoice that is taken back in negative figures.
func (s *simulation) sellByMistake(d *deal) {
	d.sale = sale{net: d.sale.net, vat: d.sale.vat}
	d.total = d.sale.total()
	day := s.later(s.today, 1, 6)
	g := s.group(customers, d.index, s.lettered(day))
	s.bookInvoice(d.index, d.ref, d.sale, d.due, g)
	e := d.event(reversal, d.total, g)
	e.extra = d.sale.vat
	s.at(day, e)
}

// sellShort plans a payment that lacks a little, which is written off.
func (s *simulation) sellShort(d *deal) {
	day := s.later(d.due, 0, 15)
	g := s.group(customers, d.index, s.lettered(day))
	s.bookInvoice(d.index, d.ref, d.sale, d.due, g)
	short := min(d.total/3, int64(s.between(2, 480)))
	s.at(day, d.event(receipt, d.total-short, g))
	e := d.event(writeOff, short, g)
	e.piece = day
	s.at(day, e)
}

// sellAndCancel plans a credit note on the whole invoice.
func (s *simulation) sellAndCancel(d *deal) {
	day := s.later(s.today, 3, 25)
	g := s.group(customers, d.index, s.lettered(day))
	s.bookInvoice(d.index, d.ref, d.sale, d.due, g)
	s.at(day, d.event(creditNote, d.total, g))
}

// sellAgainstPurchase plans a purchase of the same amount from the same company and
// sets the two off. It needs a supplier invoice of the quota and time to happen.
func (s *simulation) sellAgainstPurchase(d *deal) bool {
	bought, settled := s.later(s.today, 1, 8), s.later(s.today, 30, 60)
	if s.fiscal == 0 || settled > s.cal.lastDay() || s.bought >= s.purchases.documents {
		return false
	}
	s.bought++
	g := s.group(customers, d.index, s.lettered(settled))
	s.bookInvoice(d.index, d.ref, d.sale, d.due, g)
	supplier := d.index % int32(len(s.supplierPick))
	mirror := s.group(suppliers, supplier, s.lettered(settled))
	s.at(bought, event{
		kind: compensationPurchase, partner: supplier, amount: d.total, extra: vatWithin(d.total, 200),
		ref: s.purchaseRef(), due: settled, group: mirror,
	})
	e := d.event(compensated, d.total, g)
	e.piece, e.second = supplier, mirror
	s.at(settled, e)
	return true
}

// deferInvoice takes a deposit today and books the invoice some weeks later; it
// reports whether it did. A deposit whose invoice would come after the last fiscal
// year stays alone, and today's invoice is booked as usual.
func (s *simulation) deferInvoice(d *deal) bool {
	if s.fiscal == 0 || d.partner.ownAccount != nil || d.partner.habit == failing || !s.chance(80) {
		return false
	}
	day := s.later(s.today, 15, 45)
	amount := d.total * 3 / 10
	g := s.group(deposits, d.index, s.lettered(day))
	s.bookDeposit(&event{partner: d.index, amount: amount, group: g})
	if day > s.cal.lastDay() {
		return false
	}
	s.at(day, event{
		kind: invoiceLessDeposit, partner: d.index, amount: d.total, extra: amount, rate: d.partner.rate, second: g,
	})
	return true
}

// bookDepositInvoice books the invoice after a deposit of extra and the use of it.
func (s *simulation) bookDepositInvoice(e *event) {
	p := &s.customers[e.partner]
	vat := vatWithin(e.amount, p.rate)
	d := &deal{
		index: e.partner, partner: p, sale: sale{net: e.amount - vat, vat: vat}, total: e.amount,
		due: p.term.due(s.cal, s.today), ref: s.invoiceRef(),
	}
	day := s.later(d.due, 0, 12)
	g := s.group(customers, e.partner, s.lettered(day))
	s.bookInvoice(e.partner, d.ref, d.sale, d.due, g)
	l := s.ledger
	l.begin(generalJournal, s.today, d.ref, s.today)
	l.text(s.shape.words.deposit, p.label)
	s.post(deposits, e.partner, e.extra, never, e.second)
	s.post(customers, e.partner, -e.extra, never, g)
	l.end()
	s.at(day, d.event(receipt, e.amount-e.extra, g))
}

// bookGroupedReceipt books the transfer of a run, at times with one line for the
// first invoice and one for the others.
func (s *simulation) bookGroupedReceipt(e *event) {
	r := e.run
	p := &s.customers[e.partner]
	p.dropRun(r)
	l := s.ledger
	l.begin(bankJournal, s.today, s.paymentRef(p, r.ref), s.today)
	s.receiptLabel(p, r.ref)
	if r.count > 1 && p.style == refInLabel {
		l.text(" ")
		l.textRef(r.latest)
	}
	l.post(bank, r.total)
	rest := r.total
	if r.count > 1 && r.first < r.total && s.chance(2000) {
		s.post(customers, e.partner, -r.first, never, r.group)
		rest -= r.first
	}
	s.post(customers, e.partner, -rest, never, r.group)
	l.end()
}
