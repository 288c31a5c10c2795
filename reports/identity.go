package reports

import (
	"context"
	"database/sql"
	"fmt"
)

// Identity is what is known of who a counterparty is, and from where.
type Identity struct {
	Method      string // how its company was identified; "": it was not
	Probability Ratio  // of the identification
	IsPerson    bool   // a natural person
	Attributes  []Attribute
	Duplicates  []Duplicate
}

// Attribute is an attribute with the source that counts; Others is what other sources
// say, "" where nobody says anything else.
type Attribute struct {
	Name, Value, Source, Others string
	IsConflict                  bool // a compared source says something else
}

// Duplicate is another code that looks like the same customer or supplier.
type Duplicate struct {
	Entity, ID, Name, RuleEN, RuleFR, Value string
}

// Rule says in a language what is the same.
func (d Duplicate) Rule(language string) string { return Reason{d.RuleEN, d.RuleFR}.In(language) }

// Identity returns who a counterparty is, with its duplicates. It is empty for a
// generation that does not tell.
func (v *View) Identity(ctx context.Context, entity, side, id string) (*Identity, error) {
	return figure(ctx, v, "identity", fmt.Sprintf("%q", []string{entity, side, id}), func() (*Identity, error) {
		made := &Identity{}
		if _, ok := v.generation.Manifest().Relation("mart_counterparty_attributes"); !ok {
			return made, nil
		}
		key := []any{sql.Named("entity", entity), sql.Named("side", side), sql.Named("id", id)}
		err := v.session.Query(ctx, func(rows *sql.Rows) error {
			var a Attribute
			err := rows.Scan(&a.Name, text(&a.Value), text(&a.Source), text(&a.Others), &a.IsConflict)
			made.Attributes = append(made.Attributes, a)
			return err
		}, `
select attribute, attribute_value, value_source, other_values, is_conflict
from mart_counterparty_attributes
where `+isCounterparty+`
order by attribute`, key...)
		if err != nil {
			return nil, err
		}
		err = v.session.Query(ctx, func(rows *sql.Rows) error {
			return rows.Scan(text(&made.Method), &made.Probability, &made.IsPerson)
		}, `
select match_method, match_probability, is_person
from dim_counterparties
where `+isCounterparty, key...)
		if err != nil {
			return nil, err
		}
		return made, v.session.Query(ctx, func(rows *sql.Rows) error {
			var d Duplicate
			err := rows.Scan(&d.Entity, &d.ID, &d.Name, &d.RuleEN, &d.RuleFR, &d.Value)
			made.Duplicates = append(made.Duplicates, d)
			return err
		}, `
select other_entity_id, other_id, other_name, rule_en, rule_fr, same_value
from mart_duplicates
where `+isCounterparty+`
union all
select entity_id, counterparty_id, counterparty_name, rule_en, rule_fr, same_value
from mart_duplicates
where other_entity_id = $entity and side = $side and other_id = $id
order by all`, key...)
	})
}

// identityDefinitions are the reports on who customers and suppliers are.
func identityDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "counterparty-attributes", TitleEN: "Attributes and their sources", TitleFR: "Attributs et leurs sources",
				Question: "Where does each attribute of a customer or supplier come from, and who says otherwise?",
			},
			query: (*View).attributesReport,
		},
		{
			Definition: Definition{
				Name: "duplicates", TitleEN: "Possible duplicates", TitleFR: "Doublons possibles",
				Question: "Which customers or suppliers do we keep under two codes?",
			},
			query: (*View).duplicatesReport,
		},
		{
			Definition: Definition{
				Name: "crm-accounts", TitleEN: "Accounts for the CRM", TitleFR: "Comptes pour le CRM",
				Question: "What should sales know of each account: risk, exposure, what is late and disputed?",
			},
			query: (*View).crmAccountsReport,
		},
	}
}

func (v *View) attributesReport(AgeingFilter) (query, error) {
	within := v.scope()
	return query{selects: `
select entity_id, side, counterparty_id, attribute, attribute_value, value_source, other_values, is_conflict,
from mart_counterparty_attributes
where ` + within.condition,
		order: "listed.entity_id, listed.counterparty_id, listed.attribute", args: within.args}, nil
}

func (v *View) duplicatesReport(AgeingFilter) (query, error) {
	within := v.scope()
	return query{selects: `
select
    entity_id, side, counterparty_id, counterparty_name, other_entity_id, other_id, other_name, rule,
    rule_en, rule_fr, same_value,
from mart_duplicates
where ` + within.condition,
		order: "listed.entity_id, listed.counterparty_id, listed.other_entity_id, listed.other_id", args: within.args}, nil
}

// crmAccountsReport has every account of every CRM, whatever the selection: an account
// may be the customer of several entities.
func (v *View) crmAccountsReport(AgeingFilter) (query, error) {
	return query{selects: `
select
    source, crm_id, crm_name, account_number, link_status, counterparties, currency, risk_class, score,
    exposure_amount, open_amount, overdue_amount, oldest_overdue_days, open_dispute_count,
    in_dispute_amount, limit_amount, available_amount, legal_severity, legal_status, pipeline_amount,
from mart_crm_accounts`,
		order: "listed.source, listed.crm_id", totals: []string{"overdue_amount", "pipeline_amount"}}, nil
}
