package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/encours/encours/reports"
)

// rollRatesPage tells how much of what is late gets later, and how fast the
// invoices of each month are paid.
type rollRatesPage struct {
	Layout
	Rolls, Cohorts             heatMap
	RollExports, CohortExports []exportGroup
}

// heatMap is a table whose cells are the darker the higher they are. The figures
// stand in the cells, so that nothing is told by colour alone.
type heatMap struct {
	Caption string
	Heads   []heatHead
	Rows    []heatRow
	Feet    []heatRow
}

type heatHead struct {
	Text     string
	IsNumber bool
}

type heatRow struct {
	Head   string
	Amount string // before the cells; empty: no such column
	Cells  []heatCell
}

type heatCell struct {
	Text, Title, Class string
	URL                string // of what is behind the cell; "": nothing is
	Note               string // under the figure
}

// heatSteps are the shares, in ten-thousandths, above which a cell is darker.
var heatSteps = []int64{0, 500, 1_500, 3_000, 5_000, 7_500}

// cohortDays are the columns of the cohorts.
var cohortDays = []int{0, 30, 60, 90, 120, 180, 360}

// unbroken keeps a range such as 1–30 d on one line.
var unbroken = strings.NewReplacer(" ", "\u00a0", "–", "\u2060–\u2060")

func heatClass(share reports.Ratio) string {
	step := 0
	for step < len(heatSteps) && share.BasisPoints > heatSteps[step] {
		step++
	}
	return "heat-" + strconv.Itoa(step)
}

func (s *server) rollRates(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "roll-rates", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		rolls, err := view.RollRates(ctx)
		if err != nil {
			return nil, err
		}
		cells, err := view.BillingCohorts(ctx)
		if err != nil {
			return nil, err
		}
		layout.Page = "ageing" // its place in the navigation
		return rollRatesPage{
			Layout: layout, Rolls: rollMap(l, layout, rolls), Cohorts: cohortMap(l, layout, cells),
			RollExports:   exportGroups(layout, "roll-rates", "roll-rates-monthly"),
			CohortExports: exportGroups(layout, "billing-cohorts"),
		}, nil
	})
}

// rollMap has a row per month, the latest first, and a column per step; below them
// the mean and the loss.
func rollMap(l *locale, layout Layout, rolls *reports.RollRates) heatMap {
	made := heatMap{Caption: l.T("rolls.title"), Heads: []heatHead{{Text: l.T("column.month")}}}
	if len(rolls.Months) == 0 {
		return made
	}
	means, losses := heatRow{Head: l.T("rolls.mean")}, heatRow{Head: l.T("rolls.loss")}
	for _, rate := range rolls.Rates {
		head := unbroken.Replace(l.Name("bucket", rate.From))
		if rate.To != "" {
			head += " → " + unbroken.Replace(l.Name("bucket", rate.To))
		}
		made.Heads = append(made.Heads, heatHead{head, true})
		means.Cells = append(means.Cells, heatCell{Text: l.Ratio(rate.Roll), Title: l.T("rolls.months", rate.Months)})
		losses.Cells = append(losses.Cells, heatCell{Text: l.Ratio(rate.Loss)})
	}
	made.Feet = []heatRow{means}
	if last := rolls.Rates[len(rolls.Rates)-1]; last.Loss.Valid {
		made.Feet = append(made.Feet, losses)
	}
	currency := layout.Currency()
	var month time.Time
	for i := len(rolls.Months) - 1; i >= 0; i-- {
		m := rolls.Months[i]
		if len(made.Rows) == 0 || !m.Date.Equal(month) {
			month = m.Date
			made.Rows = append(made.Rows, heatRow{Head: l.Month(month), Cells: emptyCells(len(rolls.Rates), noValue)})
		}
		if m.Order < len(rolls.Rates) && m.Roll.Valid {
			made.Rows[len(made.Rows)-1].Cells[m.Order] = heatCell{
				Text: l.Ratio(m.Roll), Class: heatClass(m.Roll),
				Title: l.T("rolls.cell", l.With(int64(m.ToAmount), currency), l.With(int64(m.FromAmount), currency)),
			}
		}
	}
	return made
}

// cohortMap has a row per month, the latest first, and a column per number of days;
// a cell whose day has not come is empty.
func cohortMap(l *locale, layout Layout, cells []reports.CohortCell) heatMap {
	made := heatMap{Caption: l.T("cohorts.title"), Heads: []heatHead{
		{Text: l.T("cohorts.month")}, {l.T("cohorts.invoiced"), true},
	}}
	column := map[int]int{}
	for i, days := range cohortDays {
		column[days] = i
		made.Heads = append(made.Heads, heatHead{l.T("cohorts.after", days), true})
	}
	currency := layout.Currency()
	var month time.Time
	for i := len(cells) - 1; i >= 0; i-- {
		c := cells[i]
		if len(made.Rows) == 0 || !c.Date.Equal(month) {
			month = c.Date
			made.Rows = append(made.Rows, heatRow{
				Head: l.Month(month), Amount: l.Amount(c.Invoiced), Cells: emptyCells(len(cohortDays), ""),
			})
		}
		if at, ok := column[c.AfterDays]; ok {
			made.Rows[len(made.Rows)-1].Cells[at] = heatCell{
				Text: l.Ratio(c.Share), Class: heatClass(c.Share), Title: l.With(int64(c.Unpaid), currency),
			}
		}
	}
	return made
}

func emptyCells(count int, text string) []heatCell {
	cells := make([]heatCell, count)
	for i := range cells {
		cells[i] = heatCell{Text: text, Class: "nil"}
	}
	return cells
}
