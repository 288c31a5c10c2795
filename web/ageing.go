package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/encours/encours/reports"
)

// exportFormats are what a report can be taken away in.
var exportFormats = []string{"xlsx", "csv", "parquet", "arrow", "json"}

// ageingPage is the ageing balance by counterparty.
type ageingPage struct {
	Layout
	Ageing  *reports.Ageing
	Bar     ageBar
	Columns []bucketColumn
	Rows    []ageingRow
	Buckets []string // of the filter
	Sorts   []string
	Sizes   []string
	Size    string
	Sort    string
	Exports []exportGroup
	Pager   pager

	By, GroupBy string   // as asked for, or the default
	Dates       []string // that By may be
	Groups      []string // that GroupBy may be
	Within      string   // the value that the list is narrowed to, in words
	WithinURL   string   // of the list by that attribute
}

// bucketColumn is the head of a bucket's column.
type bucketColumn struct{ Name, Class string }

// ageingRow is a counterparty with the link to its page, or a group of them with the
// link to their list.
type ageingRow struct {
	reports.AgeingRow
	Label, URL string
}

// exportGroup is a report that can be taken away with the filters of the page.
type exportGroup struct {
	Report string
	Links  []exportLink
}

type exportLink struct{ Format, URL string }

// pager links the pages of a list; an empty URL is a page that is not there.
type pager struct {
	Page, Pages       int
	First, Previous   string
	Next, Last        string
	FirstRow, LastRow int64
	Count             int64
}

func (s *server) ageing(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, ageingParams...)
	if err != nil {
		return err
	}
	if q.Filter.PageSize == 0 {
		q.Filter.PageSize = defaultPageSize
	}
	if q.Filter.Page == 0 {
		q.Filter.Page = 1
	}
	if q.Filter.Sort == "" {
		q.Filter.Sort = sortOrders[0]
	}
	return s.show(w, r, "ageing", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		q.Filter.Language = l.Code
		figures, err := view.Ageing(ctx, q.Filter)
		if err != nil {
			return nil, badBucket(ctx, view, q.Filter, err)
		}
		if figures.Pages > 0 && q.Filter.Page > figures.Pages {
			return nil, &badParam{
				Name: "page", Value: strconv.Itoa(q.Filter.Page), Allowed: "param.number", Args: []any{1, figures.Pages},
			}
		}
		return newAgeingPage(l, layout, figures), nil
	})
}

// badBucket names the buckets that there are where the filter asks for another one.
func badBucket(ctx context.Context, view View, filter reports.AgeingFilter, err error) error {
	asked := filter.Bucket
	if asked == "" || !errors.Is(err, reports.ErrBadSelection) {
		return err
	}
	filter.Bucket = ""
	figures, otherErr := view.Ageing(ctx, filter)
	if otherErr != nil {
		return err
	}
	return &badParam{
		Name: "bucket", Value: asked, Allowed: "param.one_of", Args: []any{strings.Join(bucketNames(figures.Buckets), ", ")},
	}
}

func bucketNames(buckets []reports.Bucket) []string {
	var names []string
	for _, bucket := range buckets {
		names = append(names, bucket.Name)
	}
	return names
}

func newAgeingPage(l *locale, layout Layout, figures *reports.Ageing) ageingPage {
	layout.Extra = []string{"search", "bucket", "overdue", "by", "group_by", "within", "value", "sort", "size"}
	filter := layout.Filter
	page := ageingPage{
		Layout: layout, Ageing: figures, Bar: newAgeBar(layout, figures.Buckets),
		Buckets: bucketNames(figures.Buckets), Sorts: sortOrders, Sizes: pageSizes,
		Size: strconv.Itoa(filter.PageSize), Sort: filter.Sort,
		Exports: exportGroups(layout, "ageing", "open-items", "items"), Pager: newPager(layout, figures),
		By: reports.ByDueDate, GroupBy: reports.ByCounterparty, Dates: ageingDates, Groups: ageingGroups(),
	}
	if filter.By != "" {
		page.By = filter.By
	}
	if filter.GroupBy != "" {
		page.GroupBy = filter.GroupBy
	}
	if filter.Within != "" {
		page.Within = l.T("ageing.column."+filter.Within) + ": " + groupLabel(l, filter.Within, filter.Value, figures.WithinName)
		page.WithinURL = layout.Filtered("/ageing", "group_by", filter.Within, "within", "", "value", "")
	}
	for _, bucket := range figures.Buckets {
		page.Columns = append(page.Columns, bucketColumn{bucket.Name, bucketClass(figures.Buckets, bucket.Name)})
	}
	for _, row := range figures.Rows {
		page.Rows = append(page.Rows, page.row(l, row))
	}
	return page
}

// row leads from a counterparty to its page, and from a group to the counterparties
// behind it.
func (p ageingPage) row(l *locale, row reports.AgeingRow) ageingRow {
	if p.GroupBy == reports.ByCounterparty {
		label := row.Name
		if label == "" {
			label = row.ID
		}
		return ageingRow{row, label, p.Counterparty(row.Entity, p.Side(), row.ID)}
	}
	behind := []string{"group_by", "", "search", "", "within", p.GroupBy, "value", row.ID}
	if row.Entity != "" {
		behind = append(behind, "entity", row.Entity)
	}
	return ageingRow{row, groupLabel(l, p.GroupBy, row.ID, row.Name), p.Filtered("/ageing", behind...)}
}

// groupLabel names a value of an attribute, or says that there is none.
func groupLabel(l *locale, attribute, value, name string) string {
	switch {
	case value == "":
		return l.T("ageing.none." + attribute)
	case name == "":
		return value
	}
	return name
}

// formatsOf lists the formats of a report as the pages show them.
func formatsOf(name string) []string {
	made := slices.Clone(exportFormats)
	for _, format := range []string{reports.ICS, reports.PDF} {
		if slices.Contains(reports.FormatsOf(name), format) {
			made = append([]string{format}, made...)
		}
	}
	return made
}

// exportGroups lists reports in every format, with the filters of the page.
func exportGroups(layout Layout, names ...string) []exportGroup {
	var groups []exportGroup
	for _, name := range names {
		group := exportGroup{Report: name}
		for _, format := range formatsOf(name) {
			url := layout.Filtered("/export/"+name+"."+format, "size", "")
			group.Links = append(group.Links, exportLink{format, url})
		}
		groups = append(groups, group)
	}
	return groups
}

func newPager(layout Layout, figures *reports.Ageing) pager {
	size := int64(layout.Filter.PageSize)
	made := pager{Page: max(figures.Page, 1), Pages: max(figures.Pages, 1), Count: figures.Count}
	if figures.Count > 0 {
		made.FirstRow = int64(made.Page-1)*size + 1
		made.LastRow = min(int64(made.Page)*size, figures.Count)
	}
	link := func(page int) string { return layout.Filtered("/ageing", "page", strconv.Itoa(page)) }
	if made.Page > 1 {
		made.First, made.Previous = link(1), link(made.Page-1)
	}
	if made.Page < made.Pages {
		made.Next, made.Last = link(made.Page+1), link(made.Pages)
	}
	return made
}

// Carried lists the parameters that the filter of the list keeps.
func (p ageingPage) Carried() []string {
	return slices.Concat(commonParams, []string{"within", "value"})
}

// LacksAttribute says whether no counterparty has a value of what the rows are.
func (p ageingPage) LacksAttribute() bool {
	return p.IsGrouped() && len(p.Ageing.Rows) == 1 && p.Ageing.Rows[0].ID == "" && p.Ageing.Count == 1
}

// IsGrouped says whether the rows are groups of counterparties.
func (p ageingPage) IsGrouped() bool { return p.GroupBy != reports.ByCounterparty }

// SortURL returns the page sorted by a column, from its first page.
func (p ageingPage) SortURL(order string) string { return p.Filtered("/ageing", "sort", order) }

// BucketURL returns the page narrowed to a bucket, or widened again where it is
// narrowed to it already.
func (p ageingPage) BucketURL(bucket string) string {
	if p.Filter.Bucket == bucket {
		bucket = ""
	}
	return p.Filtered("/ageing", "bucket", bucket)
}

// IsFiltered says whether some rows are left out.
func (p ageingPage) IsFiltered() bool {
	return p.Filter.Search != "" || p.Filter.Within != "" || p.Filter.Bucket != "" || p.Filter.OnlyOverdue
}
