package sample_test

import (
	"strings"
	"testing"

	"github.com/encours/encours/ingest/sample"
)

type groupKey struct{ account, aux, code string }

// letteredGroups gathers the lettered lines of a file.
func letteredGroups(e *extract) map[groupKey][]row {
	groups := map[groupKey][]row{}
	for _, r := range e.rows {
		if r.code != "" {
			key := groupKey{r.account, r.aux, r.code}
			groups[key] = append(groups[key], r)
		}
	}
	return groups
}

func TestCapitalGroupsNetToZero(t *testing.T) {
	eachShape(t, func(t *testing.T, _ sample.Summary, extracts []*extract) {
		for _, e := range extracts {
			full, partial := 0, 0
			for key, rows := range letteredGroups(e) {
				var sum int64
				last := ""
				for _, r := range rows {
					sum += r.amount()
					last = max(last, r.date)
				}
				if key.code == strings.ToLower(key.code) {
					partial++
					continue
				}
				full++
				if sum != 0 {
					t.Fatalf("%s: group %v of %d lines is off by %d cents", e.Path, key, len(rows), sum)
				}
				for _, r := range rows {
					if r.codeDate != last && (r.codeDate != "" || e.Entity != "GAMMA") {
						t.Fatalf("%s:%d: group %v is dated %q, its last line %s", e.Path, r.line, key, r.codeDate, last)
					}
				}
			}
			if full < 50 || partial == 0 {
				t.Errorf("%s: %d full and %d partial groups", e.Path, full, partial)
			}
		}
	})
}

func TestLetteringTraps(t *testing.T) {
	_, _, extracts := generate(t, sample.Options{Invoices: 30_000, Seed: 11})
	seen := map[string]int{}
	codesOf := map[groupKey]string{} // entity, aux, code → file
	for _, e := range extracts {
		groups := letteredGroups(e)
		for key, rows := range groups {
			small := groupKey{key.account, key.aux, strings.ToLower(key.code)}
			if _, both := groups[small]; both && small != key {
				seen["the same letters in both cases"]++
			}
			before := groupKey{e.Entity + key.account, key.aux, key.code}
			if path, ok := codesOf[before]; ok && path != e.Path {
				seen["a code used again the next year"]++
			}
			codesOf[before] = e.Path
			countShapes(seen, e, key, rows)
		}
		for _, r := range e.rows {
			if r.code == "" && r.codeDate != "" {
				t.Fatalf("%s:%d: a date without a code", e.Path, r.line)
			}
		}
	}
	for _, trap := range []string{
		"the same letters in both cases", "a code used again the next year", "an undated group",
		"one payment for several invoices", "an opening total among later payments",
		"an opening line and its payment", "opening lines among themselves", "exact pairs in a larger group",
		"a group that does not net to zero", "AA on many counterparties",
	} {
		if seen[trap] == 0 {
			t.Errorf("the sample has no case of: %s", trap)
		}
	}
}

func countShapes(seen map[string]int, e *extract, key groupKey, rows []row) {
	var sum int64
	openings, debits, credits, pairs := 0, 0, 0, 0
	for i, r := range rows {
		sum += r.amount()
		switch {
		case e.opening(r):
			openings++
		case r.amount() > 0:
			debits++
		default:
			credits++
		}
		for _, other := range rows[i+1:] {
			if r.amount() == -other.amount() {
				pairs++
			}
		}
	}
	count := func(name string, is bool) {
		if is {
			seen[name]++
		}
	}
	count("an undated group", rows[0].codeDate == "")
	count("one payment for several invoices", openings == 0 && debits > 1 && credits == 1)
	count("an opening total among later payments", e.Entity == "BETA" && openings == 1 && credits > 1)
	count("an opening line and its payment", e.Entity == "ALPHA" && openings == 1 && credits == 1 && debits == 0)
	count("opening lines among themselves", openings > 1 && openings == len(rows))
	count("exact pairs in a larger group", pairs > 0 && len(rows) > 3)
	count("a group that does not net to zero", sum != 0)
	count("AA on many counterparties", key.code == "AA")
}

func TestNotEverythingSettledIsLettered(t *testing.T) {
	_, _, extracts := generate(t, sample.Options{Invoices: 30_000, Seed: 12})
	for _, e := range extracts {
		lettered, all := 0, 0
		for _, r := range e.rows {
			if r.in("411") && !r.in("4117") {
				all++
				if r.code != "" {
					lettered++
				}
			}
		}
		if percent := 100 * lettered / all; percent < 60 || percent > 95 {
			t.Errorf("%s: %d %% of the 411 lines are lettered", e.Path, percent)
		}
	}
}
