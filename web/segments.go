package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/encours/encours/reports"
)

// segmentParams narrow the list of segments and its exports.
var segmentParams = append(slices.Clone(riskParams), "band")

// segmentsPage shows the segments by class and size, what customers went from which
// class to which, and who is behind a cell.
type segmentsPage struct {
	Layout
	Figures           *reports.Segments
	Matrix            heatMap
	Spans             []spanMap
	Rows              []segmentRow
	All               string // address of the list without a filter
	IsNarrowed        bool
	Exports           []exportGroup
	TransitionExports []exportGroup
}

// spanMap is the transition matrix of a span.
type spanMap struct {
	Key       string
	Matrix    heatMap
	Downgrade reports.Ratio // share of the rated counterparties whose class is worse at the end
}

// segmentRow is a counterparty with its page.
type segmentRow struct {
	reports.SegmentRow
	URL             string
	Segment, Action string
}

func (s *server) segments(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, segmentParams...)
	if err != nil {
		return err
	}
	return s.show(w, r, "segments", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		figures, err := view.Segments(ctx, q.Filter.Risk)
		if err != nil {
			return nil, err
		}
		layout.Extra = segmentParams
		exports := []string{"risk-segments", "credit-limits"}
		if layout.Side() == reports.Supplier {
			exports = exports[:1]
		}
		page := segmentsPage{
			Layout: layout, Figures: figures, Matrix: segmentMap(l, layout, figures),
			All: layout.Filtered("/segments", "class", "", "change", "", "band", ""), IsNarrowed: q.Filter.Risk != (reports.RiskFilter{}),
			Exports: exportGroups(layout, exports...), TransitionExports: exportGroups(layout, "risk-transitions"),
		}
		for _, span := range []string{reports.SpanMonth, reports.SpanYear, reports.SpanYearByMonths} {
			if cells := figures.Transitions[span]; len(cells) > 0 {
				page.Spans = append(page.Spans, transitionMap(l, layout, span, cells))
			}
		}
		for _, row := range figures.Rows {
			page.Rows = append(page.Rows, segmentRow{
				row, layout.Counterparty(row.Entity, row.Side, row.ID), row.Segment.In(l.Code), row.Action.In(l.Code),
			})
		}
		return page, nil
	})
}

// segmentMap has a row per class and a column per band; a cell holds its share of the
// whole size by its colour, its number, its size and its segment, and leads to those
// who are in it.
func segmentMap(l *locale, layout Layout, figures *reports.Segments) heatMap {
	made := heatMap{Caption: l.T("segments.matrix"), Heads: []heatHead{{Text: l.T("risk.class")}}}
	for _, band := range figures.Bands {
		made.Heads = append(made.Heads, heatHead{l.T("segments.band", band), true})
	}
	rows := map[string]int{}
	currency := layout.Currency()
	for _, cell := range figures.Cells {
		at, ok := rows[cell.Class]
		if !ok {
			at = len(made.Rows)
			rows[cell.Class] = at
			made.Rows = append(made.Rows, heatRow{Head: cell.Class})
		}
		share := reports.Ratio{Valid: true}
		if figures.Whole.Size > 0 {
			share.BasisPoints = max(0, int64(cell.Size)*10_000/int64(figures.Whole.Size))
		}
		segment := cell.Segment.In(l.Code)
		shown := heatCell{Text: noValue, Class: "nil", Note: segment}
		if cell.Count > 0 {
			shown = heatCell{
				Text: l.Int(cell.Count), Class: heatClass(share), Note: segment + " · " + l.Amount(cell.Size),
				URL: layout.Filtered("/segments", "class", cell.Class, "band", cell.Band, "change", "") + "#h-list",
				Title: l.T("segments.cell", cell.Class, cell.Band, l.Int(cell.Count), l.With(int64(cell.Size), currency),
					l.With(int64(cell.Overdue), currency), cell.Action.In(l.Code)),
			}
		}
		made.Rows[at].Cells = append(made.Rows[at].Cells, shown)
	}
	return made
}

// transitionMap has a row per class at the beginning and a column per class at the end.
func transitionMap(l *locale, layout Layout, span string, cells []reports.TransitionCell) spanMap {
	ends := append(reports.RiskClasses(), reports.TransitionGone)
	made := spanMap{Key: span, Matrix: heatMap{Caption: l.T("segments.span." + span), Heads: []heatHead{{Text: l.T("segments.from")}}}}
	for _, end := range ends {
		head := end
		if end == reports.TransitionGone {
			head = l.T("segments.gone")
		}
		made.Matrix.Heads = append(made.Matrix.Heads, heatHead{head, true})
	}
	rated := reports.RiskClasses()[:5]
	var worse, all int64
	for _, class := range reports.RiskClasses() {
		row := heatRow{Head: class, Cells: emptyCells(len(ends), noValue)}
		found := false
		for _, cell := range cells {
			at := slices.Index(ends, cell.To)
			if cell.From != class || at < 0 {
				continue
			}
			found = true
			row.Cells[at] = heatCell{Text: l.Ratio(cell.Share), Class: heatClass(cell.Share), Title: transitionTitle(l, layout, cell)}
			from, to := slices.Index(rated, cell.From), slices.Index(rated, cell.To)
			if from >= 0 && to >= 0 {
				all += cell.Count
				if to > from {
					worse += cell.Count
				}
			}
		}
		if found {
			made.Matrix.Rows = append(made.Matrix.Rows, row)
		}
	}
	if all > 0 {
		made.Downgrade = reports.Ratio{BasisPoints: worse * 10_000 / all, Valid: true}
	}
	return made
}

func transitionTitle(l *locale, layout Layout, cell reports.TransitionCell) string {
	if cell.IsOfTheMonths {
		return l.T("segments.share_of_amount", l.Ratio(cell.AmountShare))
	}
	return l.T("segments.transition", l.Int(cell.Count), l.With(int64(cell.Open), layout.Currency()), l.Ratio(cell.AmountShare))
}
