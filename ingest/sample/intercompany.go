package sample

import "math/rand/v2"

// The entities sell to each other in a ring. Seller and buyer draw the same invoices
// from a generator of their pair and month, and so book the same documents, amounts
// and days without knowing of each other's simulation.

type pair struct{ seller, buyer int }

func intercompanyPairs(entities int) []pair {
	var pairs []pair
	for i := range entities {
		if entities > 1 {
			pairs = append(pairs, pair{seller: i, buyer: (i + 1) % entities})
		}
	}
	return pairs
}

// groupInvoice is an invoice between two entities.
type groupInvoice struct {
	day, due, paid int32
	amount, vat    int64 // with tax, and the tax in it
	ref            docRef
}

// intercompanyPace returns how many invoices a pair exchanges every so many months:
// about two percent of all documents, none in a very small sample.
func intercompanyPace(opt Options) (count, months int) {
	pairs := len(intercompanyPairs(opt.Entities))
	slots := pairs * 12 * opt.Years
	switch {
	case pairs == 0 || opt.Invoices < 4*slots:
		return 0, 1
	case opt.Invoices < 20*slots:
		return 1, 3
	}
	return max(1, opt.Invoices/100/slots), 1
}

// groupInvoices returns the invoices of a pair in the month that starts on day.
func groupInvoices(opt Options, cal *calendar, p pair, day int32) []groupInvoice {
	count, months := intercompanyPace(opt)
	d := cal.at(day)
	if count == 0 || d.month%months != 0 {
		return nil
	}
	month := d.year*12 + d.month
	rng := rand.New(rand.NewPCG(opt.Seed, uint64(3000+p.seller)<<32|uint64(month)))
	var list []groupInvoice
	for k := range count {
		net := skewed(rng, 600_000)
		i := groupInvoice{day: cal.banking(day + 2 + rng.Int32N(18))}
		i.due = cal.monthEnd(i.day + 30)
		i.paid = cal.banking(i.due + rng.Int32N(40))
		i.vat = vatOf(net, 200)
		i.amount = net + i.vat
		i.ref = docRef{
			series: intercompanySeries, year: uint8(10*p.seller + p.buyer + 11),
			number: uint32((month-cal.days[0].year*12)*count + k + 1),
		}
		if i.day <= cal.lastDay() {
			list = append(list, i)
		}
	}
	return list
}

// intercompanyCount counts the intercompany invoices of all fiscal years.
func intercompanyCount(opt Options, cal *calendar) int64 {
	var n int64
	for _, p := range intercompanyPairs(opt.Entities) {
		for day := int32(0); day <= cal.lastDay(); day++ {
			if cal.at(day).day != 1 {
				continue
			}
			for _, i := range groupInvoices(opt, cal, p, day) {
				if i.day >= cal.start[1] {
					n++
				}
			}
		}
	}
	return n
}

// planIntercompany queues the month's invoices with the other entities.
func (s *simulation) planIntercompany() {
	if s.cal.at(s.today).day != 1 {
		return
	}
	for _, p := range intercompanyPairs(len(s.customerOf)) {
		if p.seller != s.entity.index && p.buyer != s.entity.index {
			continue
		}
		for _, i := range groupInvoices(s.opt, s.cal, p, s.today) {
			e := event{amount: i.amount, extra: i.vat, due: i.due, ref: i.ref, rate: 200}
			if p.seller == s.entity.index {
				s.exchange(e, i, groupSale, receipt, customers, s.customerOf[p.buyer])
			}
			if p.buyer == s.entity.index {
				s.exchange(e, i, groupPurchase, supplierPayment, suppliers, s.supplierOf[p.seller])
			}
		}
	}
}

func (s *simulation) exchange(e event, i groupInvoice, booked, settled eventKind, c control, partner int32) {
	e.kind, e.control, e.partner = booked, c, partner
	e.group = s.group(c, partner, i.paid)
	s.at(i.day, e)
	e.kind, e.extra = settled, 0
	s.at(i.paid, e)
}
