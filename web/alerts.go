package web

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/encours/encours/reports"
)

const alertStateParam = "state"

// alertParams narrow the list of alerts and its export; the page takes the state too.
var alertParams = []string{"rule", "severity"}

// AlertMarker keeps what readers do about alerts.
type AlertMarker interface {
	// Mark returns reports.ErrNotFound where the alert is not known. The same again
	// changes nothing.
	Mark(ctx context.Context, mark reports.AlertMark) error
}

// alertsPage is what has happened, since when that is known, and what was done about it.
type alertsPage struct {
	Layout
	Figures    *reports.Alerts
	Rows       []alertRow
	Exports    []exportGroup
	States     []alertState
	Rules      []string // to choose
	Severities []string
	IsDone     bool // something has just been done
}

// Kept are the parameters that the filter of the list carries on.
func (p alertsPage) Kept() []string { return append([]string{alertStateParam}, commonParams...) }

// alertState is a state that the list can be narrowed to.
type alertState struct {
	Name      string // "": what is to be done
	Count     int64
	URL       string
	IsCurrent bool
}

// alertRow is an alert in the words of the reader, with its form.
type alertRow struct {
	reports.AlertRow
	URL, Text      string
	OldText, After string // values; After is the new one
	CanMark        bool
	Back           string
}

// readAlert reads the filters of the list of alerts.
func (q *query) readAlert() (alert reports.AlertFilter, err error) {
	if alert.Rule, err = q.oneOf("rule", reports.AlertRules()); err != nil {
		return alert, err
	}
	if alert.Severity, err = q.number("severity", 1, 10); err != nil {
		return alert, err
	}
	alert.State, err = q.oneOf(alertStateParam, reports.AlertStates())
	return alert, err
}

// without is the query without some parameters.
func (q *query) without(names ...string) *query {
	left := *q
	left.values = maps.Clone(q.values)
	for _, name := range names {
		delete(left.values, name)
	}
	return &left
}

func (s *server) alerts(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, slices.Concat(alertParams, []string{alertStateParam, doneParam})...)
	if err != nil {
		return err
	}
	return s.show(w, r, "alerts", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		figures, err := view.Alerts(ctx, q.Filter.Alert)
		if err != nil {
			return nil, err
		}
		if figures.StatesErr != nil {
			s.log.WarnContext(ctx, "read what became of alerts", slog.Any("error", figures.StatesErr))
		}
		layout.Extra = append([]string{alertStateParam}, alertParams...)
		bare := layout
		bare.query = q.without(alertStateParam)
		page := alertsPage{
			Layout: layout, Figures: figures, Exports: exportGroups(bare, "alerts"), Rules: reports.AlertRules(), IsDone: q.Value(doneParam) != "",
		}
		for severity := range 10 {
			page.Severities = append(page.Severities, strconv.Itoa(10-severity))
		}
		page.States = alertStates(layout, figures, q.Filter.Alert.State)
		for _, row := range figures.Rows {
			made := alertRow{
				AlertRow: row, Text: row.Sentence.In(l.Code), CanMark: s.marker != nil && row.IsRecorded,
				OldText: l.alertValue(row.Unit, row.Old, layout.Currency()), After: l.alertValue(row.Unit, row.New, layout.Currency()),
				Back: layout.Filtered("/alerts"),
			}
			if row.ID != "" {
				made.URL = layout.Counterparty(row.Entity, row.Side, row.ID)
			}
			page.Rows = append(page.Rows, made)
		}
		return page, nil
	})
}

// alertStates are the tabs of the page: what is to be done, then each state.
func alertStates(layout Layout, figures *reports.Alerts, current string) []alertState {
	if !figures.HasStates {
		return nil
	}
	todo := alertState{URL: layout.Filtered("/alerts", alertStateParam, ""), IsCurrent: current == ""}
	var all int64
	states := []alertState{{}}
	for _, state := range figures.States {
		all += state.Count
		if state.Name != reports.AlertClosed && state.Name != reports.AlertEnded {
			todo.Count += state.Count
		}
		states = append(states, alertState{Name: state.Name, Count: state.Count})
	}
	states[0] = todo
	states = append(states, alertState{Name: reports.AlertAll, Count: all})
	for i := range states[1:] {
		state := &states[i+1]
		state.URL, state.IsCurrent = layout.Filtered("/alerts", alertStateParam, state.Name), current == state.Name
	}
	return states
}

// alertValue writes a value by its unit; a dash where there is none.
func (l *locale) alertValue(unit string, value reports.AlertValue, currency string) string {
	hundredths := reports.Days{Hundredths: value.Number / 100, Valid: value.Valid}
	switch {
	case !value.Valid:
		return noValue
	case unit == "class":
		return value.Plain(unit)
	case unit == "amount":
		return l.With(int64(value.Amount()), currency)
	case unit == "ratio":
		return l.Ratio(reports.Ratio{BasisPoints: value.Number, Valid: true})
	case unit == "days":
		return l.Days(hundredths)
	}
	return l.Points(hundredths)
}

// markAlert takes the form. The session of the page is the right to it, and a form of
// another site is refused before it comes here.
func (s *server) markAlert(w http.ResponseWriter, r *http.Request) error {
	if s.marker == nil {
		return errNoPage
	}
	form, ok := postedForm(w, r, maxRecordBytes)
	if !ok {
		return nil
	}
	mark, err := readMark(form)
	if err != nil {
		return err
	}
	if err := s.marker.Mark(r.Context(), mark); err != nil {
		return err
	}
	return sendBack(w, r, form, "done")
}

// readMark checks every value of the form.
func readMark(form url.Values) (reports.AlertMark, error) {
	mark := reports.AlertMark{
		Key: form.Get("key"), State: form.Get(alertStateParam),
		Author: strings.TrimSpace(form.Get("author")), Note: strings.TrimSpace(strings.ReplaceAll(form.Get("note"), "\r\n", " ")),
	}
	for name, value := range map[string]string{"key": mark.Key, "author": mark.Author, "note": mark.Note} {
		if !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxNoteRunes || strings.ContainsFunc(value, isControl) {
			return mark, &badParam{Name: name, Value: value, Allowed: "param.search", Args: []any{maxNoteRunes}}
		}
	}
	if mark.Key == "" {
		return mark, &badParam{Name: "key", Value: mark.Key, Allowed: "param.form"}
	}
	marks := []string{reports.AlertAcknowledged, reports.AlertClosed, reports.AlertOpen}
	if !slices.Contains(marks, mark.State) {
		return mark, &badParam{Name: alertStateParam, Value: mark.State, Allowed: "param.one_of", Args: []any{strings.Join(marks, ", ")}}
	}
	return mark, nil
}
