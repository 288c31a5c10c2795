package reports

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"github.com/encours/encours/reports/icsfile"
	"github.com/encours/encours/reports/table"
)

// ICS is iCalendar, the format of lists of what to do: some reports have it.
const ICS = "ics"

// exportCalendar writes a report as to-dos, with what it stands on.
func (v *View) exportCalendar(ctx context.Context, d definition, q query, filter AgeingFilter, facts []table.Fact, w io.Writer) error {
	made, err := d.calendar(v, ctx, q, filter)
	if err != nil {
		return fmt.Errorf("export %q: %w", d.Name, err)
	}
	for _, fact := range facts {
		made.Facts = append(made.Facts, icsfile.Fact{Name: fact.Name, Value: fact.Value})
	}
	return icsfile.Write(made, w)
}

// worklistCalendar is the worklist with one to-do per customer, due on the as-of date.
// Rules of three priorities are told as high, medium and low.
func (v *View) worklistCalendar(ctx context.Context, q query, filter AgeingFilter) (icsfile.Calendar, error) {
	w := wordsOf(filter.Language, v.meta.Currency)
	made := icsfile.Calendar{
		Name:  w.t("ics.name", v.meta.Project, w.date(v.meta.AsOf)),
		Stamp: v.meta.KnownOn, // not the clock: equal inputs, equal bytes
	}
	// a calendar leaves the warehouse as any export does
	listed := query{selects: "select * from mart_collection_worklist"}
	columns, err := v.columns(ctx, listed)
	if err != nil {
		return made, err
	}
	worklist, err := v.masked(ctx, listed.selects, columns)
	if err != nil {
		return made, err
	}
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		var r WorkRow
		if err := r.scan(rows); err != nil {
			return err
		}
		entity, _ := v.facts.entity(r.Entity)
		made.Todos = append(made.Todos, v.todo(wordsOf(filter.Language, entity.Currency), r))
		return nil
	}, fmt.Sprintf(`
select %s
from (%s) as worklist
where (entity_id, counterparty_id) in (select (entity_id, counterparty_id) from (%s) as listed)
order by %s`, workColumns, worklist, q.selects, workOrder), q.args...)
	return made, err
}

func (v *View) todo(w words, r WorkRow) icsfile.Todo {
	lines := []string{
		w.reason(r),
		w.t("ics.overdue", w.money(r.Overdue), w.Int(r.OldestDays)),
		w.t("ics.expected", w.money(r.AtRisk), w.ratio(r.Slip), w.money(r.Expected)),
		w.t("ics.level", w.Int(r.ReachedLevel)),
	}
	if !r.LastAction.IsZero() {
		lines = append(lines, w.t("ics.last", w.name("action_kind", r.LastKind), w.date(r.LastAction)))
	}
	if r.Manager != "" {
		lines = append(lines, w.t("ics.manager", r.Manager))
	}
	var contact []string
	for _, value := range []string{r.Contact, r.Phone, r.Email} {
		if value != "" {
			contact = append(contact, value)
		}
	}
	return icsfile.Todo{
		UID: r.Entity + "/" + r.ID + "/" + day(v.meta.AsOf) + "@encours",
		Due: v.meta.AsOf, Summary: w.t("ics.summary", w.name("action", r.Action), r.Name, r.ID),
		Description: strings.Join(lines, "\n"), Contact: strings.Join(contact, ", "),
		Priority: 1 + 4*int(min(max(r.Priority-1, 0), 2)), Categories: []string{w.name("situation", r.Reason)},
	}
}

// reason tells in words what asks for the action.
func (w words) reason(r WorkRow) string {
	return w.t("reason."+r.Reason, w.money(r.ReasonAmount), w.Int(r.ReasonDays), w.Int(r.ReasonCount), w.Int(r.DueLevel))
}
