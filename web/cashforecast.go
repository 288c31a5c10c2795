package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/encours/encours/reports"
)

const lastPeriod = 15 // of the cash forecast: what is not expected

// cashForecastPage is when money is expected, and how good such forecasts were.
type cashForecastPage struct {
	Layout
	Forecast *reports.CashForecast
	Rows     []cashPeriodRow
	Charts   map[string]chart
	Records  []reports.CashRecord // latest first
	Scores   []cashScoreRow
	Items    []cashItemRow // of the period that is asked for
	Chosen   int           // that period, 0: none
	Count    int64         // of its items
	Exports  []exportGroup
	IsEmpty  bool
}

// cashPeriodRow is a period with the link to its items.
type cashPeriodRow struct {
	reports.CashPeriod
	URL string
}

// cashScoreRow is the track record of a horizon, with a verdict.
type cashScoreRow struct {
	reports.CashScore
	Beats bool // the forecast errs less than the naive one
}

// cashItemRow is an item with the links to its page and its counterparty's.
type cashItemRow struct {
	reports.CashItem
	URL, PartyURL string
}

func (s *server) cashForecast(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, "week")
	if err != nil {
		return err
	}
	chosen, err := periodOf(q)
	if err != nil {
		return err
	}
	return s.show(w, r, "cash-forecast", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		figures, err := view.CashForecast(ctx)
		if err != nil {
			return nil, err
		}
		page := newCashForecastPage(layout, figures)
		if chosen == 0 || page.IsEmpty {
			return page, nil
		}
		items, err := view.CashItems(ctx, chosen)
		if err != nil {
			return nil, err
		}
		page.Chosen, page.Count = chosen, figures.Periods[chosen-1].Count
		for _, item := range items {
			page.Items = append(page.Items, cashItemRow{
				item, layout.Link("/items/" + item.Entity + "/" + strconv.FormatInt(item.ItemID, 10)),
				layout.Counterparty(item.Entity, layout.Side(), item.Counterparty),
			})
		}
		return page, nil
	})
}

// periodOf reads the period whose items are asked for, 0 where none is.
func periodOf(q *query) (int, error) {
	given := q.values.Get("week")
	if given == "" {
		return 0, nil
	}
	period, err := strconv.Atoi(given)
	if err != nil || period < 1 || period > lastPeriod {
		return 0, &badParam{Name: "week", Value: given, Allowed: "param.number", Args: []any{1, lastPeriod}}
	}
	return period, nil
}

func newCashForecastPage(layout Layout, figures *reports.CashForecast) cashForecastPage {
	page := cashForecastPage{
		Layout: layout, Forecast: figures, IsEmpty: len(figures.Periods) == 0,
		Exports: exportGroups(layout, "cash-forecast", "cash-forecast-items", "cash-forecast-accuracy"),
	}
	if page.IsEmpty {
		return page
	}
	page.Charts = pageCharts(layout, "cash-forecast", "cash_forecast", "cash_record")
	for _, period := range figures.Periods {
		page.Rows = append(page.Rows, cashPeriodRow{
			period, layout.Link("/cash-forecast", "week", strconv.Itoa(period.No)) + "#h-items",
		})
	}
	for i := len(figures.Records) - 1; i >= 0; i-- {
		page.Records = append(page.Records, figures.Records[i])
	}
	for _, score := range figures.Scores {
		if score.Dates > 0 {
			page.Scores = append(page.Scores, cashScoreRow{score, score.Error.BasisPoints < score.NaiveErr.BasisPoints})
		}
	}
	return page
}

func (s *server) cashForecastCharts(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	l := s.locale(r)
	return s.withView(r, q.Selection, func(view View) error {
		figures, err := view.CashForecast(r.Context())
		if err != nil {
			return err
		}
		draw := drawing{l, sideOf(view.Meta())}
		return s.writeCharts(w, view, map[string]optioned{
			"cash_forecast": draw.cashForecast(figures.Periods),
			"cash_record":   draw.cashRecord(figures.Records),
		})
	})
}
