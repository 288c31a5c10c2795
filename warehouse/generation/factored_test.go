package generation

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/encours/encours/warehouse/project"
)

func readList(t testing.TB, text string) ([]factoredList, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "sold.csv"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return readFactored(&project.Project{
		Dir: dir, Entities: []project.Entity{{ID: "ALPHA"}, {ID: "BETA"}},
		Factored: []project.Factored{{Counterparties: []string{"C1"}}, {Documents: "sold.csv"}},
	})
}

func TestFactoredList(t *testing.T) {
	for name, text := range map[string]string{
		"commas":     "entity_id,document_ref,factored_on,returned_on\nALPHA,F 1,2025-01-20,\nBETA,F2,2025-02-01,2025-03-01\n",
		"semicolons": "\ufeffDocument_Ref;entity_id;returned_on;factored_on\r\n F 1 ;ALPHA;;2025-01-20\r\nF2;BETA;2025-03-01;2025-02-01\r\n",
	} {
		lists, err := readList(t, text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		const want = "[[2 ALPHA <nil> F 1 2025-01-20 <nil>] [3 BETA <nil> F2 2025-02-01 2025-03-01]]"
		if got := fmt.Sprint(lists[0].rows); len(lists) != 1 || got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestFactoredListProblems(t *testing.T) {
	const header = "entity_id,counterparty_id,document_ref,factored_on,returned_on\n"
	for name, c := range map[string]struct{ text, want string }{
		"empty":          {"", "sold.csv:1:1: there is no header line: write entity_id,"},
		"unknown column": {"entity_id,document_ref,sold,factored_on\n", `sold.csv:1:24: column "sold" is not known: the columns are entity_id`},
		"twice":          {"entity_id,document_ref,entity_id,factored_on\n", `sold.csv:1:24: column "entity_id" stands twice`},
		"missing column": {"entity_id,document_ref\n", `sold.csv:1:1: column "factored_on" is missing: add it`},
		"entity":         {header + "ALPHA,,F1,2025-01-01,\nGAMMA,,F2,2025-01-01,\n", `sold.csv:3:1: no entity is called "GAMMA": write an identifier of encours.yaml`},
		"no document":    {header + "ALPHA,,,2025-01-01,\n", "sold.csv:2:8: document_ref is empty: fill it in"},
		"date":           {header + "ALPHA,,F1,20/01/2025,\n", `sold.csv:2:11: factored_on: "20/01/2025" is not a date: write YYYY-MM-DD`},
		"backwards":      {header + "ALPHA,,F1,2025-01-20,2025-01-19\n", "sold.csv:2:22: returned_on 2025-01-19 is before factored_on"},
		"short line":     {header + "ALPHA,,F1\n", "sold.csv:2:1: wrong number of fields: give the line the 5 columns"},
		"quote":          {header + "ALPHA,,\"F1,2025-01-20,\n", `sold.csv:`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := readList(t, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q in it", err, c.want)
			}
		})
	}
	_, err := readList(t, header+strings.Repeat("GAMMA,,F1,soon,\n", 50))
	if err == nil || strings.Count(err.Error(), "\n") != mostProblems || !strings.Contains(err.Error(), "and 80 more") {
		t.Errorf("many problems: %v", err)
	}
	if _, err := readFactored(&project.Project{Dir: t.TempDir(), Factored: []project.Factored{{Documents: "none.csv"}}}); err == nil ||
		!strings.Contains(err.Error(), `the list of sold documents "none.csv", which encours.yaml names`) {
		t.Errorf("no file: %v", err)
	}
}

// FuzzFactoredList: a list is read whole or refused with a place, whatever is in it.
func FuzzFactoredList(f *testing.F) {
	f.Add("entity_id,document_ref,factored_on,returned_on\nALPHA,F 1,2025-01-20,\n")
	f.Add("entity_id;document_ref;factored_on\nALPHA;\"F\"\"1\";2025-01-20\n")
	f.Fuzz(func(t *testing.T, text string) {
		r := factoredReader{file: "sold.csv", entities: map[string]bool{"ALPHA": true}}
		for _, row := range r.read([]byte(text)) {
			if len(row) != 1+len(factoredColumns) || row[1] != "ALPHA" || row[3] == nil || row[4] == nil {
				t.Errorf("row %v", row)
			}
		}
		for _, problem := range r.problems {
			if !strings.HasPrefix(problem.Error(), "sold.csv:") {
				t.Errorf("a problem without a place: %v", problem)
			}
		}
	})
}
