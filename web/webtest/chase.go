package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

// work is invented: a broken promise and a letter that is due.
func work() []reports.WorkRow {
	return []reports.WorkRow{
		{
			Entity: "ALPHA", ID: "C0100", Name: "Dupont & Fils", Rank: 1, Priority: 2, Action: "call about the promise", Reason: "promise broken",
			ReasonDays: 14, ReasonCount: 1, ReasonAmount: 50_000, Reasons: []string{"letter due", "promise broken"}, AtRisk: 100_000,
			Slip: reports.Ratio{BasisPoints: 3000, Valid: true}, Expected: 30_000, Overdue: 120_000, OldestDays: 40, ReachedLevel: 1, DueLevel: 2,
			Rule: 30, LastAction: day(2025, time.December, 1), LastKind: "call", Class: "D", Manager: "Anne Roy", Contact: "Zoé Martin", Phone: "01 02 03 04 05",
		},
		{
			Entity: "ALPHA", ID: "C0114", Name: "Ville de Lyon", Rank: 2, Priority: 3, Action: "send the letter", Reason: "letter due",
			ReasonDays: 20, ReasonCount: 2, ReasonAmount: 9_015, Reasons: []string{"letter due"}, AtRisk: 9_015, Expected: 1_803,
			Slip: reports.Ratio{BasisPoints: 2000, Valid: true}, Overdue: 9_015, OldestDays: 20, DueLevel: 1, Rule: 80, Class: "N", Email: "compta@lyon.example",
		},
	}
}

func reminders() []reports.DunningRow {
	return []reports.DunningRow{
		{
			Entity: "ALPHA", ID: "C0114", Name: "Ville de Lyon", Class: "N", Status: "due", DueLevel: 1, Kind: "reminder", Channel: "e-mail", Language: "fr",
			Items: 2, RemindItems: 2, OldestDays: 20, Overdue: 9_015, Remind: 9_015, Interest: 120, Fee: 8_000, Claim: 17_135,
			Next: day(2025, time.December, 16), PolicySegment: "*", PolicyClass: "*",
		},
		{
			Entity: "ALPHA", ID: "C0100", Name: "Dupont & Fils", Class: "D", Manager: "Anne Roy", Status: "paused", Pause: "disputed", PauseReasons: "disputed",
			ReachedLevel: 1, Reached: day(2025, time.December, 1), Language: "fr", Items: 1, OldestDays: 40, Overdue: 120_000, Paused: 120_000,
			PolicySegment: "*", PolicyClass: "D",
		},
	}
}

func legalCases() []reports.LegalCase {
	return []reports.LegalCase{
		{
			Entity: "ALPHA", ID: "C0100", Name: "Dupont & Fils", Type: "procedure", Status: "to declare", Opened: day(2025, time.November, 20),
			Published: day(2025, time.December, 1), Deadline: day(2026, time.February, 1), HasDaysLeft: true, DaysLeft: 32,
			Principal: 120_000, Interest: 900, Fee: 4_000, Claim: 124_900,
		},
		{Entity: "ALPHA", ID: "C0114", Name: "Ville de Lyon", Type: "legal case", Status: "running", Opened: day(2025, time.October, 1), Principal: 9_015, Claim: 9_015},
	}
}

// Worklist implements web.View.
func (v *view) Worklist(_ context.Context, filter reports.AgeingFilter) (*reports.Worklist, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	list := &reports.Worklist{}
	if v.fake.Empty {
		return list, nil
	}
	list.Managers, list.HasNone = []string{"Anne Roy"}, true
	for _, row := range work() {
		list.Actions = append(list.Actions, reports.WorkAction{Action: row.Action, Count: 1, AtRisk: row.AtRisk})
		isMine := filter.Chase.Manager == "" || filter.Chase.Manager == row.Manager || filter.Chase.Manager == reports.NoManager && row.Manager == ""
		if isMine && (filter.Chase.Action == "" || filter.Chase.Action == row.Action) {
			list.Rows = append(list.Rows, row)
			list.Count, list.AtRisk, list.Expected = list.Count+1, list.AtRisk+row.AtRisk, list.Expected+row.Expected
		}
	}
	return list, nil
}

// Dunning implements web.View.
func (v *view) Dunning(_ context.Context, filter reports.AgeingFilter) (*reports.Dunning, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	list := &reports.Dunning{}
	if v.fake.Empty {
		return list, nil
	}
	list.Managers, list.HasNone, list.Letters = []string{"Anne Roy"}, true, 1
	for _, row := range reminders() {
		list.Statuses = append(list.Statuses, reports.DunningStatus{Status: row.Status, Count: 1, Overdue: row.Overdue, Remind: row.Remind})
		if filter.Chase.Status != "" && filter.Chase.Status != row.Status {
			continue
		}
		list.Rows = append(list.Rows, row)
		w := &list.Whole
		list.Count++
		w.Overdue, w.Paused, w.Remind = w.Overdue+row.Overdue, w.Paused+row.Paused, w.Remind+row.Remind
		w.Interest, w.Fee, w.Claim = w.Interest+row.Interest, w.Fee+row.Fee, w.Claim+row.Claim
	}
	return list, nil
}

// LegalCases implements web.View.
func (v *view) LegalCases(context.Context) ([]reports.LegalCase, error) {
	if v.fake.ViewErr != nil || v.fake.Empty {
		return nil, v.fake.ViewErr
	}
	return legalCases(), nil
}

// Chase implements web.View: one customer has everything, one a letter, the others nothing.
func (v *view) Chase(_ context.Context, _, id string) (*reports.Chase, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if id == "C0114" {
		state := reminders()[0]
		return &reports.Chase{Dunning: &state}, nil
	}
	if id != "C0100" {
		return &reports.Chase{}, nil
	}
	row, state := work()[0], reminders()[1]
	return &reports.Chase{
		Work: &row, Dunning: &state, Cases: legalCases()[:1],
		Items: []reports.DunningItem{{
			Entity: "ALPHA", ItemID: 3, DocumentRef: "FA-3", Type: "invoice", Issued: day(2025, time.October, 1), Due: day(2025, time.November, 21),
			Days: 40, Reached: 1, NextLevel: 2, ReachedOn: day(2025, time.December, 1), NextOn: day(2025, time.December, 11), Kind: "reminder",
			Pause: "disputed", Amount: 120_000, Open: 120_000, Interest: 900, Fee: 4_000,
		}},
		Done: []reports.DoneAction{{Date: day(2025, time.December, 1), Kind: "call", By: "Anne", Remark: "rappelera"}},
	}, nil
}
