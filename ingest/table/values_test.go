package table

import (
	"math/big"
	"strings"
	"testing"
	"time"
)

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		given, decimal, thousands, want string
	}{
		{"1234.56", ".", "", "1234.56"}, {"1,234.56", ".", "", "1234.56"}, {"1 234,56", ",", "", "1234.56"},
		{"1\u202f234\u202f567,8", ",", "", "1234567.8"}, {"1.234.567,89", ",", "", "1234567.89"}, {"1'234.50", ".", "", "1234.50"},
		{"12,34.5", ".", "", ""}, {"1,23,456", ".", "", ""}, {"1.234", ",", "none", ""}, {"1.234", ",", " ", ""}, {"1 234", ".", ",", ""},
		{"(12.50)", ".", "", "-12.50"}, {"12.50-", ".", "", "-12.50"}, {"- 5", ".", "", "-5"}, {"\u22125", ".", "", "-5"}, {"+5", ".", "", "5"},
		{"5,00 €", ",", "", "5.00"}, {"-$5.00", ".", "", "-5.00"}, {"EUR 5", ".", "", "5"}, {".5", ".", "", "0.5"}, {"5.", ".", "", "5"},
		{"1e5", ".", "", ""}, {"--5", ".", "", ""}, {"", ".", "", ""}, {"(-5)", ".", "", ""}, {"1.2.3", ".", "", ""}, {"12 345 6", ".", "", ""},
		{"٣", ".", "", ""}, {"NaN", ".", "", ""}, {"0000", ".", "", "0000"}, {"1 234.567,8", ",", "", ""},
	} {
		got, err := numberFormat{c.decimal, c.thousands}.parse(c.given)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q with %q and %q: %q, %v; want %q", c.given, c.decimal, c.thousands, got, err, c.want)
		}
	}
}

func TestStoredNumbers(t *testing.T) {
	for given, want := range map[string]string{
		"1234.5599999999999": "1234.56", "0.10000000000000001": "0.1", "0.30000000000000004": "0.3", "140105686": "140105686",
		"1.40105686E8": "140105686", "12345678901234567890": "12345678901234567890", "1E-3": "0.001", "-2.5": "-2.5", "45323": "45323",
		"1E999": "", "abc": "", "": "", "1-2": "", ".": "", "1E50": "",
	} {
		if got, ok := storedNumber(given); got != want && (ok || want != "") {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct{ form, given, want string }{
		{"DD/MM/YYYY", "31/01/2024", "2024-01-31"}, {"DD/MM/YYYY", "1/2/2024", "2024-02-01"}, {"DD/MM/YYYY", "31/01/2024 23:59:59", "2024-01-31"},
		{"DD/MM/YYYY", "31/13/2024", ""}, {"DD/MM/YYYY", "31-01-2024", ""}, {"DD/MM/YYYY", "31/01/2024x", ""}, {"DD/MM/YYYY", "31/01/20245", ""},
		{"MM/DD/YYYY", "1/23/2013 12:00:00 AM", "2013-01-23"}, {"YYYY-MM-DD", "2024-01-31T10:00:00.123Z", "2024-01-31"},
		{"YYYYMMDD", "20240131", "2024-01-31"}, {"DDMMYY", "310124", "2024-01-31"}, {"DD.MM.YY", "31.01.99", "1999-01-31"},
		{"DD MMM YYYY", "31 janv. 2024", "2024-01-31"}, {"DD-MMM-YY", "31-AOÛT-24", "2024-08-31"}, {"MMM DD, YYYY", "March 3, 2024", "2024-03-03"},
		{"YYYY-MM-DD", "2023-02-29", ""}, {"YYYY-MM-DD", "1899-01-01", ""}, {"DD MMM YYYY", "31 xyz 2024", ""},
	} {
		f, err := parseDateFormat(c.form)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if d, ok := f.parse(c.given); ok {
			got = d.Format(time.DateOnly)
		}
		if got != c.want {
			t.Errorf("%q as %s: %q, want %q", c.given, c.form, got, c.want)
		}
	}
	for _, form := range []string{"", "DD/MM", "DD/DD/YYYY", "DD/MM/YYYY hh", "dd/mm/yyyy", "YYYY-MM-DD-YY"} {
		if _, err := parseDateFormat(form); err == nil {
			t.Errorf("%q is taken as a form of dates", form)
		}
	}
	for given, want := range map[string]string{"1": "1900-01-01", "59": "1900-02-28", "60": "", "61": "1900-03-01", "45322.99": "2024-01-31", "0": "", "99999": ""} {
		got := ""
		if d, ok := serialDay(given, false); ok {
			got = d.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("day %s is %q, want %q", given, got, want)
		}
	}
	if d, ok := serialDay("43860", true); !ok || d.Format(time.DateOnly) != "2024-01-31" {
		t.Errorf("day 43860 from 1904 is %v", d)
	}
}

// TestDateEvidence: what a column of dates proves.
func TestDateEvidence(t *testing.T) {
	for _, c := range []struct{ name, values, forms, err string }{
		{"decided", "03/04/2024 23/01/2024", "DD/MM/YYYY", ""},
		{"month first", "03/04/2024 01/23/2024", "MM/DD/YYYY", ""},
		{"open", "03/04/2024 05/06/2024", "", "2024-04-03 as DD/MM/YYYY or as 2024-03-04 as MM/DD/YYYY"},
		{"the same in both", "03/03/2024", "DD/MM/YYYY", ""},
		{"mixed", "23/01/2024 01/23/2024", "", "mixes orders"},
		{"ISO", "2024-01-02 2024-03-04", "YYYY-MM-DD", ""},
		{"two shapes", "2024-01-02 23/01/2024", "YYYY-MM-DD DD/MM/YYYY", ""},
		{"two-digit years", "23/01/24", "DD/MM/YY", ""},
		{"two-digit years with dashes", "23-01-24", "", "2024-01-23 as DD-MM-YY or as 2023-01-24 as YY-MM-DD"},
		{"no dates", "abc 12 00/00/0000 99/99/9999", "", ""},
		{"words", "3-Mar-24", "DD-MMM-YY", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var e dateEvidence
			for i, value := range strings.Fields(c.values) {
				e.see(int64(i+2), cell{text, value})
			}
			forms, _, err := e.decide()
			var got []string
			for _, f := range forms {
				got = append(got, f.text)
			}
			if strings.Join(got, " ") != c.forms || (err != nil) != (c.err != "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q, %v; want %q, %q", got, err, c.forms, c.err)
			}
		})
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1 234,56", "(1.5)", "-€5", "1'000", ",5", "5,-"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, given string, comma bool) {
		form := numberFormat{decimal: "."}
		if comma {
			form.decimal = ","
		}
		plain, err := form.parse(given)
		if err != nil {
			return
		}
		if _, ok := new(big.Rat).SetString(plain); !ok || strings.Trim(plain, "-.0123456789") != "" {
			t.Fatalf("%q is read as %q", given, plain)
		}
		var digits, given9 int
		for _, r := range plain {
			if r >= '1' && r <= '9' {
				digits++
			}
		}
		for _, r := range given {
			if r >= '1' && r <= '9' {
				given9++
			}
		}
		if digits != given9 {
			t.Fatalf("%q is read as %q: digits got lost", given, plain)
		}
	})
}

func FuzzDate(f *testing.F) {
	f.Add("DD/MM/YYYY", "31/01/2024 10:00")
	f.Add("DD MMM YY", "3 août 24")
	f.Add("YYYYMMDD", "20240131")
	f.Fuzz(func(t *testing.T, form, given string) {
		var e dateEvidence
		e.see(1, cell{text, given})
		if _, _, err := e.decide(); err != nil && e.order[0].seen == 0 {
			t.Fatal(err)
		}
		parsed, err := parseDateFormat(form)
		if err != nil {
			return
		}
		if d, ok := parsed.parse(given); ok && (d.Year() < 1900 || d.Year() > 2099) {
			t.Fatalf("%q as %q is %v", given, form, d)
		}
	})
}
