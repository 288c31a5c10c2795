package web

import (
	"context"
	"net/http"
	"time"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/encours/encours/reports"
)

// disputesPage is what customers dispute, promise and deduct.
type disputesPage struct {
	Layout
	Figures     *reports.Disputes
	HasDisputes bool
	Promises    []promiseRow
	Charts      map[string]chart // empty: nothing was invoiced or deducted
	Exports     []exportGroup    // of the disputes
	Promised    []exportGroup
	Deducted    []exportGroup
}

// promiseRow is a promise with the link to the customer.
type promiseRow struct {
	reports.PromiseRow
	URL string
}

func (s *server) disputes(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "disputes", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		figures, err := view.Disputes(ctx)
		if err != nil {
			return nil, err
		}
		page := disputesPage{
			Layout: layout, Figures: figures, HasDisputes: len(figures.Reasons) > 0,
			Exports:  exportGroups(layout, "disputes", "dispute-summary"),
			Promised: exportGroups(layout, "promises", "promises-kept"), Deducted: exportGroups(layout, "deductions"),
		}
		for _, p := range figures.Promises {
			page.Promises = append(page.Promises, promiseRow{p, layout.Counterparty(p.Entity, reports.Customer, p.CounterpartyID)})
		}
		if len(figures.Deductions) > 0 {
			page.Charts = pageCharts(layout, "disputes", "deductions")
		}
		return page, nil
	})
}

func (s *server) disputeCharts(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	l := s.locale(r)
	return s.withView(r, q.Selection, func(view View) error {
		figures, err := view.Disputes(r.Context())
		if err != nil {
			return err
		}
		draw := drawing{l, sideOf(view.Meta())}
		return s.writeCharts(w, view, map[string]optioned{"deductions": draw.deductions(figures.Deductions)})
	})
}

// deductions stacks what was deducted each month by its kind.
func (d drawing) deductions(months []reports.DeductionMonth) optioned {
	var dates []time.Time
	for _, month := range months {
		dates = append(dates, month.Date)
	}
	bar := d.bars("deductions", d.months(dates))
	add := func(key, colour string, of func(reports.DeductionMonth) reports.Amount) {
		var data []opts.BarData
		for _, month := range months {
			data = append(data, opts.BarData{Value: exact(of(month))})
		}
		bar.AddSeries(d.T("disputes."+key), data,
			charts.WithBarChartOpts(opts.BarChart{Stack: stack, BarCategoryGap: "35%"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: colour}))
	}
	add("credit_notes", "--series-1", func(m reports.DeductionMonth) reports.Amount { return m.CreditNotes })
	add("discounts", "--series-2", func(m reports.DeductionMonth) reports.Amount { return m.Discounts })
	add("write_offs", "--series-3", func(m reports.DeductionMonth) reports.Amount { return m.WriteOffs })
	return bar
}
