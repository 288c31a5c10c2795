package identifier_test

import (
	"testing"

	"github.com/encours/encours/ingest/identifier"
)

func TestIdentifiers(t *testing.T) {
	for _, c := range []struct {
		name  string
		check func(string) bool
		text  string
		want  bool
	}{
		{"siren", identifier.IsSIREN, "732829320", true},
		{"siren with spaces", identifier.IsSIREN, "552 081 317", true},
		{"siren, one digit wrong", identifier.IsSIREN, "732829321", false},
		{"siren, digits swapped", identifier.IsSIREN, "378229320", false},
		{"siren, zero dropped by a spreadsheet", identifier.IsSIREN, "05420021", true},
		{"siren, two zeros dropped", identifier.IsSIREN, "5420021", false},
		{"siren, scientific", identifier.IsSIREN, "5,52032E+08", false},
		{"siren, empty", identifier.IsSIREN, "", false},
		{"siret of La Poste by Luhn", identifier.IsSIRET, "35600000000048", true},
		{"siret of La Poste by its sum", identifier.IsSIRET, "35600000049837", true},
		{"siret of La Poste, wrong", identifier.IsSIRET, "35600000049838", false},
		{"siret by the sum of another company", identifier.IsSIRET, "73282932000013", false},
		{"siret", identifier.IsSIRET, "732 829 320 00074", true},
		{"siret, short", identifier.IsSIRET, "7328293200007", false},
		{"vat 83", identifier.IsVAT, "FR83404833048", true},
		{"vat 03", identifier.IsVAT, "FR 03 552 081 317", true},
		{"vat 27", identifier.IsVAT, "fr27552032534", true},
		{"vat 44", identifier.IsVAT, "FR44732829320", true},
		{"vat 39", identifier.IsVAT, "FR39356000000", true},
		{"vat, wrong key", identifier.IsVAT, "FR45732829320", false},
		{"vat, letters in the key", identifier.IsVAT, "FRK7399859412", true},
		{"vat, the letter O", identifier.IsVAT, "FRO7399859412", false},
		{"vat, short", identifier.IsVAT, "FR4473282932", false},
		{"vat of another country", identifier.IsVAT, "DE129274202", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.check(c.text); got != c.want {
				t.Errorf("%q: %v, want %v", c.text, got, c.want)
			}
		})
	}
}

// FuzzIdentifiers: whatever the text, an answer, and the same one for the plain form.
func FuzzIdentifiers(f *testing.F) {
	for _, seed := range []string{"732829320", "35600000049837", "FR44732829320", "", "FR", "é", "1,2E+08"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, check := range []func(string) bool{identifier.IsSIREN, identifier.IsSIRET, identifier.IsVAT} {
			if check(text) != check(identifier.Plain(text)) {
				t.Errorf("%q and its plain form differ", text)
			}
		}
	})
}
