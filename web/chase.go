package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/encours/encours/reports"
)

// chaseParams are the filters of the worklist and of the reminders.
var chaseParams = []string{"manager", "action", "status"}

// worklistPage is whom to chase today.
type worklistPage struct {
	Layout
	Figures   *reports.Worklist
	Rows      []workRow
	Exports   []exportGroup
	Manager   string // chosen
	Action    string
	Actions   []string // to choose
	NoManager string
	IsDone    bool // an action has just been recorded
}

// Kept are the parameters that the filter of a list carries on.
func (p worklistPage) Kept() []string { return commonParams }

// workRow is a line with its links and the form to say that it is done.
type workRow struct {
	reports.WorkRow
	URL    string
	Reason string // in words
	Others []string
	Form   doneForm
}

func (s *server) worklist(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, "manager", "action", doneParam)
	if err != nil {
		return err
	}
	return s.show(w, r, "worklist", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		layout.Extra = []string{"manager", "action"}
		figures, err := view.Worklist(ctx, reports.AgeingFilter{Chase: q.Filter.Chase})
		if err != nil {
			return nil, err
		}
		page := worklistPage{
			Layout: layout, Figures: figures, Exports: exportGroups(layout, "worklist"), Actions: reports.Actions(),
			Manager: q.Filter.Chase.Manager, Action: q.Filter.Chase.Action, NoManager: reports.NoManager,
			IsDone: q.Value(doneParam) != "",
		}
		for i, row := range figures.Rows {
			made := workRow{
				WorkRow: row, URL: layout.Counterparty(row.Entity, reports.Customer, row.ID),
				Reason: l.reason(row, layout.Currency()), Form: s.doneFormOf(layout, row.Entity, row.ID, row.Name, &row),
			}
			if layout.Meta.Selection.Entity == "" { // the entities rank apart; here their lists are one
				made.Rank = int64(i + 1)
			}
			made.Form.Back = layout.Link("/worklist", "manager", page.Manager, "action", page.Action)
			for _, other := range row.Reasons {
				if other != row.Reason {
					made.Others = append(made.Others, l.Name("situation", other))
				}
			}
			page.Rows = append(page.Rows, made)
		}
		return page, nil
	})
}

// reason tells in words what asks for the action.
func (l *locale) reason(r reports.WorkRow, currency string) string {
	return l.T("reason."+strings.ReplaceAll(r.Reason, " ", "_"), l.With(int64(r.ReasonAmount), currency), l.Int(r.ReasonDays), l.Int(r.ReasonCount), l.Int(r.DueLevel))
}

// dunningPage is who gets which reminder, and the legal cases.
type dunningPage struct {
	Layout
	Figures   *reports.Dunning
	Rows      []dunningRow
	Cases     []legalRow
	Exports   []exportGroup
	Legal     []exportGroup
	Manager   string
	Status    string
	Statuses  []string
	NoManager string
}

// Kept are the parameters that the filter of a list carries on.
func (p dunningPage) Kept() []string { return commonParams }

type dunningRow struct {
	reports.DunningRow
	URL, Letter string // Letter: the PDF; "": none is due
}

type legalRow struct {
	reports.LegalCase
	URL string
}

func (s *server) dunning(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, "manager", "status")
	if err != nil {
		return err
	}
	return s.show(w, r, "dunning", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		layout.Extra = []string{"manager", "status"}
		figures, err := view.Dunning(ctx, reports.AgeingFilter{Chase: q.Filter.Chase})
		if err != nil {
			return nil, err
		}
		cases, err := view.LegalCases(ctx)
		if err != nil {
			return nil, err
		}
		page := dunningPage{
			Layout: layout, Figures: figures, Exports: exportGroups(layout, "dunning", "dunning-items", "dunning-letters"),
			Legal: exportGroups(layout, "legal-cases"), Statuses: reports.DunningStatuses(), NoManager: reports.NoManager,
			Manager: q.Filter.Chase.Manager, Status: q.Filter.Chase.Status,
		}
		for _, row := range figures.Rows {
			page.Rows = append(page.Rows, dunningRow{row, layout.Counterparty(row.Entity, reports.Customer, row.ID), letterLink(layout, row)})
		}
		page.Cases = legalRows(layout, cases)
		return page, nil
	})
}

func letterLink(layout Layout, row reports.DunningRow) string {
	if !row.IsLetter() {
		return ""
	}
	return layout.Link("/export/reminder.pdf", "entity", row.Entity, "side", reports.Customer, counterpartyParam, row.ID)
}

func legalRows(layout Layout, cases []reports.LegalCase) (rows []legalRow) {
	for _, c := range cases {
		rows = append(rows, legalRow{c, layout.Counterparty(c.Entity, reports.Customer, c.ID)})
	}
	return rows
}

// chaseCard is what concerns one customer on its page.
type chaseCard struct {
	*reports.Chase
	Reason string // of the line of the worklist, in words
	Letter string // the PDF that is due; "": none
	Items  []chaseItem
	Cases  []legalRow
	Form   doneForm
	IsDone bool
}

type chaseItem struct {
	reports.DunningItem
	URL string
}

func (s *server) chaseCard(ctx context.Context, view View, l *locale, layout Layout, entity, id, name string) (*chaseCard, error) {
	chase, err := view.Chase(ctx, entity, id)
	if err != nil {
		return nil, err
	}
	card := &chaseCard{Chase: chase, Cases: legalRows(layout, chase.Cases), IsDone: layout.Value(doneParam) == "1"}
	card.Form = s.doneFormOf(layout, entity, id, name, chase.Work)
	if chase.Work != nil {
		card.Reason = l.reason(*chase.Work, layout.Currency())
	}
	if chase.Dunning != nil {
		card.Letter = letterLink(layout, *chase.Dunning)
	}
	for _, item := range chase.Items {
		card.Items = append(card.Items, chaseItem{item, layout.Item(item.Entity, item.ItemID)})
	}
	return card, nil
}
