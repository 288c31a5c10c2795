package web

import (
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports"
)

// TestCodesOfTheMartsHaveNames checks that no code of a mart shows as itself.
func TestCodesOfTheMartsHaveNames(t *testing.T) {
	s := newTestServer(t)
	families := map[string]string{
		"bucket":     "not_due 1-30 31-60 61-90 91-180 181+ unknown",
		"item_type":  "invoice credit_note payment deposit bill retention opening payment_reject refund other",
		"settlement": "cash credit_note deposit discount write_off compensation transfer refund other",
		"due_source": "erp_invoice extract_column bill_label invoice_terms counterparty_terms counterparty_file entity_terms legal_default origin_item own_date none",
		"match":      "reference label amount fifo carried_reference carried_amount carried_fifo estimated_fifo",
		"movement":   "origin allocation",
		"side":       "customer supplier",
		"severity":   "warn fail error info",
		"dataset":    "ledger_entries",
	}
	for _, l := range s.locales {
		for family, codes := range families {
			for _, code := range strings.Fields(codes) {
				if name := l.Name(family, code); name == code || name == "" {
					t.Errorf("%s: %s %q has no name", l.Code, family, code)
				}
			}
		}
		for _, known := range cases {
			for _, key := range []string{"problem." + known.key, "problem." + known.key + ".title"} {
				if strings.HasPrefix(l.T(key), "[") {
					t.Errorf("%s: %q has no text", l.Code, key)
				}
			}
		}
	}
	if name := s.locales["fr"].Name("item_type", "something_new"); name != "something_new" {
		t.Errorf("a code without a name shows as %q", name)
	}
}

func TestFiguresByLanguage(t *testing.T) {
	s := newTestServer(t)
	fr, en := s.locales["fr"], s.locales["en"]
	date := time.Date(2025, 12, 31, 6, 5, 0, 0, time.UTC)
	tests := []struct{ name, got, want string }{
		{"date, French", fr.Date(date), "31/12/2025"},
		{"date, English", en.Date(date), "31 Dec 2025"},
		{"no date", fr.Date(time.Time{}), "–"},
		{"time", en.Time(date), "31 Dec 2025 06:05 UTC"},
		{"month, French", fr.Month(date), "déc. 2025"},
		{"month, English", en.Month(date), "Dec 2025"},
		{"days, French", fr.Days(reports.Days{Hundredths: 8243, Valid: true}), "82,4 j"},
		{"days, English", en.Days(reports.Days{Hundredths: 8243, Valid: true}), "82.4 d"},
		{"no days", en.Days(reports.Days{}), "–"},
		{"ratio, French", fr.Ratio(reports.Ratio{BasisPoints: 1234, Valid: true}), "12,3 %"},
		{"ratio, English", en.Ratio(reports.Ratio{BasisPoints: 1234, Valid: true}), "12.3%"},
		{"no ratio", en.Ratio(reports.Ratio{}), "–"},
		{"amount, French", fr.Amount(-123456789), "−1 234 567,89"},
		{"none is one in French", fr.N("days", 0), "0 jour"},
		{"none is many in English", en.N("days", 0), "0 days"},
		{"one", en.N("days", 1), "1 day"},
		{"a thousand", en.N("days", 1001), "1,001 days"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(test.got); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
