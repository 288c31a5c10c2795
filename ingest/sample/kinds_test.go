package sample_test

import (
	"strings"
	"testing"

	"github.com/encours/encours/ingest/sample"
)

// entryKinds are the events that a sample must hold, each as a test on one entry.
var entryKinds = map[string]func(e *extract, rows []row) bool{
	"invoice":               all(debit("411"), credit("70")),
	"invoice in two rates":  all(debit("411"), credit("445710"), other(credit("445711"), credit("445712"))),
	"invoice without VAT":   all(debit("411"), credit("70"), no("4457")),
	"credit note":           all(credit("411"), debit("70")),
	"rebate":                all(credit("411"), debit("709")),
	"payment":               all(credit("411"), debit("512")),
	"early discount":        all(credit("411"), debit("665"), debit("4457")),
	"bounced payment":       all(debit("411"), credit("512"), labelled("REJET")),
	"refund":                all(debit("411"), credit("512"), labelled("REMBOURSEMENT")),
	"doubtful":              all(debit("416"), credit("411")),
	"doubtful dividend":     all(credit("416"), debit("512")),
	"doubtful loss":         all(credit("416"), debit("654"), debit("4457")),
	"small difference":      all(credit("411"), debit("654")),
	"allowance":             all(credit("491"), debit("68174")),
	"allowance back":        all(debit("491"), credit("78174")),
	"bill accepted":         all(debit("413"), credit("411"), labelled("éch. ")),
	"bill paid":             all(credit("413"), debit("512")),
	"deposit":               all(credit("4191"), debit("512")),
	"deposit used":          all(credit("411"), debit("4191")),
	"retention":             all(debit("4117"), debit("411"), credit("704")),
	"retention released":    all(credit("4117"), debit("512")),
	"compensation":          all(credit("411"), debit("401")),
	"reversal":              negative("411"),
	"payment nobody knows":  all(credit("411"), debit("512"), document("sans")),
	"supplier invoice":      all(credit("401"), debit("6"), debit("44566")),
	"supplier credit note":  all(debit("401"), credit("6")),
	"supplier payment":      all(debit("401"), credit("512")),
	"many in one transfer":  manySuppliers,
	"supplier bill":         all(debit("401"), credit("403")),
	"supplier bill paid":    all(debit("403"), credit("512")),
	"asset":                 all(credit("404"), debit("215"), debit("44562")),
	"asset paid":            all(debit("404"), credit("512")),
	"advance":               all(debit("4091"), credit("512")),
	"advance used":          all(credit("4091"), debit("401")),
	"sales accrued":         all(debit("418"), credit("70"), credit("44587")),
	"sales accrual back":    all(credit("418"), debit("70"), debit("44587")),
	"purchases accrued":     all(credit("408"), debit("6")),
	"purchase accrual back": all(debit("408"), credit("6")),
	"payroll":               all(debit("641"), credit("421"), credit("431")),
	"VAT declared":          all(debit("4457"), credit("44551")),
	"result used":           all(debit("12"), credit("110")),
	"intercompany sale":     all(debit("411"), credit("70"), party("IC")),
	"intercompany buy":      all(credit("401"), debit("6"), party("IC")),
	"customer in account":   ownAccount,
	"due date column":       dueDate,
}

type entryTest = func(e *extract, rows []row) bool

func anyLine(match func(r row) bool) entryTest {
	return func(e *extract, rows []row) bool {
		for _, r := range rows {
			if match(r) {
				return true
			}
		}
		return false
	}
}

func debit(prefix string) entryTest {
	return anyLine(func(r row) bool { return r.in(prefix) && r.debit > 0 })
}

func credit(prefix string) entryTest {
	return anyLine(func(r row) bool { return r.in(prefix) && r.credit > 0 })
}

func negative(prefix string) entryTest {
	return anyLine(func(r row) bool { return r.in(prefix) && r.debit < 0 })
}

func labelled(text string) entryTest {
	return anyLine(func(r row) bool { return strings.Contains(r.label, text) })
}

func document(ref string) entryTest { return anyLine(func(r row) bool { return r.ref == ref }) }

func party(prefix string) entryTest {
	return anyLine(func(r row) bool { return strings.HasPrefix(r.aux, prefix) })
}

func no(prefix string) entryTest {
	some := anyLine(func(r row) bool { return r.in(prefix) })
	return func(e *extract, rows []row) bool { return !some(e, rows) }
}

// all holds where every test does, on an entry that is not the opening.
func all(tests ...entryTest) entryTest {
	return func(e *extract, rows []row) bool {
		for _, test := range tests {
			if e.opening(rows[0]) || !test(e, rows) {
				return false
			}
		}
		return true
	}
}

func other(a, b entryTest) entryTest {
	return func(e *extract, rows []row) bool { return a(e, rows) || b(e, rows) }
}

func manySuppliers(e *extract, rows []row) bool {
	return len(rows) > 3 && rows[0].in("401") && rows[len(rows)-1].in("512") && !e.opening(rows[0])
}

func ownAccount(e *extract, rows []row) bool {
	for _, r := range rows {
		if letter := len(r.account) > 3 && r.account[3] >= 'A'; letter && r.in("411") {
			return r.aux == ""
		}
	}
	return false
}

func dueDate(e *extract, rows []row) bool {
	return rows[0].in("411") && rows[0].due > rows[0].piece
}

func TestEveryKindOfEventHappens(t *testing.T) {
	cases := map[string]sample.Options{
		"demo":   sample.Demo(),
		"larger": {Invoices: 30_000, Seed: 42},
	}
	for name, opt := range cases {
		t.Run(name, func(t *testing.T) {
			_, _, extracts := generate(t, opt)
			seen := map[string]int{}
			for _, e := range extracts {
				for start, end := 0, 0; start < len(e.rows); start = end {
					for end = start; end < len(e.rows) && e.rows[end].entry == e.rows[start].entry; end++ {
					}
					for kind, is := range entryKinds {
						if is(e, e.rows[start:end]) {
							seen[kind]++
						}
					}
				}
			}
			for kind := range entryKinds {
				if seen[kind] == 0 {
					t.Errorf("no entry of the kind: %s", kind)
				}
			}
		})
	}
}

func TestReferencesAreNotAlwaysUnique(t *testing.T) {
	_, _, extracts := generate(t, sample.Options{Invoices: 30_000, Seed: 42})
	repeated, invoices := 0, 0
	for _, e := range extracts {
		numbers := map[string]bool{}
		for _, r := range e.rows {
			if r.in("411") && !r.in("4117") && r.debit > 0 && strings.HasPrefix(r.label, "Facture ") {
				invoices++
				if numbers[r.ref] {
					repeated++
				}
				numbers[r.ref] = true
			}
		}
	}
	if repeated == 0 || repeated*50 > invoices {
		t.Errorf("%d of %d invoices repeat a reference", repeated, invoices)
	}
}
