package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/encours/encours/ingest/identifier"
)

// TestIdentifierRulesAgree: the rules in sql/audit and those of ingest/identifier
// say the same of random numbers, valid ones and wrong ones.
func TestIdentifierRulesAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	digits := func(n int) string {
		text := ""
		for range n {
			text += fmt.Sprint(rng.IntN(10))
		}
		return text
	}
	var text string
	wants := map[string][]int{}
	line := 1
	add := func(check, label string, valid bool) {
		line++
		text += fmt.Sprintf("VE\tVentes\t1\t20240301\t411000\tClients\tC1\tC1\tFA1\t20240301\t%s %d\t0,01\t0,00\t\t\t20240301\t\t\n", label, line)
		line++
		text += fmt.Sprintf("VE\tVentes\t1\t20240301\t707000\tVentes\t\t\tFA1\t20240301\tx %d\t0,00\t0,01\t\t\t20240301\t\t\n", line)
		if !valid {
			wants[check] = append(wants[check], line-1)
		}
	}
	for i := range 300 {
		siren, siret := digits(9), digits(14)
		if i%3 == 0 {
			siret = "356000000" + digits(5)
		}
		add("I01", "SIREN "+siren, identifier.IsSIREN(siren))
		add("I02", "SIRET "+siret, identifier.IsSIRET(siret))
		vat := "FR" + digits(2) + siren
		add("I03", "TVA "+vat, identifier.IsVAT(vat))
	}
	path := writeFile(t, t.TempDir(), auditName, header+text)
	var report struct {
		Files []struct {
			Findings []struct {
				Check  string
				Count  int
				Places []struct{ Line int } `json:"first_places"`
			}
		}
	}
	if err := json.Unmarshal([]byte(must(t, "audit", "--format", "json", path)), &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Files[0].Findings) != 3 {
		t.Errorf("findings: %+v", report.Files[0].Findings)
	}
	for _, finding := range report.Files[0].Findings {
		want := wants[finding.Check]
		if finding.Count != len(want) || len(want) > 299 {
			t.Errorf("%s: %d found, want %d", finding.Check, finding.Count, len(want))
		}
		for i, place := range finding.Places {
			if !slices.Contains(want, place.Line) || place.Line != want[i] {
				t.Errorf("%s: line %d, want %d", finding.Check, place.Line, want[i])
			}
		}
	}
}
