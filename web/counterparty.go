package web

import (
	"context"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"github.com/encours/encours/reports"
)

const maxIdentifierBytes = 300

// counterpartyPage is one customer or supplier with its items.
type counterpartyPage struct {
	Layout
	Counterparty *reports.Counterparty
	Terms        string               // agreed with it, in words; empty: none are known
	Score        *scoreCard           // nil: no item at the date
	Exposure     *reports.ExposureRow // nil: a supplier, or nothing is open, unbilled or ordered
	Legal        *legalCard           // nil: its company is not known
	External     *externalCard        // nil: nobody rates, insures or knows it
	Chase        *chaseCard           // nil: a supplier
	Overrides    *overrideCard        // nil: nobody can set anything
	Standing     *standingCard        // credit decision without a new order; nil: a supplier, or none is known
	Identity     identityCard
	Bar          ageBar
	Items        []itemRow
	History      history
	Charts       map[string]chart // empty: no history
	Exports      []exportGroup
}

// itemRow is an item in a list, with the link to its page.
type itemRow struct {
	reports.ItemRow
	URL   string
	Class string // of the colour of its bucket
}

// counterpartyKey names a counterparty in an address.
type counterpartyKey struct{ Entity, Side, ID string }

func (s *server) counterparty(w http.ResponseWriter, r *http.Request) error {
	q, key, err := counterpartyRequest(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "counterparty", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		figures, err := view.Counterparty(ctx, key.Entity, key.Side, key.ID)
		if err != nil {
			return nil, err
		}
		page := newCounterpartyPage(layout, figures)
		page.Terms = l.Terms(figures.PaymentTerms)
		score, err := view.Score(ctx, key.Entity, key.Side, key.ID)
		if err != nil {
			return nil, err
		}
		page.Score = newScoreCard(l, score)
		identity, err := view.Identity(ctx, key.Entity, key.Side, key.ID)
		if err != nil {
			return nil, err
		}
		page.Identity = newIdentityCard(l, page.Layout, key.Side, identity)
		legal, err := view.Legal(ctx, key.Entity, key.Side, key.ID)
		if err != nil {
			return nil, err
		}
		page.Legal = newLegalCard(l, layout, legal)
		external, err := view.External(ctx, key.Entity, key.Side, key.ID)
		if err != nil {
			return nil, err
		}
		page.External = newExternalCard(l, layout, external)
		if page.Overrides, err = s.overrideCardOf(ctx, layout, key); err != nil {
			return nil, err
		}
		if key.Side == reports.Customer {
			if page.Exposure, err = view.Exposure(ctx, key.Entity, key.ID); err != nil {
				return nil, err
			}
			if page.Standing, err = s.standingCardOf(ctx, view, l, page.Layout, key.Entity, key.ID); err != nil {
				return nil, err
			}
			page.Chase, err = s.chaseCard(ctx, view, l, page.Layout, key.Entity, key.ID, page.Title)
		}
		return page, err
	})
}

func newCounterpartyPage(layout Layout, figures *reports.Counterparty) counterpartyPage {
	layout.Title, layout.PinsEntity = figures.Name, true
	if layout.Title == "" {
		layout.Title = figures.ID
	}
	page := counterpartyPage{
		Layout: layout, Counterparty: figures, Bar: newAgeBar(layout, figures.Buckets),
		History: historyTable(figures.Months, figures.Buckets),
	}
	if len(figures.Months) > 0 {
		path := "counterparties/" + url.PathEscape(figures.Entity) + "/" + figures.Side + "/" + url.PathEscape(figures.ID)
		page.Charts = pageCharts(layout, path, "ageing")
	}
	page.Exports = []exportGroup{documentLinks(layout, "statement",
		"entity", figures.Entity, "side", figures.Side, counterpartyParam, figures.ID)}
	for _, item := range figures.Items {
		page.Items = append(page.Items, itemRow{item, layout.Item(item.Entity, item.ItemID), bucketClass(figures.Buckets, item.Bucket)})
	}
	return page
}

// counterpartyRequest reads the address of a counterparty. The figures and their
// proof are those of its entity and side; the links keep the reader's selection.
func counterpartyRequest(r *http.Request) (*query, counterpartyKey, error) {
	q, err := parseQuery(r, doneParam)
	if err != nil {
		return nil, counterpartyKey{}, err
	}
	key := counterpartyKey{}
	if key.Entity, err = pathEntity(r); err != nil {
		return nil, key, err
	}
	if key.Side, err = pathValue(r, "side"); err != nil {
		return nil, key, err
	}
	if key.Side != reports.Customer && key.Side != reports.Supplier {
		return nil, key, errNoPage
	}
	if key.ID, err = pathValue(r, "id"); err != nil {
		return nil, key, err
	}
	q.Selection.Entity, q.Selection.Side = key.Entity, key.Side
	return q, key, nil
}

func pathEntity(r *http.Request) (string, error) {
	entity, err := pathValue(r, "entity")
	if err != nil {
		return "", err
	}
	if !entityPattern.MatchString(entity) {
		return "", reports.ErrUnknownEntity
	}
	return entity, nil
}

// pathValue returns a part of the address, decoded.
func pathValue(r *http.Request, name string) (string, error) {
	value, err := url.PathUnescape(mux.Vars(r)[name])
	if err != nil || !utf8.ValidString(value) || len(value) > maxIdentifierBytes {
		return "", errNoPage
	}
	return value, nil
}
