package state

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrNoOverride says that nobody set the attribute, or that it was withdrawn.
var ErrNoOverride = errors.New("the attribute is not set")

// OverrideAttributes are the attributes that a person may set.
func OverrideAttributes() []string {
	return []string{
		"name", "siren", "siret", "vat_number", "country", "postal_code", "city", "street", "email", "phone", "parent_id",
		"account_manager", "payment_terms", "credit_limit", "naf_code", "legal_form", "headcount_band",
	}
}

// Override is what a person said about an attribute of a counterparty.
type Override struct {
	No                     int64
	Entity, Side, Customer string // Customer is the code of the customer or supplier
	Attribute, Value       string // of OverrideAttributes; the caller checks the value
	IsWithdrawn            bool   // the value is "" then
	By, Note, Origin       string
	At                     time.Time
}

// OverrideFilter narrows a list of overrides. Zero values mean no filter.
type OverrideFilter struct {
	Entity, Side, Customer string
	Until                  time.Time // made by then
}

// SetOverride keeps a value, and says whether anything changed: a value that is set
// already is not set again.
func (s *Store) SetOverride(ctx context.Context, o Override) (bool, error) {
	if !slices.Contains(OverrideAttributes(), o.Attribute) || o.Value == "" {
		return false, fmt.Errorf("set %q to %q: not an attribute, or no value", o.Attribute, o.Value)
	}
	return s.addOverride(ctx, o, o.Value)
}

// WithdrawOverride lets the sources count again. It returns ErrNoOverride where nothing
// is set.
func (s *Store) WithdrawOverride(ctx context.Context, o Override) error {
	_, err := s.addOverride(ctx, o, nil)
	return err
}

func (s *Store) addOverride(ctx context.Context, o Override, value any) (changed bool, err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("store override: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	made, err := readOverrides(ctx, tx, OverrideFilter{Entity: o.Entity, Side: o.Side, Customer: o.Customer})
	if err != nil {
		return false, err
	}
	standing := StandingOverrides(made)
	at := slices.IndexFunc(standing, func(m Override) bool { return m.Attribute == o.Attribute })
	if value == nil && at < 0 {
		return false, ErrNoOverride
	}
	if at >= 0 && standing[at].Value == value {
		return false, tx.Commit()
	}
	_, err = tx.ExecContext(ctx, `insert into attribute_overrides (made_at, made_by, note, origin, entity_id, side, counterparty_id, attribute, value)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?)`, orNull(o.At), o.By, o.Note, o.Origin, o.Entity, o.Side, o.Customer, o.Attribute, value)
	if err != nil {
		return false, fmt.Errorf("store override: %w", err)
	}
	return true, tx.Commit()
}

// Overrides lists all that was set and withdrawn, the oldest first.
func (s *Store) Overrides(ctx context.Context, filter OverrideFilter) ([]Override, error) {
	return readOverrides(ctx, s.db, filter)
}

func readOverrides(ctx context.Context, db querier, filter OverrideFilter) (list []Override, err error) {
	conditions, args := []string{"true"}, []any{}
	add := func(condition, value string) {
		if value != "" {
			conditions, args = append(conditions, condition), append(args, value)
		}
	}
	add("entity_id = ?", filter.Entity)
	add("side = ?", filter.Side)
	add("counterparty_id = ?", filter.Customer)
	if !filter.Until.IsZero() {
		add("made_at <= ?", filter.Until.UTC().Format(moment))
	}
	rows, err := db.QueryContext(ctx, `select id, made_at, made_by, note, origin, entity_id, side, counterparty_id, attribute, coalesce(value, ''), value is null
		from attribute_overrides where `+strings.Join(conditions, " and ")+" order by id", args...)
	if err != nil {
		return nil, fmt.Errorf("list overrides: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var o Override
		var at string
		if err := rows.Scan(&o.No, &at, &o.By, &o.Note, &o.Origin, &o.Entity, &o.Side, &o.Customer, &o.Attribute, &o.Value, &o.IsWithdrawn); err != nil {
			return nil, fmt.Errorf("list overrides: %w", err)
		}
		if o.At, err = time.Parse(moment, at); err != nil {
			return nil, fmt.Errorf("override %d: %w", o.No, err)
		}
		list = append(list, o)
	}
	return list, rows.Err()
}

// StandingOverrides keeps of a list in its order what holds: the latest of each
// attribute, without those that were withdrawn, by counterparty and attribute.
func StandingOverrides(made []Override) []Override {
	type of struct{ entity, side, customer, attribute string }
	last := map[of]Override{}
	for _, o := range made {
		last[of{o.Entity, o.Side, o.Customer, o.Attribute}] = o
	}
	var standing []Override
	for _, o := range last {
		if !o.IsWithdrawn {
			standing = append(standing, o)
		}
	}
	slices.SortFunc(standing, func(a, b Override) int {
		return cmp.Or(cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Side, b.Side), cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Attribute, b.Attribute))
	})
	return standing
}
