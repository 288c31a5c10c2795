package project

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const withTargets = `version: 1
entities: [{id: ALPHA}, {id: BETA}]
targets:
  - { entity: ALPHA, dso_countback_days: 45, overdue_ratio: 15 %, cei_ratio: 0.8 }
  - { entity: group, days_late: 7.5 }
factored:
  - { entity: ALPHA, counterparties: ["F*", C0001], since: 2024-01-01, until: 2024-12-31 }
  - { counterparties: [X1] }
  - { documents: lists/sold.csv }
`

func TestTargets(t *testing.T) {
	p, err := parse("/group/encours.yaml", []byte(withTargets))
	if err != nil {
		t.Fatal(err)
	}
	const want = "[{ALPHA dso_countback_days 45.000000 true} {ALPHA overdue_ratio 0.150000 true} " +
		"{ALPHA cei_ratio 0.800000 false} {group days_late 7.500000 true}]"
	if got := fmt.Sprint(p.Targets); got != want {
		t.Errorf("targets %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(p.Factored), "[{ ALPHA [F* C0001] 2024-01-01 2024-12-31} {  [X1] 0001-01-01 0001-01-01} {lists/sold.csv  [] 0001-01-01 0001-01-01}]"; got != want {
		t.Errorf("factored %s, want %s", got, want)
	}
}

func TestTargetProblems(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"entity":           {"entity: ALPHA, dso", "entity: GAMMA, dso", `e.yaml:4:15: targets[0].entity: no entity is called "GAMMA"`},
		"no entity":        {"entity: group, ", "", `targets[1]: the key "entity" is missing`},
		"twice":            {"entity: group", "entity: ALPHA", `targets[1]: the targets of "ALPHA" stand twice`},
		"unknown measure":  {"days_late", "days_early", `targets[1].days_early: unknown key "days_early": the keys here are average_days_delinquent`},
		"no measure":       {", days_late: 7.5", "", "targets[1]: no measure has a target here; the measures are average_days_delinquent"},
		"words":            {"7.5", "soon", `e.yaml:5:33: targets[1].days_late: "soon" is not a target: write a number from 0 to 3650`},
		"negative":         {"7.5", "-1", `targets[1].days_late: "-1" is not a target`},
		"days in per cent": {"7.5", "15 %", `targets[1].days_late: "15 %" is not a target: write a number`},
		"ratio as days":    {"15 %", "15", "targets[0].overdue_ratio: 15 is too large: write a ratio from 0 to 1, such as 0.15, or per cent"},
		"over 100 %":       {"15 %", "150 %", "targets[0].overdue_ratio: 150 % is too large"},
		"factored entity":  {"entity: ALPHA, counterparties", "entity: GAMMA, counterparties", `factored[0].entity: no entity is called "GAMMA"`},
		"factored, none":   {"counterparties: [X1]", "since: 2024-01-01", `factored[1]: the key "counterparties" is missing: give it, or "documents" with a CSV file`},
		"factored twice":   {"counterparties: [X1]", "counterparties: [X1], documents: x.csv", `factored[1]: "documents" stands alone`},
		"factored dates":   {"until: 2024-12-31", "until: 2023-12-31", "factored[0]: until 2023-12-31 is before since 2024-01-01"},
		"factored date":    {"until: 2024-12-31", "until: 31/12/2024", `factored[0].until: "31/12/2024" is not a date`},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Count(withTargets, c.old) != 1 {
				t.Fatalf("the file has %q not once", c.old)
			}
			_, err := parse("/group/e.yaml", []byte(strings.Replace(withTargets, c.old, c.new, 1)))
			var invalid *InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error:\n%v\nwant in it:\n%s", err, c.want)
			}
			if invalid != nil && len(invalid.Problems) != 1 {
				t.Errorf("%d problems:\n%v", len(invalid.Problems), err)
			}
		})
	}
}
