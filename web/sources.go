package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/encours/encours/reports"
)

// sourcesPage says how the sources are doing: unlike the other pages it is about
// now, and there may be no figures yet.
type sourcesPage struct {
	Layout
	Sources   []reports.SourceStatus
	LastBuild *reports.SourceRun
	File      *reports.SourceRun // of the last change of encours.yaml
	Zone      string
	Attention int64
}

func (s *server) sources(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	found, err := s.reports.Sources(r.Context())
	if err != nil {
		return err
	}
	page := sourcesPage{Sources: found.List, LastBuild: found.LastBuild, File: found.File, Zone: found.Zone, Attention: found.Attention()}
	err = s.show(w, r, "sources", q, func(_ context.Context, _ View, _ *locale, layout Layout) (any, error) {
		page.Layout = layout
		return page, nil
	})
	if !errors.Is(err, reports.ErrNoGeneration) {
		return err
	}
	// before the first build this page is where to see why there is none
	l := s.locale(r)
	page.Layout = s.bareLayout(r, l, l.T("nav.sources"))
	page.Path = r.URL.Path
	return s.render(w, l, http.StatusOK, "sources", page)
}

// attention counts the sources that somebody should look at. That they cannot be
// read is logged and does not keep the figures from being shown.
func (s *server) attention(r *http.Request) int64 {
	found, err := s.reports.Sources(r.Context())
	if err != nil {
		s.log.ErrorContext(r.Context(), "read sources", slog.Any("error", err))
		return 0
	}
	return found.Attention()
}

// Elapsed writes how long something took: 1.5 s, 3 min 20 s; a dash for 0.
func (l *locale) Elapsed(d time.Duration) string {
	switch {
	case d <= 0:
		return noValue
	case d < time.Minute:
		return l.T("unit.seconds", l.Fixed(max(1, d.Milliseconds()/100), 1, 1))
	}
	seconds := int64(d.Round(time.Second) / time.Second)
	return l.T("unit.minutes", l.Int(seconds/60), strconv.FormatInt(seconds%60, 10))
}

// Span writes a span of time in the largest unit that gives a whole number, down
// to seconds.
func (l *locale) Span(d time.Duration) string {
	name, length := "second", time.Second
	for _, unit := range []struct {
		name   string
		length time.Duration
	}{{"minute", time.Minute}, {"hour", time.Hour}, {"day", 24 * time.Hour}} {
		if d >= unit.length && d%unit.length == 0 {
			name, length = unit.name, unit.length
		}
	}
	return l.N("span."+name, int64(d/length))
}
