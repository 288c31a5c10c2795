package web_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/encours/encours/reports"
)

// The documents are offered on the pages that they are about, in the language of the
// page, and asked for with all that they need.
func TestDocuments(t *testing.T) {
	s := newSite(t, nil)
	var name string
	var asked reports.AgeingFilter
	s.books.Exporter = func(_ context.Context, report, format string, filter reports.AgeingFilter, w io.Writer) error {
		name, asked = report+"."+format, filter
		_, err := io.WriteString(w, "%PDF-1.4")
		return err
	}
	if page := bodyOf(t, s.get(t, "/?lang=fr&as_of=2025-06-30")); !strings.Contains(page, `href="/export/kpi-pack.pdf?as_of=2025-06-30&amp;lang=fr"`) {
		t.Error("the overview does not offer the KPI pack")
	}
	response := s.get(t, "/export/statement.pdf?entity=ALPHA&counterparty=C%2F1&lang=fr")
	if got := response.Header.Get("Content-Type"); got != "application/pdf" || bodyOf(t, response) != "%PDF-1.4" {
		t.Errorf("type %q", got)
	}
	if want := (reports.AgeingFilter{Counterparty: "C/1", Language: "fr"}); name != "statement.pdf" || asked != want {
		t.Errorf("asked for %s with %+v", name, asked)
	}
	for address, want := range map[string]int{
		"/export/statement.pdf?entity=ALPHA":                             http.StatusBadRequest,
		"/export/kpi-pack.pdf?counterparty=C1":                           http.StatusBadRequest,
		"/export/statement.pdf?counterparty=" + strings.Repeat("x", 301): http.StatusBadRequest,
		"/export/ageing.pdf":                                             http.StatusNotFound,
	} {
		if got := s.get(t, address).StatusCode; got != want {
			t.Errorf("%.60s: status %d, want %d", address, got, want)
		}
	}
}
