package web

import (
	"time"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/encours/encours/reports"
)

// cashForecast draws the weeks of the forecast, low, middle and high, and the
// cumulated middle.
func (d drawing) cashForecast(periods []reports.CashPeriod) optioned {
	var weeks []string
	var low, mid, high []opts.BarData
	var cumulated []opts.LineData
	for _, p := range periods {
		if p.Kind != "week" {
			continue
		}
		weeks = append(weeks, d.Date(p.Start))
		low = append(low, opts.BarData{Value: exact(p.Low)})
		mid = append(mid, opts.BarData{Value: exact(p.Mid)})
		high = append(high, opts.BarData{Value: exact(p.High)})
		cumulated = append(cumulated, opts.LineData{Value: exact(p.Cumulated)})
	}
	bar := d.bars("cash_forecast", weeks)
	bar.ExtendYAxis(opts.YAxis{Type: "value", Min: 0, SplitLine: &opts.SplitLine{Show: opts.Bool(false)}})
	add := func(key, colour string, data []opts.BarData) {
		bar.AddSeries(d.T("cash.scenario."+key), data,
			charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "25%"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: colour}))
	}
	add("low", "--series-3", low)
	add("mid", "--series-1", mid)
	add("high", "--series-4", high)
	line := charts.NewLine()
	line.AddSeries(d.T("cash.cumulated"), cumulated,
		charts.WithLineChartOpts(opts.LineChart{ShowSymbol: opts.Bool(false), YAxisIndex: 1}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: "--series-2"}),
		charts.WithLineStyleOpts(opts.LineStyle{Color: "--series-2", Width: 2.5}))
	bar.Overlap(line)
	return bar
}

// cashRecord sets what would have been forecast for the four weeks after each
// month end, and the naive forecast, beside what came.
func (d drawing) cashRecord(records []reports.CashRecord) optioned {
	var dates []time.Time
	var actual []opts.BarData
	var forecast, naive []opts.LineData
	for _, r := range records {
		if r.Weeks != 4 || !r.IsOver {
			continue
		}
		dates = append(dates, r.Date)
		actual = append(actual, opts.BarData{Value: exact(r.Actual)})
		forecast = append(forecast, opts.LineData{Value: exact(r.Mid)})
		naive = append(naive, opts.LineData{Value: exact(r.Naive)})
	}
	bar := d.bars("cash_record", d.months(dates))
	bar.AddSeries(d.T("cash.actual."+d.side), actual,
		charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "35%"}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: "--series-4"}))
	line := charts.NewLine()
	add := func(key, colour, kind string, data []opts.LineData) {
		line.AddSeries(d.T("cash.record."+key), data,
			charts.WithLineChartOpts(opts.LineChart{Symbol: "circle"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: colour}),
			charts.WithLineStyleOpts(opts.LineStyle{Color: colour, Type: kind, Width: 2.5}))
	}
	add("forecast", "--series-1", "solid", forecast)
	add("naive", "--series-2", "dashed", naive)
	bar.Overlap(line)
	return bar
}
