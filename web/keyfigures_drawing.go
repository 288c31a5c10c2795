package web

import (
	"net/http"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/encours/encours/reports"
)

func (s *server) keyFigureCharts(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	l := s.locale(r)
	return s.withView(r, q.Selection, func(view View) error {
		figures, err := view.KeyFigures(r.Context())
		if err != nil {
			return err
		}
		draw := drawing{l, sideOf(view.Meta())}
		set := map[string]optioned{
			"keydays":   draw.keyCurves("keydays", figures, "dso_countback_days", "dpo_countback_days", "days_to_pay", "days_late"),
			"keyratios": draw.keyCurves("keyratios", figures, "overdue_ratio", "cei_ratio", "lettering_coverage_ratio", "dispute_ratio"),
		}
		if len(figures.Bridges) > 0 {
			set["bridge"] = draw.bridge(figures.Bridges[0])
		}
		return s.writeCharts(w, view, set)
	})
}

// keyCurves draws measures of one unit, those that the selection has, over the
// months, with the target of the first as a line.
func (d drawing) keyCurves(name string, figures *reports.KeyFigures, measures ...string) optioned {
	labels := d.months(figures.Months)
	slices.Reverse(labels)
	line := d.curve(name, labels)
	kinds, drawn := []string{"solid", "dashed", "dotted", "dashed"}, 0
	for _, measure := range measures {
		for _, months := range figures.Measures {
			if months[0].Measure != measure {
				continue
			}
			colour := "--series-" + string(rune('1'+drawn))
			d.keyCurve(line, d.T("keyfigures.measure."+measure), colour, kinds[drawn], months, func(f reports.KeyFigure) reports.Figure { return f.Value })
			if drawn == 0 && months[0].Target.Valid {
				d.keyCurve(line, d.T("keyfigures.target"), "--muted", "dotted", months, func(reports.KeyFigure) reports.Figure { return months[0].Target })
			}
			drawn++
		}
	}
	return line
}

func (d drawing) keyCurve(line *charts.Line, label, colour, kind string, months []reports.KeyFigure, of func(reports.KeyFigure) reports.Figure) {
	var data []opts.LineData
	for i := len(months) - 1; i >= 0; i-- {
		value := of(months[i])
		hundred := value.Days().Hundredths
		if months[i].Unit == reports.UnitRatio {
			hundred = value.TenThousandths // per cent
		}
		data = append(data, opts.LineData{Value: hundredths(hundred, value.Valid)})
	}
	line.AddSeries(label, data,
		charts.WithLineChartOpts(opts.LineChart{ShowSymbol: opts.Bool(false)}),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: colour}),
		charts.WithLineStyleOpts(opts.LineStyle{Color: colour, Type: kind, Width: 2}))
}

// floating is one bar of a waterfall, in hundredths: what is below it, left
// blank, and what is seen, above and below zero.
type floating struct{ blank, above, below int64 }

// float places a bar between two levels.
func float(from, to int64) floating {
	low, high := min(from, to), max(from, to)
	switch {
	case low >= 0:
		return floating{blank: low, above: high - low}
	case high <= 0:
		return floating{blank: high, below: low - high}
	}
	return floating{above: high, below: low}
}

// bridge draws a waterfall: the DSO before, each effect from the level where the
// one before it ends, and the DSO now.
func (d drawing) bridge(bridge reports.DSOBridge) optioned {
	fall := waterfall{labels: []string{d.Date(bridge.From)}, from: bridge.FromDays.Hundredths}
	for _, step := range bridge.Steps {
		fall.labels = append(fall.labels, d.T("keyfigures.effect."+step.Effect))
		kind := "better"
		if step.Days.Hundredths > 0 {
			kind = "worse"
		}
		fall.steps = append(fall.steps, fallStep{step.Level.Hundredths, kind})
	}
	fall.labels = append(fall.labels, d.T("keyfigures.now"))
	return d.waterfall("bridge", fall)
}
