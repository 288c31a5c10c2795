package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// site is the handler over invented books, with what it logged.
type site struct {
	http.Handler
	books *webtest.Reports
	log   *strings.Builder
}

func newSite(t *testing.T, change func(*web.Config, *webtest.Reports)) site {
	t.Helper()
	books := webtest.New()
	var log strings.Builder
	config := web.Config{Reports: books, Version: "1.2.3", Logger: slog.New(slog.NewTextHandler(&log, nil))}
	if change != nil {
		change(&config, books)
	}
	handler, err := web.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if open := books.OpenViews.Load(); open != 0 {
			t.Errorf("%d views were not closed", open)
		}
	})
	return site{handler, books, &log}
}

// get answers a request to the site under the name localhost.
func (s site) get(t *testing.T, target string, headers ...string) *http.Response {
	t.Helper()
	return s.do(t, httptest.NewRequest(http.MethodGet, "http://localhost:8080"+target, nil), headers...)
}

func (s site) do(t *testing.T, request *http.Request, headers ...string) *http.Response {
	t.Helper()
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	return recorder.Result()
}

func bodyOf(t *testing.T, response *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// document parses a page.
func document(t *testing.T, response *http.Response) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(bodyOf(t, response)))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// elements finds all elements of a tag that have an attribute, or all of the tag
// where the attribute is empty.
func elements(root *html.Node, tag, attribute string) []*html.Node {
	var found []*html.Node
	for node := range root.Descendants() {
		if node.Type == html.ElementNode && node.Data == tag && (attribute == "" || attr(node, attribute) != "") {
			found = append(found, node)
		}
	}
	return found
}

// byClass finds the first element that has a class.
func byClass(root *html.Node, class string) *html.Node {
	for node := range root.Descendants() {
		if node.Type == html.ElementNode && strings.Contains(" "+attr(node, "class")+" ", " "+class+" ") {
			return node
		}
	}
	return nil
}

func attr(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is the text of an element with its spaces made plain and single.
func text(node *html.Node) string {
	if node == nil {
		return ""
	}
	var all strings.Builder
	for part := range node.Descendants() {
		if part.Type == html.TextNode {
			all.WriteString(part.Data)
		}
	}
	plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(all.String())
	return strings.Join(strings.Fields(plain), " ")
}

// hasField says whether a form sends a value in an input.
func hasField(form *html.Node, name, want string) bool {
	for _, input := range elements(form, "input", "name") {
		if attr(input, "name") == name && attr(input, "value") == want {
			return true
		}
	}
	return false
}
