package sample

// transfersPerEntry bounds the lines of one bank entry for supplier payments.
const transfersPerEntry = 100

// buy books a supplier invoice of today and plans its payment.
func (s *simulation) buy() {
	index := s.supplierPick.draw(s.rng)
	p := &s.suppliers[index]
	net := skewed(s.rng, p.size)
	v := sale{net: net, vat: vatOf(net, p.rate)}
	due := p.term.due(s.cal, s.today)
	ref := s.purchaseRef()
	total := v.total()
	cash := event{kind: supplierPayment, control: suppliers, partner: index, amount: total, ref: ref}
	paid := s.later(due, -1, 5)
	switch {
	case s.chance(40): // in dispute
		s.bookPurchase(index, ref, v, due, nil)
	case p.habit == ownTransfer:
		cash.group = s.group(suppliers, index, s.lettered(paid))
		s.bookPurchase(index, ref, v, due, cash.group)
		s.at(paid, cash)
	case p.habit == assetSupplier:
		cash.control, cash.group = assetSuppliers, s.group(assetSuppliers, index, s.lettered(paid))
		s.bookAsset(index, ref, v, due, cash.group)
		s.at(paid, cash)
	case p.habit == draftSupplier && s.today+12 < due:
		s.buyByDraft(cash, v, due)
	case p.habit == prepaidSupplier && s.buyInAdvance(index, total):
	default:
		s.buyInRun(index, ref, v, due)
	}
}

func (s *simulation) purchaseRef() docRef {
	return docRef{series: purchaseSeries, year: s.yearDigits(), number: uint32(1 + s.rng.IntN(999_999))}
}

func (s *simulation) bookPurchase(index int32, ref docRef, v sale, due int32, g *group) {
	s.bookSupplierInvoice(suppliers, index, ref, v, due, g, s.suppliers[index].revenue, vatPaid)
}

func (s *simulation) bookAsset(index int32, ref docRef, v sale, due int32, g *group) {
	s.bookSupplierInvoice(assetSuppliers, index, ref, v, due, g, equipment, vatOnAssets)
}

func (s *simulation) bookSupplierInvoice(
	c control, index int32, ref docRef, v sale, due int32, g *group, cost, vat account,
) {
	l := s.ledger
	l.begin(purchaseJournal, s.today, ref, s.today)
	l.text(s.shape.words.purchase, s.suppliers[index].label)
	l.post(cost, v.net)
	if v.vat != 0 {
		l.post(vat, v.vat)
	}
	s.post(c, index, -v.total(), due, g)
	l.end()
	if s.fiscal > 0 {
		s.invoices++
	}
}

// buyInRun adds the invoice to the payments of the 10th or the 25th.
func (s *simulation) buyInRun(index int32, ref docRef, v sale, due int32) {
	p := &s.suppliers[index]
	day := s.cal.runDay(max(due+s.between(-2, 4), s.today+1))
	r := p.runOn(day)
	if r == nil {
		r = &run{day: day, group: s.group(suppliers, index, s.lettered(day))}
		p.runs = append(p.runs, r)
		s.at(day, event{kind: supplierRun, partner: index, run: r})
	}
	s.bookPurchase(index, ref, v, due, r.group)
	r.total += v.total()
	if day > s.today+5 && s.chance(250) {
		amount := v.total() / 4
		r.total -= amount
		s.at(s.between(s.today+2, day-1), event{
			kind: supplierCredit, partner: index, amount: amount, rate: p.rate, group: r.group,
		})
	}
}

// paySuppliers sends the runs of today to the bank, many suppliers in one entry.
func (s *simulation) paySuppliers() {
	l := s.ledger
	for start := 0; start < len(s.payments); start += transfersPerEntry {
		batch := s.payments[start:min(start+transfersPerEntry, len(s.payments))]
		d := s.cal.at(s.today)
		ref := docRef{series: statementSeries, year: s.yearDigits(), number: uint32(d.month*100 + d.day)}
		l.begin(bankJournal, s.today, ref, s.today)
		var total int64
		for i := range batch {
			e := &batch[i]
			p := &s.suppliers[e.partner]
			p.dropRun(e.run)
			l.relabel(ref, s.today)
			l.text("VIR EMIS ", p.label)
			s.post(suppliers, e.partner, e.run.total, never, e.run.group)
			total += e.run.total
		}
		l.relabel(ref, s.today)
		l.text("VIR FOURNISSEURS")
		l.post(bank, -total)
		l.end()
	}
	s.payments = s.payments[:0]
}

func (s *simulation) bookSupplierPayment(e *event) {
	l := s.ledger
	l.begin(bankJournal, s.today, e.ref, s.today)
	l.text("VIR EMIS ", s.suppliers[e.partner].label, " ")
	l.textRef(e.ref)
	s.post(e.control, e.partner, e.amount, never, e.group)
	l.post(bank, -e.amount)
	l.end()
}

func (s *simulation) bookSupplierCredit(e *event) {
	p := &s.suppliers[e.partner]
	vat := vatWithin(e.amount, e.rate)
	l := s.ledger
	l.begin(purchaseJournal, s.today, s.purchaseRef(), s.today)
	l.text("Avoir ", p.label)
	s.post(suppliers, e.partner, e.amount, never, e.group)
	l.post(p.revenue, vat-e.amount)
	l.post(vatPaid, -vat)
	l.end()
}

// buyByDraft plans a bill of exchange accepted by us.
func (s *simulation) buyByDraft(cash event, v sale, due int32) {
	accepted, paid := s.later(s.today, 4, 10), s.later(due, 0, 0)
	g := s.group(suppliers, cash.partner, s.lettered(accepted))
	s.bookPurchase(cash.partner, cash.ref, v, due, g)
	cash.control, cash.group = billsToPay, s.group(billsToPay, cash.partner, s.lettered(paid))
	draft := cash
	draft.kind, draft.due, draft.group, draft.second = supplierDraft, due, g, cash.group
	s.at(accepted, draft)
	s.at(paid, cash)
}

func (s *simulation) bookSupplierDraft(e *event) {
	l := s.ledger
	l.begin(billJournal, s.today, e.ref, s.today)
	l.text("LCR ")
	l.textRef(e.ref)
	l.text(" ", s.shape.words.maturity, draftMaturity(s.cal, e.due))
	s.post(suppliers, e.partner, e.amount, never, e.group)
	s.post(billsToPay, e.partner, -e.amount, e.due, e.second)
	l.end()
}

// buyInAdvance pays a third today and books the invoice some weeks later; it reports
// whether it does. An advance whose invoice would come after the last fiscal year
// stays alone, and today's invoice is booked as usual.
func (s *simulation) buyInAdvance(index int32, total int64) bool {
	if s.fiscal == 0 {
		return false
	}
	day := s.later(s.today, 10, 40)
	advance := event{partner: index, amount: total / 3, group: s.group(advances, index, s.lettered(day))}
	s.bookAdvance(&advance)
	if day > s.cal.lastDay() {
		return false
	}
	s.at(day, event{
		kind: purchaseLessAdvance, partner: index, amount: total, extra: advance.amount, second: advance.group,
	})
	return true
}

func (s *simulation) bookAdvance(e *event) {
	l := s.ledger
	l.begin(bankJournal, s.today, docRef{series: transferRef}, s.today)
	l.text("Acompte ", s.suppliers[e.partner].label)
	s.post(advances, e.partner, e.amount, never, e.group)
	l.post(bank, -e.amount)
	l.end()
}

// bookPurchaseLessAdvance books the invoice after an advance of extra and its use.
func (s *simulation) bookPurchaseLessAdvance(e *event) {
	p := &s.suppliers[e.partner]
	vat := vatWithin(e.amount, p.rate)
	due := p.term.due(s.cal, s.today)
	paid := s.later(due, 0, 5)
	ref := s.purchaseRef()
	g := s.group(suppliers, e.partner, s.lettered(paid))
	s.bookPurchase(e.partner, ref, sale{net: e.amount - vat, vat: vat}, due, g)
	l := s.ledger
	l.begin(generalJournal, s.today, ref, s.today)
	l.text(s.shape.words.deposit, p.label)
	s.post(suppliers, e.partner, e.extra, never, g)
	s.post(advances, e.partner, -e.extra, never, e.second)
	l.end()
	s.at(paid, event{
		kind: supplierPayment, control: suppliers, partner: e.partner, amount: e.amount - e.extra, ref: ref, group: g,
	})
}
