package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/encours/encours/reports"
)

// itemPage is one item, its movements and the ledger line that it comes from.
type itemPage struct {
	Layout
	Item            *reports.Item
	Class           string
	CounterpartyURL string
	OriginURL       string // empty: the item carries no other one on
	Movements       []movementRow
	Sum             reports.Amount // of the movements up to the as-of date
	AddsUp          bool           // Sum is the open amount
}

// movementRow is a movement with the link to the item on its other side.
type movementRow struct {
	reports.Movement
	URL     string
	IsLater bool // after the as-of date: shown, not counted
}

func (s *server) item(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r)
	if err != nil {
		return err
	}
	entity, err := pathEntity(r)
	if err != nil {
		return err
	}
	text, err := pathValue(r, "id")
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return errNoPage
	}
	q.Selection.Entity = entity
	return s.show(w, r, "item", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		figures, err := view.Item(ctx, entity, id)
		if err != nil {
			return nil, err
		}
		return newItemPage(l, layout, figures), nil
	})
}

func newItemPage(l *locale, layout Layout, figures *reports.Item) itemPage {
	layout.PinsEntity = true
	layout.Title = l.Name("item_type", figures.Type)
	if figures.DocumentRef != "" {
		layout.Title += " " + figures.DocumentRef
	}
	page := itemPage{
		Layout: layout, Item: figures, Class: bucketClass(figures.Buckets, figures.Bucket),
		CounterpartyURL: layout.Counterparty(figures.Entity, figures.Side, figures.CounterpartyID),
	}
	if figures.OriginItemID != 0 {
		page.OriginURL = layout.Item(figures.Entity, figures.OriginItemID)
	}
	for _, movement := range figures.Movements {
		row := movementRow{Movement: movement, IsLater: movement.Date.After(layout.Meta.AsOf)}
		if movement.CounterpartItemID != 0 {
			row.URL = layout.Item(figures.Entity, movement.CounterpartItemID)
		}
		if !row.IsLater {
			page.Sum += movement.Amount
		}
		page.Movements = append(page.Movements, row)
	}
	page.AddsUp = page.Sum == figures.Open
	return page
}
