package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

const token = "a-token-that-nobody-would-guess"

// clock is a time that a test moves.
type clock struct{ now time.Time }

func protectedSite(t *testing.T) (site, *clock) {
	t.Helper()
	at := &clock{time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC)}
	return newSite(t, func(config *web.Config, _ *webtest.Reports) {
		config.Token, config.Addr = token, "0.0.0.0:8080"
		config.Clock = func() time.Time { return at.now }
	}), at
}

func (s site) post(t *testing.T, target string, form url.Values, headers ...string) *http.Response {
	t.Helper()
	request := httptest.NewRequest(http.MethodPost, "http://localhost:8080"+target, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(t, request, headers...)
}

func TestNothingIsShownWithoutSignIn(t *testing.T) {
	s, _ := protectedSite(t)
	for _, page := range append([]string{"/charts/overview.json", "/export/ageing.csv", "/nothing"}, allPages...) {
		response := s.get(t, page)
		body := bodyOf(t, response)
		if response.StatusCode != http.StatusUnauthorized || strings.Contains(body, "Alpha Distribution") {
			t.Errorf("%s: status %d", page, response.StatusCode)
		}
	}
	if got := s.get(t, "/healthz").StatusCode; got != http.StatusOK {
		t.Errorf("health: status %d", got)
	}
}

func TestSignIn(t *testing.T) {
	s, at := protectedSite(t)
	form := document(t, s.get(t, "/ageing?side=supplier"))
	var next string
	for _, input := range elements(form, "input", "name") {
		if attr(input, "name") == "next" {
			next = attr(input, "value")
		}
	}
	if next != "/ageing?side=supplier" {
		t.Fatalf("next %q", next)
	}
	response := s.post(t, "/sign-in", url.Values{"token": {token}, "next": {next}}, "Origin", "http://localhost:8080")
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != next {
		t.Fatalf("status %d to %q", response.StatusCode, response.Header.Get("Location"))
	}
	cookie := response.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || strings.Contains(cookie.Value, token) {
		t.Errorf("cookie %v", cookie)
	}
	session := cookie.Name + "=" + cookie.Value
	if got := s.get(t, next, "Cookie", session).StatusCode; got != http.StatusOK {
		t.Errorf("signed in: status %d", got)
	}
	forged := []byte(cookie.Value)
	forged[3] = 'B' // a later end, under the old signature
	if got := s.get(t, next, "Cookie", cookie.Name+"="+string(forged)).StatusCode; got != http.StatusUnauthorized {
		t.Errorf("forged cookie: status %d", got)
	}
	at.now = at.now.Add(12*time.Hour + time.Second)
	if got := s.get(t, next, "Cookie", session).StatusCode; got != http.StatusUnauthorized {
		t.Errorf("after its end: status %d", got)
	}
	if out := s.post(t, "/sign-out", nil, "Cookie", session).Cookies(); len(out) != 0 {
		t.Error("an ended session can sign out")
	}
}

func TestSignInWithAnotherTokenDoesNotCarryOver(t *testing.T) {
	s, _ := protectedSite(t)
	cookie := s.post(t, "/sign-in", url.Values{"token": {token}}).Cookies()[0]
	other := newSite(t, func(config *web.Config, _ *webtest.Reports) { config.Token = strings.Repeat("z", 30) })
	if got := other.get(t, "/", "Cookie", cookie.Name+"="+cookie.Value).StatusCode; got != http.StatusUnauthorized {
		t.Errorf("status %d", got)
	}
}

func TestSignOut(t *testing.T) {
	s, _ := protectedSite(t)
	cookie := s.post(t, "/sign-in", url.Values{"token": {token}}).Cookies()[0]
	out := s.post(t, "/sign-out", nil, "Cookie", cookie.Name+"="+cookie.Value)
	if out.StatusCode != http.StatusSeeOther || out.Cookies()[0].MaxAge >= 0 {
		t.Errorf("status %d, cookies %v", out.StatusCode, out.Cookies())
	}
}

func TestBearer(t *testing.T) {
	s, _ := protectedSite(t)
	for given, want := range map[string]int{
		"Bearer " + token: 200, "Bearer " + token + "x": 401, "Bearer ": 401, "Basic " + token: 401, token: 401,
	} {
		if got := s.get(t, "/", "Authorization", given).StatusCode; got != want {
			t.Errorf("%q: status %d, want %d", given, got, want)
		}
	}
	if got := s.get(t, "/?token="+token).StatusCode; got != http.StatusUnauthorized {
		t.Errorf("token in the address: status %d", got)
	}
}

func TestWrongTokensAreLimited(t *testing.T) {
	s, at := protectedSite(t)
	wrong := url.Values{"token": {"not the token, not at all"}}
	for i := range 10 {
		if got := s.post(t, "/sign-in", wrong).StatusCode; got != http.StatusUnauthorized {
			t.Fatalf("attempt %d: status %d", i, got)
		}
	}
	blocked := s.post(t, "/sign-in", url.Values{"token": {token}})
	if blocked.StatusCode != http.StatusTooManyRequests || blocked.Header.Get("Retry-After") == "" {
		t.Errorf("after ten: status %d", blocked.StatusCode)
	}
	if got := s.get(t, "/", "Authorization", "Bearer "+token).StatusCode; got != http.StatusTooManyRequests {
		t.Errorf("bearer after ten: status %d", got)
	}
	at.now = at.now.Add(61 * time.Second)
	if got := s.post(t, "/sign-in", url.Values{"token": {token}}).StatusCode; got != http.StatusSeeOther {
		t.Errorf("a minute later: status %d", got)
	}
}

func TestSignInFromElsewhereIsRefused(t *testing.T) {
	s, _ := protectedSite(t)
	form := url.Values{"token": {token}}
	if got := s.post(t, "/sign-in", form, "Origin", "https://evil.example").StatusCode; got != http.StatusForbidden {
		t.Errorf("other origin: status %d", got)
	}
	if got := s.post(t, "/sign-in", form, "Sec-Fetch-Site", "cross-site").StatusCode; got != http.StatusForbidden {
		t.Errorf("cross site: status %d", got)
	}
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	s, _ := protectedSite(t)
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "evil", "", "/\tx"} {
		response := s.post(t, "/sign-in", url.Values{"token": {token}, "next": {next}})
		if got := response.Header.Get("Location"); got != "/" {
			t.Errorf("next %q leads to %q", next, got)
		}
	}
}

func TestTheTokenIsNeverLogged(t *testing.T) {
	s, _ := protectedSite(t)
	s.books.ViewErr = http.ErrBodyNotAllowed
	s.get(t, "/", "Authorization", "Bearer "+token)
	s.post(t, "/sign-in", url.Values{"token": {token}})
	if strings.Contains(s.log.String(), token) || s.log.Len() == 0 {
		t.Errorf("log: %s", s.log)
	}
}

func TestLargeSignInIsRefused(t *testing.T) {
	s, _ := protectedSite(t)
	if got := s.post(t, "/sign-in", url.Values{"token": {strings.Repeat("x", 10_000)}}).StatusCode; got != http.StatusBadRequest {
		t.Errorf("status %d", got)
	}
}
