package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
)

// functionMarker is what go-echarts puts around JavaScript in its options. The
// pages evaluate no code that comes with data, so it must not occur.
const functionMarker = "__f__"

var errChartFunction = errors.New("chart options hold a function")

// chart is a drawing on a page: what app.js needs to fetch and format it.
type chart struct {
	Name, Side           string
	Source               string // address of the options
	Units                string // of the value axes, in order: money, days, ratio
	Currency, Generation string
}

// chartUnits are the units of each chart's value axes.
var chartUnits = map[string]string{
	"currencies": "money",
	"ageing":     "money", "dso": "days", "concentration": "money ratio", "sales": "money", "deductions": "money",
	"keydays": "days", "keyratios": "ratio", "bridge": "days",
	"changes":       "money",
	"cash_forecast": "money money", "cash_record": "money",
}

// pageCharts names the drawings of a page, all with the page's selection. The path
// is a page's own, without a leading slash; what is escaped in it stays so.
func pageCharts(layout Layout, path string, names ...string) map[string]chart {
	all := map[string]chart{}
	for _, name := range names {
		all[name] = chart{
			Name: name, Side: layout.Side(), Units: chartUnits[name],
			Source: layout.Link("/charts/" + path + ".json"), Currency: layout.Currency(), Generation: layout.Meta.Generation,
		}
	}
	return all
}

// chartSet is the answer of a chart address: the options of each chart of the
// page and the generation that they come from, which must be the page's.
type chartSet struct {
	Generation string                     `json:"generation"`
	Charts     map[string]json.RawMessage `json:"charts"`
}

// optioned is a chart of go-echarts.
type optioned interface {
	Validate() // moves the categories into the axis: without it they are lost
	JSON() map[string]any
}

func (s *server) overviewCharts(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	l := s.locale(r)
	return s.withView(r, q.Selection, func(view View) error {
		figures, err := view.Overview(r.Context())
		if err != nil {
			return err
		}
		draw := drawing{l, sideOf(view.Meta())}
		return s.writeCharts(w, view, map[string]optioned{
			"ageing":        draw.ageing(figures.History, figures.Buckets),
			"dso":           draw.dso(figures.Months),
			"concentration": draw.concentration(cumulate(figures)),
			"sales":         draw.sales(figures.Months),
		})
	})
}

func (s *server) counterpartyCharts(w http.ResponseWriter, r *http.Request) error {
	q, key, err := counterpartyRequest(r)
	if err != nil {
		return err
	}
	l := s.locale(r)
	return s.withView(r, q.Selection, func(view View) error {
		figures, err := view.Counterparty(r.Context(), key.Entity, key.Side, key.ID)
		if err != nil {
			return err
		}
		draw := drawing{l, sideOf(view.Meta())}
		return s.writeCharts(w, view, map[string]optioned{"ageing": draw.ageing(figures.Months, figures.Buckets)})
	})
}

func sideOf(meta reports.Meta) string {
	if meta.Selection.Side == "" {
		return reports.Customer
	}
	return meta.Selection.Side
}

func (s *server) writeCharts(w http.ResponseWriter, view View, set map[string]optioned) error {
	answer := chartSet{Generation: view.Meta().Generation, Charts: map[string]json.RawMessage{}}
	for name, made := range set {
		options, err := chartOptions(made)
		if err != nil {
			return fmt.Errorf("make chart %q: %w", name, err)
		}
		answer.Charts[name] = options
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encode charts: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, err = w.Write(body)
	s.logWrite(err)
	return nil
}

// chartOptions encodes a chart as plain data.
func chartOptions(made optioned) (json.RawMessage, error) {
	made.Validate()
	options, err := json.Marshal(made.JSON())
	if err != nil {
		return nil, fmt.Errorf("encode options: %w", err)
	}
	if bytes.Contains(options, []byte(functionMarker)) {
		return nil, errChartFunction
	}
	return options, nil
}

// chartText keeps a name from the books from looking like a function.
func chartText(name string) string { return strings.ReplaceAll(name, functionMarker, "_f_") }

// exact is an amount as a JSON number with all its digits.
func exact(a reports.Amount) json.Number { return json.Number(money.Plain(int64(a))) }

// hundredths is days or per cent as a JSON number; nil, a gap in a curve, where
// not known.
func hundredths(value int64, valid bool) any {
	if !valid {
		return nil
	}
	return json.Number(money.Plain(value))
}

// plainVisitor completes the options with what go-echarts has no field for.
type plainVisitor struct {
	charts.BaseConfigurationVisitor
}

// richTooltip draws tooltips on the canvas: the usual ones are HTML with style
// attributes, which the content policy refuses.
type richTooltip struct {
	opts.Tooltip
	RenderMode string `json:"renderMode"`
	Confine    bool   `json:"confine"`
}

func (plainVisitor) VisitTooltipOpt(tooltip opts.Tooltip) any {
	return richTooltip{tooltip, "richText", true}
}
