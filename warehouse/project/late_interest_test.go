package project

import (
	"reflect"
	"strings"
	"testing"
)

const lateHead = "version: 1\nentities:\n  - id: ALPHA\n"

func TestLateInterestAndInsolvency(t *testing.T) {
	p, err := parse("encours.yaml", []byte(lateHead+`late_interest:
  - rate: 12.5
  - entity: ALPHA
    side: customer
    counterparties: [C1, "P*"]
    regime: public_buyer
insolvency:
  - counterparties: [C9]
    opened_on: 2025-03-01
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []LateInterest{
		{Counterparties: []string{"*"}, Rate: "12.5"},
		{Entity: "ALPHA", Side: SideCustomer, Counterparties: []string{"C1", "P*"}, Regime: RegimePublicBuyer},
	}
	if !reflect.DeepEqual(p.LateInterest, want) {
		t.Errorf("late_interest is %+v, want %+v", p.LateInterest, want)
	}
	if len(p.Insolvencies) != 1 || p.Insolvencies[0].OpenedOn.String() != "2025-03-01" {
		t.Errorf("insolvency is %+v", p.Insolvencies)
	}
}

func TestLateInterestProblems(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"says nothing":        {"late_interest:\n  - counterparties: [C1]\n", "5:5: late_interest[0]: the rule says nothing"},
		"rate in words":       {"late_interest:\n  - rate: high\n", `:5:11: late_interest[0].rate: "high" is not a rate`},
		"negative rate":       {"late_interest:\n  - rate: -3\n", `"-3" is not a rate`},
		"unknown regime":      {"late_interest:\n  - regime: army\n", `"army" is not one of business, public_buyer, consumer`},
		"unknown entity":      {"late_interest:\n  - entity: B\n    rate: 3\n", `no entity is called "B"`},
		"no date":             {"insolvency:\n  - counterparties: [C1]\n", `the key "opened_on" is missing`},
		"published too early": {"insolvency:\n  - counterparties: [C1]\n    opened_on: 2025-03-01\n    published_on: 2025-02-01\n", "published_on is before opened_on"},
		"bad date":            {"insolvency:\n  - counterparties: [C1]\n    opened_on: 1/3/2025\n", "is not a date"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse("encours.yaml", []byte(lateHead+c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
		})
	}
}
