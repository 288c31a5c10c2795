package sample

// sale is what an invoice says: amounts without tax and VAT in cents, in one or
// two rates, and the part that the customer keeps back until heldUntil.
type sale struct {
	net, vat   int64
	net2, vat2 int64
	rate2      int64
	retained   int64
	held       *group
	heldUntil  int32
}

func (v *sale) total() int64 { return v.net + v.vat + v.net2 + v.vat2 }

// deal is an invoice about to be booked today and settled as planned.
type deal struct {
	index   int32
	partner *partner
	sale    sale
	total   int64
	due     int32
	ref     docRef
}

// event returns an event about the deal, of an amount on account 411.
func (d *deal) event(kind eventKind, amount int64, g *group) event {
	return event{
		kind: kind, partner: d.index, amount: amount, due: d.due, rate: d.partner.rate, ref: d.ref, group: g,
	}
}

// sell books an invoice of today and plans how it is settled.
func (s *simulation) sell() {
	index := s.drawCustomer()
	p := &s.customers[index]
	d := &deal{index: index, partner: p, sale: s.newSale(p), due: p.term.due(s.cal, s.today)}
	d.total = d.sale.total()
	if s.deferInvoice(d) {
		return
	}
	d.ref = s.invoiceRef()
	if !s.sellOddly(d) {
		s.sellByHabit(d)
	}
}

// drawCustomer leaves out those who stopped paying some weeks ago.
func (s *simulation) drawCustomer() int32 {
	for {
		index := s.customerPick.draw(s.rng)
		if fails := s.customers[index].fails; fails == never || s.today < fails+45 {
			return index
		}
	}
}

func (s *simulation) newSale(p *partner) sale {
	v := sale{net: skewed(s.rng, p.size)}
	v.vat = vatOf(v.net, p.rate)
	if p.rate == 200 && s.chance(500) {
		v.net2, v.rate2 = v.net/4+1, [2]int64{55, 100}[s.rng.IntN(2)]
		v.vat2 = vatOf(v.net2, v.rate2)
	}
	return v
}

// invoiceRef numbers invoices in sequence; three in a thousand repeat the number of
// the invoice before.
func (s *simulation) invoiceRef() docRef {
	if s.numbers[invoiceSeries] > 0 && s.chance(30) {
		return docRef{series: invoiceSeries, year: s.yearDigits(), number: s.numbers[invoiceSeries]}
	}
	return s.ref(invoiceSeries)
}

func (s *simulation) bookInvoice(index int32, ref docRef, v sale, due int32, g *group) {
	p := &s.customers[index]
	l := s.ledger
	l.begin(salesJournal, s.today, ref, s.today)
	l.text(s.shape.words.invoice)
	l.textRef(ref)
	l.text(" ", p.label)
	s.post(customers, index, v.total()-v.retained, due, g)
	if v.retained > 0 {
		s.post(retentions, index, v.retained, v.heldUntil, v.held)
	}
	l.post(p.revenue, -v.net)
	if v.vat != 0 {
		l.post(vatAccount(p.rate), -v.vat)
	}
	if v.net2 != 0 {
		l.post(goodsSold, -v.net2)
		l.post(vatAccount(v.rate2), -v.vat2)
	}
	l.end()
	s.monthNet += v.net + v.net2
	if s.fiscal > 0 {
		s.invoices++
	}
}

// sellByHabit plans the payment that the customer's habit makes likely.
func (s *simulation) sellByHabit(d *deal) {
	switch d.partner.habit {
	case lateByAWeek:
		s.settleOnce(d, s.later(d.due, 5, 10))
	case monthEndPayer:
		s.settleInRun(d, s.later(s.cal.monthEnd(max(d.due, s.today+1)), 0, 0))
	case groupedPayer:
		s.settleInRun(d, s.cal.runDay(max(d.due+s.between(0, 3), s.today+1)))
	case chronicLate:
		s.settleInRun(d, s.cal.runDay(max(d.due+s.between(30, 50), s.today+1)))
	case partialPayer:
		s.settleInParts(d)
	case deteriorating:
		worse := 70 * s.today / s.cal.lastDay()
		s.settleOnce(d, s.later(d.due, worse, worse+12))
	case failing:
		if d.due+5 >= d.partner.fails {
			s.fail(d)
			return
		}
		s.settleOnce(d, s.later(d.due, 6, 20))
	case earlyPayer:
		s.settleEarly(d)
	case draftPayer:
		s.settleByDraft(d)
	case directDebit:
		s.settleByDebit(d)
	case builder:
		s.settleRetaining(d)
	default:
		s.settleOnce(d, s.later(d.due, -3, 2))
	}
}

// settleOnce plans one payment, now and then after a credit note on a part.
func (s *simulation) settleOnce(d *deal, day int32) {
	g := s.group(customers, d.index, s.lettered(day))
	s.bookInvoice(d.index, d.ref, d.sale, d.due, g)
	paid := d.total - d.sale.retained
	paid -= s.maybeCredit(d, day, g)
	s.at(day, d.event(receipt, paid, g))
}

// maybeCredit plans a credit note before the payment of day and returns its amount.
func (s *simulation) maybeCredit(d *deal, day int32, g *group) int64 {
	if day < s.today+5 || !s.chance(270) {
		return 0
	}
	amount := d.total * int64(s.between(5, 40)) / 100
	s.at(s.between(s.today+2, min(day-1, s.today+20)), d.event(creditNote, amount, g))
	return amount
}

// settleInRun adds the invoice to the transfer that the customer makes on a day.
func (s *simulation) settleInRun(d *deal, day int32) {
	r := d.partner.runOn(day)
	if r == nil {
		r = &run{
			day: day, group: s.group(customers, d.index, s.lettered(day)), first: d.total, ref: d.ref,
		}
		d.partner.runs = append(d.partner.runs, r)
		s.at(day, event{kind: groupedReceipt, partner: d.index, run: r})
	}
	s.bookInvoice(d.index, d.ref, d.sale, d.due, r.group)
	r.total += d.total - s.maybeCredit(d, day, r.group)
	r.latest = d.ref
	r.count++
}

func (p *partner) runOn(day int32) *run {
	for _, r := range p.runs {
		if r.day == day {
			return r
		}
	}
	return nil
}

func (p *partner) dropRun(done *run) {
	for i, r := range p.runs {
		if r == done {
			p.runs = append(p.runs[:i], p.runs[i+1:]...)
			return
		}
	}
}

// settleInParts plans a payment on account and, three times in four, the rest.
func (s *simulation) settleInParts(d *deal) {
	first := s.later(d.due, 3, 20)
	g := s.group(customers, d.index, never)
	g.part, g.marked = first, s.chance(8500)
	amount := d.total * int64(s.between(30, 70)) / 100
	if s.chance(9300) {
		rest := s.later(first, 20, 75)
		g.closes = s.lettered(rest)
		s.at(rest, d.event(receipt, d.total-amount, g))
	}
	s.bookInvoice(d.index, d.ref, d.sale, d.due, g)
	s.at(first, d.event(receipt, amount, g))
}

// settleEarly plans a payment in about ten days less two percent, where the terms
// leave time for it.
func (s *simulation) settleEarly(d *deal) {
	day := s.later(s.today, 7, 10)
	if day+5 > d.due {
		s.settleOnce(d, s.later(d.due, -3, 2))
		return
	}
	g := s.group(customers, d.index, s.lettered(day))
	s.bookInvoice(d.index, d.ref, d.sale, d.due, g)
	e := d.event(receipt, d.total, g)
	e.extra = d.total / 50
	s.at(day, e)
}

// settleByDraft plans a bill of exchange that matures on the due date.
func (s *simulation) settleByDraft(d *deal) {
	accepted, paid := s.later(s.today, 4, 12), s.cal.banking(d.due)
	if accepted >= paid {
		s.settleOnce(d, s.later(d.due, 0, 2))
		return
	}
	g := s.group(customers, d.index, s.lettered(accepted))
	s.bookInvoice(d.index, d.ref, d.sale, d.due, g)
	e := d.event(draftAccepted, d.total, g)
	e.second = s.group(bills, d.index, s.lettered(paid))
	s.at(accepted, e)
	cash := d.event(receipt, d.total, e.second)
	cash.control = bills
	s.at(paid, cash)
}

// settleByDebit plans a direct debit; one in ten comes back.
func (s *simulation) settleByDebit(d *deal) {
	paid := s.later(d.due, 0, 0)
	if !s.chance(1000) {
		s.settleOnce(d, paid)
		return
	}
	bounced := s.later(paid, 4, 7)
	again := s.later(bounced, 15, 40)
	whole := s.group(customers, d.index, never)
	invoice, cash, back, second := whole, whole, whole, whole
	switch s.rng.IntN(4) {
	case 0: // everything in one group
		whole.closes = s.lettered(again)
	case 1: // the first payment keeps its invoice, the bounced one is paid alone
		invoice = s.group(customers, d.index, s.lettered(paid))
		cash = invoice
		whole.closes = s.lettered(again)
	case 2: // the bounced payment stays open
		invoice = s.group(customers, d.index, s.lettered(paid))
		cash, second = invoice, nil
	case 3: // payment and bounce cancel each other, the invoice stays open
		cash = s.group(customers, d.index, s.lettered(bounced))
		back, second = cash, nil
	}
	s.bookInvoice(d.index, d.ref, d.sale, d.due, invoice)
	s.at(paid, d.event(receipt, d.total, cash))
	s.at(bounced, d.event(bounce, d.total, back))
	if second != nil {
		s.at(again, d.event(receipt, d.total, second))
	}
}

// settleRetaining keeps five percent back for a year.
func (s *simulation) settleRetaining(d *deal) {
	v := &d.sale
	v.retained, v.heldUntil = d.total/20, s.today+365
	released := s.later(v.heldUntil, 0, 40)
	v.held = s.group(retentions, d.index, s.lettered(released))
	e := d.event(receipt, v.retained, v.held)
	e.control = retentions
	s.at(released, e)
	s.settleOnce(d, s.later(d.due, 10, 40))
}

// fail plans the end of a receivable that is not paid: doubtful, then lost, lost
// but for a dividend, or still there.
func (s *simulation) fail(d *deal) {
	moved := s.later(d.due, 90, 150)
	g := s.group(customers, d.index, moved)
	s.bookInvoice(d.index, d.ref, d.sale, d.due, g)
	e := d.event(toDoubtful, d.total, g)
	e.second, e.piece = s.group(doubtful, d.index, never), s.today
	lost := s.later(moved, 120, 270)
	final := d.event(writeOff, d.total, e.second)
	final.control, final.piece, final.extra = doubtful, s.today, allowanceFor(d.total, d.partner.rate)
	switch fate := s.rng.IntN(100); {
	case fate < 30:
		e.second.closes = lost
		s.at(lost, final)
	case fate < 50:
		e.second.closes = lost
		dividend := d.event(receipt, d.total*int64(s.between(10, 30))/100, e.second)
		dividend.control = doubtful
		e.second.part, e.second.marked = s.later(moved, 60, 110), true
		s.at(e.second.part, dividend)
		final.amount -= dividend.amount
		s.at(lost, final)
	}
	s.at(moved, e)
}
