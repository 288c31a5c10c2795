package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

const (
	customerPage = "/counterparties/ALPHA/customer/C0100"
	oddPage      = "/counterparties/ALPHA/customer/IC%2FBETA%2001"
)

var (
	figurePages = []string{
		"/", "/ageing", customerPage, oddPage, "/items/ALPHA/3", "/proof", "/data", "/quality",
		"/payment-terms?entity=ALPHA", "/payment-terms",
		"/payment-terms/invoices?entity=ALPHA&table=1&line=late", "/payment-terms/breaches",
		"/disputes",
		"/exposure",
		"/risk",
		"/risk?change=worsened",
		"/decisions",
		"/decisions?customer=C0100&decision=refuse&entity=ALPHA",
		"/worklist",
		"/worklist?action=call&manager=-",
		"/dunning",
		"/dunning?status=due",
		"/alerts",
		"/alerts?state=all&severity=5&rule=LIMIT_EXCEEDED",
		"/lookup?name=Dupont&postal_code=38000",
		"/changes",
		"/changes?from=2025-12-11",
		"/currencies",
		"/concentration",
		"/roll-rates",
		"/ageing?group_by=country",
		"/ageing?by=issue_date",
		"/credit-loss",
		"/late-interest",
		"/dictionary",
		"/cash-forecast?week=2",
		"/cash-forecast",
		"/key-figures",
	}
	allPages = append(slices.Clone(figurePages), "/sources", "/lookup")
)

func TestPagesShowProofDatesAndGeneration(t *testing.T) {
	s := newSite(t, nil)
	for _, page := range allPages {
		t.Run(page, func(t *testing.T) {
			response := s.get(t, page, "Accept-Language", "fr")
			if response.StatusCode != http.StatusOK {
				t.Fatalf("status %d: %s", response.StatusCode, bodyOf(t, response))
			}
			if got := response.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control %q", got)
			}
			root := document(t, response)
			proof := text(byClass(root, "proof"))
			if !strings.Contains(proof, "Prouvé au centime") || strings.Count(proof, "€") != 3 {
				t.Errorf("proof strip: %q", proof)
			}
			if context := text(byClass(root, "context")); !strings.Contains(context, "31/12/2025") || !strings.Contains(context, "connu au 15/01/2026") {
				t.Errorf("context: %q", context)
			}
			if foot := text(byClass(root, "foot")); !strings.Contains(foot, "3f9c21d07ab4") || !strings.Contains(foot, "1.2.3") {
				t.Errorf("foot: %q", foot)
			}
			if count := len(elements(root, "h1", "")); count != 1 {
				t.Errorf("%d h1", count)
			}
			for _, table := range elements(root, "table", "") {
				if len(elements(table, "caption", "")) != 1 {
					t.Errorf("a table has no caption")
				}
				for _, head := range elements(table, "th", "") {
					if attr(head, "scope") == "" {
						t.Errorf("the heading %q has no scope", text(head))
					}
				}
			}
			if raw := text(root); strings.Contains(raw, "%!") || strings.Contains(raw, "[kpi.") {
				t.Error("a text is missing or badly formatted")
			}
		})
	}
}

func TestProofStates(t *testing.T) {
	tests := []struct {
		name, status string
		difference   reports.Amount
		class, want  string
	}{
		{"proved", "proved", 0, "proved", "Proved to the cent"},
		{"difference", "difference", 1, "difference", "Difference of €0.01"},
		{"no ledger", "no_ledger", 0, "unproved", "Not proved: no ledger"},
		{"a state that is not known is never a tick", "odd", 0, "difference", "Difference of"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, func(_ *web.Config, books *webtest.Reports) {
				books.Status, books.Difference = test.status, test.difference
			})
			strip := byClass(document(t, s.get(t, "/")), "proof")
			if !strings.Contains(attr(strip, "class"), test.class) || !strings.Contains(text(strip), test.want) {
				t.Errorf("strip %q: %q", attr(strip, "class"), text(strip))
			}
			if tick := strings.Contains(text(strip), "✓"); tick != (test.status == "proved") {
				t.Errorf("tick shown: %v", tick)
			}
		})
	}
}

func TestEstimatedIsSaid(t *testing.T) {
	s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Estimated = true })
	for _, page := range allPages {
		if root := document(t, s.get(t, page)); !strings.Contains(text(byClass(root, "proof")), "estimated") {
			t.Errorf("%s does not say that figures are estimated", page)
		}
	}
}

func TestLinksKeepTheSelection(t *testing.T) {
	s := newSite(t, nil)
	selection := url.Values{"entity": {"ALPHA"}, "side": {"supplier"}, "as_of": {"2025-06-30"}, "lang": {"en"}}
	for _, page := range []string{"/", "/ageing", "/proof", "/data", "/sources", "/counterparties/ALPHA/supplier/F001"} {
		root := document(t, s.get(t, page+"?"+selection.Encode()))
		links := elements(root, "a", "href")
		if len(links) < 6 {
			t.Errorf("%s has %d links only", page, len(links))
		}
		for _, link := range links {
			target, err := url.Parse(attr(link, "href"))
			if err != nil || target.IsAbs() {
				t.Fatalf("%s links to %q", page, attr(link, "href"))
			}
			if strings.HasPrefix(attr(link, "href"), "#") {
				continue
			}
			for name := range selection {
				given := target.Query().Get(name)
				isSwitch := name == "lang" && attr(link, "hreflang") != ""
				isReset := name == "as_of" && attr(link, "class") == "reset"
				if given != selection.Get(name) && !isSwitch && !isReset {
					t.Errorf("%s: link %q to %s loses %s", page, text(link), target, name)
				}
			}
		}
	}
}

func TestFiltersAreKept(t *testing.T) {
	s := newSite(t, nil)
	root := document(t, s.get(t, "/ageing?search=er&bucket=1-30&overdue=1&sort=name&size=25&lang=en"))
	for _, link := range elements(root, "a", "href") {
		target := attr(link, "href")
		if strings.HasPrefix(target, "/export/") && !strings.Contains(target, "bucket=1-30&lang=en&overdue=1&search=er&sort=name") {
			t.Errorf("export link loses filters: %s", target)
		}
	}
	if got := attr(elements(root, "th", "aria-sort")[0], "aria-sort"); got != "ascending" {
		t.Errorf("aria-sort %q", got)
	}
	filter := byClass(root, "filter")
	for name, want := range map[string]string{"search": "er", "bucket": "1-30", "overdue": "1", "sort": "name", "lang": "en"} {
		if !hasField(filter, name, want) {
			t.Errorf("the filter bar loses %s", name)
		}
	}
}

func TestPaging(t *testing.T) {
	s := newSite(t, nil)
	root := document(t, s.get(t, "/ageing?size=10&page=2&lang=en"))
	if got := text(byClass(root, "count")); got != "35 customers rows 11 to 20" {
		t.Errorf("count %q", got)
	}
	pager := byClass(root, "pager")
	if got := text(pager); !strings.Contains(got, "Page 2 of 4") {
		t.Errorf("pager %q", got)
	}
	if next := elements(pager, "a", "rel")[1]; attr(next, "href") != "/ageing?lang=en&page=3&size=10" {
		t.Errorf("next page: %q", attr(next, "href"))
	}
	if response := s.get(t, "/ageing?size=10&page=9"); response.StatusCode != http.StatusBadRequest {
		t.Errorf("a page after the last: status %d", response.StatusCode)
	}
}

func TestBadParameters(t *testing.T) {
	s := newSite(t, nil)
	tests := []struct{ name, query, says string }{
		{"side", "side=both", "customer, supplier"},
		{"date", "as_of=31/12/2025", "2025-12-31"},
		{"date that does not exist", "as_of=2025-02-30", "2025-12-31"},
		{"date far away", "as_of=0001-01-01", "between 1990 and 2100"},
		{"entity", "entity=" + url.QueryEscape("A'; drop table x"), "1 to 32 letters"},
		{"language", "lang=de", "en, fr"},
		{"bucket", "bucket=30-1", "not_due, 1-30"},
		{"sort", "sort=size", "overdue, open"},
		{"page", "page=0", "from 1"},
		{"page not a number", "page=two", "from 1"},
		{"size", "size=100000", "to 200"},
		{"search with a control character", "search=a%00b", "at most 100"},
		{"search not UTF-8", "search=%ff", "at most 100"},
		{"long search", "search=" + strings.Repeat("a", 101), "at most 100"},
		{"misspelt name", "asof=2025-12-31", "as_of"},
		{"given twice", "side=customer&side=supplier", "only once"},
		{"bad encoding", "side=%zz", "not encoded"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			query := test.query
			if !strings.HasPrefix(query, "lang") {
				query += "&lang=en"
			}
			response := s.get(t, "/ageing?"+query)
			if response.StatusCode != http.StatusBadRequest {
				t.Fatalf("status %d", response.StatusCode)
			}
			if got := text(byClass(document(t, response), "problem")); !strings.Contains(got, test.says) {
				t.Errorf("page says %q, want %q", got, test.says)
			}
		})
	}
}

func TestErrorsBecomePages(t *testing.T) {
	tests := []struct {
		name   string
		open   error
		view   error
		status int
		says   string
	}{
		{"nothing built", reports.ErrNoGeneration, nil, 503, "encours run"},
		{"unknown entity", fmt.Errorf("open: %w", reports.ErrUnknownEntity), nil, 404, "not in the project"},
		{"nothing known", reports.ErrNothingKnownAt, nil, 404, "later date"},
		{"bad selection", reports.ErrBadSelection, nil, 400, "cannot be shown"},
		{"not found", nil, reports.ErrNotFound, 404, "go back to the list"},
		{"internal", nil, errors.New("open /secret/path: disk on fire"), 500, "Reference"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.OpenErr, books.ViewErr = test.open, test.view })
			for _, page := range append([]string{"/charts/overview.json"}, figurePages...) {
				response := s.get(t, page, "Accept-Language", "en")
				if response.StatusCode != test.status {
					t.Errorf("%s: status %d", page, response.StatusCode)
				}
				body := bodyOf(t, response)
				if strings.Contains(body, "disk on fire") || strings.Contains(body, "/secret") {
					t.Errorf("%s shows internal text", page)
				}
				if !strings.HasPrefix(page, "/charts") && !strings.Contains(body, test.says) {
					t.Errorf("%s does not say %q", page, test.says)
				}
			}
			if logged := strings.Contains(s.log.String(), "disk on fire"); logged != (test.status == 500) {
				t.Errorf("logged: %v", logged)
			}
		})
	}
}

func TestUnknownAddresses(t *testing.T) {
	s := newSite(t, nil)
	for _, page := range []string{"/nothing", "/counterparties/ALPHA/both/C1", "/items/ALPHA/x", "/counterparties/ALPHA/customer/none",
		"/counterparties/A%20B/customer/C1", "/static/css/app.css", "/static/../go.mod", "/export/ageing.exe", "/export/secrets.csv", "/sign-in"} {
		if response := s.get(t, page); response.StatusCode != http.StatusNotFound && response.StatusCode != http.StatusMovedPermanently {
			t.Errorf("%s: status %d", page, response.StatusCode)
		}
	}
}

func TestNamesFromTheBooksAreEscaped(t *testing.T) {
	s := newSite(t, nil)
	for _, page := range []string{"/?entity=ALPHA", "/ageing", "/counterparties/ALPHA/customer/C9%3Cb%3E", "/ageing?search=%3Cscript%3Ealert(1)%3C/script%3E"} {
		response := s.get(t, page)
		root := document(t, response)
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", page, response.StatusCode)
		}
		for _, script := range elements(root, "script", "") {
			if attr(script, "src") == "" {
				t.Errorf("%s holds an inline script: %q", page, text(script))
			}
		}
		if !strings.Contains(text(root), `<script>alert("x")</script>`) && !strings.Contains(page, "search") {
			t.Errorf("%s does not show the name as text", page)
		}
	}
}

func TestNoInlineCode(t *testing.T) {
	s := newSite(t, nil)
	for _, page := range allPages {
		root := document(t, s.get(t, page))
		if len(elements(root, "style", "")) > 0 {
			t.Errorf("%s holds a style element", page)
		}
		for node := range root.Descendants() {
			for _, a := range node.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s> is refused by the content policy", page, node.Data, a.Key)
				}
				// a notice is read at the gazette and a report at its agency, by whoever follows the link
				isNotice := node.Data == "a" && attr(node, "rel") == "noreferrer noopener" &&
					(strings.HasPrefix(a.Val, "https://www.bodacc.fr/") || strings.HasPrefix(a.Val, "https://reports.example.org/"))
				if strings.Contains(a.Val, "//") && (a.Key == "src" || a.Key == "href") && !isNotice {
					t.Errorf("%s: %s=%q leaves the server", page, a.Key, a.Val)
				}
			}
		}
	}
}

func TestEmptyProject(t *testing.T) {
	s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	for page, says := range map[string]string{"/": "Nothing to show", "/ageing": "No open item", "/ageing?search=x": "No counterparty matches"} {
		response := s.get(t, page, "Accept-Language", "en")
		if body := bodyOf(t, response); response.StatusCode != http.StatusOK || !strings.Contains(body, says) {
			t.Errorf("%s: status %d without %q", page, response.StatusCode, says)
		}
	}
}

func TestItemAddsUpAndNamesItsSource(t *testing.T) {
	s := newSite(t, nil)
	root := document(t, s.get(t, "/items/ALPHA/3?lang=en"))
	if got := text(byClass(root, "check-line")); !strings.Contains(got, "exactly the open amount") {
		t.Errorf("check line %q", got)
	}
	if got := text(byClass(root, "file")); !strings.HasSuffix(got, ".txt") {
		t.Errorf("file %q", got)
	}
	if got := text(byClass(root, "line")); got == "" || got == "–" {
		t.Errorf("line %q", got)
	}
	// At a date between the invoice and its payment the later movements are shown apart.
	root = document(t, s.get(t, "/items/ALPHA/3?lang=en&as_of=2023-08-31"))
	if got := text(byClass(root, "check-line")); !strings.Contains(got, "63,199.05") {
		t.Errorf("check line %q", got)
	}
}
