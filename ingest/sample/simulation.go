package sample

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// simulation lives through the days of one entity, from the warm-up to the end of
// the last fiscal year, and books what happens.
type simulation struct {
	entity entity
	shape  *shape
	opt    Options
	cal    *calendar
	rng    *rand.Rand
	ledger *ledger

	customers, suppliers []partner
	customerPick         picker
	supplierPick         picker
	customerOf           []int32 // by entity index: the group company as customer, -1 for none
	supplierOf           []int32
	sales, purchases     quota
	sold, bought         int64 // documents booked or promised, against the quota

	today     int32
	fiscal    int
	yearStart int32
	yearEnd   int32
	queue     [][]event // by day
	payments  []event   // supplier payments of today that go out as one transfer file
	open      []openLine
	numbers   [seriesCount]uint32
	invoices  int64 // booked in the current fiscal year
	monthNet  int64 // sales of the current month without tax, in cents
	bad       []BadLine
}

// event is something that was decided on an earlier day.
type event struct {
	kind    eventKind
	control control
	partner int32
	due     int32
	piece   int32 // day of the document
	amount  int64 // with tax, in cents
	extra   int64 // discount, deposit used or VAT; see the handler
	rate    int64
	ref     docRef
	group   *group
	second  *group
	run     *run
}

func newSimulation(e entity, entities []entity, opt Options, cal *calendar) *simulation {
	s := &simulation{
		entity: e, shape: e.shape, opt: opt, cal: cal,
		rng:       rand.New(rand.NewPCG(opt.Seed, 1000+uint64(e.index))),
		ledger:    newLedger(cal, e.shape),
		queue:     make([][]event, cal.lastDay()+1),
		sales:     newQuota(cal, e.sales),
		purchases: newQuota(cal, e.purchases),
	}
	names := rand.New(rand.NewPCG(opt.Seed, 2000+uint64(e.index)))
	s.customers = newCustomers(&s.entity, names, cal)
	s.suppliers = newSuppliers(&s.entity, names)
	s.customerPick, s.supplierPick = newPicker(len(s.customers)), newPicker(len(s.suppliers))
	s.customerOf, s.supplierOf = make([]int32, len(entities)), make([]int32, len(entities))
	for _, pair := range intercompanyPairs(len(entities)) {
		if pair.seller == e.index {
			s.customerOf[pair.buyer] = int32(len(s.customers))
			s.customers = append(s.customers, groupPartner(&s.entity, &entities[pair.buyer], true))
		}
		if pair.buyer == e.index {
			s.supplierOf[pair.seller] = int32(len(s.suppliers))
			s.suppliers = append(s.suppliers, groupPartner(&s.entity, &entities[pair.seller], false))
		}
	}
	return s
}

// run writes the files of the entity below dir.
func (s *simulation) run(ctx context.Context, dir string, report func(int64)) ([]File, error) {
	folder := filepath.Join(dir, filepath.FromSlash(s.entity.folder()))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("create folder %q: %w", folder, err)
	}
	s.startYear(0)
	s.fundCompany()
	if err := s.liveThrough(ctx, func(int64) {}); err != nil {
		return nil, err
	}
	s.sold, s.bought = 0, 0
	var files []File
	for fiscal := 1; fiscal < len(s.cal.start); fiscal++ {
		s.startYear(fiscal)
		name := s.entity.fileName(s.cal, s.yearEnd)
		path := filepath.Join(folder, name)
		out, err := os.Create(path)
		if err != nil {
			return nil, fmt.Errorf("create extract %q: %w", path, err)
		}
		s.ledger.startFile(out)
		s.bookOpening()
		lived := s.liveThrough(ctx, report)
		if err := s.ledger.finishFile(); err != nil && lived == nil {
			lived = err
		}
		if lived != nil {
			return nil, fmt.Errorf("write extract %q: %w", path, lived)
		}
		if err := s.checkControls(); err != nil {
			return nil, fmt.Errorf("extract %q: %w", path, err)
		}
		files = append(files, s.file(s.entity.folder()+"/"+name))
	}
	return files, nil
}

func (s *simulation) startYear(fiscal int) {
	s.fiscal, s.invoices, s.bad = fiscal, 0, nil
	s.yearStart, s.yearEnd = s.cal.start[fiscal], s.cal.end[fiscal]
}

func (s *simulation) file(path string) File {
	l := s.ledger
	f := File{
		Entity: s.entity.id, Siren: s.entity.siren, Path: path,
		YearStart: s.cal.time(s.yearStart), YearEnd: s.cal.time(s.yearEnd),
		Lines: l.lines, Entries: l.entries, Invoices: s.invoices, Debit: l.debit, BadLines: s.bad,
	}
	for c, family := range families {
		f.Balances = append(f.Balances, Balance{Account: family, Cents: l.balance[c]})
	}
	return f
}

// liveThrough books the days of the current fiscal year.
func (s *simulation) liveThrough(ctx context.Context, report func(int64)) error {
	for s.today = s.yearStart; s.today <= s.yearEnd; s.today++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		before := s.invoices
		s.planIntercompany()
		for s.sold < s.sales.upTo(s.today) {
			s.sold++
			s.sell()
		}
		for s.bought < s.purchases.upTo(s.today) {
			s.bought++
			s.buy()
		}
		// Handling an event may queue another for today.
		for i := 0; i < len(s.queue[s.today]); i++ {
			s.handle(&s.queue[s.today][i])
		}
		s.queue[s.today] = nil
		s.paySuppliers()
		s.bookRoutine()
		if s.opt.BadLines {
			s.spoil()
		}
		if s.ledger.err != nil {
			return s.ledger.err
		}
		report(s.invoices - before)
	}
	return nil
}

// at queues an event; what lies beyond the last fiscal year never happens.
func (s *simulation) at(day int32, e event) {
	if int(day) < len(s.queue) {
		s.queue[max(day, s.today)] = append(s.queue[max(day, s.today)], e)
	}
}

// chance is true n times in ten thousand.
func (s *simulation) chance(n int) bool { return s.rng.IntN(10_000) < n }

// between draws a number of days from low to high, both included.
func (s *simulation) between(low, high int32) int32 {
	return low + s.rng.Int32N(high-low+1)
}

// later returns the banking day some days after another, never today or before.
func (s *simulation) later(day, low, high int32) int32 {
	return s.cal.banking(max(day+s.between(low, high), s.today+1))
}

// ref returns the next number of a series.
func (s *simulation) ref(of series) docRef {
	s.numbers[of]++
	return docRef{series: of, year: s.yearDigits(), number: s.numbers[of]}
}

func (s *simulation) yearDigits() uint8 { return uint8(s.cal.at(s.today).year % 100) }

// paymentRef is what the bank line says of a document.
func (s *simulation) paymentRef(p *partner, ref docRef) docRef {
	switch p.style {
	case refInPiece:
		return ref
	case refInLabel:
		return docRef{series: transferRef}
	case refNowhere:
		return docRef{series: noRef}
	}
	d := s.cal.at(s.today)
	return docRef{series: statementSeries, year: s.yearDigits(), number: uint32(d.month*100 + d.day)}
}
