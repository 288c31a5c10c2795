package reports

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/encours/encours/reports/pdffile"
)

// holder is the counterparty that a report is about, found in one entity.
type holder struct {
	entity, id, name string
	address          []string
	with             string // head of a query that reads fct_items for its accounts only
}

// withHolder finds the counterparty that the filter names. A code that several
// entities of the selection use is ErrBadSelection, as they are not one debtor; one
// that none uses is ErrNotFound.
func (v *View) withHolder(ctx context.Context, filter AgeingFilter) (AgeingFilter, error) {
	if filter.Counterparty == "" {
		return filter, fmt.Errorf("open a report of one counterparty: none is named: %w", ErrBadSelection)
	}
	id := sql.Named("id", filter.Counterparty)
	within := v.scope()
	var found []holder
	err := v.session.Query(ctx, func(rows *sql.Rows) error {
		h := holder{id: filter.Counterparty}
		err := rows.Scan(&h.entity, &h.name)
		found = append(found, h)
		return err
	}, `
select entity_id, counterparty_name
from dim_counterparties
where `+within.condition+` and counterparty_id = $id
order by entity_id`, append(within.args, id)...)
	if err != nil {
		return filter, err
	}
	switch len(found) {
	case 0:
		return filter, fmt.Errorf("find %s %q: %w", v.selection.Side, filter.Counterparty, ErrNotFound)
	case 1:
		filter.holder = &found[0]
		return filter, v.completeHolder(ctx, &found[0])
	}
	var entities []string
	for _, h := range found {
		entities = append(entities, h.entity)
	}
	return filter, fmt.Errorf("find %s %q: %s each have one: choose an entity: %w",
		v.selection.Side, filter.Counterparty, strings.Join(entities, ", "), ErrBadSelection)
}

// completeHolder reads the address, and narrows the items to those of its accounts.
func (v *View) completeHolder(ctx context.Context, h *holder) error {
	c := counterparty{Counterparty: Counterparty{Entity: h.entity, Side: v.selection.Side, ID: h.id}}
	if err := v.readAccounts(ctx, &c); err != nil {
		return err
	}
	var err error
	if h.with, err = v.narrowed(ctx, "fct_items", accountLeaves(c.accounts)); err != nil {
		return err
	}
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var street, code, city, country string
		err := rows.Scan(&street, &code, &city, &country)
		for _, line := range []string{street, strings.TrimSpace(code + " " + city), country} {
			if line != "" {
				h.address = append(h.address, line)
			}
		}
		return err
	}, `
select coalesce(street, ''), coalesce(postal_code, ''), coalesce(city, ''), coalesce(country, '')
from stg_erp__counterparties
where `+isCounterparty, c.args()...)
}

// statementReport has one row per open item of a counterparty.
func (v *View) statementReport(filter AgeingFilter) (query, error) {
	h := filter.holder
	return query{
		selects: h.with + statementSQL,
		order:   "listed.due_date nulls last, listed.issue_date nulls last, listed.item_id",
		args: []any{
			sql.Named("entity", h.entity), sql.Named("side", v.selection.Side), sql.Named("id", h.id), sql.Named("name", h.name),
		},
		totals: []string{"open_amount"},
	}, nil
}

const statementSQL = `
select
    entity_id,
    side,
    counterparty_id,
    cast($name as varchar) as counterparty_name,
    item_id,
    document_ref,
    item_type,
    issue_date,
    due_date,
    case when open_amount > 0 and overdue_days > 0 then overdue_days end as days_late,
    ageing_bucket,
    amount,
    open_amount,
    currency,
    currency_amount,
    is_disputed,
from fct_items
where ` + isCounterparty + ` and is_aged and open_amount <> 0`

// statementItem is a row of a statement.
type statementItem struct {
	id                       int64
	ref, kind, bucket        string
	issued, due              time.Time
	late                     int64
	amount, open, inCurrency Amount
	currency                 string
	isDisputed               bool
}

// statement is the account of one counterparty, to be sent to it: it says nothing
// of the others, not even their total.
func (v *View) statement(ctx context.Context, q query, filter AgeingFilter) (pdffile.Document, error) {
	h := filter.holder
	entity, _ := v.facts.entity(h.entity)
	w := wordsOf(filter.Language, entity.Currency)
	made := v.document(w, w.t("statement.title"))
	made.Subtitle = entity.Name
	if entity.Name == "" {
		made.Subtitle = entity.ID
	}
	made.Proof = w.t("statement.proof." + v.meta.Proof.Status)
	made.Foot = w.t("foot", made.Subtitle, v.meta.Generation)
	items, err := v.statementItems(ctx, q)
	if err != nil {
		return made, err
	}
	address := append([]string{h.name}, h.address...)
	made.Blocks = []pdffile.Block{
		pdffile.Lines{Texts: append(address, w.t("statement.code", h.id)), Right: true},
		pdffile.Paragraph{Text: w.t("statement.intro", w.date(v.meta.AsOf)), Size: 9.5},
	}
	if len(items) == 0 {
		made.Blocks = append(made.Blocks, pdffile.Paragraph{Text: w.t("statement.empty"), Bold: true})
		return made, nil
	}
	made.Blocks = append(made.Blocks,
		statementTable(w, items),
		pdffile.Heading{Text: w.t("statement.buckets")}, w.bucketsOf(v.bucketsOfItems(items)))
	if table, several := currencyTable(w, entity.Currency, items); several {
		made.Blocks = append(made.Blocks, pdffile.Heading{Text: w.t("statement.currencies")}, table)
	}
	made.Blocks = append(made.Blocks, pdffile.Paragraph{Text: w.t("statement.close"), Size: 9.5})
	return made, nil
}

func (v *View) statementItems(ctx context.Context, q query) (items []statementItem, err error) {
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		var i statementItem
		err := rows.Scan(&i.id, text(&i.ref), &i.kind, date(&i.issued), date(&i.due), number(&i.late), text(&i.bucket),
			&i.amount, &i.open, &i.currency, &i.inCurrency, &i.isDisputed)
		items = append(items, i)
		return err
	}, fmt.Sprintf(`
select item_id, document_ref, item_type, issue_date, due_date, days_late, ageing_bucket,
    amount, open_amount, currency, currency_amount, is_disputed
from (%s) as listed
order by %s
limit %d`, q.selects, q.order, pdffile.MostRows+1), q.args...)
	return items, err
}

func statementTable(w words, items []statementItem) pdffile.Table {
	made := pdffile.Table{Columns: []pdffile.Column{
		{Title: w.t("column.document"), Width: 24},
		{Title: w.t("column.type"), Width: 15},
		{Title: w.t("column.issued"), Width: 12},
		{Title: w.t("column.due"), Width: 12},
		{Title: w.t("column.late"), Width: 9, Right: true},
		{Title: w.t("column.amount"), Width: 15, Right: true},
		{Title: w.t("column.open"), Width: 15, Right: true},
	}}
	var total Amount
	for _, i := range items {
		late := absent
		if i.late > 0 {
			late = w.t("unit.days", w.Int(i.late))
		}
		kind := w.name("item_type", i.kind)
		if i.isDisputed {
			kind += " " + w.t("statement.disputed")
		}
		ref := i.ref
		if ref == "" {
			ref = absent
		}
		made.Rows = append(made.Rows, []string{ref, kind, w.date(i.issued), w.date(i.due), late, w.amount(i.amount), w.amount(i.open)})
		total += i.open
	}
	made.Total = []string{w.t("total"), "", "", "", "", "", w.money(total)}
	return made
}

// bucketsOfItems adds the items up by bucket.
func (v *View) bucketsOfItems(items []statementItem) []Bucket {
	all := v.emptyBuckets(ByDueDate)
	for _, item := range items {
		i := slices.IndexFunc(all, func(b Bucket) bool { return b.Name == item.bucket })
		if i < 0 {
			continue // every open item that is aged has a bucket of the table
		}
		b := &all[i]
		b.Items, b.Open = b.Items+1, b.Open+item.open
		if item.open > 0 {
			b.Debit += item.open
		} else {
			b.Credit += item.open
		}
	}
	return all
}

// currencyTable adds the items up by the currency of their documents; several says
// that there is another than that of the entity.
func currencyTable(w words, own string, items []statementItem) (made pdffile.Table, several bool) {
	made.Columns = []pdffile.Column{
		{Title: w.t("column.currency"), Width: 20},
		{Title: w.t("column.items"), Width: 20, Right: true},
		{Title: w.t("column.in_currency"), Width: 30, Right: true},
		{Title: w.t("column.open_in", own), Width: 30, Right: true},
	}
	type sum struct {
		count      int64
		face, open Amount
	}
	sums := map[string]sum{}
	var codes []string
	for _, i := range items {
		s, known := sums[i.currency]
		if !known {
			codes = append(codes, i.currency)
		}
		sums[i.currency] = sum{s.count + 1, s.face + i.inCurrency, s.open + i.open}
		several = several || i.currency != own
	}
	slices.Sort(codes)
	for _, code := range codes {
		s := sums[code]
		made.Rows = append(made.Rows, []string{code, w.Int(s.count), w.With(int64(s.face), code), w.With(int64(s.open), own)})
	}
	return made, several
}
