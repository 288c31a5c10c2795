package web

import (
	"strings"

	"github.com/encours/encours/reports"
)

// reaches are by the first part of their address the pages with figures of the group that hold entities in another
// currency, wholly or in part; the others leave them out.
var reaches = map[string]reports.Reach{
	"": reports.InTotals, "ageing": reports.InTotals, "roll-rates": reports.InTotals,
	"key-figures": reports.Translates, "proof": reports.Translates, "currencies": reports.Translates,
	"counterparties": reports.ByEntity, "items": reports.ByEntity,
	"payment-terms": reports.ByEntity,
	"data":          reports.ByEntity, "dictionary": reports.ByEntity, "quality": reports.ByEntity, "sources": reports.ByEntity,
}

// foreignNote says which entities the figures of a page leave out or translate.
type foreignNote struct{ Key, Names string } // Key: of the text, after foreign.

// Foreign returns what a page of the group says of the entities that keep their ledger
// in another currency; nil where there is nothing to say.
func (l Layout) Foreign() *foreignNote {
	if l.Meta == nil || l.Meta.ForeignText() == "" {
		return nil
	}
	note := &foreignNote{Names: l.Meta.ForeignText()}
	page, _, _ := strings.Cut(strings.TrimPrefix(l.Path, "/"), "/")
	switch reach := reaches[page]; {
	case reach == reports.ByEntity:
		return nil
	case l.Meta.Method == "":
		note.Key = "no_method"
	case reach == reports.LeavesOut:
		note.Key = "left_out"
	case reach == reports.InTotals:
		note.Key = "in_totals_" + l.Meta.Method
	default:
		note.Key = "translated_" + l.Meta.Method
	}
	return note
}
