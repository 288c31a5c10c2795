package reports

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// chaseLimit is how many lines the pages of the worklist and of the reminders show;
// the exports hold all.
const chaseLimit = 200

// NoManager stands for the customers that no account manager looks after.
const NoManager = "-"

// ChaseFilter narrows the worklist and the list of reminders.
type ChaseFilter struct {
	Manager string // account manager; NoManager: none; "": every one
	Action  string // of the worklist; "": every one
	Status  string // of the reminders; "": every one
}

// Actions lists what the worklist may tell to do.
func Actions() []string {
	return []string{
		"declare the claim", "answer the dispute", "call about the promise", "check the payment", "call",
		"hand over", "escalate", "send the letter", "review",
	}
}

// DunningStatuses lists where the reminder of a customer may stand.
func DunningStatuses() []string { return []string{"due", "paused", "waiting", "finished"} }

// PauseReasons lists what may pause a reminder.
func PauseReasons() []string {
	return []string{
		"procedure", "legal case", "disputed", "promised", "blocked", "intercompany", "credits", "below minimum",
	}
}

// Situations lists what may ask for an action.
func Situations() []string {
	return []string{
		"claim", "dispute", "promise broken", "promise due", "follow up", "legal case due", "letter due",
		"call due", "overdue",
	}
}

func (f ChaseFilter) write(values url.Values) {
	for name, value := range map[string]string{"manager": f.Manager, "action": f.Action, "status": f.Status} {
		if value != "" {
			values.Set(name, value)
		}
	}
}

// conditions returns what the filter asks of a row of the mart, which has the column
// of each field that is given. An unknown action or status is ErrBadSelection.
func (f ChaseFilter) conditions() (string, []any, error) {
	conditions, args := []string{"true"}, []any{}
	switch {
	case f.Action != "" && !slices.Contains(Actions(), f.Action):
		return "", nil, fmt.Errorf("filter by action %q: %w", f.Action, ErrBadSelection)
	case f.Status != "" && !slices.Contains(DunningStatuses(), f.Status):
		return "", nil, fmt.Errorf("filter by status %q: %w", f.Status, ErrBadSelection)
	}
	switch f.Manager {
	case "":
	case NoManager:
		conditions = append(conditions, "coalesce(trim(account_manager), '') = ''")
	default:
		conditions = append(conditions, "trim(account_manager) = $manager")
		args = append(args, sql.Named("manager", f.Manager))
	}
	if f.Action != "" {
		conditions = append(conditions, "action = $action")
		args = append(args, sql.Named("action", f.Action))
	}
	if f.Status != "" {
		conditions = append(conditions, "status = $status")
		args = append(args, sql.Named("status", f.Status))
	}
	return strings.Join(conditions, " and "), args, nil
}

// chaseScope keeps a mart of customers to the selection: for the group, without
// intercompany customers.
func (v *View) chaseScope(filter AgeingFilter) (string, []any, error) {
	condition, args := v.entityScope()
	if v.selection.Entity == "" {
		condition += " and not is_intercompany"
	}
	narrowed, more, err := filter.Chase.conditions()
	if err != nil {
		return "", nil, err
	}
	if filter.Search != "" {
		narrowed += " and " + searchSQL
		more = append(more, sql.Named("search", filter.Search))
	}
	return condition + " and " + narrowed, append(args, more...), nil
}

// WorkRow is a customer to chase, and why.
type WorkRow struct {
	Entity, ID, Name                         string
	Rank, Priority, ReasonDays, ReasonCount  int64
	Action, Reason                           string
	Reasons                                  []string // all that hold
	ReasonAmount, AtRisk, Expected, Overdue  Amount
	Slip                                     Ratio
	OldestDays, ReachedLevel, DueLevel, Rule int64 // DueLevel: 0, none
	LastAction                               time.Time
	LastKind                                 string
	NextAction                               time.Time
	Class                                    string
	Manager, Contact, Phone, Email, Language string
}

// Worklist is the list of a day.
type Worklist struct {
	Rows     []WorkRow // at most chaseLimit, the first first
	Count    int64     // of all that the filter keeps
	AtRisk   Amount    // of these
	Expected Amount
	Managers []string // of all customers of the list, unfiltered
	HasNone  bool     // some have no account manager
	Actions  []WorkAction
}

// WorkAction counts the customers for whom an action is to be done, unfiltered.
type WorkAction struct {
	Action string
	Count  int64
	AtRisk Amount
}

// Worklist returns whom to chase at the as-of date.
func (v *View) Worklist(ctx context.Context, filter AgeingFilter) (*Worklist, error) {
	filter = AgeingFilter{Search: filter.Search, Chase: filter.Chase}
	return figure(ctx, v, "worklist", fmt.Sprintf("%q", []string{filter.Search, filter.Chase.Manager, filter.Chase.Action}), func() (*Worklist, error) {
		filter.Chase.Status = ""
		list := &Worklist{}
		condition, args, err := v.chaseScope(filter)
		if err != nil {
			return nil, err
		}
		if err := v.readWork(ctx, list, condition, args); err != nil {
			return nil, err
		}
		whole, args, err := v.chaseScope(AgeingFilter{})
		if err != nil {
			return nil, err
		}
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			var manager, action string
			var isAction bool
			var a WorkAction
			err := rows.Scan(&isAction, &manager, &action, &a.Count, &a.AtRisk)
			switch a.Action = action; {
			case isAction:
				list.Actions = append(list.Actions, a)
			case manager == "":
				list.HasNone = true
			default:
				list.Managers = append(list.Managers, manager)
			}
			return err
		}, `
with
lines as (
    select
        coalesce(trim(account_manager), '') as manager,
        action,
        at_risk_amount,
    from mart_collection_worklist
    where `+whole+`
)
select
    grouping(lines.action) = 0 as is_action,
    coalesce(lines.manager, '') as shown_manager,
    coalesce(lines.action, '') as shown_action,
    count(*) as line_count,
    cast(sum(lines.at_risk_amount) as decimal(18, 2)) as at_risk_amount,
from lines
group by grouping sets ((lines.action), (lines.manager))
order by is_action, shown_manager, shown_action`, args...)
		return list, err
	})
}

const workColumns = `
    entity_id, counterparty_id, coalesce(counterparty_name, counterparty_id) as counterparty_name,
    rank_no, priority, action, reason, reason_amount, reason_days, reason_count, reasons,
    rule_no, at_risk_amount, slip_ratio, expected_slip_amount, overdue_amount, oldest_overdue_days,
    reached_level, due_level, last_action_date, last_action_kind, next_action_date, risk_class,
    account_manager, contact_name, contact_phone, contact_email, contact_language`

func (r *WorkRow) scan(rows *sql.Rows) error {
	var reasons string
	err := rows.Scan(&r.Entity, &r.ID, &r.Name, &r.Rank, &r.Priority, &r.Action, &r.Reason, &r.ReasonAmount,
		number(&r.ReasonDays), number(&r.ReasonCount), &reasons, number(&r.Rule), &r.AtRisk, &r.Slip, &r.Expected, &r.Overdue,
		number(&r.OldestDays), number(&r.ReachedLevel), number(&r.DueLevel), date(&r.LastAction), text(&r.LastKind),
		date(&r.NextAction), text(&r.Class), text(&r.Manager), text(&r.Contact), text(&r.Phone), text(&r.Email), text(&r.Language))
	r.Reasons = strings.Split(reasons, ", ")
	return err
}

// workOrder is the order of the worklist: that of each entity, then over entities.
const workOrder = "priority, expected_slip_amount desc, reason_amount desc, entity_id, counterparty_id"

func (v *View) readWork(ctx context.Context, list *Worklist, condition string, args []any) error {
	err := v.session.Query(ctx, func(rows *sql.Rows) error {
		return rows.Scan(&list.Count, &list.AtRisk, &list.Expected)
	}, `
select
    count(*),
    cast(coalesce(sum(at_risk_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(expected_slip_amount), 0) as decimal(18, 2)),
from mart_collection_worklist
where `+condition, args...)
	if err != nil {
		return err
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var r WorkRow
		err := r.scan(rows)
		list.Rows = append(list.Rows, r)
		return err
	}, fmt.Sprintf("select %s\nfrom mart_collection_worklist\nwhere %s\norder by %s\nlimit %d",
		workColumns, condition, workOrder, chaseLimit), args...)
}
