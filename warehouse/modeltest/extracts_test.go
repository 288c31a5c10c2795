package modeltest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// document is an invoice (positive), a credit note or payment (negative) or a
// refund of a generated extract. Amounts are in cents.
type document struct {
	id, customer string
	isPayment    bool
	day          time.Time
	amount       int64
	settled      time.Time // zero: not said
}

// settlement is an allocation of a generated extract.
type settlement struct {
	id             string
	source, target int // documents
	amount         int64
	day            time.Time // zero: not said
}

const invoiceCount = 40

// books are random extracts of one entity without a ledger.
type books struct {
	rng         *rand.Rand
	documents   []document
	settlements []settlement
}

func newBooks(seed uint64, withPayments bool) *books {
	b := &books{rng: rand.New(rand.NewPCG(seed, 11))}
	day := func() time.Time { return start.AddDate(0, 0, b.rng.IntN(700)) }
	for i := range invoiceCount {
		d := document{id: fmt.Sprintf("F%03d", i), customer: fmt.Sprintf("C%d", b.rng.IntN(4)), day: day(), amount: int64(1 + b.rng.IntN(20_000))}
		if b.rng.IntN(5) == 0 {
			d.amount = -d.amount
		}
		if b.rng.IntN(3) == 0 {
			d.settled = d.day.AddDate(0, 0, b.rng.IntN(120)-10)
		}
		b.documents = append(b.documents, d)
	}
	for i := range 30 {
		if !withPayments {
			break
		}
		d := document{id: fmt.Sprintf("P%03d", i), customer: fmt.Sprintf("C%d", b.rng.IntN(4)), isPayment: true, day: day(), amount: -int64(1 + b.rng.IntN(20_000))}
		if b.rng.IntN(8) == 0 {
			d.amount = -d.amount
		}
		b.documents = append(b.documents, d)
	}
	for i := range 70 {
		s := settlement{id: fmt.Sprintf("A%03d", i), source: b.rng.IntN(len(b.documents)), target: b.rng.IntN(invoiceCount), amount: int64(1 + b.rng.IntN(9_000))}
		if b.rng.IntN(2) == 0 {
			s.day = day()
		}
		if b.rng.IntN(15) == 0 {
			s.amount = -s.amount // not possible: settles nothing
		}
		b.settlements = append(b.settlements, s)
	}
	return b
}

func (b *books) tables() map[string]string {
	date := func(d time.Time) string {
		if d.IsZero() {
			return ""
		}
		return d.Format(time.DateOnly)
	}
	var invoices, payments, allocations strings.Builder
	invoices.WriteString("document_id,counterparty_id,document_type,issue_date,amount,settled_date\n")
	payments.WriteString("payment_id,counterparty_id,payment_date,amount\n")
	allocations.WriteString("allocation_id,payment_id,credit_document_id,document_id,amount,allocation_date\n")
	for _, d := range b.documents {
		switch {
		case d.isPayment:
			fmt.Fprintf(&payments, "%s,%s,%s,%s\n", d.id, d.customer, date(d.day), cents(-d.amount))
		case d.amount > 0:
			fmt.Fprintf(&invoices, "%s,%s,invoice,%s,%s,%s\n", d.id, d.customer, date(d.day), cents(d.amount), date(d.settled))
		default:
			fmt.Fprintf(&invoices, "%s,%s,credit_note,%s,%s,%s\n", d.id, d.customer, date(d.day), cents(d.amount), date(d.settled))
		}
	}
	for _, s := range b.settlements {
		payment, credit := b.documents[s.source].id, ""
		if !b.documents[s.source].isPayment {
			payment, credit = "", payment
		}
		fmt.Fprintf(&allocations, "%s,%s,%s,%s,%s,%s\n", s.id, payment, credit, b.documents[s.target].id, cents(s.amount), date(s.day))
	}
	return map[string]string{
		"invoices": invoices.String(), "payments": payments.String(), "allocations": allocations.String(),
		"project_entities": "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,lettering\n",
	}
}

// event is a change of the balance of a document.
type event struct {
	document int
	day      time.Time
	amount   int64
}

// events settles one after the other, by hand: each allocation takes what is left
// of the debit, then of that what is left of the credit.
func (b *books) events() []event {
	var out []event
	var laid []settlement // source: the credit, target: the debit
	debits, credits := map[int]int64{}, map[int]int64{}
	for i, d := range b.documents {
		out = append(out, event{i, d.day, d.amount})
		debits[i], credits[i] = d.amount, -d.amount
	}
	for _, s := range b.settlements {
		source, target := b.documents[s.source], b.documents[s.target]
		if s.amount <= 0 || (source.amount > 0) == (target.amount > 0) {
			continue
		}
		if s.day.IsZero() {
			s.day = source.day
		}
		for _, d := range []document{source, target} {
			if d.day.After(s.day) {
				s.day = d.day
			}
		}
		if source.amount > 0 {
			s.source, s.target = s.target, s.source
		}
		laid = append(laid, s)
	}
	slices.SortFunc(laid, func(a, b settlement) int {
		if c := a.day.Compare(b.day); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	for i, s := range laid {
		laid[i].amount = min(s.amount, debits[s.target])
		debits[s.target] -= laid[i].amount
	}
	for _, s := range laid {
		amount := min(s.amount, credits[s.source])
		if amount == 0 {
			continue
		}
		credits[s.source] -= amount
		out = append(out, event{s.target, s.day, -amount}, event{s.source, s.day, amount})
	}
	return out
}

// settle adds what settled dates say, where there are no payments.
func (b *books) settle(events []event) []event {
	rest, last := map[int]int64{}, map[int]time.Time{}
	for _, e := range events {
		rest[e.document] += e.amount
		if e.day.After(last[e.document]) {
			last[e.document] = e.day
		}
	}
	for i, d := range b.documents {
		if d.settled.IsZero() || rest[i] == 0 {
			continue
		}
		day := d.settled
		if last[i].After(day) {
			day = last[i]
		}
		events = append(events, event{i, day, -rest[i]})
	}
	return events
}

// TestExtractsEqualTheirDocumentsAtRandomDates: what is open of each document is
// what settling them by hand gives, at every date, whatever the allocations say.
func TestExtractsEqualTheirDocumentsAtRandomDates(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			withPayments := seed%3 != 2
			b := newBooks(seed, withPayments)
			events := b.events()
			if !withPayments {
				events = b.settle(events)
			}
			w := Open(t, Case{Params: map[string]string{"as_of": "2025-12-31"}, Tables: b.tables(), Dated: true})
			days := []time.Time{start, start.AddDate(3, 0, 0)}
			for range 6 {
				days = append(days, start.AddDate(0, 0, b.rng.IntN(800)))
			}
			for i, day := range days {
				w.SetAsOf(t, day.Format(time.DateOnly))
				b.compare(t, w, events, day)
				if i%3 == 0 {
					w.runChecks(t, day)
				}
			}
		})
	}
}

func (b *books) compare(t *testing.T, w *Warehouse, events []event, day time.Time) {
	t.Helper()
	open := map[int]int64{}
	for _, e := range events {
		if !e.day.After(day) {
			open[e.document] += e.amount
		}
	}
	var want []string
	for i, amount := range open {
		if amount != 0 {
			kind, line := 1, i+2
			if b.documents[i].isPayment {
				kind, line = 2, i-invoiceCount+2
			}
			want = append(want, fmt.Sprintf("%s,%d,%d,%s", b.documents[i].customer, kind, line, cents(amount)))
		}
	}
	slices.Sort(want)
	got := strings.Split(strings.TrimSpace(w.Text(t,
		"select counterparty_id, item_id // 10000000000000 as kind, source_line, open_amount from fct_items where open_amount <> 0")), "\n")[1:]
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("at %s the models give\n%s\nby hand\n%s", day.Format(time.DateOnly), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestEnrichmentChangesNoAmount: with random invoice files, terms and disputes
// beside it, a ledger gives the same items, amounts and proof.
func TestEnrichmentChangesNoAmount(t *testing.T) {
	const amounts = `select item_id, counterparty_id, document_ref, amount, open_amount, settled_date from fct_items`
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLedger(200+seed, seed == 3, true)
			for i := range 10 { // numbers that stand once
				l.add(start.AddDate(years-1, 0, 30*i), fmt.Sprintf("Z %d", i),
					line{account: "411000", aux: "C1", debit: int64(100 + i)}, line{account: "707000", credit: int64(100 + i)})
			}
			last := time.Date(start.Year()+years, 1, 31, 0, 0, 0, 0, time.UTC)
			c := Case{Params: map[string]string{"as_of": last.Format(time.DateOnly)},
				Tables: map[string]string{"ledger_entries": l.csv(last)}, Dated: true}
			plain := Open(t, c, "fct_items")
			c.Tables = l.enriched(c.Tables["ledger_entries"])
			w := Open(t, c)
			if w.Text(t, "select count(*) > 0 as n from fct_items where due_date_source = 'erp_invoice'") != "n\ntrue\n" {
				t.Error("no line of the ledger is enriched: the test shows nothing")
			}
			for range 2 {
				day := start.AddDate(0, 0, l.rng.IntN(365*years+31))
				plain.SetAsOf(t, day.Format(time.DateOnly))
				w.SetAsOf(t, day.Format(time.DateOnly))
				w.checkAt(t, l, day)
				w.runChecks(t, day)
				if got, want := w.Text(t, amounts), plain.Text(t, amounts); got != want {
					t.Errorf("at %s enriched\n%s\nplain\n%s", day.Format(time.DateOnly), got, want)
				}
			}
		})
	}
}

// enriched adds an invoice file made of the customer debits of a ledger, some of
// them wrong, with terms and disputes.
func (l *ledger) enriched(lines string) map[string]string {
	var invoices, disputes strings.Builder
	invoices.WriteString("document_id,instalment,counterparty_id,document_type,issue_date,due_date,amount,payment_terms,is_disputed\n")
	disputes.WriteString("dispute_id,document_id,counterparty_id,opened_on\n")
	seen := map[string]int{}
	for i, p := range l.lines {
		amount := p.debit - p.credit
		if !strings.HasPrefix(p.account, "411") || p.ref == "AN" || amount == 0 || l.rng.IntN(3) == 0 {
			continue
		}
		customer := p.aux
		if customer == "" {
			customer = p.account
		}
		kind := "invoice"
		if amount < 0 {
			kind = "credit_note"
		}
		seen[p.ref]++
		fmt.Fprintf(&invoices, "%s,%d,%s,%s,%s,%s,%s,%s,%t\n", p.ref, seen[p.ref], customer, kind, p.day.Format(time.DateOnly),
			p.day.AddDate(0, 0, l.rng.IntN(90)-5).Format(time.DateOnly), cents(amount+int64(l.rng.IntN(2)*l.rng.IntN(5))),
			[]string{"", "45 jours fin de mois", "30/60/90", "selon accord"}[l.rng.IntN(4)], l.rng.IntN(9) == 0)
		if l.rng.IntN(5) == 0 {
			fmt.Fprintf(&disputes, "D%d,%s,%s,%s\n", i, p.ref, customer, p.day.Format(time.DateOnly))
		}
	}
	return map[string]string{
		"ledger_entries": lines, "invoices": invoices.String(), "disputes": disputes.String(),
		"counterparties": "counterparty_id,name,payment_terms\nC0,Zéro,60 jours\nC1,Un,30 jours le 10\n411D01,Compte,comptant\n",
	}
}
