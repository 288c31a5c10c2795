package reports

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/encours/encours/warehouse/session"
)

// MissingRateError says that the figures of the group need an exchange rate that is
// not loaded. Figures of single entities do not. Its text is safe to show.
type MissingRateError struct {
	Entity         string // the first of them, by date
	Currency, Into string
	Date           time.Time // no rate of this day or the 7 days before
}

func (e *MissingRateError) Error() string {
	return fmt.Sprintf("no exchange rate from %s into %s is known on %s or the 7 days before, and the figures of the group need it for entity %s: "+
		"load exchange_rates, choose another date, or ask for one entity", e.Currency, e.Into, day(e.Date), e.Entity)
}

// Reach says how far figures of the group hold the entities that keep their ledger
// in another currency.
type Reach int

// Reaches of a page or report.
const (
	LeavesOut  Reach = iota // adds up amounts of its own currency only
	InTotals                // its totals hold them, translated; its rows leave them out
	Translates              // holds them, translated
	ByEntity                // is about entities one by one, each in its own currency
)

// reaches are the reports that do not simply leave such entities out.
var reaches = map[string]Reach{
	"kpis": Translates, "key-figures": Translates, "dso-bridge": Translates, "reconciliation": Translates,
	"roll-rates": Translates, "roll-rates-monthly": Translates, "group-currencies": Translates,
	"kpi-pack":     InTotals,
	"data-quality": ByEntity, "payment-terms-report": ByEntity, "payment-terms-invoices": ByEntity,
	"payment-terms-breaches": ByEntity, "statement": ByEntity,
}

// Foreign returns the entities that keep their ledger in another currency than the
// group, for figures of the group; none for those of one entity.
func (m Meta) Foreign() []Entity {
	if m.Selection.Entity != "" {
		return nil
	}
	var foreign []Entity
	for _, e := range m.Entities {
		if e.Currency != m.Currency {
			foreign = append(foreign, e)
		}
	}
	return foreign
}

// ForeignText names them with their currencies: "CHUR (CHF), OSLO (NOK)"; "" where
// there are none.
func (m Meta) ForeignText() string {
	var names []string
	for _, e := range m.Foreign() {
		names = append(names, e.ID+" ("+e.Currency+")")
	}
	return strings.Join(names, ", ")
}

// readTranslation reads how entities in another currency become figures of the group.
func (f *facts) readTranslation(ctx context.Context, s *session.Session) error {
	return s.Query(ctx, func(rows *sql.Rows) error {
		err := rows.Scan(&f.method)
		if f.method == "historic" {
			f.method = "closing" // decision 48
		}
		return err
	}, "select method from project_currency")
}

// translates says whether the group holds entities in another currency.
func (f *facts) translates() bool {
	return f.method != "" && slices.ContainsFunc(f.entities, func(e Entity) bool { return e.Currency != f.currency })
}

// checkRates returns a MissingRateError where figures of the group lack a rate at the
// date of the view.
func (v *View) checkRates(ctx context.Context) error {
	if v.selection.Entity != "" || !v.facts.translates() {
		return nil
	}
	missing, err := figure(ctx, v, "missing-rate", "", func() (*MissingRateError, error) {
		var missing *MissingRateError
		err := v.session.Query(ctx, func(rows *sql.Rows) error {
			missing = &MissingRateError{Into: v.facts.currency}
			return rows.Scan(&missing.Entity, &missing.Currency, date(&missing.Date))
		}, `
select entity_id, currency, missing_date
from int_group_missing_rates
order by missing_date, entity_id
limit 1`)
		return missing, err
	})
	if err != nil || missing == nil {
		return err
	}
	return missing
}

// translationText writes for an export which entities it leaves out or translates,
// and why; "" where there is nothing to say.
func (v *View) translationText(d definition) (name, text string) {
	foreign, reach := v.meta.ForeignText(), reaches[d.Name]
	switch {
	case foreign == "" || reach == ByEntity:
		return "", ""
	case v.facts.method == "":
		return "entities_left_out", foreign + ": encours.yaml gives no currency.method"
	case reach == LeavesOut:
		return "entities_left_out", foreign + ": their amounts are in another currency"
	case reach == InTotals:
		return "entities_translated", foreign + ": " + v.facts.method + ", in totals, not in rows"
	}
	return "entities_translated", foreign + ": " + v.facts.method
}
