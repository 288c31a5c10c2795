package project

import (
	"strings"
	"testing"
)

func TestCurrency(t *testing.T) {
	for name, c := range map[string]struct {
		text, code, method, problem string
	}{
		"code alone":     {"currency: CHF", "CHF", "", ""},
		"left out":       {"", "EUR", "", ""},
		"with method":    {"currency: {code: EUR, method: historic}", "EUR", "historic", ""},
		"without method": {"currency: {code: EUR}", "", "", `2:12: currency: the key "method" is missing`},
		"unknown method": {"currency: {code: EUR, method: average}", "", "", "2:31: currency.method: "},
		"unknown key":    {"currency: {code: EUR, method: fixed, rate: 1}", "", "", "2:38: currency"},
		"bad code":       {"currency: {code: euro, method: fixed}", "", "", "2:18: currency.code: "},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := parse("encours.yaml", []byte("version: 1\n"+c.text+"\nentities:\n  - id: A\n"))
			if c.problem != "" {
				if err == nil || !strings.Contains(err.Error(), c.problem) {
					t.Fatalf("error %v, want %q", err, c.problem)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if p.Currency != c.code || p.Translation != c.method {
				t.Errorf("%q by %q, want %q by %q", p.Currency, p.Translation, c.code, c.method)
			}
		})
	}
}
