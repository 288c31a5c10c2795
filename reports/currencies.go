package reports

import (
	"context"
	"database/sql"
	"time"
)

// CurrencyMember is what is open in an entity, in its own currency and in that of
// the group, without intercompany.
type CurrencyMember struct {
	Entity, Currency                     string
	Own, Group, Closing, Historic, Fixed Amount
	Difference                           Amount // Closing less Historic
	// false where a rate is missing or, for Group, the entity is left out
	HasGroup, HasClosing, HasHistoric, HasFixed bool
}

// CurrencyDifference is what open documents in a foreign currency are booked at and
// worth at the rate of the as-of date, in the currency of the entity, intercompany
// included.
type CurrencyDifference struct {
	Entity, EntityCurrency, Currency        string
	Items                                   int64
	Documents, Booked, Closing, Differences Amount // Documents in Currency
	HasRate                                 bool
	Quoted                                  time.Time // day of the rate
}

// Currencies are the currencies of a selection.
type Currencies struct {
	Members     []CurrencyMember     // by entity; of the group every entity with open items
	Differences []CurrencyDifference // by entity and currency
	Whole       Amount               // sum of Group
	IsWhole     bool                 // every member has one
}

// Currencies returns what is open by currency. For the group it lists every entity,
// each document in the currency of its entity.
func (v *View) Currencies(ctx context.Context) (*Currencies, error) {
	return figure(ctx, v, "currencies", "", func() (*Currencies, error) {
		c := &Currencies{IsWhole: true}
		if err := v.readMembers(ctx, c); err != nil {
			return nil, err
		}
		return c, v.readDifferences(ctx, c)
	})
}

// ofEntity narrows a relation with a side to the selection; the group is everything.
func (v *View) ofEntity(column string) (string, []any) {
	condition, args := "side = $side", []any{sql.Named("side", v.selection.Side)}
	if v.selection.Entity != "" {
		condition, args = condition+" and "+column+" = $entity", append(args, sql.Named("entity", v.selection.Entity))
	}
	return condition, args
}

func (v *View) readMembers(ctx context.Context, c *Currencies) error {
	condition, args := v.ofEntity("member_id")
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var m CurrencyMember
		err := rows.Scan(&m.Entity, &m.Currency, &m.Own, &m.Group, &m.HasGroup, &m.Closing, &m.HasClosing,
			&m.Historic, &m.HasHistoric, &m.Fixed, &m.HasFixed, &m.Difference)
		c.Members = append(c.Members, m)
		c.Whole += m.Group
		c.IsWhole = c.IsWhole && m.HasGroup
		return err
	}, `
select
    member_id, member_currency, member_amount,
    coalesce(group_amount, 0), group_amount is not null,
    coalesce(closing_amount, 0), closing_amount is not null,
    coalesce(historic_amount, 0), historic_amount is not null,
    coalesce(fixed_amount, 0), fixed_amount is not null,
    coalesce(difference_amount, 0),
from mart_group_currencies
where `+condition+`
order by member_id`, args...)
}

func (v *View) readDifferences(ctx context.Context, c *Currencies) error {
	condition, args := v.ofEntity("entity_id")
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var d CurrencyDifference
		err := rows.Scan(&d.Entity, &d.Currency, &d.Items, &d.Documents, &d.Booked, &d.Closing, &d.HasRate, &d.Differences, date(&d.Quoted))
		if e, ok := v.facts.entity(d.Entity); ok {
			d.EntityCurrency = e.Currency
		}
		c.Differences = append(c.Differences, d)
		return err
	}, `
select
    entity_id, currency, item_count, currency_amount, booked_amount,
    coalesce(closing_amount, 0), closing_amount is not null, coalesce(difference_amount, 0), quote_date,
from mart_currency_differences
where `+condition+`
order by entity_id, currency`, args...)
}
