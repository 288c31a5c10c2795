package sample

// bookRoutine books what comes back every month or year and is no receivable:
// payroll, VAT, bank fees, accruals, the use of the result. It is a small share of
// the lines.
func (s *simulation) bookRoutine() {
	d := s.cal.at(s.today)
	switch {
	case d.day == 15:
		s.transfer(socialCharges, s.shape.words.charges)
	case d.day == 24:
		s.transfer(vatDue, s.shape.words.vat)
	}
	if s.today == s.yearStart+170 && s.fiscal > 0 {
		s.useResult()
	}
	if s.today == d.monthEnd {
		s.bookPayroll()
		s.bookBankFees()
	}
	if s.today == s.yearEnd {
		s.bookAccruals()
	}
	if s.today == d.monthEnd {
		s.declareVAT()
		s.monthNet = 0
	}
}

// fundCompany gives the company its capital on the first day of the warm-up: two
// months of expected sales.
func (s *simulation) fundCompany() {
	amount := 10_000_000 + 2*2*customerSize*s.entity.sales/int64(12*s.opt.Years)/100*100
	l := s.ledger
	l.begin(generalJournal, 0, s.ref(generalSeries), 0)
	l.post(bank, amount)
	l.post(capital, -amount)
	l.end()
}

// transfer pays a liability out of the bank.
func (s *simulation) transfer(a account, label string) {
	l := s.ledger
	owed := -l.balance[a]
	if owed <= 0 {
		return
	}
	l.begin(bankJournal, s.today, docRef{series: transferRef}, s.today)
	l.text(label)
	l.post(a, owed)
	l.post(bank, -owed)
	l.end()
}

// bookPayroll books wages of about a fifth of the month's sales and pays them.
func (s *simulation) bookPayroll() {
	gross := max(s.monthNet*22/100, 1_000_000)
	own, employer := gross*22/100, gross*42/100
	l := s.ledger
	l.begin(payrollJournal, s.today, s.ref(generalSeries), s.today)
	l.text(s.shape.words.wages)
	l.post(wages, gross)
	l.post(wageCharges, employer)
	l.post(payroll, own-gross)
	l.post(socialCharges, -own-employer)
	l.end()
	s.transfer(payroll, s.shape.words.wages)
}

func (s *simulation) bookBankFees() {
	fee := 2500 + s.rng.Int64N(6000)
	l := s.ledger
	l.begin(bankJournal, s.today, docRef{series: noRef}, s.today)
	l.text("COMMISSIONS ET FRAIS")
	l.post(bankFees, fee)
	l.post(bank, -fee)
	l.end()
}

// declareVAT turns the VAT accounts of the month into a debt or a credit.
func (s *simulation) declareVAT() {
	l := s.ledger
	l.begin(generalJournal, s.today, s.ref(generalSeries), s.today)
	l.text(s.shape.words.vat)
	var sum int64
	for _, a := range [...]account{
		vatCollected20, vatCollected10, vatCollected5, vatPaid, vatOnAssets, vatCredit,
	} {
		if balance := l.balance[a]; balance != 0 {
			l.post(a, -balance)
			sum += balance
		}
	}
	if sum > 0 {
		l.post(vatCredit, sum)
	} else {
		l.post(vatDue, sum)
	}
	l.end()
}

// useResult carries the result of the year before forward.
func (s *simulation) useResult() {
	l := s.ledger
	gain, loss := l.balance[result], l.balance[resultLoss]
	if gain+loss == 0 {
		return
	}
	l.begin(generalJournal, s.today, s.ref(generalSeries), s.today)
	l.text(s.shape.words.profit)
	for _, a := range [...]account{result, resultLoss} {
		if l.balance[a] != 0 {
			l.post(a, -l.balance[a])
		}
	}
	l.post(retained, gain+loss)
	l.end()
}

// bookAccruals books sales not yet invoiced and purchases whose invoice has not
// come, and has them reversed on the first day of the next year.
func (s *simulation) bookAccruals() {
	back := s.cal.nextYearStart(s.today)
	count := max(3, len(s.customers)/20)
	for range count {
		s.accrue(unbilled, s.customerPick.draw(s.rng), back)
	}
	for range max(2, len(s.suppliers)/15) {
		s.accrue(unreceived, s.supplierPick.draw(s.rng), back)
	}
}

func (s *simulation) accrue(c control, index, back int32) {
	p := s.partner(c, index)
	if p.ownAccount != nil {
		return
	}
	net := skewed(s.rng, p.size)
	vat := vatOf(net, p.rate)
	e := event{
		kind: accrualReversal, control: c, partner: index, amount: net + vat, extra: vat,
		ref: s.ref(generalSeries), group: s.group(c, index, back),
	}
	s.bookAccrual(&e, 1)
	s.at(back, e)
}

// bookAccrual books an accrual, or takes it back where sign is -1.
func (s *simulation) bookAccrual(e *event, sign int64) {
	p := s.partner(e.control, e.partner)
	l := s.ledger
	label, vat := s.shape.words.unbilled, vatUnbilled
	if e.control == unreceived {
		label, vat, sign = s.shape.words.unreceived, vatUnreceived, -sign
	}
	l.begin(generalJournal, s.today, e.ref, s.today)
	l.text(label, p.label)
	s.post(e.control, e.partner, sign*e.amount, never, e.group)
	l.post(p.revenue, sign*(e.extra-e.amount))
	if e.extra != 0 {
		l.post(vat, -sign*e.extra)
	}
	l.end()
}
