package modeltest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// actions invents what was done about the accounts, up to a day.
func actions(seed uint64, upTo time.Time) string {
	rng := rand.New(rand.NewPCG(seed, 21))
	text := "action_id,counterparty_id,action_date,kind,level,next_action_date\n"
	kinds := []string{"call", "letter", "e-mail", "letter", "formal notice", "legal case", "claim declared"}
	for i := range 120 {
		day := start.AddDate(0, 0, rng.IntN(365*years))
		kind, level, next := kinds[rng.IntN(len(kinds))], "", ""
		if rng.IntN(2) == 0 && kind != "legal case" {
			level = fmt.Sprint(1 + rng.IntN(4))
		}
		if rng.IntN(3) == 0 {
			next = day.AddDate(0, 0, 1+rng.IntN(20)).Format(time.DateOnly)
		}
		if customer := rng.IntN(5); !day.After(upTo) && (kind != "legal case" || customer == 4) {
			text += fmt.Sprintf("A%d,C%d,%s,%s,%s,%s\n", i, customer, day.Format(time.DateOnly), kind, level, next)
		}
	}
	return text
}

// TestChasingDoesNotLookAhead: worklist, reminders and legal cases at a day from the
// whole extracts are those of extracts cut at that day; their checks hold, which say
// that what is reminded of is open and overdue. A session that moves there gives the
// same.
func TestChasingDoesNotLookAhead(t *testing.T) {
	figures := []string{
		"select * exclude (counterparty_name, search_text) from mart_collection_worklist",
		"select * exclude (counterparty_name) from mart_dunning",
		"select * from mart_dunning_items",
		"select * exclude (counterparty_name) from mart_legal_cases",
	}
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := newLedger(300+seed, false, false)
			day := start.AddDate(0, 0, 300+l.rng.IntN(365*years-300))
			open := func(upTo, asOf time.Time, dated bool) *Warehouse {
				tables := (&extracts{rand.New(rand.NewPCG(seed, 11))}).tables(upTo)
				for name, text := range tables {
					tables[name] = withoutDocuments(text)
				}
				tables["ledger_entries"] = l.csv(upTo)
				tables["collection_actions"] = actions(seed, upTo)
				tables["project_entities"] = "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,fifo\n"
				tables["project_insolvencies"] = "pattern,opened_on,published_on\nC2," + day.AddDate(0, 0, -20).Format(time.DateOnly) + "," +
					day.AddDate(0, 0, 5).Format(time.DateOnly) + "\nC3," + day.AddDate(0, 0, 10).Format(time.DateOnly) + ",\n"
				only := []string{}
				if dated {
					only = []string{"mart_collection_worklist", "mart_dunning", "mart_legal_cases"}
				}
				return Open(t, Case{Params: map[string]string{"as_of": asOf.Format(time.DateOnly)}, Tables: tables, Dated: dated}, only...)
			}
			last := start.AddDate(years, 0, 0)
			whole, cut, session := open(last, day, false), open(day, day, false), open(last, last, true)
			session.SetAsOf(t, day.Format(time.DateOnly))
			rows := 0
			for _, query := range figures {
				want := cut.Text(t, query)
				rows += strings.Count(want, "\n") - 1
				if got := whole.Text(t, query); got != want {
					t.Errorf("at %s the whole extracts give for %s\n%s\nthose cut there\n%s", day.Format(time.DateOnly), query, got, want)
				}
				if got := session.Text(t, query); got != want {
					t.Errorf("a session at %s gives for %s\n%s\nwant\n%s", day.Format(time.DateOnly), query, got, want)
				}
			}
			whole.runChecks(t, day)
			if rows < 5 {
				t.Errorf("only %d rows to compare", rows)
			}
		})
	}
}
