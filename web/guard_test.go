package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

func TestCheckAddr(t *testing.T) {
	long := strings.Repeat("k", web.MinTokenLength)
	tests := []struct {
		name, addr, token string
		ok                bool
	}{
		{"loopback", "127.0.0.1:8080", "", true},
		{"other loopback", "127.3.2.1:8080", "", true},
		{"loopback in IPv6", "[::1]:8080", "", true},
		{"localhost", "localhost:0", "", true},
		{"every interface", ":8080", "", false},
		{"every interface, written", "0.0.0.0:8080", "", false},
		{"every interface in IPv6", "[::]:8080", "", false},
		{"a network", "192.168.1.10:8080", "", false},
		{"a name", "encours.example:8080", "", false},
		{"every interface with a token", ":8080", long, true},
		{"short token", ":8080", long[1:], false},
		{"short token on loopback", "127.0.0.1:8080", "short", false},
		{"no port", "127.0.0.1", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := web.CheckAddr(test.addr, test.token); (err == nil) != test.ok {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	s := newSite(t, nil)
	for _, page := range []string{"/", "/nothing", "/charts/overview.json", "/export/ageing.csv", "/healthz"} {
		header := s.get(t, page).Header
		policy := header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy without %q", page, part)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", page, policy)
		}
		for _, name := range []string{"Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"} {
			if header.Get(name) == "" {
				t.Errorf("%s: no %s", page, name)
			}
		}
		if header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: no nosniff", page)
		}
	}
}

func TestHostHeader(t *testing.T) {
	for _, test := range []struct {
		addr, host string
		ok         bool
	}{
		{"127.0.0.1:8080", "127.0.0.1:8080", true},
		{"127.0.0.1:8080", "localhost", true},
		{"127.0.0.1:8080", "[::1]:8080", true},
		{"127.0.0.2:8080", "127.0.0.2:8080", true},
		{"", "LOCALHOST:80", true},
		{"127.0.0.1:8080", "evil.example:8080", false},
		{"127.0.0.1:8080", "localhost.evil.example", false},
		{"", "127.0.0.2", false},
		{"0.0.0.0:8080", "encours.example", true},
	} {
		s := newSite(t, func(config *web.Config, _ *webtest.Reports) { config.Addr = test.addr })
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Host = test.host
		if response := s.do(t, request); (response.StatusCode == http.StatusOK) != test.ok {
			t.Errorf("listening on %q, host %q: status %d", test.addr, test.host, response.StatusCode)
		}
	}
}

func TestLimits(t *testing.T) {
	s := newSite(t, nil)
	if got := s.get(t, "/?search="+strings.Repeat("a", 3000)).StatusCode; got != http.StatusRequestURITooLong {
		t.Errorf("long query: status %d", got)
	}
	if got := s.get(t, "/"+strings.Repeat("a", 2000)).StatusCode; got != http.StatusRequestURITooLong {
		t.Errorf("long path: status %d", got)
	}
	if got := s.do(t, httptest.NewRequest(http.MethodPost, "http://localhost/", nil)).StatusCode; got != http.StatusMethodNotAllowed {
		t.Errorf("POST on a page: status %d", got)
	}
}

func TestStaticFiles(t *testing.T) {
	s := newSite(t, nil)
	root := document(t, s.get(t, "/"))
	var addresses []string
	for _, node := range append(elements(root, "script", "src"), elements(root, "link", "href")...) {
		addresses = append(addresses, attr(node, "src")+attr(node, "href"))
	}
	if len(addresses) != 4 {
		t.Fatalf("static files %q", addresses)
	}
	for _, address := range addresses {
		plain := s.get(t, address)
		if plain.StatusCode != http.StatusOK || !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, %q", address, plain.StatusCode, plain.Header.Get("Cache-Control"))
		}
		small := s.get(t, address, "Accept-Encoding", "gzip")
		if len(bodyOf(t, small)) > len(bodyOf(t, plain)) {
			t.Errorf("%s grows when compressed", address)
		}
	}
}

func TestLanguage(t *testing.T) {
	s := newSite(t, nil)
	for _, test := range []struct{ name, target, accept, cookie, want string }{
		{"French browser", "/", "fr-CA,fr;q=0.9", "", "fr"},
		{"English browser", "/", "en-GB", "", "en"},
		{"other browser", "/", "de", "", "en"},
		{"prefers French to English", "/", "de, fr;q=0.8, en;q=0.5", "", "fr"},
		{"cookie wins over browser", "/", "en", "fr", "fr"},
		{"address wins over cookie", "/?lang=en", "fr", "fr", "en"},
		{"cookie that means nothing", "/", "fr", "xx", "fr"},
	} {
		t.Run(test.name, func(t *testing.T) {
			headers := []string{"Accept-Language", test.accept}
			if test.cookie != "" {
				headers = append(headers, "Cookie", "encours_lang="+test.cookie)
			}
			response := s.get(t, test.target, headers...)
			if got := attr(elements(document(t, response), "html", "")[0], "lang"); got != test.want {
				t.Errorf("language %q", got)
			}
		})
	}
	cookies := s.get(t, "/?lang=fr").Cookies()
	if len(cookies) != 1 || cookies[0].Name != "encours_lang" || !cookies[0].HttpOnly {
		t.Errorf("cookies %v", cookies)
	}
}

func TestHealth(t *testing.T) {
	s := newSite(t, nil)
	if got := bodyOf(t, s.get(t, "/healthz")); got != "ok\n" {
		t.Errorf("health %q", got)
	}
	s.books.OpenErr = reports.ErrNoGeneration
	if got := s.get(t, "/healthz").StatusCode; got != http.StatusServiceUnavailable {
		t.Errorf("status %d", got)
	}
}

func TestExport(t *testing.T) {
	s := newSite(t, nil)
	var asked reports.AgeingFilter
	s.books.Exporter = func(_ context.Context, _, _ string, filter reports.AgeingFilter, w io.Writer) error {
		asked = filter
		_, err := io.WriteString(w, "a,b\n")
		return err
	}
	response := s.get(t, "/export/ageing.csv?entity=ALPHA&as_of=2025-06-30&search=gar&overdue=1&page=3")
	if got := response.Header.Get("Content-Disposition"); got != `attachment; filename="encours-ageing-ALPHA-customer-2025-06-30.csv"` {
		t.Errorf("disposition %q", got)
	}
	if got := bodyOf(t, response); got != "a,b\n" {
		t.Errorf("body %q", got)
	}
	if want := (reports.AgeingFilter{Search: "gar", OnlyOverdue: true}); asked != want {
		t.Errorf("filter %+v", asked)
	}
}

func TestExportErrorBeforeTheFirstByteIsAPage(t *testing.T) {
	s := newSite(t, nil)
	for _, fails := range []error{errors.New("no space left"), nil} {
		s.books.Exporter = func(context.Context, string, string, reports.AgeingFilter, io.Writer) error { return fails }
		response := s.get(t, "/export/ageing.xlsx")
		if response.StatusCode != http.StatusInternalServerError || response.Header.Get("Content-Disposition") != "" {
			t.Errorf("status %d, disposition %q", response.StatusCode, response.Header.Get("Content-Disposition"))
		}
	}
}

func TestExportErrorAfterTheFirstByteBreaksTheConnection(t *testing.T) {
	s := newSite(t, nil)
	s.books.Exporter = func(_ context.Context, _, _ string, _ reports.AgeingFilter, w io.Writer) error {
		if _, err := w.Write(bytes.Repeat([]byte("half a file\n"), 10_000)); err != nil {
			return err
		}
		return errors.New("the other half is lost")
	}
	server := httptest.NewServer(s)
	defer server.Close()
	response, err := http.Get(server.URL + "/export/ageing.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.ReadAll(response.Body); err == nil {
		t.Error("half a file looks whole")
	}
}

func TestTooManyExports(t *testing.T) {
	s := newSite(t, func(c *web.Config, _ *webtest.Reports) { c.ExportWait = time.Millisecond })
	begun, finish := make(chan struct{}), make(chan struct{})
	s.books.Exporter = func(_ context.Context, _, _ string, _ reports.AgeingFilter, w io.Writer) error {
		begun <- struct{}{}
		<-finish
		_, err := io.WriteString(w, "done")
		return err
	}
	ended := make(chan int)
	for range web.MaxExports {
		go func() { ended <- s.get(t, "/export/kpis.json").StatusCode }()
		<-begun
	}
	response := s.get(t, "/export/kpis.json")
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q", response.StatusCode, response.Header.Get("Retry-After"))
	}
	close(finish)
	for range web.MaxExports {
		if status := <-ended; status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	go func() { <-begun }()
	if status := s.get(t, "/export/kpis.json").StatusCode; status != http.StatusOK {
		t.Errorf("after the others ended: status %d", status)
	}
}

func TestServeStopsWithItsContext(t *testing.T) {
	s := newSite(t, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- web.Serve(ctx, listener, s) }()
	response, err := http.Get("http://" + listener.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
