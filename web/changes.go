package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/encours/encours/reports"
)

// refreshSeconds is how often the page of a comparison that is being computed loads
// itself again. It needs no script.
const refreshSeconds = 2

// changesPage tells what changed between two known-at days. One of Figures, Wait and
// Problem is set once two days are chosen.
type changesPage struct {
	Layout
	Days    []knownDay // the latest first
	From    string     // chosen, or proposed
	To      string     // "" is now
	CanAsk  bool       // there are two days
	Wait    *reports.Comparison
	Problem string // sentence
	Figures *reports.ChangeFigures
	Parties []changedParty
	Rows    []changedRow
	Charts  map[string]chart
	Exports []exportGroup
}

// knownDay is a day to choose.
type knownDay struct {
	Day      time.Time
	Extracts int64
}

// changedParty is a counterparty with the link to its page, "" where the figures that
// serve do not know it for certain.
type changedParty struct {
	reports.CounterpartyChange
	URL string
}

// changedRow is an item with what changed of it in words and the link to its page.
type changedRow struct {
	reports.ChangeRow
	Fields []string
	URL    string
}

func (s *server) changes(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, spanParams...)
	if err != nil {
		return err
	}
	return s.show(w, r, "changes", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		layout.Extra = spanParams
		days, err := view.KnownDays(ctx)
		if err != nil {
			return nil, err
		}
		page := changesPage{Layout: layout, From: q.Value("from"), To: q.Value("to"), CanAsk: len(days) > 1}
		for _, day := range days {
			page.Days = append(page.Days, knownDay{day.Day, int64(len(day.Batches))})
		}
		if q.Filter.Known.From.IsZero() {
			if page.CanAsk {
				page.From = days[1].Day.Format(isoDate)
			}
			return page, nil
		}
		state, err := view.Changes(ctx, q.Filter.Known)
		if err != nil {
			if problem := s.problemOf(r, l, err); problem.Status != http.StatusBadRequest {
				page.Problem = problem.Sentence
				if problem.Reference != "" {
					page.Problem += " " + l.T("changes.reference", problem.Reference)
				}
				return page, nil
			}
			return nil, err
		}
		if state.Figures == nil {
			page.Wait = state
			w.Header().Set("Refresh", strconv.Itoa(refreshSeconds))
			return page, nil
		}
		page.fill(layout, state.Figures)
		return page, nil
	})
}

func (p *changesPage) fill(layout Layout, figures *reports.ChangeFigures) {
	p.Figures = figures
	p.Charts = pageCharts(layout, "changes", "changes")
	drawn := p.Charts["changes"]
	drawn.Source = layout.Filtered("/charts/changes.json")
	p.Charts["changes"] = drawn
	p.Exports = exportGroups(layout, reports.ChangesReport)
	isNow := figures.To.KnownAt.IsZero() // the pages of items are those of what serves
	for _, party := range figures.Counterparties {
		row := changedParty{CounterpartyChange: party}
		if isNow && party.ID != "" {
			row.URL = layout.Counterparty(party.Entity, layout.Side(), party.ID)
		}
		p.Parties = append(p.Parties, row)
	}
	for _, changed := range figures.Rows {
		row := changedRow{ChangeRow: changed, Fields: strings.Fields(changed.Fields)}
		if isNow && changed.ItemID > 0 {
			row.URL = layout.Item(changed.Entity, changed.ItemID)
		}
		p.Rows = append(p.Rows, row)
	}
}

func (s *server) changeCharts(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, spanParams...)
	if err != nil {
		return err
	}
	l := s.locale(r)
	return s.withView(r, q.Selection, func(view View) error {
		state, err := view.Changes(r.Context(), q.Filter.Known)
		if err != nil {
			return err
		}
		if state.Figures == nil {
			return reports.ErrComparing
		}
		draw := drawing{l, sideOf(view.Meta())}
		return s.writeCharts(w, view, map[string]optioned{"changes": draw.changes(state.Figures)})
	})
}

// changes draws the way from the balance that was known to the one that is.
func (d drawing) changes(figures *reports.ChangeFigures) optioned {
	level := int64(figures.From.Open)
	fall := waterfall{labels: []string{d.T("changes.axis.before")}, from: level}
	for _, kind := range figures.Kinds {
		level += int64(kind.Amount)
		step := fallStep{level, "better"}
		if (kind.Amount > 0) == (d.side == reports.Customer) && kind.Amount != 0 {
			step.kind = "worse"
		}
		fall.labels = append(fall.labels, d.T("changes.kind."+kind.Change))
		fall.steps = append(fall.steps, step)
	}
	fall.labels = append(fall.labels, d.T("changes.axis.after"))
	return d.waterfall("changes", fall)
}
