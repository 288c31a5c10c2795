package sample

// A settlement is planned when its first document is booked: the days of all its
// lines are known, so every line can be written at once with the code it bears at
// the cut of its fiscal year, and no line waits in memory.

// group is a lettering group of one counterparty on one control account.
type group struct {
	control control
	partner int32
	closes  int32 // day on which it is lettered in full; never where it stays open
	part    int32 // day of a payment on account, never where there is none
	marked  bool  // the payment on account is lettered in small letters
	undated bool  // DateLet stays empty

	fiscal  int // fiscal year that number belongs to
	partial bool
	number  uint32

	merged     *group // the group of the opening total that took this one in …
	mergedYear int    // … in this fiscal year
}

// openLine is a line of a control account that is not lettered in full at the end
// of its fiscal year, and so stands in the next opening.
type openLine struct {
	group   *group // nil where nothing settles it
	ref     docRef
	amount  int64 // debit less credit
	day     int32 // of the document
	due     int32
	partner int32
	control control
}

// codes counts the lettering codes of one counterparty on one account: they start
// again with every fiscal year, capitals and small letters apart.
type codes struct {
	fiscal      int
	full, small uint32
}

func (c *codes) next(fiscal int, partial bool) uint32 {
	if c.fiscal != fiscal {
		*c = codes{fiscal: fiscal}
	}
	if partial {
		c.small++
		return c.small
	}
	c.full++
	return c.full
}

// group returns a group that is lettered on day closes, or never.
func (s *simulation) group(c control, partner, closes int32) *group {
	return &group{
		control: c, partner: partner, closes: closes, part: never,
		undated: s.shape.undated > 0 && s.rng.IntN(100) < s.shape.undated,
	}
}

// lettered returns the day on which a settlement of day last is lettered: that day,
// or the first day of the next fiscal year where the bookkeeper forgot it. Where
// openings are totals, a pair that was forgotten disappears in them for good, and so
// is forgotten less often.
func (s *simulation) lettered(last int32) int32 {
	forgotten := 8
	if !s.shape.detailed {
		forgotten = 2
	}
	if s.rng.IntN(1000) < forgotten {
		return s.cal.nextYearStart(last)
	}
	return last
}

// closesThisYear tells whether the lines of a group leave the ledger before the end
// of the current fiscal year.
func (s *simulation) closesThisYear(g *group) bool {
	return g != nil && g.closes <= s.yearEnd
}

// mark returns what the lines of a group show in the current fiscal year.
func (s *simulation) mark(g *group) mark {
	if g == nil {
		return mark{}
	}
	if g.merged != nil && g.mergedYear == s.fiscal {
		g = g.merged
	}
	m := mark{day: g.closes}
	switch {
	case g.closes <= s.yearEnd:
	case g.marked && g.part <= s.yearEnd:
		m.partial, m.day = true, max(g.part, s.yearStart)
	default:
		return mark{}
	}
	if g.fiscal != s.fiscal || g.partial != m.partial || g.number == 0 {
		g.fiscal, g.partial = s.fiscal, m.partial
		g.number = s.partner(g.control, g.partner).codes[slot(g.control)].next(s.fiscal, m.partial)
	}
	m.number = g.number
	if g.undated {
		m.day = never
	}
	return m
}

// slot numbers the control accounts of one side from 0.
func slot(c control) int {
	if c >= suppliers {
		return int(c - suppliers)
	}
	return int(c)
}

// sideSlots is the larger number of control accounts of a side.
const sideSlots = int(suppliers)

// partner returns the counterparty of a control account.
func (s *simulation) partner(c control, index int32) *partner {
	if c >= suppliers {
		return &s.suppliers[index]
	}
	return &s.customers[index]
}

// post books an amount on a control account, positive to the debit. The line is
// kept for the next opening where its group is not settled by the end of the year.
func (s *simulation) post(c control, index int32, amount int64, due int32, g *group) {
	l := s.ledger
	l.balance[account(c)] += amount
	if !s.closesThisYear(g) {
		s.open = append(s.open, openLine{
			group: g, ref: l.doc, amount: amount, day: l.piece, due: due, partner: index, control: c,
		})
	}
	s.row(c, index, amount, due, g)
}

func (s *simulation) row(c control, index int32, amount int64, due int32, g *group) {
	if s.ledger.out == nil {
		s.ledger.sum += amount
		return
	}
	p := s.partner(c, index)
	if p.ownAccount != nil {
		s.ledger.row(p.ownAccount, s.ledger.blankAux, amount, s.mark(g), due)
		return
	}
	s.ledger.row(s.ledger.accounts[c], p.aux, amount, s.mark(g), due)
}
