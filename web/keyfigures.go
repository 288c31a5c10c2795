package web

import (
	"context"
	"net/http"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
)

// keyFiguresPage shows the monthly measures, what they are compared with, and why
// DSO moved.
type keyFiguresPage struct {
	Layout
	Rows    []keyFigureRow
	Months  []time.Time // latest first
	Charts  map[string]chart
	Bridges []bridgeTable
	Sold    *soldFigures // nil: no receivable is sold to a factor
	Targets bool         // the project gives some for this selection
	Floor   bool         // the count-back DSO is a floor
	Exports []exportGroup
	IsEmpty bool
}

// keyFigureRow is a measure in the language of the page.
type keyFigureRow struct {
	Measure, URL        string
	Value               string
	Month, Year, Target keyChange
	Cells               []string // one per month
}

// keyChange is what a measure is compared with and how it moved.
type keyChange struct {
	Base    string // what it is compared with
	Change  string // with its sign; empty where there is nothing to compare
	Trend   string // up, down or flat
	Verdict string // good, bad or neutral
}

// bridgeTable is a waterfall as a table.
type bridgeTable struct {
	reports.DSOBridge
	To     time.Time
	ToDays reports.Days
	Change string
	Rows   []bridgeRow
	Movers []moverRow
}

type bridgeRow struct{ Effect, Change, Level string }

// moverRow is a customer that moved DSO.
type moverRow struct {
	reports.DSOMover
	URL, Mix, Own, Moved string
}

// soldFigures sets the figures with sold receivables beside those without.
type soldFigures struct{ Amount, With, Without, SimpleWith, SimpleWithout, CountbackWith, CountbackWithout string }

// soldMeasures are told apart from the other measures.
var soldMeasures = map[string]bool{
	"factored_amount": true, "unfactored_receivable_amount": true,
	"unfactored_dso_simple_days": true, "unfactored_dso_countback_days": true,
}

// worseSign says in which direction a measure becomes worse; 0, for what is not
// listed, is neither.
var worseSign = map[string]int{
	"overdue_amount": +1, "doubtful_amount": +1, "disputed_amount": +1,
	"dso_countback_days": +1, "dso_simple_days": +1, "average_days_delinquent": +1, "days_late": +1,
	"overdue_ratio": +1, "cei_ratio": -1, "dispute_ratio": +1, "lettering_coverage_ratio": -1,
	"top10_ratio": +1, "herfindahl_index": +1, "effective_counterparty_count": -1,
}

func (s *server) keyFigures(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "key-figures", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		figures, err := view.KeyFigures(ctx)
		if err != nil {
			return nil, err
		}
		return newKeyFiguresPage(l, layout, figures), nil
	})
}

func newKeyFiguresPage(l *locale, layout Layout, figures *reports.KeyFigures) keyFiguresPage {
	page := keyFiguresPage{
		Layout: layout, Months: figures.Months, IsEmpty: len(figures.Months) == 0,
		Exports: exportGroups(layout, "kpis", "key-figures", "dso-bridge", "dso-customers", "factored-documents"),
	}
	if layout.Side() == reports.Supplier {
		page.Exports = exportGroups(layout, "kpis")
	}
	if page.IsEmpty {
		return page
	}
	page.Charts = pageCharts(layout, "key-figures", "keydays", "keyratios", "bridge")
	write := keyWriter{l, layout.Currency()}
	now := map[string]reports.KeyFigure{}
	for _, months := range figures.Measures {
		figure := months[0]
		now[figure.Measure] = figure
		page.Targets = page.Targets || figure.Target.Valid
		page.Floor = page.Floor || figure.IsFloorValue
		if !soldMeasures[figure.Measure] {
			page.Rows = append(page.Rows, write.row(layout, months))
		}
	}
	if sold := now["factored_amount"]; sold.Value.TenThousandths != 0 {
		page.Sold = write.sold(now)
	}
	for _, bridge := range figures.Bridges {
		page.Bridges = append(page.Bridges, write.bridge(bridge, layout))
	}
	return page
}

// keyWriter writes figures of any unit.
type keyWriter struct {
	l        *locale
	currency string
}

func (w keyWriter) text(f reports.Figure, unit string) string {
	switch {
	case !f.Valid:
		return noValue
	case unit == reports.UnitAmount:
		return w.l.Whole(int64(f.Amount()), w.currency)
	case unit == reports.UnitDays:
		return w.l.Days(f.Days())
	case unit == reports.UnitRatio:
		return w.l.Ratio(f.Ratio())
	case unit == reports.UnitCount:
		return w.l.Int(f.TenThousandths / 10_000)
	}
	return w.l.Fixed(f.Days().Hundredths, 2, 1)
}

func (w keyWriter) row(layout Layout, months []reports.KeyFigure) keyFigureRow {
	now := months[0]
	row := keyFigureRow{Measure: now.Measure, Value: w.text(now.Value, now.Unit), URL: measureURL(layout, now.Measure)}
	row.Month = w.change(now, now.MonthBefore)
	row.Year = w.change(now, now.YearBefore)
	if now.Target.Valid {
		row.Target = w.change(now, now.Target)
		row.Target.Verdict = "neutral"
		if now.HasVerdict {
			row.Target.Verdict = map[bool]string{true: "good", false: "bad"}[now.IsTargetMet]
		}
	}
	for _, month := range months {
		cell := w.text(month.Value, month.Unit)
		if month.IsFloorValue {
			cell = "≥ " + cell
		}
		row.Cells = append(row.Cells, cell)
	}
	row.Value = row.Cells[0]
	return row
}

// change compares a figure with another value of its measure.
func (w keyWriter) change(now reports.KeyFigure, base reports.Figure) keyChange {
	made := keyChange{Base: w.text(base, now.Unit)}
	moved := now.Value.Less(base)
	if !moved.Valid {
		return made
	}
	// what is shown as nothing is no change
	if shown := moved.TenThousandths; now.Unit == reports.UnitRatio && max(shown, -shown) < 5 || now.Unit != reports.UnitRatio && max(shown, -shown) < 500 {
		moved.TenThousandths = 0
	}
	text := w.text(moved, now.Unit)
	if now.Unit == reports.UnitRatio {
		text = w.l.T("keyfigures.points", w.l.Fixed(moved.TenThousandths, 2, 1))
	}
	var t tile
	t.change(moved.TenThousandths, money.Signed(moved.TenThousandths, text), worseSign[now.Measure])
	made.Change, made.Trend, made.Verdict = t.Change, t.Trend, t.Verdict
	return made
}

// measureURL leads to what a measure is made of; empty where no page tells it.
func measureURL(layout Layout, measure string) string {
	switch measure {
	case "receivable_amount", "payable_amount", "counterparty_count", "unallocated_credit_amount":
		return layout.Link("/ageing", "sort", "open")
	case "top10_ratio", "herfindahl_index", "effective_counterparty_count":
		return layout.Link("/concentration")
	case "dso_simple_days":
		return "#h-bridge"
	case "disputed_amount", "dispute_ratio":
		return layout.Link("/disputes")
	case "doubtful_amount":
		return doubtfulURL(layout)
	case "overdue_amount", "overdue_ratio":
		return layout.Link("/ageing", "overdue", "1")
	case "dso_receivable_amount":
		return layout.Link("/proof")
	}
	return ""
}

func (w keyWriter) sold(now map[string]reports.KeyFigure) *soldFigures {
	text := func(measure string) string { return w.text(now[measure].Value, now[measure].Unit) }
	return &soldFigures{
		Amount: text("factored_amount"), With: text("dso_receivable_amount"), Without: text("unfactored_receivable_amount"),
		SimpleWith: text("dso_simple_days"), SimpleWithout: text("unfactored_dso_simple_days"),
		CountbackWith: text("dso_countback_days"), CountbackWithout: text("unfactored_dso_countback_days"),
	}
}

func (w keyWriter) bridge(bridge reports.DSOBridge, layout Layout) bridgeTable {
	made := bridgeTable{DSOBridge: bridge, To: layout.Meta.AsOf}
	signed := func(d reports.Days) string { return money.Signed(d.Hundredths, w.l.Days(d)) }
	for _, step := range bridge.Steps {
		made.Rows = append(made.Rows, bridgeRow{step.Effect, signed(step.Days), w.l.Days(step.Level)})
		made.ToDays = step.Level
	}
	for _, m := range bridge.Movers {
		url := layout.Counterparty(m.Entity, reports.Customer, m.ID)
		if m.ID == reports.AllCustomers {
			m.Name, url = w.l.T("keyfigures.movers.all"), layout.Filtered("/key-figures", "entity", m.Entity)
		}
		made.Movers = append(made.Movers, moverRow{m, url, signed(m.Mix), signed(m.Own), signed(m.Moved)})
	}
	made.Change = signed(reports.Days{Hundredths: made.ToDays.Hundredths - bridge.FromDays.Hundredths, Valid: true})
	return made
}
