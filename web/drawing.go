package web

import (
	"slices"
	"time"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/encours/encours/reports"
)

// drawing makes the charts of one language and side. Colours are names of
// custom properties of the stylesheet, which app.js replaces by their value of
// the moment, so that light, dark and print share one palette.
type drawing struct {
	*locale
	side string
}

const stack = "total"

// frame are the options that all charts share.
func (d drawing) frame(name string) []charts.GlobalOpts {
	return []charts.GlobalOpts{
		charts.WithTooltipOpts(opts.Tooltip{
			Show: opts.Bool(true), Trigger: "axis", AxisPointer: &opts.AxisPointer{Type: "shadow"},
		}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Type: "scroll", Top: "0", ItemWidth: 14, ItemHeight: 10}),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "12", Top: "40", Bottom: "26"}),
		charts.WithAriaOpts(&opts.Aria{
			Enabled: opts.Bool(true),
			Label:   &opts.AriaLabel{Enabled: opts.Bool(true), Description: d.T("chart." + name + ".description." + d.side)},
		}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category"}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", SplitNumber: 4}),
	}
}

func (d drawing) bars(name string, categories []string) *charts.Bar {
	bar := charts.NewBar()
	bar.SetGlobalOptions(d.frame(name)...)
	bar.SetXAxis(categories)
	bar.Accept(plainVisitor{})
	return bar
}

func (d drawing) curve(name string, categories []string) *charts.Line {
	line := charts.NewLine()
	line.SetGlobalOptions(d.frame(name)...)
	line.SetXAxis(categories)
	line.Accept(plainVisitor{})
	return line
}

// ageing stacks the buckets of each month end.
func (d drawing) ageing(history []reports.BucketMonth, all []reports.Bucket) optioned {
	type key struct {
		date   time.Time
		bucket string
	}
	var dates []time.Time
	var buckets []reports.BucketMonth
	sums := map[key]reports.Amount{}
	for _, point := range history {
		if !slices.ContainsFunc(dates, point.Date.Equal) {
			dates = append(dates, point.Date)
		}
		if !slices.ContainsFunc(buckets, func(b reports.BucketMonth) bool { return b.Bucket == point.Bucket }) {
			buckets = append(buckets, point)
		}
		sums[key{point.Date, point.Bucket}] += point.Open
	}
	slices.SortFunc(buckets, func(a, b reports.BucketMonth) int { return a.Order - b.Order })
	slices.SortFunc(dates, time.Time.Compare)
	bar := d.bars("ageing", d.months(dates))
	for _, bucket := range buckets {
		var data []opts.BarData
		for _, date := range dates {
			data = append(data, opts.BarData{Value: exact(sums[key{date, bucket.Bucket}])})
		}
		bar.AddSeries(d.Name("bucket", bucket.Bucket), data,
			charts.WithBarChartOpts(opts.BarChart{Stack: stack, BarCategoryGap: "25%"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: "--" + bucketClass(all, bucket.Bucket)}))
	}
	return bar
}

// dso draws the three delays over time.
func (d drawing) dso(months []reports.MonthPoint) optioned {
	line := d.curve("dso", d.monthsOf(months))
	add := func(key, colour, kind string, of func(reports.MonthPoint) reports.Days) {
		var data []opts.LineData
		for _, month := range months {
			value := of(month)
			data = append(data, opts.LineData{Value: hundredths(value.Hundredths, value.Valid)})
		}
		width := float32(2.5)
		if kind != "solid" {
			width = 1.75
		}
		line.AddSeries(d.T("kpi."+key+"."+d.side), data,
			charts.WithLineChartOpts(opts.LineChart{ShowSymbol: opts.Bool(false)}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: colour}),
			charts.WithLineStyleOpts(opts.LineStyle{Color: colour, Type: kind, Width: width}))
	}
	add("dso_countback", "--series-1", "solid", func(m reports.MonthPoint) reports.Days { return m.DSOCountback })
	add("dso_simple", "--series-2", "dashed", func(m reports.MonthPoint) reports.Days { return m.DSOSimple })
	add("best_dso", "--series-3", "dotted", func(m reports.MonthPoint) reports.Days { return m.BestPossibleDSO })
	return line
}

// sales sets the receivable against the sales of each month.
func (d drawing) sales(months []reports.MonthPoint) optioned {
	bar := d.bars("sales", d.monthsOf(months))
	var sold []opts.BarData
	var open []opts.LineData
	for _, month := range months {
		sold = append(sold, opts.BarData{Value: exact(month.Sales)})
		open = append(open, opts.LineData{Value: exact(month.Receivable)})
	}
	bar.AddSeries(d.T("chart.sales.sales."+d.side), sold,
		charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "35%"}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: "--series-4"}))
	line := charts.NewLine()
	line.AddSeries(d.T("kpi.open."+d.side), open,
		charts.WithLineChartOpts(opts.LineChart{ShowSymbol: opts.Bool(false)}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: "--series-1"}),
		charts.WithLineStyleOpts(opts.LineStyle{Color: "--series-1", Width: 2.5}))
	bar.Overlap(line)
	return bar
}

// concentration draws the largest counterparties and their cumulated share.
func (d drawing) concentration(rows []concentrationRow) optioned {
	var names []string
	var open []opts.BarData
	var shares []opts.LineData
	for _, row := range rows {
		name := row.Name
		if name == "" {
			name = row.ID
		}
		names = append(names, chartText(name))
		open = append(open, opts.BarData{Value: exact(row.Open)})
		shares = append(shares, opts.LineData{Value: hundredths(row.Cumulated.BasisPoints, row.Cumulated.Valid)})
	}
	bar := d.bars("concentration", names)
	label := &opts.AxisLabel{Rotate: 40, Width: 96, Overflow: "truncate", FontSize: 11}
	if len(rows) <= 15 { // more would lie over one another on a phone
		label.Interval = "0"
	}
	bar.SetGlobalOptions(charts.WithXAxisOpts(opts.XAxis{Type: "category", AxisLabel: label}))
	bar.ExtendYAxis(opts.YAxis{Type: "value", Min: 0, Max: 100, MinInterval: 25, MaxInterval: 25, SplitLine: &opts.SplitLine{Show: opts.Bool(false)}})
	bar.AddSeries(d.T("kpi.open."+d.side), open,
		charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "35%"}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: "--series-1"}))
	line := charts.NewLine()
	line.AddSeries(d.T("column.cumulated"), shares,
		charts.WithLineChartOpts(opts.LineChart{YAxisIndex: 1, Symbol: "circle"}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: "--series-2"}),
		charts.WithLineStyleOpts(opts.LineStyle{Color: "--series-2", Width: 2}))
	bar.Overlap(line)
	return bar
}

func (d drawing) monthsOf(points []reports.MonthPoint) []string {
	var dates []time.Time
	for _, point := range points {
		dates = append(dates, point.Date)
	}
	return d.months(dates)
}

func (d drawing) months(dates []time.Time) []string {
	labels := []string{}
	for _, date := range dates {
		labels = append(labels, d.Month(date))
	}
	return labels
}
