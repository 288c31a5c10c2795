package web

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// waterfall leads from one level to another, in hundredths. Its labels are those of the
// first level, of the steps and of the last level.
type waterfall struct {
	labels []string
	from   int64
	steps  []fallStep
}

// fallStep is a step to a level, which is worse or better than the one before.
type fallStep struct {
	level int64
	kind  string
}

// waterfall draws each step from the level where the one before it ends.
func (d drawing) waterfall(name string, fall waterfall) optioned {
	bars := map[string][]floating{"total": {float(0, fall.from)}, "worse": {{}}, "better": {{}}}
	level := fall.from
	for _, step := range fall.steps {
		for series := range bars {
			bar := floating{}
			if series == step.kind {
				bar = float(level, step.level)
			}
			bars[series] = append(bars[series], bar)
		}
		level = step.level
	}
	bars["total"] = append(bars["total"], float(0, level))
	bars["worse"], bars["better"] = append(bars["worse"], floating{}), append(bars["better"], floating{})

	chart := d.bars(name, fall.labels)
	chart.SetGlobalOptions(charts.WithXAxisOpts(opts.XAxis{
		Type: "category", AxisLabel: &opts.AxisLabel{Interval: "0", Width: 96, Overflow: "truncate", FontSize: 11},
	}))
	// the blanks would stand in a tooltip; the table below tells the figures
	chart.SetGlobalOptions(charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(false)}), charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}))
	add := func(label, colour string, kinds []string, of func(floating) int64) {
		var data []opts.BarData
		for i := range fall.labels {
			var sum int64
			for _, kind := range kinds {
				sum += of(bars[kind][i])
			}
			data = append(data, opts.BarData{Value: hundredths(sum, true)})
		}
		chart.AddSeries(label, data,
			charts.WithBarChartOpts(opts.BarChart{Stack: stack, BarCategoryGap: "30%"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: colour, BorderColor: "transparent"}))
	}
	add("blank", "transparent", []string{"total", "worse", "better"}, func(f floating) int64 { return f.blank })
	for _, series := range [][2]string{{"total", "--series-1"}, {"worse", "--bad"}, {"better", "--good"}} {
		add(d.T("keyfigures.bridge."+series[0]), series[1], series[:1], func(f floating) int64 { return f.above })
		add(d.T("keyfigures.bridge."+series[0]), series[1], series[:1], func(f floating) int64 { return f.below })
	}
	return chart
}
