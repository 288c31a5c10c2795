package web

import (
	"context"
	"errors"
	"net/http"
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
}

// bucketColumn is the head of a bucket's column.
type bucketColumn struct{ Name, Class string }

// ageingRow is a counterparty with the link to its page.
type ageingRow struct {
	reports.AgeingRow
	URL string
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
	return s.show(w, r, "ageing", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		figures, err := view.Ageing(ctx, q.Filter)
		if err != nil {
			return nil, badBucket(ctx, view, q.Filter, err)
		}
		if figures.Pages > 0 && q.Filter.Page > figures.Pages {
			return nil, &badParam{
				Name: "page", Value: strconv.Itoa(q.Filter.Page), Allowed: "param.number", Args: []any{1, figures.Pages},
			}
		}
		return newAgeingPage(layout, figures), nil
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

func newAgeingPage(layout Layout, figures *reports.Ageing) ageingPage {
	layout.Extra = []string{"search", "bucket", "overdue", "sort", "size"}
	filter := layout.Filter
	page := ageingPage{
		Layout: layout, Ageing: figures, Bar: newAgeBar(layout, figures.Buckets),
		Buckets: bucketNames(figures.Buckets), Sorts: sortOrders, Sizes: pageSizes,
		Size: strconv.Itoa(filter.PageSize), Sort: filter.Sort,
		Exports: exportGroups(layout, "ageing", "open-items", "items"), Pager: newPager(layout, figures),
	}
	for _, bucket := range figures.Buckets {
		page.Columns = append(page.Columns, bucketColumn{bucket.Name, bucketClass(figures.Buckets, bucket.Name)})
	}
	for _, row := range figures.Rows {
		page.Rows = append(page.Rows, ageingRow{row, layout.Counterparty(row.Entity, layout.Side(), row.ID)})
	}
	return page
}

// exportGroups lists reports in every format, with the filters of the page.
func exportGroups(layout Layout, names ...string) []exportGroup {
	var groups []exportGroup
	for _, name := range names {
		group := exportGroup{Report: name}
		for _, format := range exportFormats {
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
func (p ageingPage) Carried() []string { return commonParams }

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
	return p.Filter.Search != "" || p.Filter.Bucket != "" || p.Filter.OnlyOverdue
}
