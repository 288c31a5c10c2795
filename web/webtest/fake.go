package webtest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/web"
)

// Reports serves the invented books. The zero value of its fields gives figures
// that are proved; set them before use to show something else.
type Reports struct {
	LookedUp []reports.LookupRequest // in their order

	OpenErr    error  // returned by Open and Ready
	ViewErr    error  // returned by every method of a view
	Status     string // of the proof; "" is proved
	Difference reports.Amount
	Estimated  bool
	Empty      bool // a project in which nothing is open
	Older      bool // an older program built the generation: nothing is compared
	Checks     []reports.CheckResult
	Runs       *reports.Sources // what Sources tells; nil: InventedSources
	StatesErr  error            // what became of alerts cannot be read
	RunsErr    error            // returned by Sources
	// Comparer replaces what Changes tells.
	Comparer    func(span reports.KnownSpan) (*reports.Comparison, error)
	Foreign     bool           // there is an entity in CHF
	Method      string         // by which it is part of the group; "": it is not
	MissingRate string         // currency of an order without a rate; "": none
	LeftOut     reports.Amount // between entities of the group, of exposure and disputes
	// Exporter replaces what Export writes.
	Exporter func(ctx context.Context, name, format string, filter reports.AgeingFilter, w io.Writer) error

	OpenViews atomic.Int64 // opened and not closed yet
	parties   []party
	items     []item
}

// LastDate is the default as-of date of the books.
var LastDate = time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)

// New invents the books.
func New() *Reports {
	parties, items := generate(LastDate)
	return &Reports{parties: parties, items: items}
}

// Sources implements web.Reports.
func (f *Reports) Sources(context.Context) (*reports.Sources, error) {
	if f.RunsErr != nil || f.Runs != nil {
		return f.Runs, f.RunsErr
	}
	return InventedSources(), nil
}

// Ready implements web.Reports.
func (f *Reports) Ready(context.Context) error { return f.OpenErr }

// Open implements web.Reports.
func (f *Reports) Open(_ context.Context, sel reports.Selection) (web.View, error) {
	if f.OpenErr != nil {
		return nil, f.OpenErr
	}
	if sel.Entity != "" && sel.Entity != "ALPHA" && sel.Entity != "BETA" {
		return nil, fmt.Errorf("open %q: %w", sel.Entity, reports.ErrUnknownEntity)
	}
	if sel.Side == "" {
		sel.Side = reports.Customer
	}
	if sel.AsOf.IsZero() {
		sel.AsOf = LastDate
	}
	if sel.AsOf.Before(LastDate.AddDate(-2, -6, 0)) {
		return nil, reports.ErrNothingKnownAt
	}
	v := &view{fake: f, sel: sel}
	for _, it := range f.items {
		group := sel.Entity == "" && !it.intercompny
		if it.side == sel.Side && (group || it.entity == sel.Entity) && !f.Empty {
			v.items = append(v.items, it)
		}
	}
	f.OpenViews.Add(1)
	return v, nil
}

type view struct {
	fake  *Reports
	sel   reports.Selection
	items []item
}

// Close implements web.View.
func (v *view) Close() error {
	v.fake.OpenViews.Add(-1)
	return nil
}

// Meta implements web.View.
func (v *view) Meta() reports.Meta {
	open, _, _, _ := totals(v.items, v.sel.AsOf)
	proof := reports.Proof{Status: "proved", Ledger: open + v.fake.Difference, Items: open, Buckets: open, Difference: v.fake.Difference, Lines: 6}
	if v.fake.Status != "" {
		proof.Status = v.fake.Status
	}
	first := LastDate.AddDate(-2, -6, 0)
	meta := reports.Meta{
		Project: "Groupe Démonstration", Selection: v.sel, AsOf: v.sel.AsOf, KnownOn: LastDate.AddDate(0, 0, 15),
		Generation: "3f9c21d07ab4", BuiltAt: time.Date(2026, 1, 15, 6, 12, 0, 0, time.UTC), Currency: "EUR",
		Entities: []reports.Entity{
			{ID: "ALPHA", Name: "Alpha Distribution", Currency: "EUR", HasLedger: true, FirstDate: first, LastDate: LastDate},
			{ID: "BETA", Name: "Beta Services", Currency: "EUR", HasLedger: true, FirstDate: first, LastDate: LastDate},
		},
		Proof: proof, FirstDate: first, LastDate: LastDate, IsEstimated: v.fake.Estimated, WarnChecks: v.fake.Checks, RejectedRows: 3,
		Lettering: reports.Ratio{BasisPoints: 9_640, Valid: true}, Method: v.fake.Method,
	}
	if v.fake.Foreign {
		meta.Entities = append(meta.Entities, reports.Entity{ID: "CHUR", Name: "Chur", Currency: "CHF"})
	}
	return meta
}

// byParty groups the items of the view, in the order of the parties.
func (v *view) byParty() (parties []party, items map[party][]item) {
	items = map[party][]item{}
	for _, p := range v.fake.parties {
		for _, it := range v.items {
			if it.entity == p.entity && it.party == p.id && it.side == p.side {
				items[p] = append(items[p], it)
			}
		}
		if len(items[p]) > 0 {
			parties = append(parties, p)
		}
	}
	return parties, items
}

// Overview implements web.View.
func (v *view) Overview(context.Context) (*reports.Overview, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	made := &reports.Overview{Buckets: buckets(v.items, v.sel.AsOf), Herfindahl: 412}
	if len(v.items) == 0 {
		return made, nil
	}
	for _, date := range monthEnds(v.sel.AsOf, 24) {
		made.Months = append(made.Months, v.month(date))
		for _, bucket := range buckets(v.items, date) {
			made.History = append(made.History, reports.BucketMonth{Date: date, Bucket: bucket.Name, Order: bucket.Order, Open: bucket.Open})
		}
	}
	made.Now, made.MonthBefore = &made.Months[23], &made.Months[22]
	all := v.largest()
	made.Counterparties = int64(len(all))
	byOverdue := slices.Clone(all)
	slices.SortStableFunc(byOverdue, func(a, b reports.TopCounterparty) int { return cmp.Compare(b.Overdue, a.Overdue) })
	for i, row := range byOverdue[:min(10, len(byOverdue))] {
		if row.Overdue > 0 {
			byOverdue[i].Share = ratio(row.Overdue, made.Now.Overdue)
			made.TopOverdue = append(made.TopOverdue, byOverdue[i])
		}
	}
	made.Concentration = all[:min(15, len(all))]
	if v.sel.Entity == "" {
		made.Intercompany = 1_234_567
	}
	return made, nil
}

// largest lists the parties with an open item, the largest open amount first.
func (v *view) largest() []reports.TopCounterparty {
	var all []reports.TopCounterparty
	parties, items := v.byParty()
	sum, _, _, _ := totals(v.items, v.sel.AsOf)
	for _, p := range parties {
		open, overdue, credits, oldest := totals(items[p], v.sel.AsOf)
		if open == 0 && credits == 0 {
			continue
		}
		all = append(all, reports.TopCounterparty{
			Entity: p.entity, Side: p.side, ID: p.id, Name: p.name, Open: open, Overdue: overdue, Credits: credits,
			OldestDays: oldest, Share: ratio(open, sum), IsIntercompany: p.intercompany,
		})
	}
	slices.SortStableFunc(all, func(a, b reports.TopCounterparty) int { return cmp.Compare(b.Open, a.Open) })
	return all
}

func (v *view) month(date time.Time) reports.MonthPoint {
	open, overdue, credits, _ := totals(v.items, date)
	point := reports.MonthPoint{Date: date, Receivable: open, Overdue: overdue, Unallocated: credits, Doubtful: open / 40}
	var year reports.Amount
	for _, it := range v.items {
		if it.issued.After(date.AddDate(-1, 0, 0)) && !it.issued.After(date) {
			year += it.amount
		}
		if it.issued.Year() == date.Year() && it.issued.Month() == date.Month() {
			point.Sales += it.amount
		}
	}
	point.SalesExclTax = point.Sales * 10 / 12
	point.OverdueRatio, point.Top10Ratio = ratio(overdue, open-credits), reports.Ratio{BasisPoints: 6412, Valid: true}
	if year > 0 {
		days := func(amount reports.Amount) reports.Days {
			return reports.Days{Hundredths: int64(amount) * 365 * 100 / int64(year), Valid: true}
		}
		point.DSOSimple, point.BestPossibleDSO = days(open), days(open-overdue)
		point.DSOCountback = reports.Days{Hundredths: point.DSOSimple.Hundredths * 21 / 20, Valid: true}
		point.AverageDaysDelinquent = reports.Days{Hundredths: point.DSOSimple.Hundredths - point.BestPossibleDSO.Hundredths, Valid: true}
	}
	return point
}

// Ageing implements web.View.
func (v *view) Ageing(_ context.Context, filter reports.AgeingFilter) (*reports.Ageing, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if filter.By == reports.ByIssueDate || filter.GroupBy == "country" {
		return v.regrouped(filter), nil
	}
	if filter.Bucket != "" && !slices.Contains(bucketNames, filter.Bucket) {
		return nil, reports.ErrBadSelection
	}
	var kept []item
	var rows []reports.AgeingRow
	parties, items := v.byParty()
	whole, _, _, _ := totals(v.items, v.sel.AsOf)
	for _, p := range parties {
		row := ageingRow(p, items[p], v.sel.AsOf, whole)
		text := strings.ToLower(p.id + " " + p.name)
		bucket := slices.Index(bucketNames, filter.Bucket)
		switch {
		case row.Open == 0 && row.Credits == 0,
			!strings.Contains(text, strings.ToLower(filter.Search)),
			filter.OnlyOverdue && row.Overdue == 0,
			bucket >= 0 && row.Cells[bucket] == 0:
			continue
		}
		kept = append(kept, items[p]...)
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b reports.AgeingRow) int {
		switch filter.Sort {
		case "name":
			return strings.Compare(a.Name, b.Name)
		case "open":
			return cmp.Compare(b.Open, a.Open)
		case "oldest":
			return cmp.Compare(b.OldestDays, a.OldestDays)
		}
		return cmp.Compare(b.Overdue, a.Overdue)
	})
	made := &reports.Ageing{Buckets: buckets(kept, v.sel.AsOf), Total: ageingRow(party{}, kept, v.sel.AsOf, whole), Count: int64(len(rows)), Page: filter.Page}
	made.Pages = (len(rows) + filter.PageSize - 1) / filter.PageSize
	if start := (filter.Page - 1) * filter.PageSize; start < len(rows) {
		made.Rows = rows[start:min(start+filter.PageSize, len(rows))]
	}
	return made, nil
}

func ageingRow(p party, items []item, at time.Time, whole reports.Amount) reports.AgeingRow {
	row := reports.AgeingRow{Entity: p.entity, ID: p.id, Name: p.name, IsIntercompany: p.intercompany}
	row.Open, row.Overdue, row.Credits, row.OldestDays = totals(items, at)
	for _, bucket := range buckets(items, at) {
		row.Cells = append(row.Cells, bucket.Open)
	}
	row.Share = ratio(row.Open, whole)
	return row
}
