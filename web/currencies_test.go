package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
	"github.com/encours/encours/web/webtest"
)

// TestCurrenciesPage: both tables, the chart, and words where there is no rate.
func TestCurrenciesPage(t *testing.T) {
	s := newSite(t, nil)
	empty := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Empty = true })
	for path, c := range map[string]struct{ wants, without []string }{
		"/currencies?lang=en": {
			[]string{"CHUR", "1,000.00", "958.33", "41.67", "no rate of XAF on", "27 Jun 2025", "-€10.00", "1,100.00"},
			[]string{"No open document is in a foreign currency", "Nothing is open at this date"},
		},
		"/currencies?lang=fr": {
			[]string{"aucun cours de XAF au", "27/06/2025", "1 000,00"},
			[]string{"Aucune pièce ouverte n’est en devise", "Rien n’est ouvert"},
		},
	} {
		t.Run(path, func(t *testing.T) {
			root := document(t, s.get(t, path))
			says(t, plain(text(root)), c.wants...)
			says(t, plain(text(document(t, empty.get(t, path)))), c.without...)
			if charts := elements(root, "div", "data-chart"); len(charts) != 1 {
				t.Errorf("%d charts", len(charts))
			}
		})
	}
	body := bodyOf(t, s.get(t, "/charts/currencies.json"))
	if !strings.Contains(body, "USD") || strings.Contains(body, "XAF") {
		t.Errorf("the chart draws what has no rate, or lacks what has: %s", body)
	}
}

// TestGroupSaysWhatItLeavesOut: each page of the group says whether entities in
// another currency are translated or left out; those of an entity say nothing.
func TestGroupSaysWhatItLeavesOut(t *testing.T) {
	for name, c := range map[string]struct{ method, path, want string }{
		"no method":        {"", "/ageing?lang=en", "Left out of the figures of the group: CHUR (CHF)"},
		"totals":           {"closing", "/?lang=en", "Totals, history and ratios hold CHUR (CHF), translated into EUR at the rate of each date"},
		"translated":       {"fixed", "/key-figures?lang=en", "The figures hold CHUR (CHF), translated into EUR at the fixed rates"},
		"left out":         {"closing", "/cash-forecast?lang=en", "Left out of the figures of this page: CHUR (CHF)"},
		"under another":    {"closing", "/concentration?lang=fr", "Exclues des chiffres de cette page : CHUR (CHF)"},
		"nothing to say":   {"closing", "/ageing?lang=en&entity=ALPHA", ""},
		"entity by entity": {"closing", "/payment-terms?lang=en", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.Foreign, books.Method = true, c.method })
			body := plain(text(document(t, s.get(t, c.path))))
			if c.want == "" && strings.Contains(body, "CHUR (CHF)") {
				t.Error("the page speaks of CHUR")
			}
			says(t, body, c.want)
		})
	}
}

// TestMissingRateIsAPage: figures of the group without a rate name currency and date.
func TestMissingRateIsAPage(t *testing.T) {
	s := newSite(t, func(_ *web.Config, books *webtest.Reports) {
		books.OpenErr = &reports.MissingRateError{Entity: "CHUR", Currency: "CHF", Into: "EUR", Date: time.Date(2025, 4, 30, 0, 0, 0, 0, time.UTC)}
	})
	answer := s.get(t, "/?lang=en")
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", answer.StatusCode)
	}
	says(t, plain(text(document(t, answer))), "No exchange rate for CHF on 30 Apr 2025", "from CHF into EUR", "for entity CHUR")
}

// TestExposureIsAboutCustomers: no choice of the side, an order without a rate has no
// amount, and intercompany is said.
func TestExposureIsAboutCustomers(t *testing.T) {
	s := newSite(t, func(_ *web.Config, books *webtest.Reports) { books.MissingRate, books.LeftOut = "USD", 12_345 })
	root := document(t, s.get(t, "/exposure?lang=en&side=supplier"))
	body := plain(text(root))
	says(t, body, "Customers", "No exchange rate of USD on", "no rate of USD on", "Exposure between entities of the group, left out: €123.45")
	if strings.Contains(body, "Suppliers") || strings.Contains(body, "2,030.00") {
		t.Errorf("the page offers suppliers, or a total that is not known:\n%s", body)
	}
	says(t, plain(text(document(t, s.get(t, "/disputes?lang=en")))),
		"In dispute between entities of the group, left out: €123.45", "Promised between entities of the group, left out: €123.45")
}

// says fails where a text lacks one of the phrases.
func says(t *testing.T, body string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(body, plain(want)) {
			t.Errorf("the page lacks %q in\n%s", want, body)
		}
	}
}
