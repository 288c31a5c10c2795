package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/encours/encours/reports"
)

// errBusy is returned where a limit of the server is reached.
var errBusy = errors.New("too many exports at once")

// errNoPage is an address that does not exist.
var errNoPage = errors.New("no such page")

// problem is an error as the reader sees it: a status, a title and a sentence
// that says what to do. It holds no internal text.
type problem struct {
	Status     int
	Title      string
	Sentence   string
	Reference  string // of the log line; empty where the reader can help himself
	RetryAfter string // seconds; empty: no header
}

// cases maps the errors that a reader can act on: one row each.
var cases = []struct {
	err    error
	status int
	key    string
	retry  string
}{
	{reports.ErrNoGeneration, http.StatusServiceUnavailable, "no_generation", "30"},
	{reports.ErrUnknownEntity, http.StatusNotFound, "unknown_entity", ""},
	{reports.ErrUnknownReport, http.StatusNotFound, "unknown_report", ""},
	{reports.ErrNotFound, http.StatusNotFound, "not_found", ""},
	{reports.ErrNothingKnownAt, http.StatusNotFound, "nothing_known", ""},
	{reports.ErrBadSelection, http.StatusBadRequest, "bad_selection", ""},
	{reports.ErrComparing, http.StatusServiceUnavailable, "comparing", "5"},
	{reports.ErrManyComparisons, http.StatusServiceUnavailable, "many_comparisons", "30"},
	{reports.ErrUnknownDay, http.StatusBadRequest, "unknown_day", ""},
	{reports.ErrNotWritable, http.StatusServiceUnavailable, "not_writable", ""},
	{reports.ErrCannotCompare, http.StatusNotFound, "cannot_compare", ""},
	{reports.ErrLittleMemory, http.StatusServiceUnavailable, "little_memory", ""},
	{reports.ErrChecksFailed, http.StatusServiceUnavailable, "checks_failed", ""},
	{reports.ErrNoDecisions, http.StatusServiceUnavailable, "no_decisions", "30"},
	{reports.ErrOtherRequest, http.StatusConflict, "other_request", ""},
	{reports.ErrNothingToUndo, http.StatusConflict, "nothing_to_undo", ""},
	{reports.ErrNoOverride, http.StatusNotFound, "no_override", ""},
	{errNoPage, http.StatusNotFound, "no_page", ""},
	{errBusy, http.StatusServiceUnavailable, "busy", "10"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "too_slow", "10"},
}

// problemOf is the one place where an error becomes a status and a text. Errors
// that it does not know are logged under the reference that the reader gets.
func (s *server) problemOf(r *http.Request, l *locale, err error) problem {
	if refused, ok := errors.AsType[*PushError](err); ok {
		made := problem{Status: refused.Status, Title: l.T("problem.not_recorded.title"), Sentence: l.T("problem.not_recorded"), RetryAfter: refused.RetryAfter}
		if refused.Code == "other_server" {
			made.Sentence = l.T("problem.other_server")
			return made
		}
		made.Reference = newReference()
		s.log.WarnContext(r.Context(), "record action", slog.String("reference", made.Reference), slog.Any("error", err))
		return made
	}
	if bad, ok := errors.AsType[*badParam](err); ok {
		return problem{
			Status:   http.StatusBadRequest,
			Title:    l.T("problem.bad_param.title", bad.Name),
			Sentence: l.T("problem.bad_param", bad.Name, shorten(bad.Value)) + " " + l.T(bad.Allowed, bad.Args...),
		}
	}
	if missing, ok := errors.AsType[*reports.MissingRateError](err); ok {
		return problem{
			Status:   http.StatusNotFound,
			Title:    l.T("problem.no_rate.title", missing.Currency, l.Date(missing.Date)),
			Sentence: l.T("problem.no_rate", missing.Currency, missing.Into, l.Date(missing.Date), missing.Entity),
		}
	}
	if bad, ok := errors.AsType[*reports.BadValueError](err); ok {
		attribute := l.Name("attribute", bad.Attribute)
		return problem{
			Status: http.StatusBadRequest, Title: l.T("problem.bad_value.title", attribute),
			Sentence: l.T("problem.bad_value", shorten(bad.Value), attribute, l.Name("attribute_want", bad.Want)),
		}
	}
	for _, known := range cases {
		if errors.Is(err, known.err) {
			return problem{
				Status:     known.status,
				Title:      l.T("problem." + known.key + ".title"),
				Sentence:   l.T("problem." + known.key),
				RetryAfter: known.retry,
			}
		}
	}
	reference := newReference()
	s.log.ErrorContext(r.Context(), "answer request",
		slog.String("reference", reference), slog.String("path", r.URL.Path), slog.Any("error", err))
	return problem{
		Status:    http.StatusInternalServerError,
		Title:     l.T("problem.internal.title"),
		Sentence:  l.T("problem.internal"),
		Reference: reference,
	}
}

// problemPage is the page of a problem.
type problemPage struct {
	Layout
	Problem problem
}

// fail answers with a problem: JSON for the charts, a page for everything else.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // nobody is there to read it
	}
	l := s.locale(r)
	p := s.problemOf(r, l, err)
	if p.RetryAfter != "" {
		w.Header().Set("Retry-After", p.RetryAfter)
	}
	if strings.HasPrefix(r.URL.Path, "/charts/") {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(p.Status)
		s.logWrite(json.NewEncoder(w).Encode(map[string]string{"error": p.Sentence, "reference": p.Reference}))
		return
	}
	page := problemPage{Layout: s.bareLayout(r, l, p.Title), Problem: p}
	if err := s.render(w, l, p.Status, "problem", page); err != nil {
		s.log.ErrorContext(r.Context(), "render problem page", slog.Any("error", err))
		http.Error(w, p.Title, p.Status)
	}
}

func newReference() string {
	bytes := make([]byte, 4)
	_, _ = rand.Read(bytes) // never fails, by its contract
	return hex.EncodeToString(bytes)
}

func shorten(value string) string {
	const most = 80
	if runes := []rune(value); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return value
}
