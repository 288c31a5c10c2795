package web

import (
	"context"
	"net/http"

	"github.com/encours/encours/reports"
)

// paretoRows is how many counterparties the chart of concentration draws.
const paretoRows = 30

// concentrationPage tells on how few counterparties what is open depends.
type concentrationPage struct {
	Layout
	Figures               *reports.Concentration
	Herfindahl, Effective string
	Tops                  []topShare
	Rows                  []shareRow
	Charts                map[string]chart
	Exports               []exportGroup
	Shown                 int64
	IsCut                 bool // there are more than are listed
}

// topShare is the share of the largest counterparties.
type topShare struct {
	Count int64
	Share reports.Ratio
}

// shareRow is a counterparty with the width of the bar of its cumulated share.
type shareRow struct {
	reports.ConcentrationRow
	Width, URL string
}

func (s *server) concentration(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "concentration", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		figures, err := view.Concentration(ctx)
		if err != nil {
			return nil, err
		}
		layout.Page = "ageing" // its place in the navigation
		page := concentrationPage{
			Layout: layout, Figures: figures, Charts: pageCharts(layout, "concentration", "concentration"),
			Exports: exportGroups(layout, "concentration"), Shown: int64(len(figures.Rows)),
			Herfindahl: l.Fixed(figures.Herfindahl.Hundredths, 2, 0), Effective: l.Fixed(figures.Effective.Hundredths, 2, 1),
		}
		page.IsCut = page.Shown < figures.Count
		for _, row := range figures.Rows {
			page.Rows = append(page.Rows, shareRow{
				row, width(reports.Amount(row.Cumulated.BasisPoints), 10_000), layout.Counterparty(row.Entity, layout.Side(), row.ID),
			})
			if row.Rank == 5 || row.Rank == 10 || row.Rank == 20 {
				page.Tops = append(page.Tops, topShare{row.Rank, row.Cumulated})
			}
		}
		return page, nil
	})
}

func (s *server) concentrationCharts(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	l := s.locale(r)
	return s.withView(r, q.Selection, func(view View) error {
		figures, err := view.Concentration(r.Context())
		if err != nil {
			return err
		}
		var rows []concentrationRow
		for _, row := range figures.Rows[:min(paretoRows, len(figures.Rows))] {
			rows = append(rows, concentrationRow{reports.TopCounterparty{ID: row.ID, Name: row.Name, Open: row.Open}, row.Cumulated})
		}
		draw := drawing{l, sideOf(view.Meta())}
		return s.writeCharts(w, view, map[string]optioned{"concentration": draw.concentration(rows)})
	})
}
