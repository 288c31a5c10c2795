package web

import (
	"context"
	"net/http"

	"github.com/encours/encours/reports/dictionary"
)

// dictionaryPage says what every mart, column, check, decision and reference table
// means. Their texts are those of the models, in English.
type dictionaryPage struct {
	Layout
	*dictionary.Dictionary
	Search string
	Found  int64 // entries that the search keeps
}

// Spans takes a paragraph of a decision apart.
func (dictionaryPage) Spans(text string) []dictionary.Span { return dictionary.Spans(text) }

func (s *server) dictionary(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, "search")
	if err != nil {
		return err
	}
	return s.show(w, r, "dictionary", q, func(ctx context.Context, view View, _ *locale, layout Layout) (any, error) {
		whole, err := view.Dictionary(ctx)
		if err != nil {
			return nil, err
		}
		layout.Extra = []string{"search"}
		found := whole.Search(q.Filter.Search)
		return dictionaryPage{
			Layout: layout, Dictionary: found, Search: q.Filter.Search,
			Found: int64(len(found.Marts) + len(found.Checks) + len(found.Decisions) + len(found.References)),
		}, nil
	})
}
