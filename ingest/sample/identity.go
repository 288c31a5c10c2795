package sample

import "math/rand/v2"

// record is what the file of counterparties tells of the numbers of a company.
type record uint8

const (
	allNumbers   record = iota
	sirenOnly           // SIREN and address
	vatOnly             // the VAT number alone
	lostZero            // a SIREN without the zero in front
	wrongKey            // a SIREN with a wrong digit
	nameAndPlace        // no number; the register has one company of that name there
	withHomonym         // likewise, and another company of that name elsewhere
	withTwin            // likewise, and another one in the same town
	otherTown           // no number, and the address of another town
	foreigner           // a company of another country
)

// recordCycle gives every twenty counterparties each record in its share.
var recordCycle = [20]record{
	allNumbers, sirenOnly, nameAndPlace, allNumbers, vatOnly, allNumbers, lostZero, sirenOnly, withTwin, allNumbers,
	wrongKey, sirenOnly, allNumbers, withHomonym, allNumbers, sirenOnly, otherTown, allNumbers, foreigner, allNumbers,
}

// fate is what happens to the company of a customer in the fiscal years: the first day
// on which each is published, never where it is not.
type fate struct {
	opened, converted, closed int32 // receivership, liquidation, closed for lack of assets
	sold                      int32 // its business
	moved                     int32 // its head office, to another town of the department
	ceased                    int32
}

// twinStep is how far the second code of a company stands behind the first one.
const twinStep = 14

// party is a customer or supplier with its company.
type party struct {
	*partner
	simulation *simulation
	isSupplier bool
	index      int
	company    company
	record     record
	fate       fate
	first      int // index of the other code of the company, -1 for none
}

// companyOf makes up the company behind the i-th name of a list of the entity; kind
// tells lists apart.
func (s *simulation) companyOf(kind, i int, name, siren string) company {
	return newCompany(rand.New(rand.NewPCG(s.opt.Seed, uint64(4000+10*s.entity.index+kind)<<32|uint64(i))), name, siren)
}

// The lists of names of an entity.
const (
	customerList = iota
	supplierList
	prospectList
	strangerList
)

// customer and supplier return the i-th one; the same index gives the same party.
func (s *simulation) customer(i int) party {
	p := &s.customers[i]
	q := party{partner: p, simulation: s, index: i, first: -1, fate: s.fateOf(p, i)}
	q.record = recordCycle[(i*7+s.entity.index*3+1)%len(recordCycle)]
	q.company = s.companyOf(customerList, i, p.name, inventedSiren(blockOf(customerBlock, &s.entity), i))
	first := i - twinStep
	switch {
	case p.group:
		q.record = allNumbers
	case q.fate != s.noFate() || i%40 == 7:
		q.record = [2]record{allNumbers, sirenOnly}[i%2]
	case i%40 == 7+twinStep && !s.customers[first].group && s.fateOf(&s.customers[first], first) == s.noFate():
		q.first, q.record = first, allNumbers
	case q.record == lostZero && s.entity.shape.sirenCodes:
		q.record = sirenOnly // the code tells the number
	case q.record == lostZero:
		q.company.siren = inventedSiren(zeroBlock-5*s.entity.index, i)
	}
	return s.settled(q)
}

func (s *simulation) supplier(i int) party {
	p := &s.suppliers[i]
	q := party{partner: p, simulation: s, isSupplier: true, index: i, first: -1, fate: s.noFate()}
	q.record = recordCycle[(i*7+s.entity.index*3+4)%len(recordCycle)]
	q.company = s.companyOf(supplierList, i, p.name, inventedSiren(blockOf(supplierBlock, &s.entity), i))
	if p.group {
		q.record = allNumbers
	}
	if q.record == lostZero {
		q.record = allNumbers
	}
	return s.settled(q)
}

// settled gives companies of the group their own number, and lets no natural person be
// looked for by the name that the register hides.
func (s *simulation) settled(q party) party {
	if q.group {
		q.company.siren, q.company.form, q.company.naf = q.siren, plainForm, "70.10Z"
	}
	if q.company.isPerson() && q.record > wrongKey {
		q.record = sirenOnly
	}
	return q
}

func (s *simulation) noFate() fate {
	return fate{opened: never, converted: never, closed: never, sold: never, moved: never, ceased: never}
}

// fateOf tells what becomes of a customer: who stops paying comes before a court, the
// early ones to their end; of every forty others one sells its business, one moves and
// one ceases.
func (s *simulation) fateOf(p *partner, i int) fate {
	f, last := s.noFate(), s.cal.lastDay()
	reached := func(day int32) int32 {
		if day = s.cal.banking(day); day <= last {
			return day
		}
		return never
	}
	switch turn := (i + 7*s.entity.index) % 40; {
	case p.group:
	case p.fails != never:
		f.opened = reached(p.fails + 90)
		if p.habit == failing && p.fails < (s.cal.start[1]+last)/2 {
			f.converted, f.closed = reached(p.fails+250), reached(p.fails+580)
			if f.closed != never {
				f.ceased = f.closed
			}
		}
	case turn == 16:
		f.sold = reached(last - 140)
	case turn == 22:
		f.moved = reached(last - 230)
	case turn == 29:
		f.ceased = reached(last - 60)
	}
	return f
}

// isRegistered tells whether the register has the company; it never has all of them.
func (q *party) isRegistered() bool {
	return q.record != foreigner && (q.group || q.index%23 != 11 || q.fate != q.simulation.noFate())
}

// identified tells whether the file gives a number of the company that holds.
func (q *party) identified() bool { return q.record <= lostZero }

// owner is the company that the accounting means: that of the first code where two
// codes are one company.
func (q *party) owner() company {
	if q.first < 0 {
		return q.company
	}
	first := q.simulation.customer(q.first)
	return first.company
}

// title is the name in the file of counterparties.
func (q *party) title() string {
	if q.first < 0 {
		return q.company.title()
	}
	owner := q.owner()
	return owner.title() + " (ex " + q.name + ")"
}

// homonym is another company of the same name.
func (q *party) homonym() company {
	other, n := q.company, q.index/len(recordCycle)*2
	if q.record == withTwin {
		n++
	}
	if q.isSupplier {
		n += 50_000
	}
	other.siren = inventedSiren(blockOf(homonymBlock, &q.simulation.entity), n)
	other.address.number++
	if q.record == withHomonym {
		other.address = other.address.faraway()
	}
	return other
}
