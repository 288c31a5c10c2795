package modeltest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// line is a ledger line of a generated ledger. Amounts are in cents.
type line struct {
	year                   int
	day                    time.Time
	entry                  int
	account, aux, ref, let string
	debit, credit          int64
}

// ledger is a random ledger of one entity over several calendar years.
type ledger struct {
	rng     *rand.Rand
	lines   []line
	entry   int
	letters bool
}

var start = time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)

const years = 3

func (l *ledger) add(day time.Time, ref string, parts ...line) {
	l.entry++
	for _, p := range parts {
		p.year, p.day, p.entry, p.ref = day.Year(), day, l.entry, ref
		l.lines = append(l.lines, p)
	}
}

func (l *ledger) code() string {
	if !l.letters || l.rng.IntN(4) == 0 {
		return ""
	}
	return string(rune('A'+l.rng.IntN(6))) + string(rune('a'+l.rng.IntN(2)))
}

func (l *ledger) third() (account, aux string) {
	switch l.rng.IntN(8) {
	case 0:
		return fmt.Sprintf("411D%02d", l.rng.IntN(3)), ""
	case 1:
		return "401000", fmt.Sprintf("F%d", l.rng.IntN(3))
	case 2:
		return "416000", fmt.Sprintf("C%d", l.rng.IntN(4))
	case 3:
		return "411700", fmt.Sprintf("C%d", l.rng.IntN(4))
	default:
		return "411000", fmt.Sprintf("C%d", l.rng.IntN(4))
	}
}

// event adds one random balanced entry: invoices, payments, reversals by negative
// amounts, transfers, returned payments, with random codes and references.
func (l *ledger) event(day time.Time) {
	account, aux := l.third()
	amount := int64(100 * (1 + l.rng.IntN(5)))
	if l.rng.IntN(3) == 0 {
		amount += int64(l.rng.IntN(100))
	}
	ref := fmt.Sprintf("R%d", l.rng.IntN(30))
	third := line{account: account, aux: aux, let: l.code()}
	other := line{account: []string{"707000", "512000", "665000", "654000", "580000"}[l.rng.IntN(5)]}
	if l.rng.IntN(2) == 0 {
		third.debit, other.credit = amount, amount
	} else {
		third.credit, other.debit = amount, amount
	}
	switch l.rng.IntN(6) {
	case 0: // a reversal by negative amounts
		third.debit, third.credit = -third.debit, -third.credit
		other.debit, other.credit = -other.debit, -other.credit
	case 1: // a transfer to another account
		other.account, other.aux = l.third()
		other.let = l.code()
	}
	l.add(day, ref, third, other)
}

// opening adds the opening entries of a year: one line per account, or one per
// line that the year before left without a code, whose balances are the closing.
func (l *ledger) opening(year int, detailed bool) {
	day := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	type key struct{ account, aux string }
	balances := map[key]int64{}
	var keys []key
	for _, p := range l.lines {
		if p.year != year-1 {
			continue
		}
		k := key{p.account, p.aux}
		if strings.HasPrefix(p.account, "6") || strings.HasPrefix(p.account, "7") {
			k = key{"120000", ""}
		}
		if _, ok := balances[k]; !ok {
			keys = append(keys, k)
		}
		balances[k] += p.debit - p.credit
	}
	var parts []line
	for _, k := range keys {
		net := balances[k]
		p := line{account: k.account, aux: k.aux, let: l.code()}
		if detailed && l.rng.IntN(2) == 0 && net > 200 {
			q := p
			q.debit, q.let = 100, l.code()
			parts = append(parts, q)
			net -= 100
		}
		if net > 0 {
			p.debit = net
		} else {
			p.credit = -net
		}
		if net != 0 {
			parts = append(parts, p)
		}
	}
	l.add(day, "AN", parts...)
}

func newLedger(seed uint64, missingYear, letters bool) *ledger {
	l := &ledger{rng: rand.New(rand.NewPCG(seed, 7)), letters: letters}
	for y := range years {
		year := start.Year() + y
		if y > 0 {
			l.opening(year, l.rng.IntN(2) == 0)
		}
		var days []int
		for range 12 + l.rng.IntN(25) {
			days = append(days, l.rng.IntN(365))
		}
		slices.Sort(days)
		for _, d := range days {
			l.event(time.Date(year, 1, 1+d, 0, 0, 0, 0, time.UTC))
		}
		// the first and the last day are there, so that the year is whole
		l.event(time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC))
	}
	if missingYear {
		l.lines = slices.DeleteFunc(l.lines, func(p line) bool { return p.year == start.Year()+1 })
	}
	return l
}

// csv writes the lines up to a day as the landing table.
func (l *ledger) csv(upTo time.Time) string {
	var b strings.Builder
	b.WriteString("source_line,journal_code,entry_number,entry_date,account,aux_account,document_ref,debit,credit,matching_code\n")
	for i, p := range l.lines {
		if p.day.After(upTo) {
			continue
		}
		journal := "OD"
		if p.ref == "AN" {
			journal = "AN"
		}
		fmt.Fprintf(&b, "%d,%s,%d,%s,%s,%s,%s,%s,%s,%s\n", i+2, journal, p.entry, p.day.Format(time.DateOnly),
			p.account, p.aux, p.ref, cents(p.debit), cents(p.credit), p.let)
	}
	return b.String()
}

func cents(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// balance is the ledger's own word: the lines of the loaded year that holds the
// day, per control account.
func (l *ledger) balance(day time.Time) map[string]int64 {
	year := 0
	for _, p := range l.lines {
		if p.year <= day.Year() && p.year > year {
			year = p.year
		}
	}
	out := map[string]int64{}
	for _, p := range l.lines {
		family, side := p.account[:3], int64(1)
		if strings.HasPrefix(p.account, "4117") {
			family = "4117"
		}
		if strings.HasPrefix(family, "40") {
			side = -1
		}
		if family[:2] != "41" && family[:2] != "40" {
			continue
		}
		if p.year == year && !p.day.After(day) {
			out[family] += side * (p.debit - p.credit)
		}
	}
	return out
}

// TestItemsEqualLedgerAtRandomDates is invariant 1 on random ledgers: whatever the
// lettering says, the open items add up to the ledger at every date.
func TestItemsEqualLedgerAtRandomDates(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLedger(seed, seed%4 == 3, seed%6 != 5)
			last := time.Date(start.Year()+years, 1, 31, 0, 0, 0, 0, time.UTC)
			c := Case{Params: map[string]string{"as_of": last.Format(time.DateOnly)},
				Tables: map[string]string{"ledger_entries": l.csv(last)}, Dated: true}
			if seed%6 == 5 {
				c.Tables["project_entities"] = "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,fifo\n"
			}
			w := Open(t, c)
			days := []time.Time{last, start, start.AddDate(1, 0, 0), start.AddDate(1, 0, -1), start.AddDate(2, 0, 0)}
			for range 8 {
				days = append(days, start.AddDate(0, 0, l.rng.IntN(365*years+31)))
			}
			for i, day := range days {
				w.SetAsOf(t, day.Format(time.DateOnly))
				w.checkAt(t, l, day)
				if i%4 == 0 {
					w.runChecks(t, day)
				}
			}
		})
	}
}

func (w *Warehouse) checkAt(t *testing.T, l *ledger, day time.Time) {
	t.Helper()
	var want []string
	for family, amount := range l.balance(day) {
		if amount != 0 {
			want = append(want, family+","+cents(amount)+","+cents(amount)+","+cents(amount))
		}
	}
	slices.Sort(want)
	got := strings.Split(strings.TrimSpace(w.Text(t, `
		select account_family, ledger_amount, items_amount, buckets_amount
		from mart_reconciliation where ledger_amount <> 0 or items_amount <> 0`)), "\n")[1:]
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("at %s the models give\n%s\nthe ledger\n%s", day.Format(time.DateOnly),
			strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// runChecks runs the checks that stop a build on the models of a dated warehouse, built
// once for the date as a build does: a hundred checks over views compute each of them
// many times.
func (w *Warehouse) runChecks(t *testing.T, day time.Time) {
	t.Helper()
	conn, err := w.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	run := func(statement string) {
		t.Helper()
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%v\n%s", err, statement)
		}
	}
	run("create schema built")
	run("set search_path = 'built,main'")
	for _, m := range w.Models.Downstream("params") {
		run(fmt.Sprintf("create table built.%s as %s", m.Name, m.SQL))
	}
	for _, check := range w.Models.Checks {
		if check.Header.Severity != "fail" {
			continue
		}
		if rows := text(t, conn, check.SQL); strings.Count(rows, "\n") > 1 {
			t.Errorf("at %s check %s finds\n%s", day.Format(time.DateOnly), check.Name, rows)
		}
	}
	run("set search_path = 'main'")
	run("drop schema built cascade")
}

// TestFIFOItemsDoNotLookAhead: where items are matched first in first out, what is
// open at a day from the whole extract is what an extract cut at that day gives.
func TestFIFOItemsDoNotLookAhead(t *testing.T) {
	const items = `select entity_id, item_id, amount, open_amount, due_date, ageing_bucket
		from fct_items where open_amount <> 0`
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLedger(100+seed, false, false)
			for range 3 {
				day := start.AddDate(0, 0, 20+l.rng.IntN(365*years-20))
				open := func(upTo time.Time) string {
					return Open(t, Case{
						Params: map[string]string{"as_of": day.Format(time.DateOnly)},
						Tables: map[string]string{
							"ledger_entries":   l.csv(upTo),
							"project_entities": "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,fifo\n",
						},
					}, "fct_items").Text(t, items)
				}
				if whole, cut := open(start.AddDate(years, 0, 0)), open(day); whole != cut {
					t.Errorf("at %s the whole extract gives\n%s\nthe extract cut there\n%s",
						day.Format(time.DateOnly), whole, cut)
				}
			}
		})
	}
}
