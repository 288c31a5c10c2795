package sample

import (
	"context"
	"fmt"
)

var ratingColumns = []string{
	"provider", "as_of", "siren", "name", "country", "score_raw", "score_scale_min", "score_scale_max", "class",
	"limit_amount", "limit_currency",
}

// grade is how an agency sees the customer on a day, 0 best to 4 worst.
func (q *party) grade(day, last int32) int {
	switch q.habit {
	case lateByAWeek:
		return 1
	case partialPayer, builder, chronicLate:
		return 2
	case deteriorating:
		return 1 + int(2*day/last)
	case failing:
		switch {
		case day > q.fails+60:
			return 4
		case day > q.fails-60:
			return 3
		}
		return 2
	}
	return q.index % 2
}

// ratings rate the larger half of the customers in each of the last two fiscal years.
func (x *extracts) ratings(ctx context.Context) error {
	last := x.cal.lastDay()
	return x.table("extracts/agencies/ratings.csv", format{}, ratingColumns, func(t *table) error {
		return x.customers(ctx, func(q *party) error {
			if q.group || !q.identified() || q.first >= 0 || q.index >= len(q.simulation.customers)/2 {
				return nil
			}
			for fiscal := max(1, len(x.cal.start)-2); fiscal < len(x.cal.start); fiscal++ {
				day := x.cal.start[fiscal] + 60 + int32(q.index%100)
				grade := q.grade(day, last)
				limit := q.size * int64([]int{40, 25, 10, 3, 0}[grade]) / 100_000 * 1000
				err := t.row("cote-entreprises", x.day(day), q.company.siren, capitals(q.company.title()), "FR",
					fmt.Sprint(18-4*grade-q.index%3), "0", "20", string(rune('A'+grade)), fmt.Sprint(limit), "EUR")
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func coversPath(e *entity) string { return e.folder() + "/assurance.csv" }

var coverColumns = []string{
	"policy_id", "counterparty_id", "siren", "limit_amount", "currency", "quota_ratio", "valid_from", "cover_status",
	"declaration_days", "requested_amount", "reason",
}

// covers are those of the policy of the first entity, for the larger third of its
// customers: one in eight was refused, and who pays worse loses some or all of it.
func (x *extracts) covers(ctx context.Context) error {
	s := x.ledgers[0]
	open := s.openBalances()
	return x.table(coversPath(&s.entity), format{}, coverColumns, func(t *table) error {
		return s.eachCustomer(ctx, func(q *party) error {
			if q.group || q.index >= len(s.customers)/3 {
				return nil
			}
			asked := max(open[q.index]*6/5, q.size*5)/100_000*1000 + 1000
			row := func(limit int64, from int32, status, reason string) error {
				code, siren := q.code, ""
				if q.index%5 == 4 && q.identified() && q.index%40 != 7 && q.first < 0 {
					code, siren = "", q.company.siren
				}
				return t.row("POL-"+s.entity.id, code, siren, fmt.Sprint(limit), "EUR", "0.9", x.day(from), status, "90",
					fmt.Sprint(asked), reason)
			}
			first := x.cal.start[1] + 20
			if q.index%8 == 6 && q.habit != failing {
				return row(0, first, "refused", "comptes insuffisants")
			}
			if err := row(asked, first, "granted", ""); err != nil {
				return err
			}
			switch {
			case q.habit == failing:
				return row(0, q.fails+30, "cancelled", "incidents de paiement")
			case q.habit == deteriorating || q.habit == chronicLate:
				return row(asked/2, x.cal.lastDay()-120, "reduced", "dégradation de la note")
			}
			return nil
		})
	})
}

// closing is the end of a fiscal year of a company and the day its accounts were public.
type closing struct{ end, published int32 }

// closings are the last two whose accounts are public before the end, of the larger
// quarter of the customers; who stopped paying files nothing more.
func (q *party) closings() []closing {
	s := q.simulation
	if q.group || q.first >= 0 || !q.identified() || q.company.isPerson() || q.index >= len(s.customers)/4 {
		return nil
	}
	var list []closing
	for fiscal := max(0, len(s.cal.end)-3); fiscal < len(s.cal.end)-1; fiscal++ {
		days := 150 + int32(q.index%40)
		if q.index%9 == 2 {
			days += 90 // after the term
		}
		c := closing{s.cal.end[fiscal], s.cal.banking(s.cal.end[fiscal] + days)}
		if c.end < q.fails && c.published <= s.cal.lastDay() {
			list = append(list, c)
		}
	}
	return list
}

var statementColumns = []string{
	"siren", "closing_date", "accounts_type", "published_on", "currency", "months", "sales", "purchases", "value_added",
	"personnel_cost", "ebitda", "ebit", "financial_charges", "net_income", "total_assets", "current_assets", "inventory",
	"receivables", "cash", "equity", "retained_earnings", "permanent_capital", "total_debt", "financial_debt",
	"current_liabilities", "is_listed", "is_industrial", "is_confidential",
}

// statements are the accounts of the larger quarter of the customers; one in six keeps
// them confidential.
func (x *extracts) statements(ctx context.Context) error {
	return x.table("extracts/agencies/statements.csv", format{}, statementColumns, func(t *table) error {
		return x.customers(ctx, func(q *party) error {
			for year, c := range q.closings() {
				if err := t.row(x.statement(q, year, c)...); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// statement draws accounts as shares of the sales, in thousandths: the worse the
// grade, the less is earned and owned.
func (x *extracts) statement(q *party, year int, c closing) []string {
	confidential := q.index%6 == 5
	row := []string{q.company.siren, x.day(c.end), "C", x.day(c.published), "EUR", "12"}
	sales := q.size * int64(1500+37*(q.index%41)+80*year) / 100
	worse := int64(q.grade(c.published, x.cal.lastDay()))
	equity := 290 - 80*worse
	shares := []int64{
		1000, 550, 350, 250 + 25*worse, 100 - 25*worse, 80 - 25*worse, 5 + 2*worse, 55 - 20*worse, // to the result
		700, 450, 120, 200 + 20*worse, 90 - 20*worse, equity, equity * 7 / 10, equity + 110, // to permanent capital
		680 - equity, 150, 700 - equity - 110,
	}
	for _, share := range shares {
		text := ""
		if !confidential {
			text = fmt.Sprint(sales * share / 1000)
		}
		row = append(row, text)
	}
	return append(row, "false", fmt.Sprint(q.company.naf >= "10" && q.company.naf < "34"), fmt.Sprint(confidential))
}
