package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// receiver takes what a test lets it take.
type receiver struct {
	admit func(token string, to web.PushTarget) (web.PushTarget, error)
	land  func(ctx context.Context, to web.PushTarget, body []byte) (web.PushAnswer, error)
}

func (r receiver) Admit(_ context.Context, token string, to web.PushTarget) (web.PushTarget, error) {
	if r.admit == nil {
		return to, nil
	}
	return r.admit(token, to)
}

func (r receiver) Land(ctx context.Context, to web.PushTarget, body []byte) (web.PushAnswer, error) {
	if r.land == nil {
		return web.PushAnswer{Status: web.PushLanded, Rows: int64(len(body))}, nil
	}
	return r.land(ctx, to, body)
}

func pushSite(t *testing.T, r receiver) site {
	t.Helper()
	return newSite(t, func(c *web.Config, _ *webtest.Reports) {
		c.Token, c.Receiver, c.Push = token, r, web.PushLimits{MaxBody: 100, Concurrent: 2}
	})
}

// push sends a message and reads the JSON object that answers it.
func (s site) push(t *testing.T, method, target, body string, headers ...string) (int, map[string]any) {
	t.Helper()
	request := httptest.NewRequest(method, "http://localhost:8080"+target, strings.NewReader(body))
	response := s.do(t, request, append([]string{"Authorization", "Bearer x"}, headers...)...)
	var answer map[string]any
	if text := bodyOf(t, response); json.Unmarshal([]byte(text), &answer) != nil || !strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		t.Errorf("%s %s: the answer is not JSON: %s", method, target, text)
	}
	return response.StatusCode, answer
}

func TestPushAnswers(t *testing.T) {
	const at = "/api/v1/landing/payments"
	fails := func(err error) receiver {
		return receiver{land: func(context.Context, web.PushTarget, []byte) (web.PushAnswer, error) { return web.PushAnswer{}, err }}
	}
	for _, c := range []struct {
		name     string
		receiver receiver
		method   string
		target   string
		body     string
		headers  []string
		status   int
		code     string
	}{
		{"landed", receiver{}, "POST", at, "abc", nil, 201, ""},
		{"landed before", receiver{land: func(context.Context, web.PushTarget, []byte) (web.PushAnswer, error) {
			return web.PushAnswer{Status: web.PushAlreadyLanded}, nil
		}}, "POST", at, "abc", nil, 200, ""},
		{"as large as may be", receiver{}, "POST", at, strings.Repeat("x", 100), nil, 201, ""},
		{"too large", receiver{}, "POST", at, strings.Repeat("x", 101), nil, 413, "too_large"},
		{"not sent", receiver{}, "GET", at, "", nil, 405, "method"},
		{"no token", receiver{}, "POST", at, "", []string{"Authorization", ""}, 401, "token.missing"},
		{"another scheme", receiver{}, "POST", at, "", []string{"Authorization", "Basic eDp4"}, 401, "token.missing"},
		{"another host", receiver{}, "POST", at, "", []string{"Origin", "https://elsewhere.example"}, 403, "origin"},
		{"refused", receiver{admit: func(string, web.PushTarget) (web.PushTarget, error) {
			return web.PushTarget{}, &web.PushError{Status: 403, Code: "right.dataset", Message: "no"}
		}}, "POST", at, "", nil, 403, "right.dataset"},
		{"a long address", receiver{}, "POST", at + "?source=" + strings.Repeat("x", 3000), "", nil, 414, "address"},
		{"an internal error", fails(errors.New("open /secret/path")), "POST", at, "", nil, 500, "internal"},
		{"too slow", fails(context.DeadlineExceeded), "POST", at, "", nil, 503, "too_slow"},
		{"a panic", receiver{land: func(context.Context, web.PushTarget, []byte) (web.PushAnswer, error) { panic("secret") }}, "POST", at, "", nil, 500, "internal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := pushSite(t, c.receiver)
			status, answer := s.push(t, c.method, c.target, c.body, c.headers...)
			code, _ := answer["code"].(string)
			message, _ := answer["message"].(string)
			if status != c.status || code != c.code || (code != "" && message == "") || strings.Contains(message, "secret") {
				t.Errorf("%d %v, want %d %s", status, answer, c.status, c.code)
			}
			if c.status == http.StatusInternalServerError && !strings.Contains(s.log.String(), "secret") {
				t.Error("the log does not tell the cause")
			}
		})
	}
}

func TestPushFromAnotherHost(t *testing.T) {
	s := pushSite(t, receiver{})
	request := httptest.NewRequest(http.MethodPost, "http://elsewhere.example/api/v1/landing/payments", nil)
	response := s.do(t, request, "Authorization", "Bearer x")
	if body := bodyOf(t, response); response.StatusCode != http.StatusMisdirectedRequest || !strings.Contains(body, `"code":"host"`) {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}

func TestPushTarget(t *testing.T) {
	var got web.PushTarget
	var given string
	s := pushSite(t, receiver{admit: func(token string, to web.PushTarget) (web.PushTarget, error) {
		got, given = to, token
		return to, nil
	}})
	s.push(t, "POST", "/api/v1/landing/payments?mode=full&entity=ALPHA&source=erp&extract_date=2025-01-31", "", "Idempotency-Key", "k", "Content-Type", "text/csv")
	if given != "x" || got.Dataset != "payments" || got.Mode != "full" || got.EntityID != "ALPHA" || got.Source != "erp" ||
		got.ExtractDate.Format("2006-01-02") != "2025-01-31" || got.Key != "k" || got.ContentType != "text/csv" {
		t.Errorf("%q %+v", given, got)
	}
}

// TestPushConcurrent: as many messages as may be are taken at once; one more waits,
// and is refused when its turn does not come.
func TestPushConcurrent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		s := pushSite(t, receiver{land: func(context.Context, web.PushTarget, []byte) (web.PushAnswer, error) {
			<-let
			return web.PushAnswer{Status: web.PushLanded}, nil
		}})
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() {
				if status, answer := s.push(t, "POST", "/api/v1/landing/payments", ""); status != http.StatusCreated {
					t.Errorf("%d %v", status, answer)
				}
			})
		}
		synctest.Wait()
		if status, answer := s.push(t, "POST", "/api/v1/landing/payments", ""); status != http.StatusTooManyRequests || answer["code"] != "busy" {
			t.Errorf("%d %v", status, answer)
		}
		close(let)
		group.Wait()
		if status, _ := s.push(t, "POST", "/api/v1/landing/payments", ""); status != http.StatusCreated {
			t.Errorf("afterwards: %d", status)
		}
	})
}

func TestPushNeedsAReceiver(t *testing.T) {
	s := newSite(t, nil)
	request := httptest.NewRequest(http.MethodPost, "http://localhost:8080/api/v1/landing/payments", nil)
	if response := s.do(t, request); response.StatusCode == http.StatusCreated || response.StatusCode == http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
}
