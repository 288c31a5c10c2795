package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// marker keeps what is done about alerts.
type marker struct {
	marks []reports.AlertMark
	err   error
}

func (m *marker) Mark(_ context.Context, mark reports.AlertMark) error {
	if m.err == nil {
		m.marks = append(m.marks, mark)
	}
	return m.err
}

func TestAlertsPage(t *testing.T) {
	s := newSite(t, nil)
	for page, wants := range map[string][]string{
		"/alerts?lang=en":                 {"Limit exceeded", "€10,000.00 → €12,500.00", "Data of BETA", "2,500.00", "To look at (3)", "acknowledged, Anne: rappellera", "/export/alerts.xlsx"},
		"/alerts?lang=fr":                 {"Limite dépassée", "La limite de crédit de", "10,0", "prise en compte", "Vue de"},
		"/alerts?state=ended&lang=en":     {"Score fell", "B → C", "30 Nov 2025"},
		"/alerts?severity=8&lang=en":      {"1 of 1 alerts", "/export/alerts.csv?lang=en&amp;severity=8"},
		"/alerts?rule=STALE_DATA&lang=en": {"1 of 1 alerts", "91.0 d"},
		"/alerts?entity=BETA&lang=en":     {"1 of 1 alerts"},
		"/alerts?as_of=2025-11-30&lang=en": {
			"At another date than that of the last build", "Limit exceeded",
		},
	} {
		body := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(bodyOf(t, s.get(t, page)))
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %q", page, want)
			}
		}
		if strings.Contains(body, "/alerts/mark") {
			t.Errorf("%s: a form, though nothing can be done", page)
		}
	}
	if body := bodyOf(t, s.get(t, "/alerts?state=all")); strings.Contains(body, "/export/alerts.csv?state") {
		t.Error("an export is offered by the state, which it does not take")
	}
	for _, page := range []string{"/alerts?state=lost", "/alerts?rule=MOOD", "/alerts?severity=11", "/alerts?severity=0", "/alerts?page=2", "/export/alerts.csv?state=new", "/worklist?rule=CEASED"} {
		if response := s.get(t, page); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", page, response.StatusCode)
		}
	}
	broken := newSite(t, func(_ *web.Config, fake *webtest.Reports) { fake.StatesErr = errors.New("internal text") })
	if body := bodyOf(t, broken.get(t, "/alerts?lang=en")); !strings.Contains(body, "cannot be read now") || !strings.Contains(body, "Limit exceeded") || strings.Contains(body, "internal text") {
		t.Errorf("what was done cannot be read:\n%s", body)
	}
	empty := newSite(t, func(_ *web.Config, fake *webtest.Reports) { fake.Empty = true })
	if body := bodyOf(t, empty.get(t, "/alerts?lang=en")); !strings.Contains(body, "No alert.") {
		t.Error("that there is none is not said")
	}
}

func TestMarkingAnAlert(t *testing.T) {
	kept := &marker{}
	s := newSite(t, func(config *web.Config, _ *webtest.Reports) { config.Alerts = kept })
	if body := bodyOf(t, s.get(t, "/alerts?lang=en")); strings.Count(body, `action="/alerts/mark"`) != 3 || !strings.Contains(body, `value="00000000000000a1"`) {
		t.Errorf("not a form for each alert:\n%s", body)
	}
	if body := bodyOf(t, s.get(t, "/alerts?as_of=2025-11-30")); strings.Contains(body, "/alerts/mark") {
		t.Error("a form at another date")
	}
	form := func(pairs ...string) url.Values {
		values := url.Values{
			"key": {"00000000000000a1"}, "state": {"acknowledged"}, "note": {" will call "}, "author": {"Anne"}, "back": {"/alerts?severity=5"},
		}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		return values
	}
	response := s.post(t, "/alerts/mark", form())
	if at := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || at != "/alerts?done=1&severity=5#done" {
		t.Errorf("status %d, to %q", response.StatusCode, at)
	}
	want := reports.AlertMark{Key: "00000000000000a1", State: "acknowledged", Author: "Anne", Note: "will call"}
	if len(kept.marks) != 1 || kept.marks[0] != want {
		t.Errorf("kept %+v", kept.marks)
	}
	if body := bodyOf(t, s.get(t, "/alerts?done=1&lang=en")); !strings.Contains(body, "Noted.") {
		t.Error("that it was noted is not said")
	}
	for name, bad := range map[string][]string{
		"state": {"state", "new"}, "no state": {"state", ""}, "key": {"key", ""}, "control": {"note", "a\x00b"}, "long": {"note", strings.Repeat("é", 501)},
	} {
		if response := s.post(t, "/alerts/mark", form(bad...)); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, response.StatusCode)
		}
	}
	if response := s.post(t, "/alerts/mark", form("note", strings.Repeat("x", 20<<10))); response.StatusCode != http.StatusBadRequest {
		t.Errorf("a form that is too large: status %d", response.StatusCode)
	}
	if response := s.post(t, "/alerts/mark", form(), "Sec-Fetch-Site", "cross-site"); response.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: status %d", response.StatusCode)
	}
	if response := s.post(t, "/alerts/mark", form("back", "https://evil.example/")); response.Header.Get("Location") != "/?done=1#done" {
		t.Errorf("leads away: %q", response.Header.Get("Location"))
	}
	if len(kept.marks) != 2 {
		t.Errorf("%d kept, want 2", len(kept.marks))
	}
	kept.err = reports.ErrNotFound
	if response := s.post(t, "/alerts/mark", form()); response.StatusCode != http.StatusNotFound {
		t.Errorf("an alert that is not known: status %d", response.StatusCode)
	}
	if response := s.get(t, "/alerts/mark"); response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != "POST" {
		t.Errorf("GET: status %d, allow %q", response.StatusCode, response.Header.Get("Allow"))
	}
	if response := newSite(t, nil).post(t, "/alerts/mark", form()); response.StatusCode != http.StatusNotFound {
		t.Errorf("without a marker: status %d", response.StatusCode)
	}
	protected, _ := protectedSite(t)
	if response := protected.post(t, "/alerts/mark", form()); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("without signing in: status %d", response.StatusCode)
	}
}
