package sample

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
)

// partner is a customer or a supplier of one entity.
type partner struct {
	code       string // as in CompAuxNum, or the account number where it stands there
	name       string
	label      string // the name, encoded
	aux        []byte // code and label, each followed by the separator
	ownAccount []byte // account number and label, where the ledger has no auxiliary code
	term       *term
	ownTerm    bool // term is not the default of the entity
	habit      habit
	rate       int64   // VAT, in thousandths
	revenue    account // or expense, for a supplier
	size       int64   // typical invoice without tax, in cents
	style      refStyle
	fails      int32 // first day from which it pays nothing
	codes      [sideSlots]codes
	runs       []*run
	totals     [sideSlots]openingTotal
	group      bool   // another entity of the group
	siren      string // of that entity
}

// run is a planned payment of several documents by one transfer.
type run struct {
	day         int32
	group       *group
	total       int64
	count       int
	first       int64 // amount of the first document
	ref, latest docRef
}

// openingTotal gathers the open lines of one counterparty and account.
type openingTotal struct {
	amount int64
	group  *group
}

// habit is the way in which a customer pays, or in which a supplier is paid.
type habit uint8

const (
	punctual      habit = iota
	lateByAWeek         // 5 to 10 days after the due date
	monthEndPayer       // what falls due in a month, on its last day
	groupedPayer        // all that is due, on the 10th and the 25th
	chronicLate         // 30 to 60 days late
	partialPayer        // a part, then the rest or nothing
	deteriorating       // later every month
	failing             // stops paying one day
	earlyPayer          // before the due date, less a discount
	draftPayer          // accepts a bill of exchange
	directDebit         // collected on the due date, sometimes bounced
	builder             // keeps a retention, pays late
	plainSupplier
	ownTransfer // a supplier paid by a transfer of its own
	draftSupplier
	assetSupplier
	prepaidSupplier
)

// refStyle is what a customer's payment says of the invoice it settles.
type refStyle uint8

const (
	refInPiece refStyle = iota
	refInLabel
	refNowhere
	refStatement
)

// habitCycle gives every forty customers each habit in its share; it is walked with
// a step that mixes habits over the sizes. Of the two that fail, the first one does so
// towards the end.
var habitCycle = [40]habit{
	failing, punctual, punctual, punctual, punctual, punctual, punctual, punctual, punctual, punctual,
	lateByAWeek, lateByAWeek, lateByAWeek, lateByAWeek, lateByAWeek, lateByAWeek, lateByAWeek, lateByAWeek,
	monthEndPayer, monthEndPayer, monthEndPayer, monthEndPayer, monthEndPayer,
	groupedPayer, groupedPayer, groupedPayer, groupedPayer, groupedPayer,
	chronicLate, chronicLate, chronicLate, partialPayer, partialPayer, deteriorating, deteriorating,
	failing, earlyPayer, draftPayer, directDebit, builder,
}

// sizes are 33 quantiles of a log-normal distribution with median 1,000 and a
// standard deviation of one on the logarithm: amounts without floating point.
var sizes = [33]int64{
	81, 155, 216, 268, 317, 364, 412, 460, 509, 560, 613, 669, 727, 789, 854, 925, 1000,
	1082, 1170, 1268, 1375, 1495, 1630, 1784, 1963, 2174, 2428, 2746, 3159, 3736, 4637, 6441, 12331,
}

// skewed scales base by a random draw from sizes, interpolated.
func skewed(rng *rand.Rand, base int64) int64 {
	u := rng.Int64N(32 << 10)
	i, part := u>>10, u&1023
	permille := sizes[i] + (sizes[i+1]-sizes[i])*part>>10
	return max(500, base*permille/1000)
}

// picker draws index i with a weight of about 1/(i+7): few counterparties make
// most of the documents.
type picker []int64

func newPicker(n int) picker {
	p := make(picker, n)
	var sum int64
	for i := range p {
		sum += 1_000_000_000 / int64(i+7)
		p[i] = sum
	}
	return p
}

func (p picker) draw(rng *rand.Rand) int32 {
	u := rng.Int64N(p[len(p)-1])
	return int32(sort.Search(len(p), func(i int) bool { return p[i] > u }))
}

const (
	customerSize = 95_000  // median invoice of a median customer, in cents
	supplierSize = 230_000 // likewise of a supplier: sales exceed purchases
)

// customerCount keeps about one customer for a hundred invoices.
func customerCount(documents int64) int { return int(max(40, documents/100)) }

func supplierCount(documents int64) int { return int(max(15, documents/400)) }

// newCustomers invents the customers of an entity; the group companies that buy
// from it come last.
func newCustomers(e *entity, rng *rand.Rand, cal *calendar) []partner {
	n := customerCount(e.sales + e.purchases)
	list := make([]partner, n)
	span := cal.lastDay() - cal.start[1]
	for i := range list {
		p := &list[i]
		name, surname := companyName(rng)
		turn := (i*11 + e.index*9 + 7) % len(habitCycle)
		p.habit = habitCycle[turn]
		if i < n/12 && p.habit == failing {
			p.habit = chronicLate // a failure among the largest would drown all else
		}
		p.code = fmt.Sprintf("C%05d", i+1)
		if e.shape.sirenCodes {
			p.code = "C" + inventedSiren(996-10*e.index, i)
		}
		p.size = skewed(rng, customerSize)
		p.style = refStyle(rng.IntN(10) / 3)
		if p.style > refStatement {
			p.style = refStatement
		}
		p.rate, p.revenue = drawTrade(rng)
		p.fails = never
		if p.habit == failing {
			from := span / 10
			if turn == 0 {
				from = span * 6 / 10
			}
			p.fails = cal.start[1] + from + rng.Int32N(span*25/100+1)
		}
		if p.habit == builder {
			p.revenue = works
		}
		p.term = &e.customer
		if rng.IntN(100) < 25 {
			p.term, p.ownTerm = &customerTerms[rng.IntN(len(customerTerms))], true
		}
		own := e.shape.ownAccount && i%9 == 4 && p.habit <= chronicLate
		p.setName(e.shape, name, surname, own, i)
	}
	return list
}

// drawTrade picks a VAT rate in thousandths and a sales account.
func drawTrade(rng *rand.Rand) (int64, account) {
	revenue := goodsSold
	if rng.IntN(100) < 40 {
		revenue = services
	}
	switch d := rng.IntN(100); {
	case d < 82:
		return 200, revenue
	case d < 90:
		return 100, revenue
	case d < 95:
		return 55, goodsSold
	}
	return 0, revenue
}

// setName sets the name and the encoded fields; own puts the counterparty in the
// account number.
func (p *partner) setName(s *shape, name, surname string, own bool, index int) {
	p.name, p.label = name, s.encode(name)
	if own {
		p.code = fmt.Sprintf("411%s%d", accountSuffix(surname), index)
		p.ownAccount = s.fields(p.code, name)
	}
	p.aux = s.fields(p.code, name)
}

// newSuppliers invents the suppliers of an entity.
func newSuppliers(e *entity, rng *rand.Rand) []partner {
	n := supplierCount(e.sales + e.purchases)
	list := make([]partner, n)
	expenses := [...]account{purchases, purchases, purchases, purchases, transport, maintenance, fees, rent}
	habits := [...]habit{
		plainSupplier, plainSupplier, ownTransfer, plainSupplier, plainSupplier, draftSupplier,
		plainSupplier, assetSupplier, plainSupplier, plainSupplier, prepaidSupplier, ownTransfer,
	}
	for i := range list {
		p := &list[i]
		name, surname := companyName(rng)
		p.code = fmt.Sprintf("F%05d", i+1)
		p.size = skewed(rng, supplierSize)
		p.rate, p.revenue, p.fails = 200, expenses[rng.IntN(len(expenses))], never
		p.habit = habits[i%len(habits)]
		p.term = &e.supplier
		if rng.IntN(100) < 25 {
			p.term, p.ownTerm = &supplierTerms[rng.IntN(len(supplierTerms))], true
		}
		p.setName(e.shape, name, surname, false, i)
	}
	return list
}

// groupPartner is another entity of the group, as customer and as supplier.
func groupPartner(e, other *entity, customer bool) partner {
	p := partner{code: "IC" + other.id, rate: 200, fails: never, group: true, siren: other.siren, style: refInLabel}
	p.term, p.revenue = &e.customer, services
	if !customer {
		p.term, p.revenue = &e.supplier, fees
	}
	p.setName(e.shape, other.name, "", false, 0)
	return p
}

// draftMaturity is how a bill of exchange names its due date in a label.
func draftMaturity(cal *calendar, day int32) string {
	d := cal.at(day)
	var b strings.Builder
	fmt.Fprintf(&b, "%02d/%02d/%d", d.day, d.month, d.year)
	return b.String()
}
