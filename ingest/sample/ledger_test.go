package sample_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/encours/encours/ingest/sample"
)

var lawColumns = []string{
	"JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum",
	"CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet",
	"ValidDate", "Montantdevise", "Idevise",
}

// shapes are the samples on which every property is checked.
var shapes = map[string]sample.Options{
	"demo":   sample.Demo(),
	"larger": {Invoices: 20_000, Seed: 42},
	"single": {Invoices: 3000, Seed: 7, Entities: 1, Years: 2},
}

func eachShape(t *testing.T, check func(t *testing.T, summary sample.Summary, extracts []*extract)) {
	t.Helper()
	for name, opt := range shapes {
		t.Run(name, func(t *testing.T) {
			_, summary, extracts := generate(t, opt)
			check(t, summary, extracts)
		})
	}
}

func TestFilesAreWellFormed(t *testing.T) {
	eachShape(t, func(t *testing.T, _ sample.Summary, extracts []*extract) {
		for _, e := range extracts {
			want := lawColumns
			if e.Entity == "GAMMA" {
				want = append(slices.Clone(lawColumns), "DateEcheance")
			}
			if !slices.Equal(e.header, want) {
				t.Errorf("%s: header %v", e.Path, e.header)
			}
			for _, c := range e.text {
				if c == '"' || c == '?' || c == unicode.ReplacementChar || unicode.IsControl(c) && !strings.ContainsRune("\t\r\n", c) {
					t.Fatalf("%s: holds %q", e.Path, c)
				}
			}
			if !strings.Contains(e.text, "é") || !strings.Contains(e.text, "œ") && e.Lines > 10_000 {
				t.Errorf("%s: accents are missing", e.Path)
			}
			checkOrder(t, e)
		}
	})
}

// checkOrder wants days of the fiscal year in order, documents no later than their
// entry, and entry numbers without a gap in each journal.
func checkOrder(t *testing.T, e *extract) {
	t.Helper()
	numbers := map[string]int{}
	day, entry := e.YearStart.Format("20060102"), ""
	for _, r := range e.rows {
		if r.date < day || r.date > e.YearEnd.Format("20060102") || r.piece > r.date {
			t.Fatalf("%s:%d: entry of %s, document of %s, after %s", e.Path, r.line, r.date, r.piece, day)
		}
		day = r.date
		if r.entry != entry {
			entry = r.entry
			numbers[r.journal]++
			if want := fmt.Sprintf("%s%06d", r.journal, numbers[r.journal]); r.number != want {
				t.Fatalf("%s:%d: entry %s, want %s", e.Path, r.line, r.number, want)
			}
		}
	}
}

func TestEntriesAndFilesBalance(t *testing.T) {
	eachShape(t, func(t *testing.T, summary sample.Summary, extracts []*extract) {
		var lines int64
		for _, e := range extracts {
			entries := map[string]int64{}
			var debit, credit int64
			for _, r := range e.rows {
				entries[r.entry] += r.amount()
				debit += r.debit
				credit += r.credit
			}
			for entry, sum := range entries {
				if sum != 0 {
					t.Fatalf("entry %s is off by %d cents", entry, sum)
				}
			}
			if debit != credit || debit != e.Debit {
				t.Errorf("%s: debit %d, credit %d, summary %d", e.Path, debit, credit, e.Debit)
			}
			if int64(len(e.rows)) != e.Lines || int64(len(entries)) != e.Entries {
				t.Errorf("%s: %d lines and %d entries, summary says %d and %d",
					e.Path, len(e.rows), len(entries), e.Lines, e.Entries)
			}
			lines += int64(len(e.rows))
		}
		if lines != summary.Lines {
			t.Errorf("%d lines, summary says %d", lines, summary.Lines)
		}
	})
}

func TestSummaryBalancesAreThoseOfTheFiles(t *testing.T) {
	eachShape(t, func(t *testing.T, _ sample.Summary, extracts []*extract) {
		for _, e := range extracts {
			var accounts []string
			for _, b := range e.Balances {
				accounts = append(accounts, b.Account)
				var sum int64
				for _, r := range e.rows {
					if r.in(b.Account) && (b.Account != "411" || !r.in("4117")) {
						sum += r.amount()
					}
				}
				if sum != b.Cents {
					t.Errorf("%s: account %s is %d, summary says %d", e.Path, b.Account, sum, b.Cents)
				}
			}
			if got := strings.Join(accounts, " "); got != "411 4117 413 416 418 419 401 403 404 408 409" {
				t.Errorf("%s: balances of %s", e.Path, got)
			}
		}
	})
}

func TestOpeningIsTheClosingBefore(t *testing.T) {
	eachShape(t, func(t *testing.T, _ sample.Summary, extracts []*extract) {
		var closing map[string]int64
		for i, e := range extracts {
			opening := map[string]int64{}
			for _, r := range e.rows {
				if e.opening(r) {
					opening[r.account+" "+r.aux] += r.amount()
				}
			}
			if len(opening) < 10 {
				t.Errorf("%s opens on %d accounts", e.Path, len(opening))
			}
			if i > 0 && extracts[i-1].Entity == e.Entity {
				for key := range closing {
					if closing[key] != opening[key] {
						t.Errorf("%s: %q closed at %d, opens at %d", e.Path, key, closing[key], opening[key])
					}
					delete(opening, key)
				}
				for key, sum := range opening {
					if sum != 0 {
						t.Errorf("%s: %q opens at %d from nothing", e.Path, key, sum)
					}
				}
			}
			closing = closingBalances(e)
		}
	})
}

// closingBalances are those of classes 1 to 5, the income statement as a result.
func closingBalances(e *extract) map[string]int64 {
	closing := map[string]int64{}
	var income int64
	var profit, loss string
	for _, r := range e.rows {
		if r.in("6", "7") {
			income += r.amount()
			continue
		}
		closing[r.account+" "+r.aux] += r.amount()
	}
	width := len(e.rows[0].account)
	profit = "120" + strings.Repeat("0", width-3) + " "
	loss = "129" + strings.Repeat("0", width-3) + " "
	if income <= 0 {
		closing[profit] += income
	} else {
		closing[loss] += income
	}
	return closing
}

func TestOpeningsDifferInDetail(t *testing.T) {
	_, _, extracts := generate(t, shapes["larger"])
	for _, e := range extracts {
		perParty := map[string]int{}
		start := e.YearStart.Format("20060102")
		older, most := 0, 0
		for _, r := range e.rows {
			if !e.opening(r) || !r.in("411") {
				continue
			}
			key := r.account + " " + r.aux
			perParty[key]++
			most = max(most, perParty[key])
			if r.piece < start && r.ref != "" {
				older++
			}
		}
		if e.Entity == "BETA" && (most != 1 || older != 0) {
			t.Errorf("%s: wants one line per counterparty, has %d; %d with an older document", e.Path, most, older)
		}
		if e.Entity != "BETA" && (most < 2 || older == 0) {
			t.Errorf("%s: wants one line per open item, has %d at most, %d with an older document", e.Path, most, older)
		}
	}
}

func TestIntercompanyMirrors(t *testing.T) {
	_, _, extracts := generate(t, shapes["larger"])
	balances := map[string]int64{}
	for _, e := range extracts {
		for _, r := range e.rows {
			if strings.HasPrefix(r.aux, "IC") {
				balances[fmt.Sprint(e.YearEnd.Year(), " ", e.Entity, " ", r.aux[2:], " ", r.account[:3])] += r.amount()
			}
		}
	}
	pairs := 0
	for key, sum := range balances {
		parts := strings.Fields(key)
		if parts[3] != "411" {
			continue
		}
		pairs++
		mirror := strings.Join([]string{parts[0], parts[2], parts[1], "401"}, " ")
		if balances[mirror] != -sum {
			t.Errorf("%s owes %d, %s says %d", key, sum, mirror, balances[mirror])
		}
	}
	if pairs != 9 {
		t.Errorf("%d customer balances between entities, want 3 in each of 3 years", pairs)
	}
}

func TestBadLinesStandApart(t *testing.T) {
	_, _, extracts := generate(t, sample.Demo())
	files := 0
	for _, e := range extracts {
		var want []int64
		for _, b := range e.BadLines {
			want = append(want, b.Line)
			if b.Reason == "" {
				t.Errorf("%s:%d: no reason", e.Path, b.Line)
			}
		}
		if !slices.Equal(e.bad, want) {
			t.Errorf("%s: unreadable lines %v, summary says %v", e.Path, e.bad, want)
		}
		if len(want) > 0 {
			files++
			if len(want) != 5 {
				t.Errorf("%s: %d bad lines, want 5", e.Path, len(want))
			}
		}
	}
	if files != 1 {
		t.Errorf("%d files hold bad lines, want 1", files)
	}
}
