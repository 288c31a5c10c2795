package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// reviewer keeps what is decided and set.
type reviewer struct {
	decisions []reports.MatchDecision
	set, gone []reports.Override
	err       error
}

func (r *reviewer) Review(_ context.Context, d reports.MatchDecision) error {
	if r.err == nil {
		r.decisions = append(r.decisions, d)
	}
	return r.err
}

func (r *reviewer) SetOverride(_ context.Context, o reports.Override) (bool, error) {
	if r.err == nil {
		r.set = append(r.set, o)
	}
	return true, r.err
}

func (r *reviewer) WithdrawOverride(_ context.Context, o reports.Override) error {
	if r.err == nil {
		r.gone = append(r.gone, o)
	}
	return r.err
}

func (r *reviewer) Overrides(_ context.Context, entity, side, id string, history bool) ([]reports.Override, error) {
	noted := time.Date(2026, time.January, 15, 8, 0, 0, 0, time.UTC)
	list := []reports.Override{{Entity: entity, Side: side, ID: id, Attribute: "city", Value: "Villeurbanne", By: "Anne", Note: "moved", At: noted}}
	if history {
		list = append(list, reports.Override{Entity: entity, Side: side, ID: id, Attribute: "phone", By: "Bruno", At: noted})
	}
	return list, nil
}

func plainSpaces(body string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(body)
}

func TestMatchingPage(t *testing.T) {
	s := newSite(t, nil)
	for page, c := range map[string]struct{ has, lacks []string }{
		"/matching?lang=en": {[]string{
			"1 of 3 candidates wait", "1 decision waits", "<mark>SARL</mark>", "<mark>LYON</mark>", "91.2", "99.9%", "speaks strongly for it", "bar-against", "Activity ceased",
			"accepted</strong>, Anne", "under the code OLD114", "from the next build", "/matching.csv", "called them",
		}, []string{"<mark>DUPONT</mark>", `action="/matching" aria-label="Decide`, "<mark>&amp;</mark>"}},
		"/matching?lang=fr":                            {[]string{"Qui est qui", "plaide fortement pour", "Au répertoire"}, nil},
		"/matching?lang=en&undecided=1&verdict=review": {[]string{"1 of 1 candidates", "/matching.csv?lang=en&amp;undecided=1&amp;verdict=review"}, []string{"Ville de Lyon"}},
		"/matching?lang=en&customer=C0114":             {[]string{"1 of 1 candidates"}, []string{"Dupont"}},
		"/matching?lang=en&customer=C9":                {[]string{"No candidate fits"}, nil},
		"/matching?lang=en&side=supplier":              {[]string{"Nothing is compared"}, nil},
	} {
		body := plainSpaces(bodyOf(t, s.get(t, page)))
		for _, want := range c.has {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %q", page, want)
			}
		}
		for _, not := range c.lacks {
			if strings.Contains(body, not) {
				t.Errorf("%s: has %q", page, not)
			}
		}
	}
	older := newSite(t, func(_ *web.Config, fake *webtest.Reports) { fake.Older = true })
	if body := bodyOf(t, older.get(t, "/matching?lang=en")); !strings.Contains(body, "build again") {
		t.Error("that an older program built is not said")
	}
	for _, page := range []string{"/matching?verdict=lost", "/matching?undecided=2", "/matching?page=2", "/matching.csv?verdict=x"} {
		if response := s.get(t, page); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", page, response.StatusCode)
		}
	}
	response := s.get(t, "/matching.csv?undecided=1")
	body := bodyOf(t, response)
	if !strings.HasPrefix(body, "entity_id,side,counterparty_id,candidate_siren") || strings.Count(body, "\n") != 3 || !strings.Contains(response.Header.Get("Content-Disposition"), "matches") {
		t.Errorf("file:\n%s", body)
	}
}

func TestReviewingOnThePage(t *testing.T) {
	kept := &reviewer{}
	s := newSite(t, func(config *web.Config, _ *webtest.Reports) { config.Reviewer = kept })
	body := bodyOf(t, s.get(t, "/matching?lang=en"))
	if strings.Count(body, `value="accept"`) != 2 || strings.Count(body, `value="undo"`) != 1 || !strings.Contains(body, `name="seen" value="7"`) {
		t.Errorf("not the buttons of each state:\n%s", body)
	}
	form := func(pairs ...string) url.Values {
		values := url.Values{
			"entity": {"ALPHA"}, "side": {"customer"}, "id": {"C0100"}, "candidate": {"552081317"}, "seen": {"7"}, "decision": {"accept"},
			"author": {" Anne "}, "note": {"sure"}, "back": {"/matching?undecided=1"},
		}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		return values
	}
	response := s.post(t, "/matching", form())
	if at := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || at != "/matching?done=1&undecided=1#done" {
		t.Errorf("status %d, to %q", response.StatusCode, at)
	}
	want := reports.MatchDecision{Entity: "ALPHA", Side: "customer", ID: "C0100", Candidate: "552081317", Decision: "accept", By: "Anne", Note: "sure", Origin: "page", Seen: 7}
	if len(kept.decisions) != 1 || kept.decisions[0] != want {
		t.Errorf("kept %+v", kept.decisions)
	}
	for name, bad := range map[string][]string{
		"decision": {"decision", "merge"}, "author": {"author", " "}, "seen": {"seen", "x"}, "id": {"id", ""}, "side": {"side", "both"}, "note": {"note", "a\x00"},
	} {
		if response := s.post(t, "/matching", form(bad...)); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, response.StatusCode)
		}
	}
	// the second reviewer is told who was first and sees the queue as it is now
	at := time.Date(2026, time.January, 15, 8, 0, 0, 0, time.UTC)
	kept.err = &reports.MatchConflict{Err: reports.ErrChangedMeanwhile, By: "Anne", Decision: "reject", Candidate: "552081317", At: at}
	response = s.post(t, "/matching", form("author", "Bruno", "back", "/matching?undecided=1&lang=en"))
	body = bodyOf(t, response)
	if response.StatusCode != http.StatusConflict || !strings.Contains(body, "Anne decided about this customer meanwhile: rejected 552081317") || !strings.Contains(body, `role="alert"`) || !strings.Contains(body, "2 of 2 candidates") {
		t.Errorf("status %d\n%s", response.StatusCode, body)
	}
	kept.err = &reports.MatchConflict{Err: reports.ErrOtherAccepted, By: "Anne", Decision: "accept", Candidate: "404833048", At: at}
	if body := bodyOf(t, s.post(t, "/matching", form("back", "/matching?lang=en"))); !strings.Contains(body, "Anne accepted 404833048") {
		t.Errorf("another candidate:\n%s", body)
	}
	kept.err = reports.ErrNothingToUndo
	if response := s.post(t, "/matching", form("decision", "undo")); response.StatusCode != http.StatusConflict {
		t.Errorf("nothing to undo: status %d", response.StatusCode)
	}
	if response := s.post(t, "/matching", form(), "Sec-Fetch-Site", "cross-site"); response.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: status %d", response.StatusCode)
	}
	if response := newSite(t, nil).post(t, "/matching", form()); response.StatusCode != http.StatusNotFound {
		t.Errorf("without a reviewer: status %d", response.StatusCode)
	}
	protected, _ := protectedSite(t)
	if response := protected.post(t, "/matching", form()); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("without signing in: status %d", response.StatusCode)
	}
}

func TestSettingAttributesOnThePage(t *testing.T) {
	kept := &reviewer{}
	s := newSite(t, func(config *web.Config, _ *webtest.Reports) { config.Steward = kept })
	const page = "/counterparties/ALPHA/customer/C0100"
	body := bodyOf(t, s.get(t, page+"?lang=en"))
	for _, want := range []string{"Set by persons", "Villeurbanne", "Anne", "moved", "withdrawn", `<option value="credit_limit">Credit limit`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q", want)
		}
	}
	if body := bodyOf(t, newSite(t, nil).get(t, page)); strings.Contains(body, "/overrides") {
		t.Error("a form, though nothing can be set")
	}
	form := func(pairs ...string) url.Values {
		values := url.Values{
			"action": {"set"}, "entity": {"ALPHA"}, "side": {"customer"}, "id": {"C0100"}, "attribute": {"city"}, "value": {"Lyon"}, "author": {"Anne"}, "back": {page},
		}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		return values
	}
	response := s.post(t, "/overrides", form())
	if at := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || at != page+"?done=set#overrides" {
		t.Errorf("status %d, to %q", response.StatusCode, at)
	}
	s.post(t, "/overrides", form("action", "withdraw", "value", ""))
	want := reports.Override{Entity: "ALPHA", Side: "customer", ID: "C0100", Attribute: "city", Value: "Lyon", By: "Anne", Origin: "page"}
	if len(kept.set) != 1 || kept.set[0] != want || len(kept.gone) != 1 {
		t.Errorf("set %+v, withdrawn %+v", kept.set, kept.gone)
	}
	for name, bad := range map[string][]string{
		"action": {"action", "drop"}, "attribute": {"attribute", "mood"}, "author": {"author", ""}, "value": {"value", "a\x00"}, "entity": {"entity", ""},
	} {
		if response := s.post(t, "/overrides", form(bad...)); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, response.StatusCode)
		}
	}
	kept.err = &reports.BadValueError{Attribute: "siren", Value: "12", Want: "siren"}
	response = s.post(t, "/overrides", form(), "Accept-Language", "en")
	if body := bodyOf(t, response); response.StatusCode != http.StatusBadRequest || !strings.Contains(body, "12 is no value of SIREN: write a SIREN: 9 digits") {
		t.Errorf("status %d\n%s", response.StatusCode, body)
	}
	kept.err = reports.ErrNoOverride
	if response := s.post(t, "/overrides", form("action", "withdraw")); response.StatusCode != http.StatusNotFound {
		t.Errorf("nothing to withdraw: status %d", response.StatusCode)
	}
	if response := newSite(t, nil).post(t, "/overrides", form()); response.StatusCode != http.StatusNotFound {
		t.Errorf("without a steward: status %d", response.StatusCode)
	}
}
