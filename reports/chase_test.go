package reports

import (
	"errors"
	"slices"
	"testing"
)

// The books have no actions, no disputes and no promises. At 2024-12-31 ALPHA's C1 is
// 61 days late with 1,000 and has a credit of 200; C2 is 1 day late.
func TestWorklistAndDunning(t *testing.T) {
	v := open(t, Selection{Entity: "ALPHA"})
	list, err := v.Worklist(t.Context(), AgeingFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Rows) != 1 || list.Count != 1 {
		t.Fatalf("worklist %+v, want C1 alone", list)
	}
	row := list.Rows[0]
	if row.ID != "C1" || row.Action != "send the letter" || plain(row.AtRisk) != "800.00" || plain(row.Overdue) != "1000.00" || row.DueLevel != 1 {
		t.Errorf("line %+v", row)
	}
	if !list.HasNone || len(list.Managers) != 0 || len(list.Actions) != 1 {
		t.Errorf("choices %+v", list)
	}
	for name, c := range map[string]struct {
		filter ChaseFilter
		want   int64
	}{
		"nobody's": {ChaseFilter{Manager: NoManager}, 1},
		"hers":     {ChaseFilter{Manager: "Anne"}, 0},
		"letters":  {ChaseFilter{Action: "send the letter"}, 1},
		"calls":    {ChaseFilter{Action: "call"}, 0},
	} {
		if list, err := v.Worklist(t.Context(), AgeingFilter{Chase: c.filter}); err != nil || list.Count != c.want {
			t.Errorf("%s: %v lines, %v, want %d", name, list, err, c.want)
		}
	}
	if _, err := v.Worklist(t.Context(), AgeingFilter{Chase: ChaseFilter{Action: "shout"}}); !errors.Is(err, ErrBadSelection) {
		t.Errorf("an unknown action: %v", err)
	}
	dunning, err := v.Dunning(t.Context(), AgeingFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range dunning.Rows {
		got = append(got, row.ID+" "+row.Status)
	}
	if want := []string{"C1 due", "C2 waiting"}; !slices.Equal(got, want) || dunning.Letters != 1 {
		t.Errorf("reminders %q, %d letters, want %q", got, dunning.Letters, want)
	}
	if due, err := v.Dunning(t.Context(), AgeingFilter{Chase: ChaseFilter{Status: "due"}}); err != nil || due.Count != 1 {
		t.Errorf("those due: %+v, %v", due, err)
	}
	chase, err := v.Chase(t.Context(), "ALPHA", "C1")
	if err != nil || chase.Work == nil || chase.Dunning == nil || len(chase.Items) != 1 || plain(chase.Items[0].Open) != "1000.00" {
		t.Errorf("C1: %+v, %v", chase, err)
	}
	if nobody, err := v.Chase(t.Context(), "ALPHA", "C3"); err != nil || nobody.Work != nil || nobody.Dunning != nil {
		t.Errorf("C3: %+v, %v", nobody, err)
	}
}

// A past date counts nothing that came after it, and a session gives the same.
func TestWorklistAtAPastDate(t *testing.T) {
	v := open(t, Selection{Entity: "ALPHA", AsOf: on("2024-11-03")})
	list, err := v.Worklist(t.Context(), AgeingFilter{})
	if err != nil || list.Count != 0 {
		t.Errorf("3 days late: %+v, %v", list, err)
	}
	dunning, err := v.Dunning(t.Context(), AgeingFilter{})
	if err != nil || len(dunning.Rows) != 1 || dunning.Rows[0].Status != "waiting" || dunning.Rows[0].Next.Format("2006-01-02") != "2024-11-05" {
		t.Errorf("reminders %+v, %v", dunning, err)
	}
}
