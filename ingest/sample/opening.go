package sample

import "fmt"

// bookOpening writes the balances of the year before as the first entry of this
// one: control accounts per open line or per counterparty, other balance-sheet
// accounts in one line each, the income statement as a result.
func (s *simulation) bookOpening() {
	s.closeIncome()
	l := s.ledger
	ref := docRef{series: openingSeries, year: uint8(s.cal.at(s.yearStart).year % 100)}
	l.begin(openingJournal, s.yearStart, ref, s.yearStart)
	for a := account(controls); a < accounts; a++ {
		if l.balance[a] == 0 {
			continue
		}
		l.relabel(ref, s.yearStart)
		l.text(s.shape.words.opening)
		l.carry(a, l.balance[a])
	}
	if s.shape.detailed {
		s.carryLines()
	} else {
		s.carryTotals(ref)
	}
	l.end()
	left := s.open[:0]
	for _, line := range s.open {
		if !s.closesThisYear(line.group) {
			left = append(left, line)
		}
	}
	clear(s.open[len(left):])
	s.open = left
}

// closeIncome moves the balances of classes 6 and 7 to the result of the year.
func (s *simulation) closeIncome() {
	l := s.ledger
	var sum int64
	for a := range l.balance {
		if isIncome(account(a)) {
			sum += l.balance[a]
			l.balance[a] = 0
		}
	}
	if sum <= 0 {
		l.balance[result] += sum
		return
	}
	l.balance[resultLoss] += sum
}

// carryLines writes one opening line per open line, under its own document.
func (s *simulation) carryLines() {
	l := s.ledger
	for i := range s.open {
		line := &s.open[i]
		l.relabel(line.ref, line.day)
		l.text(s.shape.words.opening, " ")
		l.textRef(line.ref)
		s.row(line.control, line.partner, line.amount, line.due, line.group)
	}
}

// carryTotals writes one opening line per counterparty and account. The groups of
// the lines behind it become one group for this year: a payment of an old invoice
// can only be lettered with the total.
func (s *simulation) carryTotals(ref docRef) {
	for i := range s.open {
		s.addToTotal(&s.open[i])
	}
	s.writeTotals(ref, s.customers, customers, suppliers)
	s.writeTotals(ref, s.suppliers, suppliers, controls)
}

func (s *simulation) addToTotal(line *openLine) {
	total := &s.partner(line.control, line.partner).totals[slot(line.control)]
	if total.group == nil {
		total.group = s.group(line.control, line.partner, s.yearStart)
		total.group.marked = s.chance(9900)
	}
	total.amount += line.amount
	merged, g := total.group, line.group
	if g == nil {
		merged.closes = never
		return
	}
	g.merged, g.mergedYear = merged, s.fiscal
	active := never
	if s.closesThisYear(g) {
		active = g.closes
		if merged.closes != never {
			merged.closes = max(merged.closes, g.closes)
		}
	} else {
		merged.closes = never
		if g.part >= s.yearStart && g.part <= s.yearEnd {
			active = g.part
		}
	}
	if active != never && (merged.part == never || active > merged.part) {
		merged.part = active
	}
}

func (s *simulation) writeTotals(ref docRef, list []partner, from, to control) {
	l := s.ledger
	for i := range list {
		for c := from; c < to; c++ {
			total := &list[i].totals[slot(c)]
			if total.amount != 0 {
				l.relabel(ref, s.yearStart)
				l.text(s.shape.words.opening, " ", list[i].label)
				s.row(c, int32(i), total.amount, never, total.group)
			}
			*total = openingTotal{}
		}
	}
}

// checkControls proves that the open lines make up the control accounts.
func (s *simulation) checkControls() error {
	var sums [controls]int64
	for i := range s.open {
		sums[s.open[i].control] += s.open[i].amount
	}
	for c, sum := range sums {
		if balance := s.ledger.balance[c]; sum != balance {
			return fmt.Errorf("open lines of account %s are %d cents, its balance %d", chart[c].number, sum, balance)
		}
	}
	return nil
}
