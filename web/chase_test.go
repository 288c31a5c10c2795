package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// recorder keeps what is recorded.
type recorder struct {
	done []web.Done
	err  error
}

func (r *recorder) Record(_ context.Context, done web.Done) error {
	if r.err == nil {
		r.done = append(r.done, done)
	}
	return r.err
}

func TestWorklistAndReminders(t *testing.T) {
	s := newSite(t, nil)
	for page, wants := range map[string][]string{
		"/worklist?lang=en":           {"Dupont &amp; Fils", "Call about the promise", "Broken promise, €500.00 missing", "30.0%", "/export/worklist.ics", "01 02 03 04 05"},
		"/worklist?lang=fr":           {"Appeler au sujet de la promesse", "Promesse non tenue", "30,0", "relance à envoyer"},
		"/dunning?lang=en":            {"/export/reminder.pdf?counterparty=C0114&amp;entity=ALPHA", "disputed", "32 days", "/export/dunning-letters.csv"},
		"/dunning?lang=fr":            {"en litige", "32 jours", "à déclarer"},
		customerPage + "?lang=en":     {"To declare", "Call about the promise", "FA-3", "rappelera"},
		"/dunning?status=due":         {"Ville de Lyon"},
		"/worklist?manager=-&lang=en": {"Send the reminder"},
	} {
		body := bodyOf(t, s.get(t, page))
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %q", page, want)
			}
		}
		if strings.Contains(body, "/actions") {
			t.Errorf("%s: a form, though nothing can be recorded", page)
		}
	}
	for _, page := range []string{"/worklist?action=shout", "/dunning?status=maybe", "/worklist?status=due", "/export/ageing.ics"} {
		if response := s.get(t, page); response.StatusCode < 400 {
			t.Errorf("%s: status %d", page, response.StatusCode)
		}
	}
	empty := newSite(t, func(_ *web.Config, fake *webtest.Reports) { fake.Empty = true })
	for page, want := range map[string]string{"/worklist?lang=en": "Nobody is to be chased", "/dunning?lang=en": "Nothing is overdue"} {
		if body := bodyOf(t, empty.get(t, page)); !strings.Contains(body, want) {
			t.Errorf("%s: no %q", page, want)
		}
	}
}

func TestRecordingWhatWasDone(t *testing.T) {
	kept := &recorder{}
	s := newSite(t, func(config *web.Config, _ *webtest.Reports) { config.Recorder = kept })
	body := bodyOf(t, s.get(t, "/worklist?lang=en"))
	keys := regexp.MustCompile(`name="key" value="([^"]+)"`).FindAllStringSubmatch(body, -1)
	if len(keys) != 2 || keys[0][1] == keys[1][1] || len(keys[0][1]) < 8 {
		t.Fatalf("keys of the forms: %q", keys)
	}
	form := func(pairs ...string) url.Values {
		values := url.Values{
			"entity": {"ALPHA"}, "id": {"C0100"}, "key": {keys[0][1]}, "kind": {"letter"}, "date": {"2025-12-31"}, "level": {"2"},
			"next": {"2026-01-10"}, "author": {"Anne"}, "comment": {"sent"}, "back": {"/worklist?manager=-"},
		}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		return values
	}
	response := s.post(t, "/actions", form())
	if at := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || at != "/worklist?done=1&manager=-#chase" {
		t.Errorf("status %d, to %q", response.StatusCode, at)
	}
	if len(kept.done) != 1 || kept.done[0].Kind != "letter" || kept.done[0].Level != 2 || kept.done[0].Next.Day() != 10 {
		t.Errorf("recorded %+v", kept.done)
	}
	if body := bodyOf(t, s.get(t, "/worklist?done=1&lang=en")); !strings.Contains(body, "counts from the next build") {
		t.Error("that it counts from the next build is not said")
	}
	s.post(t, "/actions", form("kind", "promise", "amount", "1 250,50", "promised", "2026-01-15"))
	if last := kept.done[len(kept.done)-1]; last.Amount != 125_050 || last.Promised.Day() != 15 {
		t.Errorf("promise %+v", last)
	}
	before := len(kept.done)
	for name, bad := range map[string][]string{
		"kind": {"kind", "threat"}, "date": {"date", "yesterday"}, "no date": {"date", ""}, "next": {"next", "2025-12-31"}, "level": {"level", "99"},
		"key": {"key", ""}, "entity": {"entity", "../x"}, "customer": {"id", ""}, "control": {"comment", "a\x00b"},
		"amount":   {"kind", "promise", "amount", "-1", "promised", "2026-01-15"},
		"decimals": {"kind", "promise", "amount", "1.005", "promised", "2026-01-15"},
		"promised": {"kind", "promise", "amount", "1", "promised", ""},
	} {
		if response := s.post(t, "/actions", form(bad...)); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, response.StatusCode)
		}
	}
	if response := s.post(t, "/actions", form(), "Sec-Fetch-Site", "cross-site"); response.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: status %d", response.StatusCode)
	}
	if response := s.post(t, "/actions", form("back", "https://evil.example/")); response.Header.Get("Location") != "/?done=1#chase" {
		t.Errorf("leads away: %q", response.Header.Get("Location"))
	}
	if len(kept.done) != before+1 {
		t.Errorf("%d recorded, want %d", len(kept.done), before+1)
	}
	kept.err = &web.PushError{Status: http.StatusServiceUnavailable, Code: "other_server", Message: "internal text"}
	response = s.post(t, "/actions", form(), "Accept-Language", "fr")
	if body := bodyOf(t, response); response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "Un autre serveur") || strings.Contains(body, "internal text") {
		t.Errorf("status %d:\n%s", response.StatusCode, body)
	}
	if response := s.get(t, "/actions"); response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: status %d", response.StatusCode)
	}
	plain := newSite(t, nil)
	if response := plain.post(t, "/actions", form()); response.StatusCode != http.StatusNotFound {
		t.Errorf("without a recorder: status %d", response.StatusCode)
	}
	protected, _ := protectedSite(t)
	if response := protected.post(t, "/actions", form()); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("without signing in: status %d", response.StatusCode)
	}
}
