package modeltest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// riskFigures are those that an extract must tell alike whenever it was cut.
var riskFigures = map[string]string{
	"mart_payment_behaviour":  `select * from mart_payment_behaviour`,
	"mart_risk_scores":        `select * from mart_risk_scores`,
	"mart_risk_score_points":  `select * from mart_risk_score_points`,
	"the classes of the past": `select month_no, counterparty_id, side, score, risk_class from int_risk_scores`,
}

// sellRegularly adds three years of invoices on lettered accounts that are paid in
// time or late, in one or two payments, some of which come back. Each invoice has a
// reference of its own, so that a ledger cut earlier matches alike.
func (l *ledger) sellRegularly() (promises []string) {
	promises = []string{"promise_id,counterparty_id,amount,promised_date,made_on"}
	for month := range 12 * years {
		for customer := range 6 {
			day := start.AddDate(0, month, l.rng.IntN(25))
			third := line{account: "411000", aux: fmt.Sprintf("S%d", customer)}
			ref := fmt.Sprintf("S%d-%d", customer, month)
			post := func(at time.Time, other string, debit, credit int64) {
				third.debit, third.credit = debit, credit
				l.add(at, ref, third, line{account: other, debit: credit, credit: debit})
			}
			amount := int64(100 * (1 + l.rng.IntN(5000)))
			paid := day.AddDate(0, 0, 25+l.rng.IntN(1+20*customer))
			post(day, "707000", amount, 0)
			if paid.Year() != day.Year() {
				continue // it stays open: openings carry it
			}
			switch l.rng.IntN(5) {
			case 0:
				post(paid, "512000", 0, amount/2)
				post(paid.AddDate(0, 0, 3), "512000", 0, amount-amount/2)
			case 1:
				post(paid, "512000", 0, amount)
				post(paid.AddDate(0, 0, 4), "512000", amount, 0)
			case 2:
				promises = append(promises, fmt.Sprintf("P%d,S%d,%s,%s,%s", len(promises), customer, cents(amount),
					paid.Format(time.DateOnly), day.AddDate(0, 0, 5).Format(time.DateOnly)))
				post(paid, "512000", 0, amount)
			default:
				post(paid, "512000", 0, amount)
			}
		}
	}
	return promises
}

// riskTables are the ledger and what is known beside it, as an extract made at the
// end of a day holds them.
func (l *ledger) riskTables(promises []string, upTo time.Time) map[string]string {
	kept := promises[:1]
	for _, p := range promises[1:] {
		if made := p[strings.LastIndex(p, ",")+1:]; made <= upTo.Format(time.DateOnly) {
			kept = append(kept[:len(kept):len(kept)], p)
		}
	}
	return map[string]string{
		"ledger_entries":   l.csv(upTo),
		"project_entities": "entity_no,entity_id,entity_name,currency,matching\n1,E,E,EUR,fifo\n",
		"counterparties":   "counterparty_id,name,opened_on,credit_limit\nS1,Un,2020-05-04,1000\nS2,Deux,2024-02-29,\nC1,Trois,2018-01-01,500\n",
		"promises":         strings.Join(kept, "\n") + "\n",
		"disputes":         "dispute_id,counterparty_id,document_id,status,opened_on\nD1,S3,S3-1,open,2023-03-01\n",
	}
}

// TestRiskScoresDoNotLookAhead: at 200 random customers and dates of generated
// ledgers the score from the whole data, read as of the date, is the score from an
// extract cut at that date; and so are the behaviour, the points and the classes of
// the months before.
func TestRiskScoresDoNotLookAhead(t *testing.T) {
	pairs, rated := make(chan int, 10), make(chan int, 10)
	t.Run("seeds", func(t *testing.T) {
		for seed := range uint64(3) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				compareScores(t, seed, pairs, rated)
			})
		}
	})
	close(pairs)
	close(rated)
	sum := func(numbers chan int) (total int) {
		for n := range numbers {
			total += n
		}
		return total
	}
	if p, r := sum(pairs), sum(rated); !t.Failed() && (p < 200 || r < 60) {
		t.Errorf("only %d customers and dates were compared, %d of them with a score", p, r)
	}
}

func compareScores(t *testing.T, seed uint64, pairs, rated chan<- int) {
	l := newLedger(600+seed, false, false)
	promises := l.sellRegularly()
	whole := Open(t, Case{
		Params: map[string]string{"as_of": "2026-01-31"}, Dated: true,
		Tables: l.riskTables(promises, start.AddDate(years, 0, 0)),
	}, "mart_risk_scores", "mart_payment_behaviour")
	compared, scored := 0, 0
	for range 5 {
		day := start.AddDate(0, 0, 200+l.rng.IntN(365*years-200))
		as := day.Format(time.DateOnly)
		whole.BuildAt(t, as)
		cut := Open(t, Case{Params: map[string]string{"as_of": as}, Tables: l.riskTables(promises, day)},
			"mart_risk_scores", "mart_payment_behaviour")
		for name, query := range riskFigures {
			if a, b := whole.Text(t, query), cut.Text(t, query); a != b {
				t.Errorf("at %s %s is, from the whole data,\n%s\nfrom the extract cut there\n%s", as, name, a, b)
			}
		}
		if rows := whole.Text(t, pointsDoNotAddUp); strings.Count(rows, "\n") > 1 {
			t.Errorf("at %s the points do not add up to the score\n%s", as, rows)
		}
		compared += strings.Count(cut.Text(t, `select 1 from mart_risk_scores`), "\n") - 1
		scored += strings.Count(cut.Text(t, `select 1 from mart_risk_scores where score is not null`), "\n") - 1
	}
	pairs <- compared
	rated <- scored
}

const pointsDoNotAddUp = `
	select counterparty_id, max(score), sum(earned_points), sum(lost_points)
	from mart_risk_scores
	inner join mart_risk_score_points using (entity_id, side, counterparty_id)
	group by counterparty_id, side
	having max(score) <> sum(earned_points) or 100 - max(score) <> sum(lost_points)
		or count(*) <> 8 or max(score) not between 0 and 100`
