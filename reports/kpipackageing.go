package reports

import (
	"slices"
	"time"

	"github.com/encours/encours/reports/pdffile"
)

// bucketColours gives each bucket its colour: what is not due, the overdue ones from
// young to old, and what has no age.
func bucketColours(all []Bucket) []string {
	palette := []string{"#8dbfdd", "#f2cf63", "#ee9b3a", "#d4522a", "#861a2b"}
	overdue := 0
	for _, b := range all {
		if b.IsOverdue {
			overdue++
		}
	}
	made, at := make([]string, len(all)), 0
	for i, b := range all {
		switch {
		case b.IsOverdue && overdue <= overdueLevels:
			made[i] = palette[at]
			at++
		case b.IsOverdue:
			made[i] = palette[at*(overdueLevels-1)/(overdue-1)]
			at++
		case at == 0:
			made[i] = "#3c6fae"
		default:
			made[i] = "#98a1ab"
		}
	}
	return made
}

func (p *pack) bar() pdffile.Bar { return p.barOf(p.figures.Buckets) }

// barOf draws open debits by bucket: credits have no length.
func (w words) barOf(all []Bucket) pdffile.Bar {
	var made pdffile.Bar
	colours := bucketColours(all)
	for i, b := range all {
		if b.Debit > 0 {
			made.Segments = append(made.Segments, pdffile.Segment{
				Colour: colours[i], Label: w.name("bucket", b.Name), Weight: int64(b.Debit),
			})
		}
	}
	return made
}

func (p *pack) buckets() pdffile.Table { return p.bucketsOf(p.figures.Buckets) }

// bucketsOf is the ageing as a table, with its totals.
func (w words) bucketsOf(all []Bucket) pdffile.Table {
	made := pdffile.Table{Colours: bucketColours(all), Columns: []pdffile.Column{
		{Title: w.t("column.bucket"), Width: 22},
		{Title: w.t("column.items"), Width: 12, Right: true},
		{Title: w.t("column.debit"), Width: 20, Right: true},
		{Title: w.t("column.credit"), Width: 18, Right: true},
		{Title: w.t("column.open"), Width: 20, Right: true},
		{Title: w.t("column.share"), Width: 12, Right: true},
	}}
	var total Bucket
	for _, b := range all {
		total.Items, total.Debit, total.Credit, total.Open = total.Items+b.Items, total.Debit+b.Debit, total.Credit+b.Credit, total.Open+b.Open
	}
	for _, b := range all {
		made.Rows = append(made.Rows, []string{
			w.name("bucket", b.Name), w.Int(b.Items), w.amount(b.Debit), w.amount(b.Credit), w.amount(b.Open), w.ratio(share(b.Debit, total.Debit)),
		})
	}
	made.Total = []string{w.t("total"), w.Int(total.Items), w.amount(total.Debit), w.amount(total.Credit), w.money(total.Open), ""}
	return made
}

// ageingPage: who owes most, and how much hangs on how few.
func (p *pack) ageingPage() []pdffile.Block {
	blocks := []pdffile.Block{
		pdffile.Heading{Text: p.t("pack.history")},
		p.history(),
		pdffile.Heading{Text: p.t("pack.top."+p.side, packTop)},
		p.top(p.figures.Concentration),
		pdffile.Heading{Text: p.t("pack.late." + p.side)},
	}
	if len(p.figures.TopOverdue) == 0 {
		blocks = append(blocks, pdffile.Paragraph{Text: p.t("pack.nothing_late")})
	} else {
		blocks = append(blocks, p.top(p.figures.TopOverdue[:min(len(p.figures.TopOverdue), packLate)]))
	}
	return append(blocks, pdffile.Heading{Text: p.t("pack.concentration")}, p.concentration())
}

func (p *pack) top(rows []TopCounterparty) pdffile.Table {
	made := pdffile.Table{Columns: []pdffile.Column{
		{Title: p.t("column.counterparty." + p.side), Width: 44},
		{Title: p.t("column.open"), Width: 16, Right: true},
		{Title: p.t("column.overdue"), Width: 15, Right: true},
		{Title: p.t("column.credits"), Width: 14, Right: true},
		{Title: p.t("column.oldest"), Width: 11, Right: true},
		{Title: p.t("column.share"), Width: 8, Right: true},
	}}
	for _, row := range rows[:min(len(rows), packTop)] {
		code := row.ID
		if p.v.selection.Entity == "" {
			code = row.Entity + " · " + code
		}
		name := shortened(row.Name) + " (" + code + ")"
		if p.persons[partyKey{row.Entity, row.ID}] {
			name = code
		}
		made.Rows = append(made.Rows, []string{
			name, p.amount(row.Open), p.amount(row.Overdue), p.amount(row.Credits), p.late(row.OldestDays), p.ratio(row.Share),
		})
	}
	return made
}

// shortened keeps a name to a line, so that the pack keeps its four pages; the code
// stands behind it, and the whole name in the report "ageing".
func shortened(name string) string {
	if letters := []rune(name); len(letters) > packName {
		return string(letters[:packName-1]) + "…"
	}
	return name
}

// history is the ageing at the latest month ends, a row per bucket.
func (p *pack) history() pdffile.Table {
	var dates []time.Time
	for _, point := range p.figures.History {
		if !slices.ContainsFunc(dates, point.Date.Equal) {
			dates = append(dates, point.Date)
		}
	}
	slices.SortFunc(dates, time.Time.Compare)
	dates = dates[max(len(dates)-packMonths, 0):]
	made := pdffile.Table{
		Size: 7.5, Colours: bucketColours(p.figures.Buckets),
		Columns: []pdffile.Column{{Title: p.t("column.bucket"), Width: 16}}, Total: []string{p.t("total")},
	}
	totals := make([]Amount, len(dates))
	for _, b := range p.figures.Buckets {
		row := []string{p.name("bucket", b.Name)}
		for i, date := range dates {
			var open Amount
			for _, point := range p.figures.History {
				if point.Bucket == b.Name && point.Date.Equal(date) {
					open += point.Open
				}
			}
			totals[i] += open
			row = append(row, p.amount(open))
		}
		made.Rows = append(made.Rows, row)
	}
	for i, date := range dates {
		made.Columns = append(made.Columns, pdffile.Column{Title: p.date(date), Width: 14, Right: true})
		made.Total = append(made.Total, p.amount(totals[i]))
	}
	return made
}

func (p *pack) concentration() pdffile.Table {
	effectiveText := absent
	if number, ok := effective(p.figures.Herfindahl); ok {
		effectiveText = p.Fixed(number, 2, 1)
	}
	return pdffile.Table{
		Columns: []pdffile.Column{{Title: p.t("column.figure"), Width: 30}, {Title: p.t("column.value"), Width: 15, Right: true}, {Title: p.t("column.meaning"), Width: 55}},
		Rows: [][]string{
			{p.t("pack.top10"), p.ratio(p.figures.Now.Top10Ratio), p.t("pack.top10.meaning")},
			{p.t("pack.herfindahl"), p.Int(p.figures.Herfindahl), p.t("pack.herfindahl.meaning")},
			{p.t("pack.effective"), effectiveText, p.t("pack.effective.meaning")},
			{p.t("pack.counterparties." + p.side), p.Int(p.figures.Counterparties), p.t("pack.counterparties.meaning")},
		},
	}
}
