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
		"due_source": "erp_invoice extract_column bill_label invoice_terms person_terms counterparty_terms counterparty_file entity_terms legal_default origin_item own_date none",
		"match":      "reference label amount fifo carried_reference carried_amount carried_fifo estimated_fifo",
		"movement":   "origin allocation",
		"side":       "customer supplier",
		"severity":   "warn fail error info",
		"dataset": "ledger_entries counterparties invoices payments allocations contacts collection_actions disputes promises " +
			"orders exchange_rates reference_rates credit_insurance crm_accounts crm_cases crm_opportunities crm_users establishments " +
			"financial_ratios financial_statements legal_events legal_unit_periods legal_units ratings successions",
	}
	for _, l := range s.locales {
		for family, codes := range families {
			for _, code := range strings.Fields(codes) {
				if l.texts[family+"."+code] == "" {
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

func TestFrenchMarksKeepToTheirWords(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"colon", "Preuve : du grand livre", "Preuve\u00a0: du grand livre"},
		{"quotation marks", "colonne « 0 jour » seule", "colonne «\u00a00 jour\u00a0» seule"},
		{"semicolon and question", "un ; deux ?", "un\u202f; deux\u202f?"},
		{"per cent and currency", "12 % de 3 €", "12\u00a0% de 3\u00a0€"},
		{"apostrophe", "l'encours", "l’encours"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := typesetFrench(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	for key, text := range newTestServer(t).locales["fr"].texts {
		if strings.Contains(text, " :") || strings.Contains(text, "'") {
			t.Errorf("%q is not set: %q", key, text)
		}
	}
}

func TestPaymentTermsInWords(t *testing.T) {
	s := newTestServer(t)
	tests := []struct{ form, french, english string }{
		{"NET30", "30 jours nets", "30 days net"},
		{"EOM_AFTER(45)", "45 jours fin de mois", "45 days end of month"},
		{"EOM_THEN(30)", "fin de mois plus 30 jours", "end of month plus 30 days"},
		{"EOM_AFTER(30)+10", "30 jours fin de mois le 10", "30 days end of month, day 10 after"},
		{"as agreed", "as agreed", "as agreed"},
		{"", "", ""},
	}
	for _, test := range tests {
		t.Run(test.form, func(t *testing.T) {
			if got := s.locales["fr"].Terms(test.form); got != test.french {
				t.Errorf("French: got %q, want %q", got, test.french)
			}
			if got := s.locales["en"].Terms(test.form); got != test.english {
				t.Errorf("English: got %q, want %q", got, test.english)
			}
		})
	}
}

// TestEveryReportHasAName checks the texts beside the links to its files.
func TestEveryReportHasAName(t *testing.T) {
	for code, l := range newTestServer(t).locales {
		for _, report := range append(reports.Definitions(), reports.Definition{Name: reports.ChangesReport}) {
			if _, ok := l.texts["report."+report.Name]; !ok {
				t.Errorf("%s: report %q has no text", code, report.Name)
			}
		}
	}
}
