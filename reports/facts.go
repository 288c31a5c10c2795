package reports

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/session"
)

// facts are what holds for a generation at every date and for every selection.
type facts struct {
	asOf      time.Time
	currency  string // of the group
	method    string // closing or fixed, by which other currencies become that one; "": they do not
	entities  []Entity
	buckets   map[string][]Bucket // by due date and by invoice date, without amounts, in their order
	estimated map[[2]string]bool
	warnings  []CheckResult
	rejects   int64
	firstDate time.Time
	lastDate  time.Time
}

// facts returns the facts of a generation; they are read once.
func (s *Service) facts(ctx context.Context, pinned *session.Generation) (*facts, error) {
	manifest := pinned.Manifest()
	k := key{generation: manifest.ID, fingerprint: manifest.Fingerprint, kind: "facts"}
	value, err := s.cache.get(ctx, k, func() (any, error) { return readFacts(ctx, pinned) })
	if err != nil {
		return nil, fmt.Errorf("read the facts of generation %q: %w", manifest.ID, err)
	}
	return value.(*facts), nil
}

func readFacts(ctx context.Context, pinned *session.Generation) (*facts, error) {
	s, release, err := pinned.Session(ctx, time.Time{})
	if err != nil {
		return nil, err
	}
	defer release()
	manifest := pinned.Manifest()
	f := &facts{asOf: manifest.AsOf.Time, currency: manifest.Currency, buckets: map[string][]Bucket{}, estimated: map[[2]string]bool{}}
	for _, warned := range generation.Warned(manifest.Checks) {
		f.warnings = append(f.warnings, CheckResult{
			Name: warned.Name, Severity: warned.Severity, Sentence: warned.Sentence, Rows: warned.Rows,
		})
	}
	for _, read := range []func(context.Context, *session.Session) error{
		f.readEntities, f.readTranslation, f.readBuckets, f.readEstimated, f.readRejects,
	} {
		if err := read(ctx, s); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *facts) readEntities(ctx context.Context, s *session.Session) error {
	return s.Query(ctx, func(rows *sql.Rows) error {
		var e Entity
		err := rows.Scan(&e.ID, &e.Name, &e.Currency, &e.HasLedger, date(&e.FirstDate), date(&e.LastDate))
		if !e.FirstDate.IsZero() && (f.firstDate.IsZero() || e.FirstDate.Before(f.firstDate)) {
			f.firstDate = e.FirstDate
		}
		if e.LastDate.After(f.lastDate) {
			f.lastDate = e.LastDate
		}
		f.entities = append(f.entities, e)
		return err
	}, `
select
    project_entities.entity_id,
    project_entities.entity_name,
    project_entities.currency,
    count(years.fy_no) > 0 as has_ledger,
    coalesce(min(years.first_date), min(extracts.first_date)) as first_date,
    coalesce(max(years.last_date), max(extracts.last_date)) as last_date,
from project_entities
left join stg_fec__fiscal_years as years on years.entity_no = project_entities.entity_no
left join (
    select
        entity_no,
        min(first_date) as first_date,
        max(last_date) as last_date,
    from stg_landing__batches
    where dataset in ('invoices', 'payments')
    group by entity_no
) as extracts on extracts.entity_no = project_entities.entity_no
group by all
order by project_entities.entity_id`)
}

func (f *facts) readBuckets(ctx context.Context, s *session.Session) error {
	return s.Query(ctx, func(rows *sql.Rows) error {
		var by string
		var b Bucket
		err := rows.Scan(&by, &b.Order, &b.Name, &b.IsOverdue, &b.IsUnknown)
		f.buckets[by] = append(f.buckets[by], b)
		return err
	}, `
select 'due_date', bucket_order, ageing_bucket, is_overdue, from_days is null and to_days is null
from ref_ageing_buckets
union all
select 'issue_date', bucket_order, ageing_bucket, false, from_days is null and to_days is null
from ref_invoice_age_buckets
order by all`)
}

func (f *facts) readEstimated(ctx context.Context, s *session.Session) error {
	return s.Query(ctx, func(rows *sql.Rows) error {
		var entity, side string
		err := rows.Scan(&entity, &side)
		f.estimated[[2]string{entity, side}] = true
		return err
	}, `
select distinct
    int_accounts.entity_id,
    int_accounts.side,
from int_items
inner join int_accounts on int_accounts.account_key = int_items.account_key
where int_items.is_estimated`)
}

func (f *facts) readRejects(ctx context.Context, s *session.Session) error {
	return s.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&f.rejects) },
		`select cast(coalesce(sum(reject_count), 0) as bigint) from stg_landing__batches`)
}

// entity returns the entity of that identifier.
func (f *facts) entity(id string) (Entity, bool) {
	i := slices.IndexFunc(f.entities, func(e Entity) bool { return e.ID == id })
	if i < 0 {
		return Entity{}, false
	}
	return f.entities[i], true
}

// bucket says whether there is a bucket of that name, by due date or by invoice date.
func (f *facts) bucket(by, name string) bool {
	return slices.ContainsFunc(f.buckets[by], func(b Bucket) bool { return b.Name == name })
}

// complete fills in the defaults of a selection and says whether it can be answered.
func (f *facts) complete(sel Selection) (Selection, error) {
	if sel.Side == "" {
		sel.Side = Customer
	}
	if sel.Side != Customer && sel.Side != Supplier {
		return sel, fmt.Errorf("open side %q: %w", sel.Side, ErrBadSelection)
	}
	if sel.AsOf.IsZero() {
		sel.AsOf = f.asOf
	}
	sel.AsOf = time.Date(sel.AsOf.Year(), sel.AsOf.Month(), sel.AsOf.Day(), 0, 0, 0, 0, time.UTC)
	first := f.firstDate
	if sel.Entity != "" {
		entity, ok := f.entity(sel.Entity)
		if !ok {
			return sel, fmt.Errorf("open entity %q: %w", sel.Entity, ErrUnknownEntity)
		}
		first = entity.FirstDate
	}
	if !first.IsZero() && sel.AsOf.Before(first) {
		return sel, fmt.Errorf("open %s, before the first entry of %s: %w",
			sel.AsOf.Format(time.DateOnly), first.Format(time.DateOnly), ErrNothingKnownAt)
	}
	return sel, nil
}

// inGroup says whether the figures of an entity are part of those of the group.
func (f *facts) inGroup(e Entity) bool { return e.Currency == f.currency || f.method != "" }

// newMeta says what the figures of the view stand on.
func (v *View) newMeta(ctx context.Context) (Meta, error) {
	manifest := v.generation.Manifest()
	if err := v.checkRates(ctx); err != nil {
		return Meta{}, err
	}
	proof, err := v.proof(ctx)
	if err != nil {
		return Meta{}, err
	}
	meta := Meta{
		Project: manifest.Project, Selection: v.selection, AsOf: v.selection.AsOf,
		KnownOn: manifest.KnownOn.Time, Generation: manifest.Fingerprint, BuiltAt: manifest.BuiltAt,
		Currency: v.facts.currency, Entities: v.facts.entities, Proof: proof,
		FirstDate: v.facts.firstDate, LastDate: v.facts.lastDate,
		Method: v.facts.method, WarnChecks: v.facts.warnings, RejectedRows: v.facts.rejects,
	}
	if meta.Lettering, err = v.lettering(ctx); err != nil {
		return Meta{}, err
	}
	for _, e := range v.facts.entities {
		if e.ID == v.selection.Entity {
			meta.Currency = e.Currency
		}
		if v.covers(e.ID) && v.facts.estimated[[2]string{e.ID, v.selection.Side}] {
			meta.IsEstimated = true
		}
	}
	return meta, nil
}

// covers says whether the figures of the selection hold those of an entity.
func (v *View) covers(entityID string) bool {
	if v.selection.Entity != "" {
		return v.selection.Entity == entityID
	}
	e, ok := v.facts.entity(entityID)
	return ok && v.facts.inGroup(e)
}
