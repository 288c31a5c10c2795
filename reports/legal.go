package reports

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// legalLimit is how many notices and how many changes the page of a counterparty lists;
// the exports "legal-events" and "company-changes" hold all.
const legalLimit = 30

// Legal is what the register and the gazette tell of a counterparty.
type Legal struct {
	Siren         string // "": only encours.yaml tells a procedure
	Status        string // of mart_legal_status; "": nothing of the company is loaded
	Severity      int64  // of the worst event that weighs, 0 where none does
	Procedure     string // latest stage of the open procedure, by its event; "": none is open
	Opened        time.Time
	Published     time.Time // zero: not told
	LastAccounts  time.Time // end of the latest year that was filed; zero: not told
	IsLate, IsOut bool      // accounts should have been filed; ceased or struck off

	Events                  []LegalNotice   // the latest first, at most legalLimit
	Changes                 []CompanyChange // likewise
	EventCount, ChangeCount int64
}

// LegalNotice is a notice of the gazette.
type LegalNotice struct {
	ID, Role, Event, LabelEN, LabelFR, Nature, Details, Court, URL string
	Published, Date, Closing                                       time.Time
	Severity                                                       int64
}

// CompanyChange is a change of the company behind a counterparty.
type CompanyChange struct {
	Kind, Old, New, Source, URL string
	Date, Known                 time.Time
}

// Legal returns how a counterparty stands before the law at the as-of date; nil where
// its company is not known and no procedure is listed, or the generation does not tell.
func (v *View) Legal(ctx context.Context, entity, side, id string) (*Legal, error) {
	detail := fmt.Sprintf("%q", []string{entity, side, id})
	return figure(ctx, v, "legal", detail, func() (*Legal, error) {
		if _, ok := v.generation.Manifest().Relation("mart_legal_status"); !ok {
			return nil, nil
		}
		return v.readLegal(ctx, "", []any{sql.Named("entity", entity), sql.Named("side", side), sql.Named("id", id)})
	})
}

func (v *View) readLegal(ctx context.Context, with string, args []any) (legal *Legal, err error) {
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		legal = &Legal{}
		return rows.Scan(text(&legal.Siren), text(&legal.Status), number(&legal.Severity), text(&legal.Procedure),
			date(&legal.Opened), date(&legal.Published), date(&legal.LastAccounts), &legal.IsLate, &legal.IsOut)
	}, with+`
select siren, legal_status, severity, procedure_event, procedure_opened_date, procedure_published_date,
    accounts_closing_date, is_accounts_late, is_ceased,
from mart_legal_status
where `+isCounterparty, args...)
	if err != nil || legal == nil {
		return nil, err
	}
	if err := v.readNotices(ctx, with, legal, args); err != nil {
		return nil, err
	}
	return legal, v.readChanges(ctx, with, legal, args)
}

func (v *View) readNotices(ctx context.Context, with string, legal *Legal, args []any) error {
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var n LegalNotice
		err := rows.Scan(&legal.EventCount, &n.ID, &n.Role, &n.Event, &n.LabelEN, &n.LabelFR, text(&n.Nature), text(&n.Details),
			text(&n.Court), text(&n.URL), date(&n.Published), date(&n.Date), date(&n.Closing), &n.Severity)
		legal.Events = append(legal.Events, n)
		return err
	}, with+fmt.Sprintf(`
select count(*) over () as event_count, notice_id, role, event, label_en, label_fr, nature, details,
    court, url, published_date, event_date, closing_date, severity,
from mart_legal_events
where %s
order by published_date desc, notice_id desc, role
limit %d`, isCounterparty, legalLimit), args...)
}

func (v *View) readChanges(ctx context.Context, with string, legal *Legal, args []any) error {
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var c CompanyChange
		err := rows.Scan(&legal.ChangeCount, &c.Kind, text(&c.Old), text(&c.New), &c.Source, text(&c.URL), date(&c.Date), date(&c.Known))
		legal.Changes = append(legal.Changes, c)
		return err
	}, with+fmt.Sprintf(`
select count(*) over () as change_count, kind, old_value, new_value, source, url, change_date, known_date,
from mart_company_changes
where %s
order by known_date desc, kind, subject
limit %d`, isCounterparty, legalLimit), args...)
}

// legalDefinitions are the reports on what the register and the gazette tell.
func legalDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "company-changes", TitleEN: "Changes of companies", TitleFR: "Changements des sociétés",
				Question: "Which customers and suppliers moved, changed their form, activity, manager or owner, were sold, merged or closed?",
			},
			query: (*View).companyChangesReport,
		},
		{
			Definition: Definition{
				Name: "legal-events", TitleEN: "Notices of the gazette", TitleFR: "Annonces légales",
				Question: "What did the BODACC publish about customers and suppliers, and how much does it weigh?",
			},
			query: (*View).legalEventsReport,
		},
		{
			Definition: Definition{
				Name: "legal-status", TitleEN: "Legal status", TitleFR: "Situation légale",
				Question: "Which customers and suppliers are in a procedure, have ceased, or did not file their accounts?",
			},
			query: (*View).legalStatusReport,
		},
	}
}

func (v *View) companyChangesReport(AgeingFilter) (query, error) {
	scope := v.scope()
	return query{selects: `
select
    entity_id, side, counterparty_id, counterparty_name, kind, change_date, known_date, old_value,
    new_value, source, url, subject,
from mart_company_changes
where ` + v.withoutSisters("mart_company_changes", v.selection.Side, scope.condition),
		order: "listed.known_date desc, listed.entity_id, listed.counterparty_id, listed.kind, listed.change_date, listed.subject", args: scope.args}, nil
}

func (v *View) legalEventsReport(AgeingFilter) (query, error) {
	scope := v.scope()
	return query{selects: `
select
    entity_id, side, counterparty_id, siren, notice_id, role, published_date, event_date, event,
    severity, nature, details, court, closing_date, is_confidential, price_amount, url,
from mart_legal_events
where ` + v.withoutSisters("mart_legal_events", v.selection.Side, scope.condition),
		order: "listed.published_date desc, listed.entity_id, listed.counterparty_id, listed.notice_id, listed.role", args: scope.args}, nil
}

func (v *View) legalStatusReport(AgeingFilter) (query, error) {
	scope := v.scope()
	return query{selects: `
select
    entity_id, side, counterparty_id, siren, legal_status, severity, event, event_date,
    procedure_event, procedure_opened_date, procedure_published_date, accounts_closing_date,
    is_accounts_late, is_ceased,
from mart_legal_status
where ` + v.withoutSisters("mart_legal_status", v.selection.Side, scope.condition),
		order: "listed.severity desc nulls last, listed.entity_id, listed.counterparty_id", args: scope.args}, nil
}
