package reports

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// DunningRow is where the reminder of a customer stands.
type DunningRow struct {
	Entity, ID, Name, Manager, Class         string
	Status, Pause                            string // Pause: "", not paused
	ReachedLevel, DueLevel                   int64  // DueLevel: 0, none
	Reached, Next                            time.Time
	Kind, Channel, Language                  string
	Items, RemindItems, OldestDays           int64
	Overdue, Credit, Paused                  Amount
	Remind, Interest, Fee, Claim             Amount
	PolicySegment, PolicyClass, PauseReasons string
}

// IsLetter says that what is due is written.
func (r DunningRow) IsLetter() bool {
	return r.Status == "due" && (r.Kind == "reminder" || r.Kind == "formal notice")
}

// DunningItem is an overdue item with its level.
type DunningItem struct {
	Entity                      string
	ItemID                      int64
	DocumentRef, Type           string
	Issued, Due                 time.Time
	Days, Reached, NextLevel    int64 // NextLevel: 0, none
	ReachedOn, NextOn           time.Time
	Kind, Pause                 string
	IsToRemind                  bool
	Amount, Open, Interest, Fee Amount
}

// Dunning is the list of reminders.
type Dunning struct {
	Rows     []DunningRow // at most chaseLimit: those due first, by amount
	Count    int64        // of all that the filter keeps
	Whole    DunningRow   // sums of these
	Statuses []DunningStatus
	Letters  int64 // letters that are due, unfiltered
	Managers []string
	HasNone  bool
}

// DunningStatus counts customers by status, unfiltered.
type DunningStatus struct {
	Status          string
	Count           int64
	Overdue, Remind Amount
}

const dunningColumns = `
    entity_id, counterparty_id, coalesce(counterparty_name, counterparty_id) as counterparty_name,
    account_manager, risk_class, status, pause_reason, pause_reasons, reached_level, due_level,
    reached_date, next_date, due_kind, due_channel, language, policy_segment, policy_class,
    item_count, remind_count, oldest_overdue_days, overdue_amount, credit_amount, paused_amount,
    remind_amount, interest_amount, fee_amount, claim_amount`

func (r *DunningRow) scan(rows *sql.Rows) error {
	return rows.Scan(&r.Entity, &r.ID, &r.Name, text(&r.Manager), text(&r.Class), &r.Status, text(&r.Pause), text(&r.PauseReasons),
		number(&r.ReachedLevel), number(&r.DueLevel), date(&r.Reached), date(&r.Next), text(&r.Kind), text(&r.Channel),
		text(&r.Language), text(&r.PolicySegment), text(&r.PolicyClass), &r.Items, &r.RemindItems, number(&r.OldestDays),
		&r.Overdue, &r.Credit, &r.Paused, &r.Remind, &r.Interest, &r.Fee, &r.Claim)
}

// dunningOrder is the order of the reminders: what is due first, the largest first.
const dunningOrder = `case status when 'due' then 1 when 'paused' then 2 when 'waiting' then 3 else 4 end,
    remind_amount desc, overdue_amount desc, entity_id, counterparty_id`

// Dunning returns who gets which reminder, and who gets none and why.
func (v *View) Dunning(ctx context.Context, filter AgeingFilter) (*Dunning, error) {
	chase := ChaseFilter{Manager: filter.Chase.Manager, Status: filter.Chase.Status}
	return figure(ctx, v, "dunning", fmt.Sprintf("%q", []string{chase.Manager, chase.Status}), func() (*Dunning, error) {
		list := &Dunning{}
		condition, args, err := v.chaseScope(AgeingFilter{Chase: chase})
		if err != nil {
			return nil, err
		}
		w := &list.Whole
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			return rows.Scan(&list.Count, &w.Overdue, &w.Paused, &w.Remind, &w.Interest, &w.Fee, &w.Claim)
		}, `
select
    count(*),
    cast(coalesce(sum(overdue_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(paused_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(remind_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(interest_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(fee_amount), 0) as decimal(18, 2)),
    cast(coalesce(sum(claim_amount), 0) as decimal(18, 2)),
from mart_dunning
where `+condition, args...)
		if err != nil {
			return nil, err
		}
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			var r DunningRow
			err := r.scan(rows)
			list.Rows = append(list.Rows, r)
			return err
		}, fmt.Sprintf("select %s\nfrom mart_dunning\nwhere %s\norder by %s\nlimit %d",
			dunningColumns, condition, dunningOrder, chaseLimit), args...)
		if err != nil {
			return nil, err
		}
		return list, v.readDunningChoices(ctx, list)
	})
}

// readDunningChoices reads what the list can be narrowed to.
func (v *View) readDunningChoices(ctx context.Context, list *Dunning) error {
	whole, args, err := v.chaseScope(AgeingFilter{})
	if err != nil {
		return err
	}
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		var s DunningStatus
		var letters int64
		err := rows.Scan(&s.Status, &s.Count, &s.Overdue, &s.Remind, &letters)
		list.Statuses = append(list.Statuses, s)
		list.Letters += letters
		return err
	}, `
select
    status,
    count(*),
    cast(sum(overdue_amount) as decimal(18, 2)),
    cast(sum(remind_amount) as decimal(18, 2)),
    count(*) filter (where status = 'due' and due_kind in ('reminder', 'formal notice')),
from mart_dunning
where `+whole+`
group by status
order by case status when 'due' then 1 when 'paused' then 2 when 'waiting' then 3 else 4 end`, args...)
	if err != nil {
		return err
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var manager string
		err := rows.Scan(&manager)
		if manager == "" {
			list.HasNone = true
		} else {
			list.Managers = append(list.Managers, manager)
		}
		return err
	}, "select distinct coalesce(trim(account_manager), '') as manager from mart_dunning where "+whole+" order by manager", args...)
}

// LegalCase is an insolvency procedure of a customer, or a legal case against it.
type LegalCase struct {
	Entity, ID, Name, Manager               string
	Type, Status                            string
	Opened, Published, Deadline, Declared   time.Time
	IsAssumed, HasDaysLeft                  bool
	DaysLeft                                int64
	Principal, Credit, Interest, Fee, Claim Amount
}

const legalColumns = `
    entity_id, counterparty_id, coalesce(counterparty_name, counterparty_id) as counterparty_name,
    account_manager, case_type, status, opened_date, published_date, deadline_date, declared_date,
    is_deadline_assumed, left_days is not null as has_days_left, left_days, principal_amount,
    credit_amount, interest_amount, fee_amount, claim_amount`

func (c *LegalCase) scan(rows *sql.Rows) error {
	return rows.Scan(&c.Entity, &c.ID, &c.Name, text(&c.Manager), &c.Type, &c.Status, date(&c.Opened), date(&c.Published),
		date(&c.Deadline), date(&c.Declared), &c.IsAssumed, &c.HasDaysLeft, number(&c.DaysLeft),
		&c.Principal, &c.Credit, &c.Interest, &c.Fee, &c.Claim)
}

// legalOrder is the order of the cases: the nearest deadline first.
const legalOrder = `case status when 'to declare' then 1 when 'too late' then 2 when 'running' then 3
    when 'declared' then 4 else 5 end, deadline_date nulls last, claim_amount desc, entity_id, counterparty_id, case_type`

// LegalCases returns the procedures and legal cases of customers, the nearest deadline
// first.
func (v *View) LegalCases(ctx context.Context) ([]LegalCase, error) {
	return figure(ctx, v, "legal-cases", "", func() ([]LegalCase, error) {
		condition, args, err := v.chaseScope(AgeingFilter{})
		if err != nil {
			return nil, err
		}
		return v.legalCases(ctx, condition, args)
	})
}

func (v *View) legalCases(ctx context.Context, condition string, args []any) (list []LegalCase, err error) {
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		var c LegalCase
		err := c.scan(rows)
		list = append(list, c)
		return err
	}, fmt.Sprintf("select %s\nfrom mart_legal_cases\nwhere %s\norder by %s\nlimit %d",
		legalColumns, condition, legalOrder, chaseLimit), args...)
	return list, err
}

// Chase is what is to be done, was done and is running with one customer.
type Chase struct {
	Work    *WorkRow    // nil: nothing is to be done
	Dunning *DunningRow // nil: nothing is overdue
	Items   []DunningItem
	Cases   []LegalCase
	Done    []DoneAction // the latest first, at most doneLimit
}

// doneLimit is how many actions the page of a customer shows.
const doneLimit = 20

// DoneAction is what was done to collect.
type DoneAction struct {
	Date, Next                            time.Time
	Kind, DocumentRef, Result, By, Remark string
	Level                                 int64 // 0: none
}

// Chase returns what concerns one customer of an entity.
func (v *View) Chase(ctx context.Context, entity, id string) (*Chase, error) {
	return figure(ctx, v, "chase", fmt.Sprintf("%q", []string{entity, id}), func() (*Chase, error) {
		c := &Chase{}
		const condition = "entity_id = $entity and counterparty_id = $id"
		args := []any{sql.Named("entity", entity), sql.Named("id", id)}
		err := v.session.Query(ctx, func(rows *sql.Rows) error {
			c.Work = &WorkRow{}
			return c.Work.scan(rows)
		}, "select "+workColumns+"\nfrom mart_collection_worklist\nwhere "+condition, args...)
		if err != nil {
			return nil, err
		}
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			c.Dunning = &DunningRow{}
			return c.Dunning.scan(rows)
		}, "select "+dunningColumns+"\nfrom mart_dunning\nwhere "+condition, args...)
		if err != nil {
			return nil, err
		}
		if c.Items, err = v.dunningItems(ctx, condition, args); err != nil {
			return nil, err
		}
		if c.Cases, err = v.legalCases(ctx, condition, args); err != nil {
			return nil, err
		}
		return c, v.readDone(ctx, c, args)
	})
}

// dunningItems reads the overdue items that a condition keeps, the oldest first, at
// most 1,000.
func (v *View) dunningItems(ctx context.Context, condition string, args []any) (list []DunningItem, err error) {
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		var i DunningItem
		err := rows.Scan(&i.Entity, &i.ItemID, text(&i.DocumentRef), &i.Type, date(&i.Issued), date(&i.Due), &i.Days, number(&i.Reached),
			number(&i.NextLevel), date(&i.ReachedOn), date(&i.NextOn), text(&i.Kind), text(&i.Pause), &i.IsToRemind,
			&i.Amount, &i.Open, &i.Interest, &i.Fee)
		list = append(list, i)
		return err
	}, `
select
    entity_id, item_id, document_ref, item_type, issue_date, due_date, overdue_days, reached_level,
    next_level, reached_date, next_date, next_kind, pause_reason, is_to_remind, amount,
    open_amount, interest_amount, fee_amount,
from mart_dunning_items
where `+condition+`
order by due_date, item_id
limit 1000`, args...)
	return list, err
}

func (v *View) readDone(ctx context.Context, c *Chase, args []any) error {
	args = append(slices.Clone(args), sql.Named("as_of", day(v.selection.AsOf)))
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var a DoneAction
		err := rows.Scan(date(&a.Date), date(&a.Next), &a.Kind, text(&a.DocumentRef), text(&a.Result), text(&a.By), text(&a.Remark), number(&a.Level))
		c.Done = append(c.Done, a)
		return err
	}, fmt.Sprintf(`
select action_date, next_action_date, kind, document_id, result, author, comment, level
from stg_erp__collection_actions
where
    entity_id = $entity and upper(trim(counterparty_id)) = upper(trim($id))
    and action_date <= cast($as_of as date)
order by action_date desc, action_id desc
limit %d`, doneLimit), args...)
}
