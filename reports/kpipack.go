package reports

import (
	"context"
	"math"
	"slices"

	"github.com/encours/encours/reports/pdffile"
)

// documentDefinitions are the reports that are documents first.
func documentDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "kpi-pack", TitleEN: "KPI pack for the board", TitleFR: "Dossier d’indicateurs pour la direction",
				Question: "What does the board need to know of the receivables, on four pages?",
			},
			query: (*View).kpisReport, document: (*View).kpiPack,
		},
		{
			Definition: Definition{
				Name: "statement", TitleEN: "Statement of account", TitleFR: "Relevé de compte",
				Question: "What does one customer owe, item by item?",
			},
			query: (*View).statementReport, document: (*View).statement, isOfOne: true,
		},
	}
}

const (
	packTop       = 10
	packLate      = 5
	packName      = 36 // letters of a name
	packFindings  = 8
	packMonths    = 6 // month ends of the ageing table
	overdueLevels = 5 // colours from the youngest to the oldest
)

// pack is a KPI pack on its way.
type pack struct {
	words
	v        *View
	figures  *Overview
	lines    []ReconciliationLine
	findings []QualityRow
	side     string
	yearAgo  *MonthPoint
	persons  map[partyKey]bool // natural persons whose names stay out
}

// partyKey is a counterparty of a side.
type partyKey struct{ entity, id string }

// kpiPack is the board report: headline, charts, ageing, proof; a page each.
func (v *View) kpiPack(ctx context.Context, _ query, filter AgeingFilter) (pdffile.Document, error) {
	w := wordsOf(filter.Language, v.meta.Currency)
	made := v.document(w, w.t("pack.title."+v.selection.Side))
	p := &pack{words: w, v: v, side: v.selection.Side}
	var err error
	if p.figures, err = v.Overview(ctx); err != nil {
		return made, err
	}
	if p.lines, err = v.Reconciliation(ctx); err != nil {
		return made, err
	}
	if p.findings, err = v.Quality(ctx); err != nil {
		return made, err
	}
	if p.figures.Now == nil {
		made.Blocks = append([]pdffile.Block{pdffile.Paragraph{Text: p.t("pack.empty")}}, p.proofPage()...)
		return made, nil
	}
	p.yearAgo = p.sameMonthLastYear()
	if p.persons, err = v.maskedPersons(ctx, slices.Concat(p.figures.Concentration, p.figures.TopOverdue)); err != nil {
		return made, err
	}
	for i, page := range [][]pdffile.Block{p.headlinePage(), p.chartPage(), p.ageingPage(), p.proofPage()} {
		if i > 0 {
			made.Blocks = append(made.Blocks, pdffile.PageBreak{})
		}
		made.Blocks = append(made.Blocks, page...)
	}
	return made, nil
}

func (p *pack) sameMonthLastYear() *MonthPoint {
	now := p.figures.Now.Date
	for i, month := range p.figures.Months {
		if month.Date.Year() == now.Year()-1 && month.Date.Month() == now.Month() {
			return &p.figures.Months[i]
		}
	}
	return nil
}

// headlinePage: the figures beside last month and last year, in words and in a
// table, and the ageing as a bar.
func (p *pack) headlinePage() []pdffile.Block {
	return []pdffile.Block{
		pdffile.Paragraph{Text: p.sentence(), Size: 10.5},
		pdffile.Heading{Text: p.t("pack.headline")},
		p.headline(),
		pdffile.Heading{Text: p.t("pack.ageing", p.date(p.v.meta.AsOf))},
		p.bar(),
		p.buckets(),
		pdffile.Heading{Text: p.t("pack.proof")},
		p.proof(),
	}
}

// sentence says the headline in words.
func (p *pack) sentence() string {
	now := p.figures.Now
	text := p.t("sentence.open."+p.side, p.date(p.v.meta.AsOf), p.whole(now.Receivable))
	if before := p.figures.MonthBefore; before != nil {
		text += p.t("sentence.month", p.change(now.Receivable, before.Receivable))
	}
	if p.yearAgo != nil {
		text += p.t("sentence.year", p.change(now.Receivable, p.yearAgo.Receivable))
	}
	text += ". " + p.t("sentence.overdue", p.whole(now.Overdue), p.ratio(now.OverdueRatio))
	if now.DSOCountback.Valid {
		text += " " + p.t("sentence.dso", p.floored(now))
		if p.yearAgo != nil && p.yearAgo.DSOCountback.Valid {
			text += p.t("sentence.dso_year", p.floored(p.yearAgo))
		}
		text += "."
	}
	return text
}

// floored is the count-back DSO, which is a floor where the sales do not exhaust
// the receivable.
func (p *pack) floored(m *MonthPoint) string {
	if m.IsCountbackFloor && m.DSOCountback.Valid {
		return "≥ " + p.days(m.DSOCountback)
	}
	return p.days(m.DSOCountback)
}

// change says by how much an amount went up or down.
func (p *pack) change(now, before Amount) string {
	difference := now - before
	if difference == 0 {
		return p.t("change.same")
	}
	key := "change.up"
	if difference < 0 {
		key, difference = "change.down", -difference
	}
	text := p.whole(difference)
	if before > 0 {
		text += " (" + p.ratio(share(difference, before)) + ")"
	}
	return p.t(key, text)
}

// headline is the table of the key figures.
func (p *pack) headline() pdffile.Table {
	made := pdffile.Table{Size: 8.5, Columns: []pdffile.Column{
		{Title: p.t("column.figure"), Width: 25},
		{Title: p.date(p.v.meta.AsOf), Width: 17, Right: true},
		{Title: p.t("column.month_before"), Width: 17, Right: true},
		{Title: p.t("column.change"), Width: 13, Right: true},
		{Title: p.t("column.year_before"), Width: 17, Right: true},
		{Title: p.t("column.change"), Width: 13, Right: true},
	}}
	add := func(key string, show func(*MonthPoint) string, change func(now, then *MonthPoint) string) {
		row := []string{p.t("kpi." + key + "." + p.side), show(p.figures.Now)}
		for _, then := range []*MonthPoint{p.figures.MonthBefore, p.yearAgo} {
			if then == nil {
				row = append(row, absent, absent)
				continue
			}
			row = append(row, show(then), change(p.figures.Now, then))
		}
		made.Rows = append(made.Rows, row)
	}
	sum := func(key string, of func(*MonthPoint) Amount) {
		add(key, func(m *MonthPoint) string { return p.money(of(m)) }, func(now, then *MonthPoint) string {
			change := of(now) - of(then)
			return signed(int64(change), p.whole(change))
		})
	}
	days := func(key string, of func(*MonthPoint) Days, show func(*MonthPoint) string) {
		if !of(p.figures.Now).Valid {
			return
		}
		add(key, show, func(now, then *MonthPoint) string {
			a, b := of(now), of(then)
			change := Days{a.Hundredths - b.Hundredths, a.Valid && b.Valid}
			return signed(change.Hundredths, p.days(change))
		})
	}
	sum("open", func(m *MonthPoint) Amount { return m.Receivable })
	sum("overdue", func(m *MonthPoint) Amount { return m.Overdue })
	add("overdue_ratio", func(m *MonthPoint) string { return p.ratio(m.OverdueRatio) }, func(now, then *MonthPoint) string {
		change := now.OverdueRatio.BasisPoints - then.OverdueRatio.BasisPoints
		if !now.OverdueRatio.Valid || !then.OverdueRatio.Valid {
			return absent
		}
		return signed(change, p.t("unit.points", p.Fixed(change, 2, 1)))
	})
	days("dso_countback", func(m *MonthPoint) Days { return m.DSOCountback }, p.floored)
	simple := func(of func(*MonthPoint) Days) (func(*MonthPoint) Days, func(*MonthPoint) string) {
		return of, func(m *MonthPoint) string { return p.days(of(m)) }
	}
	value, show := simple(func(m *MonthPoint) Days { return m.DSOSimple })
	days("dso_simple", value, show)
	value, show = simple(func(m *MonthPoint) Days { return m.BestPossibleDSO })
	days("best_dso", value, show)
	value, show = simple(func(m *MonthPoint) Days { return m.AverageDaysDelinquent })
	days("delinquent", value, show)
	sum("unallocated", func(m *MonthPoint) Amount { return m.Unallocated })
	sum("doubtful", func(m *MonthPoint) Amount { return m.Doubtful })
	return made
}

// chartPage draws two years of the receivable and of its days.
func (p *pack) chartPage() []pdffile.Block {
	var labels []string
	for _, month := range p.figures.Months {
		labels = append(labels, p.month(month.Date))
	}
	values := func(of func(MonthPoint) (int64, bool)) []float64 {
		var all []float64
		for _, month := range p.figures.Months {
			value, ok := of(month)
			if !ok {
				all = append(all, math.NaN())
				continue
			}
			all = append(all, float64(value)/100) // a place on paper: the figures stand in the table
		}
		return all
	}
	sums := func(of func(MonthPoint) Amount) []float64 {
		return values(func(m MonthPoint) (int64, bool) { return int64(of(m)), true })
	}
	days := func(of func(MonthPoint) Days) []float64 {
		return values(func(m MonthPoint) (int64, bool) { d := of(m); return d.Hundredths, d.Valid })
	}
	count := func(value float64) string { return p.Int(int64(math.Round(value))) }
	made := pdffile.Charts{Height: 108, List: []pdffile.Chart{{
		Title: p.t("chart.open."+p.side, p.v.meta.Currency), Labels: labels, Tick: count,
		Series: []pdffile.Series{
			{Name: p.t("kpi.open." + p.side), Colour: "#a9c6e2", IsBar: true, Values: sums(func(m MonthPoint) Amount { return m.Receivable })},
			{Name: p.t("kpi.overdue." + p.side), Colour: "#d4522a", Values: sums(func(m MonthPoint) Amount { return m.Overdue })},
		},
	}}}
	if p.side == Customer {
		made.Height = 150
		made.List = append(made.List, pdffile.Chart{
			Title: p.t("chart.dso"), Labels: labels, Tick: count,
			Series: []pdffile.Series{
				{Name: p.t("kpi.dso_countback.customer"), Colour: "#1f5f9e", Values: days(func(m MonthPoint) Days { return m.DSOCountback })},
				{Name: p.t("kpi.best_dso.customer"), Colour: "#5d7d8f", Dashed: true, Values: days(func(m MonthPoint) Days { return m.BestPossibleDSO })},
			},
		})
	}
	return []pdffile.Block{pdffile.Heading{Text: p.t("pack.charts", len(labels))}, made, p.months()}
}

// months is the table of the latest months under the charts.
func (p *pack) months() pdffile.Table {
	made := pdffile.Table{Size: 7.5, Columns: []pdffile.Column{
		{Title: p.t("column.month"), Width: 16},
		{Title: p.t("kpi.open." + p.side), Width: 20, Right: true},
		{Title: p.t("kpi.overdue." + p.side), Width: 18, Right: true},
		{Title: p.t("kpi.overdue_ratio." + p.side), Width: 14, Right: true},
	}}
	if p.side == Customer {
		made.Columns = append(made.Columns,
			pdffile.Column{Title: p.t("kpi.dso_countback.customer"), Width: 16, Right: true},
			pdffile.Column{Title: p.t("kpi.best_dso.customer"), Width: 16, Right: true})
	}
	months := p.figures.Months[max(len(p.figures.Months)-12, 0):]
	for _, m := range slices.Backward(months) {
		row := []string{p.date(m.Date), p.amount(m.Receivable), p.amount(m.Overdue), p.ratio(m.OverdueRatio)}
		if p.side == Customer {
			row = append(row, p.floored(&m), p.days(m.BestPossibleDSO))
		}
		made.Rows = append(made.Rows, row)
	}
	return made
}

// effective is how many counterparties of equal size would be as concentrated.
func effective(herfindahl int64) (hundredths int64, ok bool) {
	if herfindahl <= 0 {
		return 0, false
	}
	return (100*10_000 + herfindahl/2) / herfindahl, true
}

// late writes days overdue; nothing where it is not.
func (p *pack) late(days int64) string {
	if days <= 0 {
		return absent
	}
	return p.t("unit.days", p.Int(days))
}
