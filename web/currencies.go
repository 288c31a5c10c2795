package web

import (
	"context"
	"net/http"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/encours/encours/reports"
)

// currenciesPage is what is open by currency: entities, and documents of entities.
type currenciesPage struct {
	Layout
	Figures     *reports.Currencies
	Charts      map[string]chart // empty: no document in a foreign currency to draw
	Members     []exportGroup
	Differences []exportGroup
}

func (s *server) currencies(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "currencies", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		figures, err := view.Currencies(ctx)
		if err != nil {
			return nil, err
		}
		page := currenciesPage{
			Layout: layout, Figures: figures,
			Members: exportGroups(layout, "group-currencies"), Differences: exportGroups(layout, "currency-differences"),
		}
		page.Page = "exposure" // its place in the navigation
		if len(exposedCurrencies(figures, layout.Currency())) > 0 {
			page.Charts = pageCharts(layout, "currencies", "currencies")
		}
		return page, nil
	})
}

func (s *server) currencyCharts(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	l := s.locale(r)
	return s.withView(r, q.Selection, func(view View) error {
		figures, err := view.Currencies(r.Context())
		if err != nil {
			return err
		}
		draw := drawing{l, sideOf(view.Meta())}
		return s.writeCharts(w, view, map[string]optioned{
			"currencies": draw.currencies(exposedCurrencies(figures, view.Meta().Currency)),
		})
	})
}

// exposedCurrencies adds the documents in foreign currencies up by currency, over the
// entities that keep their ledger in one; what has no rate is not drawn.
func exposedCurrencies(figures *reports.Currencies, currency string) []reports.CurrencyDifference {
	var sums []reports.CurrencyDifference
	places := map[string]int{}
	for _, d := range figures.Differences {
		if d.EntityCurrency != currency || !d.HasRate {
			continue
		}
		i, known := places[d.Currency]
		if !known {
			i = len(sums)
			places[d.Currency] = i
			sums = append(sums, reports.CurrencyDifference{Currency: d.Currency})
		}
		sums[i].Booked += d.Booked
		sums[i].Closing += d.Closing
	}
	return sums
}

// currencies sets what documents of a currency are booked at beside what they are
// worth at the rate of the date.
func (d drawing) currencies(sums []reports.CurrencyDifference) optioned {
	var names []string
	var booked, closing []opts.BarData
	for _, sum := range sums {
		names = append(names, sum.Currency)
		booked = append(booked, opts.BarData{Value: exact(sum.Booked)})
		closing = append(closing, opts.BarData{Value: exact(sum.Closing)})
	}
	bar := d.bars("currencies", names)
	bar.AddSeries(d.T("currencies.booked"), booked, charts.WithItemStyleOpts(opts.ItemStyle{Color: "--series-1"}))
	bar.AddSeries(d.T("currencies.closing"), closing, charts.WithItemStyleOpts(opts.ItemStyle{Color: "--series-2"}))
	return bar
}
