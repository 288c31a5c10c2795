package reports

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
)

// matchFile is a file of one candidate, filled in.
func matchFile(t testing.TB, row MatchRow, fill map[string]string) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := WriteMatches(&text, []MatchRow{row}); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range fill {
		records[1][slices.Index(records[0], name)] = value
	}
	var filled bytes.Buffer
	if err := csv.NewWriter(&filled).WriteAll(records); err != nil {
		t.Fatal(err)
	}
	return filled.Bytes()
}

func candidate() MatchRow {
	row := MatchRow{
		Entity: "ALPHA", Side: Customer, ID: "=C1", Rank: 1, SIREN: "003250321", Own: MatchParty{Name: "-Dupont", PostalCode: "75001", City: "Paris"},
		Candidate: MatchParty{Name: "DUPONT JEAN", PostalCode: "75001"}, LegalForm: "1000", Probability: 912345, HasProbability: true, Seen: 12, Open: -150,
	}
	for _, name := range []string{"name", "place", "street", "form", "activity", "state"} {
		row.Reasons = append(row.Reasons, MatchBits{name, -1250, name == "name"})
	}
	return row
}

func TestMatchesRoundTrip(t *testing.T) {
	file := matchFile(t, candidate(), map[string]string{"your_decision": "accept", "note": "'+33 called, \"sure\""})
	for _, want := range []string{"'=C1", "'-Dupont", ",-1.250,", ",0.912345,", ",-1.50,", "DUPONT JEAN"} {
		if !strings.Contains(string(file), want) {
			t.Errorf("no %q in\n%s", want, file)
		}
	}
	var taken Taken
	lines, err := readMatchLines(file, "Anne", "csv", &taken)
	want := matchLine{MatchDecision{Entity: "ALPHA", Side: Customer, ID: "=C1", Candidate: "003250321", Decision: MatchAccept, By: "Anne", Note: `+33 called, "sure"`, Origin: "csv", Seen: 12}, 2}
	if err != nil || len(lines) != 1 || lines[0] != want || len(taken.Problems) > 0 {
		t.Errorf("%+v, %+v, %v", lines, taken, err)
	}
}

// TestMatchesWithoutPersons: exports leave the names of natural persons out.
func TestMatchesWithoutPersons(t *testing.T) {
	row := candidate()
	row.hidesOwn, row.hidesCandidate = true, true
	if file := string(matchFile(t, row, nil)); strings.Contains(strings.ToUpper(file), "DUPONT") || strings.Contains(file, "75001") {
		t.Errorf("a name is left:\n%s", file)
	}
}

func TestBadLinesOfMatchesAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		fill map[string]string
		want string
	}{
		"decision": {map[string]string{"your_decision": "merge"}, `line 2, column your_decision, "merge": write accept`},
		"siren":    {map[string]string{"candidate_siren": "3,25E+07"}, `column candidate_siren, "3,25E+07"`},
		"siret":    {map[string]string{"candidate_siret": "123456789012345"}, "column candidate_siret"},
		"seen":     {map[string]string{"seen": ""}, "column seen"},
		"side":     {map[string]string{"side": "both"}, "column side"},
		"note":     {map[string]string{"note": "a\nb"}, "column note"},
	} {
		fill := map[string]string{"your_decision": "accept"}
		for column, value := range c.fill {
			fill[column] = value
		}
		var taken Taken
		lines, err := readMatchLines(matchFile(t, candidate(), fill), "Anne", "csv", &taken)
		if err != nil || len(lines) > 0 || len(taken.Problems) != 1 || !strings.Contains(taken.Problems[0].String(), c.want) {
			t.Errorf("%s: %+v, %v, %v", name, lines, taken.Problems, err)
		}
	}
	twice := matchFile(t, candidate(), map[string]string{"your_decision": "accept"})
	_, line, _ := bytes.Cut(twice, []byte("\n"))
	var taken Taken
	if lines, err := readMatchLines(append(twice, line...), "Anne", "csv", &taken); err != nil || len(lines) != 1 || len(taken.Problems) != 1 || taken.Problems[0].Line != 3 {
		t.Errorf("twice: %+v, %+v, %v", lines, taken, err)
	}
	for name, text := range map[string]string{"empty": "", "other columns": "a,b\n1,2\n"} {
		if _, err := readMatchLines([]byte(text), "Anne", "csv", &Taken{}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func FuzzReadMatches(f *testing.F) {
	f.Add(matchFile(f, candidate(), map[string]string{"your_decision": "accept"}))
	f.Add([]byte("\ufeffentity_id;side;counterparty_id;candidate_siren;candidate_siret;seen;your_decision;note\nA;customer;C\xe9;1;;0;undo;\"x"))
	f.Fuzz(func(t *testing.T, file []byte) {
		var taken Taken
		lines, err := readMatchLines(file, "Anne", "csv", &taken)
		if err != nil {
			return
		}
		if len(lines)+len(taken.Problems) < taken.Decided {
			t.Errorf("%d of %d lines were dropped without a word", taken.Decided-len(lines)-len(taken.Problems), taken.Decided)
		}
		for _, l := range lines {
			if len(l.Candidate) != 9 && len(l.Candidate) != 14 || l.Seen < 0 || !isLine(l.Note) {
				t.Errorf("taken: %+v", l)
			}
		}
	})
}
