package reports

// chaseDefinitions are the reports on whom to chase, how, and what it comes to.
func chaseDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "worklist", TitleEN: "Collection worklist", TitleFR: "Liste de relance du jour",
				Question: "Whom to chase today, in which order, why, and how?",
			},
			query: (*View).worklistReport, isChase: true, calendar: (*View).worklistCalendar,
		},
		{
			Definition: Definition{
				Name: "dunning", TitleEN: "Reminders", TitleFR: "Relances",
				Question: "Who gets which reminder, for how much, and who gets none and why?",
			},
			query: (*View).dunningReport, isChase: true,
		},
		{
			Definition: Definition{
				Name: "dunning-items", TitleEN: "Reminders, item by item", TitleFR: "Relances, poste par poste",
				Question: "Which overdue items are in the reminder that is due, and why are the others not?",
			},
			query: (*View).dunningItemsReport,
		},
		{
			Definition: Definition{
				Name: "dunning-letters", TitleEN: "Reminders for mail merge", TitleFR: "Relances pour publipostage",
				Question: "Which letters are due, to which address, in which language, for how much?",
			},
			query: (*View).lettersReport, isChase: true,
		},
		{
			Definition: Definition{
				Name: "reminder", TitleEN: "Reminder to a customer", TitleFR: "Relance d’un client",
				Question: "Which items and how much interest is one customer reminded of?",
			},
			query: (*View).reminderReport, document: (*View).reminder, isOfOne: true,
		},
		{
			Definition: Definition{
				Name: "legal-cases", TitleEN: "Legal cases and claims to declare", TitleFR: "Contentieux et créances à déclarer",
				Question: "Which claims are to be declared by when, and which legal cases are running?",
			},
			query: (*View).legalCasesReport,
		},
	}
}

func (v *View) worklistReport(filter AgeingFilter) (query, error) {
	filter.Chase.Status = ""
	condition, args, err := v.chaseScope(filter)
	return query{
		selects: `
select
    entity_id,
    side,
    counterparty_id,
    counterparty_name,
    rank_no,
    priority,
    action,
    reason,
    reason_amount,
    reason_days,
    reason_count,
    reasons,
    rule_no,
    at_risk_amount,
    slip_ratio,
    expected_slip_amount,
    overdue_amount,
    oldest_overdue_days,
    reached_level,
    due_level,
    last_action_date,
    last_action_kind,
    next_action_date,
    segment,
    risk_class,
    account_manager,
    contact_name,
    contact_phone,
    contact_email,
    contact_language,
    is_intercompany,
from mart_collection_worklist
where ` + condition,
		order:  "listed.priority, listed.expected_slip_amount desc, listed.reason_amount desc, listed.entity_id, listed.counterparty_id",
		args:   args,
		totals: []string{"at_risk_amount", "expected_slip_amount", "overdue_amount"},
	}, err
}

func (v *View) dunningReport(filter AgeingFilter) (query, error) {
	filter.Chase.Action, filter.Search = "", ""
	condition, args, err := v.chaseScope(filter)
	return query{
		selects: `
select
    entity_id,
    side,
    counterparty_id,
    counterparty_name,
    account_manager,
    segment,
    risk_class,
    policy_segment,
    policy_class,
    status,
    pause_reason,
    pause_reasons,
    reached_level,
    reached_date,
    due_level,
    due_kind,
    due_channel,
    next_date,
    language,
    item_count,
    remind_count,
    oldest_overdue_days,
    overdue_amount,
    credit_amount,
    paused_amount,
    remind_amount,
    interest_amount,
    fee_amount,
    claim_amount,
    is_intercompany,
from mart_dunning
where ` + condition,
		order: "listed.entity_id, listed.counterparty_id", args: args,
		totals: []string{
			"item_count", "remind_count", "overdue_amount", "credit_amount", "paused_amount", "remind_amount",
			"interest_amount", "fee_amount", "claim_amount",
		},
	}, err
}

func (v *View) dunningItemsReport(AgeingFilter) (query, error) {
	condition, args, err := v.chaseScope(AgeingFilter{})
	return query{
		selects: `
select
    entity_id,
    side,
    counterparty_id,
    item_id,
    document_ref,
    item_type,
    issue_date,
    due_date,
    overdue_days,
    amount,
    open_amount,
    age_level,
    reached_level,
    reached_date,
    next_level,
    next_kind,
    next_channel,
    next_date,
    pause_reason,
    is_to_remind,
    interest_amount,
    fee_amount,
    is_intercompany,
from mart_dunning_items
where ` + condition,
		order: "listed.entity_id, listed.counterparty_id, listed.item_id", args: args,
		totals: []string{"open_amount", "interest_amount", "fee_amount"},
	}, err
}

// lettersReport has one row per letter that is due; file_name is that of the PDF which
// `encours dunning letters` writes beside it.
func (v *View) lettersReport(filter AgeingFilter) (query, error) {
	condition, args, err := v.chaseScope(AgeingFilter{Chase: ChaseFilter{Manager: filter.Chase.Manager}})
	return query{
		selects: `
with
due as (
    select *
    from mart_dunning
    where status = 'due' and due_kind in ('reminder', 'formal notice') and ` + condition + `
),
known as (
    select stg_erp__counterparties.*
    from stg_erp__counterparties
    where stg_erp__counterparties.side = 'customer'
),
accounts as (
    select
        entity_id,
        counterparty_id,
        min(counterparty_no) as counterparty_no,
    from int_accounts
    where side = 'customer'
    group by entity_id, counterparty_id
)
select
    due.entity_id,
    due.counterparty_id,
    due.counterparty_name,
    row_number() over (order by due.entity_id, due.counterparty_id) as letter_no,
    'letter-'
    || lpad(cast(row_number() over (order by due.entity_id, due.counterparty_id) as varchar), 4, '0')
    || '-' || regexp_replace(left(due.counterparty_id, 40), '[^A-Za-z0-9_-]', '_', 'g')
    || '.pdf' as file_name,
    due.language,
    due.due_level,
    due.due_kind,
    due.due_channel,
    known.street,
    known.postal_code,
    known.city,
    known.country,
    contacts.contact_name,
    contacts.email as contact_email,
    contacts.phone as contact_phone,
    due.account_manager,
    due.remind_count,
    due.oldest_overdue_days,
    due.remind_amount,
    due.interest_amount,
    due.fee_amount,
    due.claim_amount,
    entities.currency,
    entities.entity_name,
from due
inner join project_entities as entities on entities.entity_id = due.entity_id
left join known
    on known.entity_id = due.entity_id
    and known.counterparty_id = due.counterparty_id
left join accounts
    on accounts.entity_id = due.entity_id
    and accounts.counterparty_id = due.counterparty_id
left join int_customer_contacts as contacts
    on contacts.counterparty_no = accounts.counterparty_no`,
		order: "listed.letter_no", args: args,
		totals: []string{"remind_count", "remind_amount", "interest_amount", "fee_amount", "claim_amount"},
	}, err
}

// reminderReport has one row per item of which a customer is reminded.
func (v *View) reminderReport(filter AgeingFilter) (query, error) {
	c := counterparty{Counterparty: Counterparty{Entity: filter.holder.entity, Side: v.selection.Side, ID: filter.holder.id}}
	return query{
		selects: `
select
    entity_id,
    side,
    counterparty_id,
    item_id,
    document_ref,
    item_type,
    issue_date,
    due_date,
    overdue_days,
    next_level as level,
    next_kind as kind,
    amount,
    open_amount,
    interest_amount,
    fee_amount,
    cast(open_amount + interest_amount + fee_amount as decimal(18, 2)) as claim_amount,
from mart_dunning_items
where ` + isCounterparty + ` and is_to_remind`,
		order:  "listed.due_date, listed.item_id",
		args:   c.args(),
		totals: []string{"open_amount", "interest_amount", "fee_amount", "claim_amount"},
	}, nil
}

func (v *View) legalCasesReport(AgeingFilter) (query, error) {
	condition, args, err := v.chaseScope(AgeingFilter{})
	return query{
		selects: `
select
    entity_id,
    side,
    counterparty_id,
    counterparty_name,
    account_manager,
    case_type,
    status,
    opened_date,
    published_date,
    deadline_date,
    is_deadline_assumed,
    left_days,
    declared_date,
    last_action_date,
    principal_amount,
    credit_amount,
    interest_amount,
    fee_amount,
    claim_amount,
    is_intercompany,
from mart_legal_cases
where ` + condition,
		order:  "listed.deadline_date nulls last, listed.entity_id, listed.counterparty_id, listed.case_type",
		args:   args,
		totals: []string{"principal_amount", "credit_amount", "interest_amount", "fee_amount", "claim_amount"},
	}, err
}
