package web

import (
	"context"
	"net/http"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
)

// overviewPage is what a CFO sees first.
type overviewPage struct {
	Layout
	Overview  *reports.Overview
	Tiles     []tile
	Bar       ageBar // the ageing now
	Top       []topRow
	Charts    map[string]chart
	Months    []reports.MonthPoint // latest first, for the tables
	History   history
	Share     []concentrationRow
	Documents []exportGroup // at the top of the page
	Exports   []exportGroup
	IsEmpty   bool

	Attention int64 // sources that somebody should look at
}

// tile is one key figure with its change on the month before.
type tile struct {
	Key     string // of its texts
	Value   string
	Exact   string // to the cent, or what the figure is made of
	Change  string // with its sign; empty where there is nothing to compare with
	Trend   string // up, down or flat
	Verdict string // good, bad or neutral
	URL     string
}

// topRow is a row of the largest overdue counterparties with the width of its bar.
type topRow struct {
	reports.TopCounterparty
	Width string // per cent of the largest
}

// concentrationRow adds the cumulated share to a large counterparty.
type concentrationRow struct {
	reports.TopCounterparty
	Cumulated reports.Ratio
}

// history is the ageing at month ends as a table.
type history struct {
	Columns []string // buckets
	Rows    []historyRow
}

// historyRow is one month end of the ageing, an amount per bucket.
type historyRow struct {
	Date  time.Time
	Cells []reports.Amount
	Total reports.Amount
}

func (s *server) overview(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "overview", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		figures, err := view.Overview(ctx)
		if err != nil {
			return nil, err
		}
		page := newOverviewPage(l, layout, figures)
		page.Attention = s.attention(r)
		return page, nil
	})
}

func newOverviewPage(l *locale, layout Layout, figures *reports.Overview) overviewPage {
	page := overviewPage{Layout: layout, Overview: figures, IsEmpty: figures.Now == nil}
	if page.IsEmpty {
		return page
	}
	page.Tiles = overviewTiles(l, layout, figures)
	page.Bar = newAgeBar(layout, figures.Buckets)
	page.Charts = pageCharts(layout, "overview", "ageing", "dso", "concentration", "sales")
	for i := len(figures.Months) - 1; i >= 0; i-- {
		page.Months = append(page.Months, figures.Months[i])
	}
	page.History = historyTable(figures.History, figures.Buckets)
	var largest reports.Amount
	for _, row := range figures.TopOverdue {
		largest = max(largest, row.Overdue)
	}
	for _, row := range figures.TopOverdue {
		page.Top = append(page.Top, topRow{row, width(row.Overdue, largest)})
	}
	page.Share = cumulate(figures)
	page.Documents = []exportGroup{documentLinks(layout, "kpi-pack")}
	page.Exports = exportGroups(layout, "kpis")
	return page
}

func overviewTiles(l *locale, layout Layout, figures *reports.Overview) []tile {
	now, before := figures.Now, figures.MonthBefore
	currency := layout.Currency()
	sum := func(key string, of func(*reports.MonthPoint) reports.Amount, worse int, url string) tile {
		value := of(now)
		made := tile{Key: key, Value: l.Whole(int64(value), currency), Exact: l.With(int64(value), currency), URL: url}
		if before != nil {
			change := int64(value - of(before))
			made.change(change, money.Signed(change, l.Whole(change, currency)), worse)
		}
		return made
	}
	days := func(key string, of func(*reports.MonthPoint) reports.Days, worse int) tile {
		value := of(now)
		made := tile{
			Key: key, Value: l.Days(value), Exact: l.T("kpi." + key + ".exact." + layout.Side()), URL: layout.Link("/key-figures"),
		}
		if before != nil && value.Valid && of(before).Valid {
			change := value.Hundredths - of(before).Hundredths
			made.change(change, money.Signed(change, l.Days(reports.Days{Hundredths: change, Valid: true})), worse)
		}
		return made
	}
	overdue := sum("overdue", func(p *reports.MonthPoint) reports.Amount { return p.Overdue }, +1, layout.Link("/ageing", "overdue", "1"))
	overdue.Exact += " · " + l.T("kpi.overdue.ratio", l.Ratio(now.OverdueRatio))
	countback := days("dso_countback", func(p *reports.MonthPoint) reports.Days { return p.DSOCountback }, +1)
	if now.IsCountbackFloor {
		countback.Value = "≥ " + countback.Value
		countback.Exact = l.T("kpi.dso_floor")
	}
	return []tile{
		sum("open", func(p *reports.MonthPoint) reports.Amount { return p.Receivable }, 0, layout.Link("/ageing", "sort", "open")),
		overdue,
		countback,
		days("dso_simple", func(p *reports.MonthPoint) reports.Days { return p.DSOSimple }, +1),
		days("best_dso", func(p *reports.MonthPoint) reports.Days { return p.BestPossibleDSO }, 0),
		days("delinquent", func(p *reports.MonthPoint) reports.Days { return p.AverageDaysDelinquent }, +1),
		sum("unallocated", func(p *reports.MonthPoint) reports.Amount { return max(p.Unallocated, -p.Unallocated) }, 0, layout.Link("/ageing", "sort", "open")),
		sum("doubtful", func(p *reports.MonthPoint) reports.Amount { return p.Doubtful }, +1, doubtfulURL(layout)),
	}
}

// doubtfulURL leads to the customers behind a doubtful amount, or to the accounts.
func doubtfulURL(layout Layout) string {
	if layout.Side() == reports.Customer {
		return layout.Link("/credit-loss")
	}
	return layout.Link("/proof")
}

// change fills in the change of a figure; worse is the sign of a change for the
// worse, 0 where there is none.
func (t *tile) change(difference int64, text string, worse int) {
	t.Change, t.Trend, t.Verdict = text, "flat", "neutral"
	direction := 0
	switch {
	case difference > 0:
		t.Trend, direction = "up", 1
	case difference < 0:
		t.Trend, direction = "down", -1
	}
	switch {
	case worse == 0 || direction == 0:
	case direction == worse:
		t.Verdict = "bad"
	default:
		t.Verdict = "good"
	}
}

// historyTable turns the monthly buckets into rows, the latest month first.
func historyTable(points []reports.BucketMonth, buckets []reports.Bucket) history {
	column, names := map[string]int{}, []string{}
	for i, bucket := range buckets {
		column[bucket.Name] = i
		names = append(names, bucket.Name)
	}
	var rows []historyRow
	for _, point := range points {
		i, ok := column[point.Bucket]
		if !ok {
			continue
		}
		if len(rows) == 0 || !rows[len(rows)-1].Date.Equal(point.Date) {
			rows = append(rows, historyRow{Date: point.Date, Cells: make([]reports.Amount, len(buckets))})
		}
		row := &rows[len(rows)-1]
		row.Cells[i] += point.Open
		row.Total += point.Open
	}
	for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
		rows[i], rows[j] = rows[j], rows[i]
	}
	return history{names, rows}
}

// cumulate adds up the shares of the largest counterparties.
func cumulate(figures *reports.Overview) []concentrationRow {
	var rows []concentrationRow
	var sum int64
	for _, row := range figures.Concentration {
		sum += row.Share.BasisPoints
		rows = append(rows, concentrationRow{row, reports.Ratio{BasisPoints: sum, Valid: row.Share.Valid}})
	}
	return rows
}
