package project

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestParseTerms(t *testing.T) {
	for code, texts := range map[string][]string{
		"NET0":             {"comptant", "Comptant", "à réception", "A RECEPTION", "à réception de facture", "NET0", "net 0", "0 jours"},
		"NET30":            {"30 jours", "30 jours net", "30J", "30 j", "NET30", "NET 30", " 30  jours\u00a0nets ", "net 30 jours", "30 days", "030 jours"},
		"EOM_AFTER(45)":    {"45 jours fin de mois", "45 JOURS FIN DE MOIS", "45j fin de mois", "EOM_AFTER(45)", "eom_after( 45 )"},
		"EOM_THEN(45)":     {"fin de mois + 45 jours", "Fin de mois 45 jours", "fin de mois +45j", "EOM_THEN(45)"},
		"EOM_AFTER(30)+10": {"30 jours fin de mois le 10", "EOM_AFTER(30)+10", "eom_after(30) + 10"},
		"EOM_AFTER(30)":    {"EOM_AFTER(30)+0", "30 jours FDM", "30 days end of month", "net 30 EOM", "à 30 jours fin de mois"},
		"EOM_AFTER(0)":     {"fin de mois", "EOM"},
		"EOM_AFTER(0)+10":  {"fin de mois le 10"},
		// payment days: the first that comes
		"NET30@10":            {"30 jours le 10", "NET30@10", "net 30 le 10"},
		"NET30@15,30":         {"30 jours le 15 et le 30", "30 jours le 30 et le 15", "30 jours le 15 ou 30", "NET30 @ 15, 30"},
		"NET0@15,30":          {"le 15 et le 30"},
		"EOM_AFTER(30)@15,30": {"30 jours fin de mois le 15 et le 30", "EOM_AFTER(30)@15,30"},
		"EOM_THEN(30)@10":     {"fin de mois + 30 jours le 10"},
		// instalments
		"NET30/60/90":         {"30/60/90", "30 / 60 / 90 jours", "NET30/60/90", "à 30/60/90 jours"},
		"NET30/60":            {"30/60", "30/60 jours"},
		"EOM_AFTER(30/60/90)": {"30/60/90 jours fin de mois", "EOM_AFTER(30/60/90)"},
		// discounts
		"DISC(2,10)NET30":  {"2/10 net 30", "2/10, net 30", "2/10 n/30", "2% 10 net 30", "2 % à 10 jours, net 30 jours", "DISC(2,10)NET30", "2.0/10 net 30"},
		"DISC(1.5,8)NET60": {"1,5/8 net 60", "1.50/8 net 60"},
	} {
		for _, text := range texts {
			t.Run(text, func(t *testing.T) {
				terms, err := ParseTerms(text, DaysFirst)
				if err != nil || terms.Code != code {
					t.Fatalf("%+v, error %v, want %s", terms, err, code)
				}
				if again, err := ParseTerms(terms.Code, MonthFirst); err != nil || !reflect.DeepEqual(again, terms) {
					t.Errorf("the normal form gives %+v, error %v", again, err)
				}
			})
		}
	}
	for name, text := range map[string]string{
		"empty": "", "words": "bientôt", "no number": "jours", "too long": "366 jours", "four digits": "1000 jours", "negative": "-30 jours",
		"decimal": "30,5 jours", "a bare number": "30", "a discount without its term": "2/10", "plus too long": "30 jours fin de mois le 32",
		"plus on then": "EOM_THEN(30)+5", "plus on net": "NET30+5", "trailing": "30 jours fin de mois le", "decade": "30 jours fin de décade",
		"instalments that go back": "60/30 jours", "instalment too late": "30/400 jours", "day 0": "30 jours fin de mois le 0", "payment day 32": "30 jours le 32", "three payment days": "30 jours le 5, le 15 et le 30",
	} {
		t.Run(name, func(t *testing.T) {
			if terms, err := ParseTerms(text, DaysFirst); err == nil || !strings.Contains(err.Error(), `"`+text+`"`) {
				t.Errorf("%+v, error %v", terms, err)
			}
		})
	}
}

func TestDue(t *testing.T) {
	for _, c := range []struct{ terms, issued, due string }{
		{"NET 60", "2025-01-15", "2025-03-16"},
		{"fin de mois + 45 jours", "2025-01-15", "2025-03-17"},
		{"45 jours fin de mois", "2025-01-15", "2025-03-31"},
		{"NET 60", "2025-01-31", "2025-04-01"},
		{"fin de mois + 45 jours", "2025-01-31", "2025-03-17"},
		{"45 jours fin de mois", "2025-01-31", "2025-03-31"},
		{"NET 60", "2024-01-15", "2024-03-15"},
		{"fin de mois + 45 jours", "2024-01-15", "2024-03-16"},
		{"45 jours fin de mois", "2024-01-15", "2024-02-29"},
		{"comptant", "2024-02-29", "2024-02-29"},
		{"30 jours fin de mois", "2025-01-31", "2025-03-31"}, // 2 March
		{"30 jours fin de mois", "2025-01-01", "2025-01-31"}, // the last day of a month is its end
		{"30 jours fin de mois le 10", "2025-11-15", "2026-01-10"},
		{"fin de mois + 0 jours", "2025-12-05", "2025-12-31"},
		{"EOM_AFTER(0)+31", "2025-01-05", "2025-03-03"},
		{"30 jours le 10", "2025-01-11", "2025-02-10"},          // 10 February itself
		{"30 jours le 10", "2025-01-12", "2025-03-10"},          // 11 February
		{"30 jours le 15 et le 30", "2025-01-15", "2025-02-15"}, // 14 February
		{"30 jours le 15 et le 30", "2025-01-20", "2025-02-28"}, // 19 February; no 30th: its last day
		{"30 jours fin de mois le 15 et le 30", "2025-01-15", "2025-02-28"},
		{"fin de mois + 30 jours le 10", "2025-01-15", "2025-03-10"}, // 2 March
		{"2/10 net 30", "2025-01-15", "2025-02-14"},
		{"30/60/90", "2025-01-15", "2025-03-16"}, // the mean, 60 days
		{"30/45", "2025-01-01", "2025-02-08"},    // 37.5 days, rounded up to 38
	} {
		t.Run(c.terms+" "+c.issued, func(t *testing.T) {
			terms, err := ParseTerms(c.terms, DaysFirst)
			if err != nil {
				t.Fatal(err)
			}
			if got := terms.Due(day(c.issued)); !got.Equal(day(c.due)) {
				t.Errorf("due %s, want %s", got.Format(time.DateOnly), c.due)
			}
		})
	}
}

func TestInstalments(t *testing.T) {
	terms, err := ParseTerms("30/60/90", DaysFirst)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, due := range terms.Dues(day("2025-01-15")) {
		got = append(got, due.Format(time.DateOnly))
	}
	if want := []string{"2025-02-14", "2025-03-16", "2025-04-15"}; !slices.Equal(got, want) || terms.InstalmentText() != "30/60/90" {
		t.Errorf("%v (%s), want %v", got, terms.InstalmentText(), want)
	}
	if terms, err = ParseTerms("30 jours", DaysFirst); err != nil || len(terms.Dues(day("2025-01-15"))) != 1 || terms.InstalmentText() != "" {
		t.Errorf("%+v, error %v", terms, err)
	}
}

// TestReadings: the words leave both readings open; the normal forms do not.
func TestReadings(t *testing.T) {
	for text, want := range map[string][2]string{
		"45 jours fin de mois":       {"EOM_AFTER(45)", "EOM_THEN(45)"},
		"30 jours fin de mois le 10": {"EOM_AFTER(30)+10", "EOM_THEN(30)@10"},
		"fin de mois + 45 jours":     {"EOM_THEN(45)", "EOM_THEN(45)"},
		"EOM_AFTER(45)":              {"EOM_AFTER(45)", "EOM_AFTER(45)"},
		"fin de mois":                {"EOM_AFTER(0)", "EOM_AFTER(0)"},
		"60 jours":                   {"NET60", "NET60"},
	} {
		for i, reading := range []EndOfMonth{DaysFirst, MonthFirst} {
			if terms, err := ParseTerms(text, reading); err != nil || terms.Code != want[i] {
				t.Errorf("%q read %s gives %s, error %v, want %s", text, reading, terms.Code, err, want[i])
			}
		}
	}
}

// TestEndOfMonthSetting: the reading of an entity holds for its terms wherever the
// key stands.
func TestEndOfMonthSetting(t *testing.T) {
	p, err := parse("/g/e.yaml", []byte(`version: 1
entities:
  - id: A
    payment_terms: { customer: { default: "45 jours fin de mois" }, end_of_month: month_first }
  - { id: B, payment_terms: { customer: { default: "45 jours fin de mois" } } }
`))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"EOM_THEN(45)", "EOM_AFTER(45)"} {
		if got := p.Entities[i].Customer.Default.Code; got != want {
			t.Errorf("entity %s: %s, want %s", p.Entities[i].ID, got, want)
		}
	}
	if _, err := parse("/g/e.yaml", []byte("version: 1\nentities: [{id: A, payment_terms: {end_of_month: both}}]\n")); err == nil {
		t.Error("a reading that does not exist passes")
	}
}

// FuzzParseTerms: whatever the text, the normal form is a fixed point.
func FuzzParseTerms(f *testing.F) {
	for _, text := range []string{"30 jours", "2/10 net 30", "30/60/90 jours fin de mois", "le 15 et le 30", "EOM_THEN(30)@10", "à réception"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		terms, err := ParseTerms(text, DaysFirst)
		if err != nil {
			return
		}
		again, err := ParseTerms(terms.Code, MonthFirst)
		if err != nil || !reflect.DeepEqual(again, terms) {
			t.Errorf("%q gives %+v; its normal form %q gives %+v, error %v", text, terms, terms.Code, again, err)
		}
	})
}

func TestValidSIREN(t *testing.T) {
	for siren, want := range map[string]bool{
		"404833048": true, "552081317": true, "552032534": true, "732829320": true, "356000000": true,
		"404833049": false, "552081371": false, "": false, "55208131": false, "5520813170": false, "55208131A": false, "000000000": false,
		"５５２": false,
	} {
		if got := ValidSIREN(siren); got != want {
			t.Errorf("ValidSIREN(%q) = %v", siren, got)
		}
	}
}

func TestFiscalYearStart(t *testing.T) {
	p, err := parse("/g/e.yaml", []byte(`version: 1
entities:
  - { id: CALENDAR, fiscal_year_start: "01-01" }
  - { id: JULY, fiscal_year_start: "07-01" }
  - { id: LISTED, fiscal_years: [2021-01-01, 2022-04-01, 2023-04-01] }
  - { id: BOTH, fiscal_year_start: "01-01", fiscal_years: [2022-04-01] }
  - { id: NONE }
`))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ entity, first, last, want string }{
		"calendar":                   {"CALENDAR", "2024-01-01", "2024-12-31", "2024-01-01"},
		"calendar, part":             {"CALENDAR", "2024-02-10", "2024-03-31", "2024-01-01"},
		"calendar, a day too many":   {"CALENDAR", "2024-01-01", "2025-01-01", ""},
		"July, before":               {"JULY", "2024-06-30", "2024-06-30", "2023-07-01"},
		"July, on":                   {"JULY", "2024-07-01", "2025-06-30", "2024-07-01"},
		"July, across":               {"JULY", "2024-06-30", "2024-07-01", ""},
		"listed, long year":          {"LISTED", "2021-01-01", "2022-03-31", "2021-01-01"},
		"listed, across":             {"LISTED", "2021-01-01", "2022-04-01", ""},
		"listed, middle":             {"LISTED", "2022-05-01", "2023-03-31", "2022-04-01"},
		"listed, last":               {"LISTED", "2023-04-01", "2024-06-30", "2023-04-01"},
		"listed, past the last":      {"LISTED", "2024-04-01", "2025-04-01", ""},
		"listed, before the first":   {"LISTED", "2020-12-31", "2020-12-31", ""},
		"both, listed wins":          {"BOTH", "2022-05-01", "2023-03-31", "2022-04-01"},
		"both, before the list":      {"BOTH", "2021-01-01", "2021-12-31", "2021-01-01"},
		"both, across into the list": {"BOTH", "2022-01-01", "2022-04-01", ""},
		"both, short before list":    {"BOTH", "2022-01-01", "2022-03-31", "2022-01-01"},
		"nothing said":               {"NONE", "2024-01-01", "2024-12-31", ""},
		"no such entity":             {"OTHER", "2024-01-01", "2024-12-31", ""},
		"dates reversed":             {"CALENDAR", "2024-12-31", "2024-01-01", ""},
	} {
		t.Run(name, func(t *testing.T) {
			start, ok := p.FiscalYearStart(c.entity, day(c.first), day(c.last))
			if ok != (c.want != "") || ok && !start.Equal(day(c.want)) {
				t.Errorf("start %s, %v, want %s", start.Format(time.DateOnly), ok, c.want)
			}
		})
	}
}
